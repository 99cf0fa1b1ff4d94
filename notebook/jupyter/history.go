package jupyter

import (
	"path"
	"slices"
)

// history is what was executed in this session.
type history struct{ entries []entry }

type entry struct {
	line   int // the execution count
	code   string
	output *string // text/plain of its result
}

// maxHistory bounds how much is kept.
const maxHistory = 10_000

// historySession is the number of the one session there is.
const historySession = 1

func (h *history) add(e entry) {
	if len(h.entries) >= maxHistory {
		h.entries = slices.Delete(h.entries, 0, len(h.entries)-maxHistory+1)
	}
	h.entries = append(h.entries, e)
}

type historyRequest struct {
	Output  bool   `json:"output"`
	Raw     bool   `json:"raw"`
	Access  string `json:"hist_access_type"`
	Session int    `json:"session"`
	Start   int    `json:"start"`
	Stop    int    `json:"stop"`
	N       int    `json:"n"`
	Pattern string `json:"pattern"`
	Unique  bool   `json:"unique"`
}

// find returns what a history_request asks for, oldest first.
func (h *history) find(r historyRequest) [][3]any {
	var found []entry
	switch r.Access {
	case "range":
		if r.Session != historySession && r.Session != 0 {
			break // of a session before: not kept
		}
		for _, e := range h.entries {
			if e.line >= r.Start && (e.line < r.Stop || r.Stop <= 0) {
				found = append(found, e)
			}
		}
	case "search":
		for _, e := range h.entries {
			if matches(r.Pattern, e.code) {
				found = append(found, e)
			}
		}
		if r.Unique {
			found = unique(found)
		}
		found = last(found, r.N)
	default: // "tail"
		found = last(h.entries, r.N)
	}
	out := [][3]any{}
	for _, e := range found {
		var what any = e.code
		if r.Output {
			what = [2]any{e.code, e.output}
		}
		out = append(out, [3]any{historySession, e.line, what})
	}
	return out
}

// last are the newest n; 0 is all.
func last(list []entry, n int) []entry {
	if n > 0 && len(list) > n {
		return list[len(list)-n:]
	}
	return list
}

// unique keeps the newest of each text.
func unique(list []entry) []entry {
	seen := map[string]bool{}
	var out []entry
	for _, e := range slices.Backward(list) {
		if !seen[e.code] {
			seen[e.code] = true
			out = append(out, e)
		}
	}
	slices.Reverse(out)
	return out
}

// matches is a glob over a whole text, in which * and ? stand for any characters.
func matches(pattern, text string) bool {
	if pattern == "" {
		return true
	}
	// path.Match keeps * from crossing slashes: none are left.
	flat := func(s string) string {
		b := []rune(s)
		for i, r := range b {
			if r == '/' {
				b[i] = '\x00'
			}
		}
		return string(b)
	}
	ok, err := path.Match(flat(pattern), flat(text))
	return ok && err == nil
}
