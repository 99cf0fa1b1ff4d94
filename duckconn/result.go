package duckconn

import (
	"context"
	"sync"
	"time"
)

// Result is the rows of a query, in memory. It is shared by all who asked the
// same, and nobody changes it.
type Result struct {
	Columns []Column
	Rows    [][]any
}

func (r *Result) add(row []any) error {
	if row == nil { // the query starts over
		r.Rows = nil
		return nil
	}
	r.Rows = append(r.Rows, append([]any(nil), row...))
	return nil
}

// Forever is the ttl of results that are kept until Reset or a session's commit.
const Forever time.Duration = 0

// Cached is Query with its rows kept: another call with the same text and
// parameters within ttl gets the same Result. Callers that ask at the same time
// wait for one query. A negative ttl asks anew.
func (c *SQL) Cached(ctx context.Context, ttl time.Duration, query string, args ...any) (*Result, error) {
	bound, values, err := c.bind(query, args)
	if err != nil {
		return nil, err
	}
	ask := func() (*Result, error) {
		r := &Result{}
		cols, err := c.Query(ctx, query, args, r.add)
		r.Columns = cols
		return r, err
	}
	if ttl < 0 {
		return ask()
	}
	return c.results.get(ctx, fingerprint([]any{bound, typed(values)}), ttl, ask)
}

// typed keeps 1 and "1" apart.
func typed(values []any) []any {
	out := make([]any, 0, 2*len(values))
	for _, v := range values {
		switch v.(type) {
		case string:
			out = append(out, "s")
		case float64:
			out = append(out, "f")
		case []byte:
			out = append(out, "b")
		default:
			out = append(out, "v")
		}
		out = append(out, v)
	}
	return out
}

// results are a connection's cached results.
type results struct {
	mu   sync.Mutex
	byID map[string]*cached
}

type cached struct {
	done chan struct{} // closed when result is there
	at   time.Time
	*Result
	err error
}

func (s *results) get(ctx context.Context, key string, ttl time.Duration, ask func() (*Result, error)) (*Result, error) {
	for {
		s.mu.Lock()
		if s.byID == nil {
			s.byID = map[string]*cached{}
		}
		e, ok := s.byID[key]
		if ok && ttl != Forever && !e.at.IsZero() && time.Since(e.at) > ttl {
			delete(s.byID, key)
			ok = false
		}
		if !ok {
			e = &cached{done: make(chan struct{})}
			s.byID[key] = e
			s.mu.Unlock()
			e.Result, e.err = ask()
			s.mu.Lock()
			e.at = time.Now()
			if e.err != nil && s.byID[key] == e {
				delete(s.byID, key) // an error is not kept
			}
			s.mu.Unlock()
			close(e.done)
			return e.Result, e.err
		}
		s.mu.Unlock()
		select {
		case <-e.done:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if e.err == nil {
			return e.Result, nil
		}
		// The one who asked failed, perhaps because it was stopped: ask oneself.
	}
}

func (s *results) clear() {
	s.mu.Lock()
	s.byID = nil
	s.mu.Unlock()
}
