package duckconn

import (
	"errors"
	"testing"
)

func TestWhere(t *testing.T) {
	const text = "select name,\n  agee, ü, $min\nfrom people"
	for _, test := range []struct {
		name, text, said string
		line, column     int
		message          string
	}{
		{"DuckDB", text, "Binder Error: Referenced column \"agee\" not found in FROM clause!\nCandidate bindings: \"Age\"\n\nLINE 2:   agee, ü, $1\n          ^",
			2, 3, "Binder Error: Referenced column \"agee\" not found in FROM clause!\nCandidate bindings: \"Age\""},
		{"DuckDB, behind what was put before the text", "select x\nfrom t", "Binder Error: no x\n\nLINE 1: WITH t AS (SELECT 1) select x\n                                    ^",
			1, 8, "Binder Error: no x"},
		{"DuckDB, a long line cut", "select aaaaaaaaaa, bbbbbbbbbb, cc from t", "Binder Error: no b\n\nLINE 1: ...aaa, bbbbbbbbbb, c...\n                ^",
			1, 20, "Binder Error: no b"},
		{"DuckDB without a place", text, "Out of Memory Error: failed to allocate", 0, 0, "Out of Memory Error: failed to allocate"},
		{"MySQL", "select 1\nfrm t", "You have an error in your SQL syntax; check the manual near 'frm t' at line 2", 2, 1, "You have an error in your SQL syntax; check the manual near 'frm t' at line 2"},
		{"SQLite", "select 1\nfrm t", "near \"frm\": syntax error", 2, 1, "near \"frm\": syntax error"},
		{"SQLite, of no text of ours", "select 1", "near \"EXPLAIN\": syntax error", 0, 0, "near \"EXPLAIN\": syntax error"},
	} {
		line, column, message := Where(test.text, errors.New(test.said))
		if line != test.line || column != test.column || message != test.message {
			t.Errorf("%s: %d:%d %q", test.name, line, column, message)
		}
	}
}
