// Command stnb is a notebook server for Go: it edits notebooks, serves them as
// apps, and runs and checks them headless. This package only wires the parts.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"stnb.dev/kernel"
	"stnb.dev/kernel/worker/standard"
)

func main() {
	if len(os.Args) == 2 && os.Args[1] == kernel.Command {
		os.Exit(standard.Main()) // a kernel starts often: no flags, no configuration
	}
	os.Exit(run())
}

// run is the command line, without ending the process.
func run() int {
	err := rootCommand().Execute()
	if err == nil {
		return 0
	}
	var st *status
	if errors.As(err, &st) && st.shown {
		return st.code
	}
	fmt.Fprintln(os.Stderr, "stnb: "+oneLine(err.Error()))
	if st != nil {
		return st.code
	}
	return 1
}

// status is an error with an exit code of its own.
type status struct {
	code  int
	shown bool // what there was to say has been said
	err   error
}

func (s *status) Error() string {
	if s.err == nil {
		return ""
	}
	return s.err.Error()
}

func (s *status) Unwrap() error { return s.err }

// usage marks an error of how stnb was called: exit code 2.
func usage(format string, args ...any) error {
	return &status{code: 2, err: fmt.Errorf(format, args...)}
}

// failed ends with exit code 1 and says nothing more.
var failed = &status{code: 1, shown: true}

func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(text, "\n", "; ")), " ")
}
