package syntax

import (
	"slices"
	"sort"
	"strings"
)

// Rename replaces the name at an offset of the typed text.
type Rename struct {
	Offset   int
	Old, New string
}

// splice is a replaced name: where it stands in the parsed and the typed text.
type splice struct {
	at, len           int
	origin, originLen int
}

// rename makes the text to parse.
func rename(text string, list []Rename) (string, []splice) {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Rename) int { return a.Offset - b.Offset })
	var b strings.Builder
	splices := make([]splice, 0, len(list))
	at := 0
	for _, r := range list {
		if r.Offset < at || !strings.HasPrefix(text[r.Offset:], r.Old) {
			continue // the same name again
		}
		b.WriteString(text[at:r.Offset])
		splices = append(splices, splice{b.Len(), len(r.New), r.Offset, len(r.Old)})
		b.WriteString(r.New)
		at = r.Offset + len(r.Old)
	}
	b.WriteString(text[at:])
	return b.String(), splices
}

// Origin is the offset in the typed text for one in the parsed text. Inside a
// replaced name it is the name's begin.
func (c *Cell) Origin(offset int) int {
	i := sort.Search(len(c.splices), func(i int) bool { return c.splices[i].at > offset }) - 1
	if i < 0 {
		return offset
	}
	s := c.splices[i]
	if offset < s.at+s.len {
		return s.origin
	}
	return s.origin + s.originLen + offset - s.at - s.len
}
