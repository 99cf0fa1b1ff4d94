//go:build !unix

package main

import "time"

func now() time.Time { return time.Now() }
