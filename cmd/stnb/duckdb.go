package main

import (
	"encoding/json"
	"os"
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

// duckDB is the variable that tells a kernel how to open its DuckDB.
func duckDB(v config.Values, app bool, root string) string {
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
	if cfg.Locked { // downloads are written there first
		cfg.Allowed = append(cfg.Allowed, os.TempDir())
	}
	text, err := json.Marshal(cfg)
	if err != nil {
		panic(err) // texts, numbers and lists
	}
	return standard.DuckDBEnv + "=" + string(text)
}

// bytesOf is a size as DuckDB reads it; "" is none.
func bytesOf(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10) + "B"
}
