// Command conform measures an engine by programs that others wrote: Go's own
// test suite and yaegi's, and our everyday corpus. Each program is pasted into a
// notebook of one cell, checked, lowered and run in a process of its own; what it
// prints and how it ends is compared with what the suite says.
//
//	go run ./kernel/internal/conform -engine ssa
//
// The last line is
//
//	conformance ssa: PASS/TOTAL (PCT%), wrong W, crash C, hang H
//
// where wrong is a program that ran and did something else than it should, crash
// one that took its process down or met a bug of the engine, and hang one that did
// not end. The rest of what does not pass was refused before it ran.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"time"
)

type outcome int

const (
	pass outcome = iota
	refused
	wrong
	crash
	hang
)

var outcomeNames = [...]string{"pass", "refused", "wrong", "crash", "hang"}

// program is one of a suite.
type program struct {
	suite, name string
	dir, file   string // where it runs, and its file there
	source      string // of one that is no file
	want        string
	stdoutOnly  bool // what goes to standard error is not compared
	loose       bool // nor is space around the output
}

type result struct {
	program
	outcome outcome
	got     string
	took    time.Duration
}

func main() {
	name := flag.String("engine", "ssa", "engine to measure: ssa or yaegi")
	child := flag.String("exec", "", "run this program and nothing else")
	only := flag.String("run", "", "only programs whose suite/name matches this expression")
	jobs := flag.Int("jobs", runtime.NumCPU(), "programs that run at once")
	limit := flag.Duration("timeout", 2*time.Minute, "how long a program may take")
	write := flag.String("write", "", "write the failures to this Markdown file")
	list := flag.Bool("list", false, "list the programs and run nothing")
	logged := flag.String("log", "", "keep results in this file; what it has is not run again")
	flag.Parse()
	if *child != "" {
		os.Exit(runProgram(*name, *child))
	}
	match, err := regexp.Compile(*only)
	if err != nil {
		fatal(err)
	}
	suite, excluded, err := collect(*name, match)
	if err != nil {
		fatal(err)
	}
	if *list {
		for _, p := range suite {
			fmt.Println(p.suite + "/" + p.name)
		}
		return
	}
	log, err := openJournal(*logged)
	if err != nil {
		fatal(err)
	}
	results := measure(*name, suite, *jobs, *limit, log)
	counts := report(os.Stdout, results)
	if *write != "" {
		if err := os.WriteFile(*write, document(*name, results, excluded), 0o644); err != nil {
			fatal(err)
		}
	}
	fmt.Println(summary(*name, results, counts))
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "conform:", err)
	os.Exit(1)
}

func measure(engine string, suite []program, jobs int, limit time.Duration, log *journal) []result {
	exe, err := os.Executable()
	if err != nil {
		fatal(err)
	}
	results := make([]result, len(suite))
	next := make(chan int)
	var wg sync.WaitGroup
	for range jobs {
		wg.Go(func() {
			for i := range next {
				if r, ok := log.find(suite[i]); ok {
					results[i] = r
					continue
				}
				results[i] = runOne(exe, engine, suite[i], limit)
				if err := log.add(results[i]); err != nil {
					fatal(err)
				}
			}
		})
	}
	for i := range suite {
		next <- i
	}
	close(next)
	wg.Wait()
	return results
}

func runOne(exe, engine string, p program, limit time.Duration) result {
	dir, file := p.dir, p.file
	if p.source != "" {
		tmp, err := os.MkdirTemp("", "conform")
		if err != nil {
			fatal(err)
		}
		defer os.RemoveAll(tmp)
		dir, file = tmp, "prog.go"
		if err := os.WriteFile(filepath.Join(tmp, file), []byte(p.source), 0o600); err != nil {
			fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, exe, "-engine", engine, "-exec", file)
	cmd.Dir = dir
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if p.stdoutOnly {
		cmd.Stderr = &errs
	}
	begin := time.Now()
	err := cmd.Run()
	r := result{program: p, took: time.Since(begin), got: out.String()}
	code := cmd.ProcessState.ExitCode()
	if p.stdoutOnly && code != 0 && !strings.HasPrefix(errs.String(), refusal) {
		if r.got != "" && !strings.HasSuffix(r.got, "\n") {
			r.got += "\n"
		}
		first, _, _ := strings.Cut(errs.String(), "\n")
		r.got += fmt.Sprintf("[exit %d] %s\n", code, first)
	}
	same := r.got == p.want || p.loose && strings.TrimSpace(r.got) == strings.TrimSpace(p.want)
	r.got += errs.String()
	switch {
	case ctx.Err() != nil:
		r.outcome = hang
	case code == exitRefused:
		r.outcome = refused
	case code == exitBug || code < 0 || strings.Contains(r.got, "\ngoroutine ") && code == 2 && strings.Contains(r.got, "fatal error: "):
		r.outcome = crash
	case same && (err == nil || p.stdoutOnly):
		r.outcome = pass
	default:
		r.outcome = wrong
	}
	return r
}
