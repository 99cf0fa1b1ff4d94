package main

import (
	"bytes"
	"os"
	"testing"
)

// The table of stnb's own packages has what they export now.
func TestOwnTableIsFresh(t *testing.T) {
	want, err := api()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../api/table.go")
	if err != nil {
		t.Fatal(err)
	}
	// The first line names the Go that wrote it.
	_, want, _ = bytes.Cut(want, []byte("\n"))
	_, got, _ = bytes.Cut(got, []byte("\n"))
	if !bytes.Equal(got, want) {
		t.Error("kernel/symbols/api/table.go is not what core and dataframe export: run `make generate`")
	}
}
