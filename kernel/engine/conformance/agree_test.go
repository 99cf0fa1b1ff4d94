package conformance_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/engine/conformance"
	"stnb.dev/kernel/engine/ssa"
	"stnb.dev/kernel/engine/yaegi"
	"stnb.dev/kernel/wire"
)

// A process of the test's with this in its environment is an engine that runs the
// program of its standard input.
const engineEnv = "STNB_TEST_ENGINE"

const refused = 99

func TestMain(m *testing.M) {
	if name := os.Getenv(engineEnv); name != "" {
		os.Exit(runEngine(name))
	}
	flag.Parse()
	os.Exit(m.Run())
}

func runEngine(name string) int {
	source, err := io.ReadAll(os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	var e engine.Engine = ssa.New(nil)
	if name == "yaegi" {
		e = yaegi.New(nil)
	}
	p, problems := e.Compile(nil, []wire.Unit{{ID: "prog.go", Cell: "c", Func: "main", Source: string(source)}})
	if len(problems) > 0 {
		fmt.Fprintln(os.Stderr, problems[0].Message)
		return refused
	}
	i, err := p.NewInstance(nil)
	if err == nil {
		err = i.Call(context.Background(), "prog.go")
	}
	if f := (*engine.Fault)(nil); errors.As(err, &f) {
		fmt.Printf("\n%s: %s\n", f.Kind, f.Message)
	} else if err != nil {
		fmt.Println(err)
	}
	return 0
}

// run gives what a program prints and how it ends; false when the engine refuses it.
func run(t *testing.T, name, source string) (out string, ok bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), engineEnv+"="+name)
	cmd.Stdin = strings.NewReader(source)
	var errs bytes.Buffer
	cmd.Stderr = &errs
	b, err := cmd.Output()
	if cmd.ProcessState.ExitCode() == refused {
		return errs.String(), false
	}
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, errs.String())
	}
	return string(b), true
}

// Under auto a notebook runs on yaegi until it uses what yaegi refuses, so it must not
// matter which of the two runs it.
func TestEnginesAgree(t *testing.T) {
	every := 10
	if flag.Lookup("all").Value.String() == "true" {
		every = 1
	}
	compared := 0
	for n, c := range conformance.Everyday() {
		if n%every != 0 {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			one, ok := run(t, "yaegi", c.Source)
			if !ok {
				t.Skip("yaegi refuses it:", one)
			}
			compared++
			other, ok := run(t, "ssa", c.Source)
			if !ok || one != other {
				t.Errorf("yaegi:\n%s\nssa:\n%s", one, other)
			}
		})
	}
	if compared*every < len(conformance.Everyday())/3 {
		t.Errorf("yaegi takes %d of the programs, too few to tell", compared)
	}
}
