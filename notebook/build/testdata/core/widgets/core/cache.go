package core

import (
	"fmt"
	"time"
)

type CacheOptions struct {
	Resource   bool
	TTL        time.Duration
	MaxEntries int
	OnDisk     bool
	Code       string
}

var kept = map[string][]any{}

func CacheCall(name string, o CacheOptions, args []any, compute func() []any) []any {
	key := fmt.Sprint(name, o.Code, args)
	if v, ok := kept[key]; ok {
		return v
	}
	kept[key] = compute()
	return kept[key]
}
