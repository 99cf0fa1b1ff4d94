package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"sync"
	"time"
)

// A journal keeps results as they come, one JSON object a line, so that a long
// run can be watched, broken off and taken up again.
type journal struct {
	mu   sync.Mutex
	file *os.File
	done map[string]entry
}

// entry is one line of it.
type entry struct {
	Program string
	Outcome string
	Seconds float64
	Got     string `json:",omitempty"` // of what did not pass
}

// openJournal reads what is there; an empty path is a journal that keeps nothing.
func openJournal(path string) (*journal, error) {
	j := &journal{done: map[string]entry{}}
	if path == "" {
		return j, nil
	}
	old, err := os.Open(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err == nil {
		defer old.Close()
		lines := bufio.NewScanner(old)
		lines.Buffer(nil, 64<<20)
		for lines.Scan() {
			var e entry
			if json.Unmarshal(lines.Bytes(), &e) == nil { // the last line may be half written
				j.done[e.Program] = e
			}
		}
		if err := lines.Err(); err != nil {
			return nil, err
		}
	}
	j.file, err = os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	return j, err
}

// find is the result of a program that ran before.
func (j *journal) find(p program) (result, bool) {
	e, ok := j.done[p.suite+"/"+p.name]
	if !ok {
		return result{}, false
	}
	r := result{program: p, got: e.Got, took: time.Duration(e.Seconds * float64(time.Second))}
	for n, name := range outcomeNames {
		if name == e.Outcome {
			r.outcome = outcome(n)
			return r, true
		}
	}
	return result{}, false
}

// add writes a result.
func (j *journal) add(r result) error {
	if j.file == nil {
		return nil
	}
	e := entry{Program: r.suite + "/" + r.name, Outcome: outcomeNames[r.outcome], Seconds: r.took.Seconds()}
	if r.outcome != pass {
		e.Got = r.got[:min(len(r.got), 1<<20)]
	}
	line, err := json.Marshal(e)
	if err != nil {
		return err
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	_, err = j.file.Write(append(line, '\n'))
	return err
}
