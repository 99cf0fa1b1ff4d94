package core

import (
	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
)

// recording is what a cached call shows.
type recording struct {
	elements []recorded
}

type recorded struct {
	place *run.Place
	el    element.Element
}

// caches are an app's caches.
type caches struct{}

func (c *caches) close() {}

// record notes an element for the cached calls that are running.
func (s *Session) record(p *run.Place, el element.Element) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.replay {
		r.elements = append(r.elements, recorded{p, el})
	}
}

// cached says whether a cached func is running.
func (s *Session) cached() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cacheDep > 0
}
