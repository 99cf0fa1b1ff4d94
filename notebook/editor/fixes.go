package editor

import (
	"strings"
	"unicode"

	"stnb.dev/kernel/symbols/exports"
	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
	"stnb.dev/notebook/source"
	"stnb.dev/notebook/syntax"
)

// Fix is a change that mends a problem.
type Fix struct {
	At    source.Position `json:"at"` // where the problem begins
	Title string          `json:"title"`
	Edits []TextEdit      `json:"edits"`
}

// Fixes are what would mend a cell's problems: the import of a package that is
// used as if it were there, one for each package that has the name behind the dot;
// and a cell without the lines that only another kernel knows.
func Fixes(s *build.Snapshot, id notebook.CellID) []Fix {
	fixes := []Fix{}
	view, ok := s.View(id)
	if !ok {
		return fixes
	}
	c := view.Cell
	done := map[string]bool{}
	for _, d := range s.Diagnostics(id) {
		if d.Code == "foreign" {
			if fix, ok := withoutLine(c.Source, d); ok {
				fixes = append(fixes, fix)
			}
			continue
		}
		if d.Code != "undefined" {
			continue
		}
		start := offset(c.Source, d.Range.Start.Line, d.Range.Start.Column)
		name, rest := identifier(c.Source[start:])
		member, isMember := strings.CutPrefix(rest, ".")
		member, _ = identifier(member)
		if !isMember || member == "" || done[name+"."+member] {
			continue
		}
		done[name+"."+member] = true
		for _, path := range exports.Default().Packages() {
			if lastElement(path) != name || done[path] {
				continue
			}
			pkg, err := s.Package(path)
			if err != nil || pkg.Name() != name {
				continue
			}
			if obj := pkg.Scope().Lookup(member); obj == nil || !obj.Exported() {
				continue
			}
			done[path] = true
			fixes = append(fixes, Fix{d.Range.Start, "Import " + path, importEdit(s, c, path)})
		}
	}
	return fixes
}

// identifier splits a text behind the name it begins with.
func identifier(text string) (name, rest string) {
	end := strings.IndexFunc(text, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if end < 0 {
		end = len(text)
	}
	return text[:end], text[end:]
}

// withoutLine deletes the line of a problem, unless what follows it is no code.
func withoutLine(text string, d source.Diagnostic) (Fix, bool) {
	start := offset(text, d.Range.Start.Line, d.Range.Start.Column)
	line, rest, _ := strings.Cut(text[start:], "\n")
	if syntax.OwnsCell(line) {
		return Fix{}, false
	}
	whole := d.Range
	if rest != "" {
		whole.End.Line, whole.End.Column = d.Range.Start.Line+1, 1
	}
	return Fix{d.Range.Start, "Delete the line", []TextEdit{{Range: whole}}}, true
}
