package main

import (
	"encoding/json"
	"path/filepath"
	"strconv"

	"stnb.dev/cmd/stnb/config"
	"stnb.dev/duckconn"
	"stnb.dev/kernel/worker/standard"
)

// Bounds of an app's DuckDB that nobody set: its visitors share the machine.
const (
	appMemory = "2GB"
	appTemp   = "10GB"
)

// duckDB are the variables that tell a kernel how to open its DuckDB. One that is
// kept to folders puts its temporary files, and the kernel its own, in scratch: what
// visitors sent is elsewhere, and so is what other programs of this user have.
func duckDB(v config.Values, app bool, root, scratch string) []string {
	cfg := duckconn.Config{
		MemoryLimit: bytesOf(v.Size("duckdb.memory")), TempLimit: bytesOf(v.Size("duckdb.temp")), Threads: v.Int("duckdb.threads", 0),
		Bundled: v.Text("duckdb.extensions") == "" && app || v.Text("duckdb.extensions") != "" && !v.Bool("duckdb.extensions"),
	}
	if app && cfg.MemoryLimit == "" {
		cfg.MemoryLimit = appMemory
	}
	if app && cfg.TempLimit == "" {
		cfg.TempLimit = appTemp
	}
	for _, dir := range v.List("duckdb.folders") {
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(root, dir)
		}
		cfg.Locked, cfg.Allowed = true, append(cfg.Allowed, dir)
	}
	var env []string
	if cfg.Locked {
		cfg.TempDir = scratch
		cfg.Allowed = append(cfg.Allowed, scratch) // downloads are written there first
		env = append(env, "TMPDIR="+scratch)
	}
	text, err := json.Marshal(cfg)
	if err != nil {
		panic(err) // texts, numbers and lists
	}
	return append(env, standard.DuckDBEnv+"="+string(text))
}

// bytesOf is a size as DuckDB reads it; "" is none.
func bytesOf(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10) + "B"
}
