// Command enginebench runs the same small programs on the engines, compiled by Go
// and, when python3 is there, in CPython, and prints milliseconds of processor time
// and ratios.
//
//	go run ./kernel/internal/enginebench [-engines ssa,yaegi]
//
// In regexes and jsons nearly all time is the library's own: no engine is faster there than
// compiled Go, whose regexp is slower than CPython's re.
package main

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/engine/ssa"
	"stnb.dev/kernel/engine/yaegi"
	"stnb.dev/kernel/wire"
)

//go:embed programs.go.txt
var goSource string

//go:embed cpu_unix.go
var cpuUnix string

//go:embed cpu_other.go
var cpuOther string

//go:embed programs.py
var pySource string

// times are microseconds by program; checks are what the programs returned.
type times struct {
	order  []string
	micros map[string]float64
	checks map[string]string
}

func main() {
	which := flag.String("engines", "ssa,yaegi", "engines to measure")
	child := flag.String("child", "", "run the programs on this engine and nothing else")
	flag.Parse()
	if *child != "" {
		os.Exit(runEngine(*child))
	}
	dir, err := os.MkdirTemp("", "enginebench")
	if err != nil {
		fatal(err)
	}
	defer os.RemoveAll(dir)
	compiled, err := compiledTimes(dir)
	if err != nil {
		fatal(err)
	}
	columns := []string{"go"}
	all := map[string]*times{"go": compiled}
	exe, err := os.Executable()
	if err != nil {
		fatal(err)
	}
	for _, name := range strings.Split(*which, ",") {
		t, err := read(exec.Command(exe, "-child", name))
		if err != nil {
			fmt.Printf("%s: does not run the programs: %v\n", name, err)
			continue
		}
		columns, all[name] = append(columns, name), t
	}
	if t, err := pythonTimes(dir); err != nil {
		fmt.Println("cpython: not measured, python3 is not here:", err)
	} else {
		columns, all["cpython"] = append(columns, "cpython"), t
	}
	print(columns, all)
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "enginebench:", err)
	os.Exit(1)
}

func compiledTimes(dir string) (*times, error) {
	for name, text := range map[string]string{"go.mod": "module programs\n\ngo 1.26\n", "main.go": goSource, "cpu_unix.go": cpuUnix, "cpu_other.go": cpuOther} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return nil, err
		}
	}
	bin := filepath.Join(dir, "programs")
	build := exec.Command("go", "build", "-o", bin, ".")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, out)
	}
	return read(exec.Command(bin))
}

func pythonTimes(dir string) (*times, error) {
	python, err := exec.LookPath("python3")
	if err != nil {
		return nil, err
	}
	file := filepath.Join(dir, "programs.py")
	if err := os.WriteFile(file, []byte(pySource), 0o600); err != nil {
		return nil, err
	}
	return read(exec.Command(python, file))
}

// read runs a command whose lines are: name microseconds result.
func read(cmd *exec.Cmd) (*times, error) {
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, err
	}
	t := &times{micros: map[string]float64{}, checks: map[string]string{}}
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) != 3 {
			return nil, fmt.Errorf("line %q", lines.Text())
		}
		us, err := strconv.ParseFloat(f[1], 64)
		if err != nil {
			return nil, err
		}
		t.order = append(t.order, f[0])
		t.micros[f[0]], t.checks[f[0]] = max(us, 1), f[2]
	}
	return t, nil
}

func runEngine(name string) int {
	var e engine.Engine = ssa.New(nil)
	if name == "yaegi" {
		e = yaegi.New(nil)
	}
	// The programs read the clock of the engine's process, not time.Now's.
	source := goSource + "\nfunc now() time.Time { return time.Now() }\n"
	p, problems := e.Compile(nil, []wire.Unit{{ID: "bench", Cell: "bench", Func: "main", Source: source}})
	for _, pr := range problems {
		fmt.Fprintf(os.Stderr, "%d:%d: %s\n", pr.Line, pr.Column, pr.Message)
	}
	if len(problems) > 0 {
		return 1
	}
	i, err := p.NewInstance(engine.Bindings{"time": {"Now": reflect.ValueOf(now)}})
	if err == nil {
		err = i.Call(context.Background(), "bench")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

func print(columns []string, all map[string]*times) {
	ssaTimes := all["ssa"]
	fmt.Printf("%-12s", "ms")
	for _, c := range columns {
		fmt.Printf("%12s", c)
	}
	for _, c := range columns {
		if c != "ssa" && ssaTimes != nil {
			fmt.Printf("%14s", "ssa/"+c)
		}
	}
	fmt.Println()
	for _, name := range all["go"].order {
		fmt.Printf("%-12s", name)
		for _, c := range columns {
			fmt.Printf("%12.2f", all[c].micros[name]/1000)
		}
		for _, c := range columns {
			if c != "ssa" && ssaTimes != nil {
				fmt.Printf("%14.2f", ssaTimes.micros[name]/all[c].micros[name])
			}
		}
		for _, c := range columns {
			if all[c].checks[name] != all["go"].checks[name] {
				fmt.Printf("  (%s: result %s, not %s)", c, all[c].checks[name], all["go"].checks[name])
			}
		}
		fmt.Println()
	}
	if ssaTimes == nil {
		return
	}
	for _, c := range columns {
		if c == "ssa" {
			continue
		}
		sum, worst, at := 0.0, math.Inf(-1), ""
		for _, name := range ssaTimes.order {
			r := math.Log(ssaTimes.micros[name] / all[c].micros[name])
			sum += r
			if r > worst {
				worst, at = r, name
			}
		}
		fmt.Printf("ssa takes %.2f times as long as %s (geometric mean; worst %.2f, %s)\n",
			math.Exp(sum/float64(len(ssaTimes.order))), c, math.Exp(worst), at)
	}
	if python := all["cpython"]; python != nil {
		// There the time is the library's: no engine can be faster than compiled Go.
		for _, name := range all["go"].order {
			if r := all["go"].micros[name] / python.micros[name]; r > 1 {
				fmt.Printf("compiled Go itself takes %.2f times as long as cpython on %s\n", r, name)
			}
		}
	}
}
