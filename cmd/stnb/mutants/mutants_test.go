package main

import (
	"fmt"
	"go/parser"
	"go/token"
	"testing"
)

var faults = []string{"KernelKilled", "ServerKilledInSave", "DiskFull", "FileChanged", "TwoTabs", "Offline", "SlowClient", "ThousandSockets", "InfiniteLoop",
	"Recursion", "GoroutinePanic", "ConcurrentMapWrite", "Memory", "GigabytePrinted", "HugeOutput", "ClockChange", "Restart"}

// Every attack and fault has a defence that can be taken out, and the table fits the code:
// a defence that moved is found again here and not in the hour of the long run.
func TestTable(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range table {
		seen[m.attack] = true
		files, err := m.files("../../..")
		if err != nil {
			t.Errorf("%s, without %s: %v; change its edit in cmd/stnb/mutants/table.go to what the code is now", m.attack, m.without, err)
			continue
		}
		for name, text := range files {
			if _, err := parser.ParseFile(token.NewFileSet(), name, text, 0); err != nil {
				t.Errorf("%s, without %s: %v", m.attack, m.without, err)
			}
		}
	}
	for n := 1; n <= 48; n++ {
		if id := fmt.Sprintf("T%02d", n); !seen[id] {
			t.Errorf("%s has no defence to take out", id)
		}
	}
	for _, name := range faults {
		if !seen[name] {
			t.Errorf("the fault %s has no defence to take out", name)
		}
	}
}
