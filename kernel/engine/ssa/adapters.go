package ssa

import "reflect"

// typedAdapter and typedCaller are the fast ways between user and native code
// for the signatures that programs use most; see signatures.go.
func typedAdapter(t reflect.Type, l *layout) func(c *closure) ptr { return nil }

func typedCaller(ft reflect.Type, args, res []uintptr) caller { return nil }
