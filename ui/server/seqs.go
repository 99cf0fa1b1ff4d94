package server

import (
	"sync"
	"time"
)

// seqs remembers, for every page, the last op that was taken from it, so that an
// op sent again after a lost connection is not applied twice.
type seqs struct {
	mu   sync.Mutex
	last map[seqKey]*seqEntry
}

type seqKey struct{ visit, client string }

type seqEntry struct {
	mu   sync.Mutex // held while an op is applied
	seq  uint64
	used time.Time
}

const (
	seqLife = 24 * time.Hour
	maxSeqs = 20_000
)

func newSeqs() *seqs { return &seqs{last: map[seqKey]*seqEntry{}} }

// of returns the entry of a page of a visit.
func (s *seqs) of(visit, client string) *seqEntry {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := seqKey{visit, client}
	e := s.last[key]
	now := time.Now()
	if e == nil {
		if len(s.last) >= maxSeqs {
			s.purge(now)
		}
		e = &seqEntry{}
		s.last[key] = e
	}
	e.used = now
	return e
}

// purge drops old entries, and if none is old, those least lately used.
func (s *seqs) purge(now time.Time) {
	var oldest seqKey
	at := now
	for k, e := range s.last {
		if now.Sub(e.used) > seqLife {
			delete(s.last, k)
		} else if e.used.Before(at) {
			oldest, at = k, e.used
		}
	}
	if len(s.last) >= maxSeqs {
		delete(s.last, oldest)
	}
}

// apply runs do for an op unless it was applied before, and returns the last
// sequence number taken. An op that is refused counts as taken: it would be
// refused again.
func (e *seqEntry) apply(seq uint64, do func() error) (uint64, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if seq != 0 && seq <= e.seq {
		return e.seq, nil
	}
	err := do()
	if seq != 0 {
		e.seq = seq
	}
	return e.seq, err
}

func (e *seqEntry) taken() uint64 {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.seq
}
