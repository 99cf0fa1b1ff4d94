package yaegi

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/engine/conformance"
	"stnb.dev/kernel/wire"
)

// The test binary runs one program from its standard input when told to: programs
// under test may end their process.
const oneEnv = "STNB_YAEGI_ONE"

func TestMain(m *testing.M) {
	if os.Getenv(oneEnv) != "" {
		os.Exit(runOne())
	}
	if os.Getenv(rawEnv) != "" {
		src, err := io.ReadAll(os.Stdin)
		if err != nil {
			panic(err)
		}
		os.Exit(runRaw(string(src)))
	}
	os.Exit(m.Run())
}

const refusedExit = 99

func runOne() int {
	src, err := io.ReadAll(os.Stdin)
	if err != nil {
		return 1
	}
	p, problems := New(nil).Compile(nil, []wire.Unit{{ID: "prog.go", Cell: "c", Func: "main", Source: string(src)}})
	if len(problems) > 0 {
		for _, pr := range problems {
			fmt.Fprintf(os.Stderr, "%s:%d:%d: %s\n", pr.Unit, pr.Line, pr.Column, pr.Message)
		}
		return refusedExit
	}
	i, err := p.NewInstance(engine.Bindings{
		"os": {"Stdout": reflect.ValueOf(&os.Stdout).Elem(), "Stderr": reflect.ValueOf(&os.Stderr).Elem(), "Stdin": reflect.ValueOf(&os.Stdin).Elem()},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return refusedExit
	}
	err = i.Call(context.Background(), "prog.go")
	f, ok := err.(*engine.Fault)
	switch {
	case err == nil:
		return 0
	case ok && f.Kind == "exit":
		code := 0
		fmt.Sscanf(f.Message, "exit status %d", &code)
		return code
	case ok && f.Kind == "deadlock":
		fmt.Fprintln(os.Stderr, "fatal error: "+f.Message)
		return 2
	}
	fmt.Fprintln(os.Stderr, "panic: "+err.Error())
	return 2
}

// outcome is how a program did.
type outcome struct {
	name, kind, detail string
}

func one(name, src, want string, limit time.Duration) outcome {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(os.Environ(), oneEnv+"=1")
	cmd.Stdin = strings.NewReader(src)
	// Standard input is the program; it sees the end of it.
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	code := cmd.ProcessState.ExitCode()
	if ctx.Err() != nil {
		return outcome{name, "hang", ""}
	}
	if code == refusedExit {
		return outcome{name, "refused", firstLine(errs.String())}
	}
	got := out.String()
	if err != nil {
		if got != "" && !strings.HasSuffix(got, "\n") {
			got += "\n"
		}
		got += fmt.Sprintf("[exit %d] %s\n", code, firstLine(errs.String()))
	}
	if strings.Contains(errs.String(), "goroutine ") && strings.Contains(errs.String(), "[running]") {
		return outcome{name, "crash", firstLine(errs.String())}
	}
	if strings.TrimSpace(got) != strings.TrimSpace(want) {
		return outcome{name, "wrong", diff(got, want)}
	}
	return outcome{name, "pass", ""}
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(strings.TrimSpace(s), "\n")
	return s
}

func diff(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		a, b := "<end>", "<end>"
		if i < len(g) {
			a = g[i]
		}
		if i < len(w) {
			b = w[i]
		}
		if a != b {
			return fmt.Sprintf("line %d: got %.120q want %.120q", i+1, a, b)
		}
	}
	return "differs"
}

var (
	only    = flag.String("only", "", "run just the everyday programs whose names contain this")
	listing = flag.Bool("refused", false, "list what is refused")
)

// TestEveryday: every everyday program is equal to the compiler's, or refused.
func TestEveryday(t *testing.T) {
	cases := conformance.Everyday()
	results := make([]outcome, len(cases))
	var wg sync.WaitGroup
	slots := make(chan bool, 2)
	for n, c := range cases {
		if !strings.Contains(c.Name, *only) {
			continue
		}
		wg.Add(1)
		slots <- true
		go func() {
			defer func() { <-slots; wg.Done() }()
			results[n] = one(c.Name, c.Source, c.Want, 30*time.Second)
		}()
	}
	wg.Wait()
	count := map[string]int{}
	for _, r := range results {
		count[r.kind]++
		switch r.kind {
		case "pass", "":
		case "refused":
			if *listing {
				t.Logf("refused %s: %s", r.name, r.detail)
			}
		default:
			t.Errorf("%s %s: %s", r.kind, r.name, r.detail)
		}
	}
	t.Logf("%v", count)
}
