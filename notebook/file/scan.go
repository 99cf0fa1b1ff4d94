package file

import (
	"regexp"
	"strings"

	"stnb.dev/notebook"
)

// piece is a cell's part of a Markdown file: the blank lines above it, its bytes
// as they stand, and the cell they make.
type piece struct {
	gap  string
	text string
	cell notebook.Cell
	head string          // the first line of a fence or region, "" for plain text
	id   notebook.CellID // when the file gives one
}

// line is one line with its end ("\n", "\r\n" or, at the end of the file, "").
type line struct {
	text, end string
}

func (l line) blank() bool { return strings.TrimSpace(l.text) == "" }

func cutLines(text string) []line {
	var lines []line
	for text != "" {
		i := strings.IndexByte(text, '\n')
		switch {
		case i < 0:
			lines = append(lines, line{text, ""})
			return lines
		case i > 0 && text[i-1] == '\r':
			lines = append(lines, line{text[:i-1], "\r\n"})
		default:
			lines = append(lines, line{text[:i], "\n"})
		}
		text = text[i+1:]
	}
	return lines
}

// joinLines is the inverse of cutLines.
func joinLines(lines []line) string {
	var b strings.Builder
	for _, l := range lines {
		b.WriteString(l.text)
		b.WriteString(l.end)
	}
	return b.String()
}

// source is the text of lines with \n between them and none after the last.
func source(lines []line) string {
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = l.text
	}
	return strings.Join(texts, "\n")
}

var (
	anyFence = regexp.MustCompile("^ {0,3}(`{3,}[^`]*|~{3,}.*)$")
	// Only what stands at the very start of a line is a cell.
	cellFence   = regexp.MustCompile("^(`{3,})[ \t]*(go|sql)((?:[ \t][^`]*)?)$")
	regionStart = regexp.MustCompile(`^<!--[ \t]*#(region|raw|md)((?:[ \t].*)?)-->[ \t]*$`)
	regionMark  = regexp.MustCompile(`^<!--[ \t]*#(end)?(region|raw|md)\b.*-->[ \t]*$`)
)

// scan cuts the body of a Markdown file, what follows the front matter, into
// pieces. Together with the returned tail, blank lines at the end, they hold
// every byte of it, unless there are more than MaxCells: then it stops.
func scan(body string) (pieces []piece, tail string) {
	s := scanner{lines: cutLines(body)}
	s.pairRegions()
	for {
		start := s.at
		for s.at < len(s.lines) && s.lines[s.at].blank() {
			s.at++
		}
		gap := joinLines(s.lines[start:s.at])
		if s.at == len(s.lines) {
			return pieces, gap
		}
		p := s.piece()
		p.gap = gap
		if pieces = append(pieces, p); len(pieces) > MaxCells {
			return pieces, ""
		}
	}
}

type scanner struct {
	lines []line
	ends  map[int]int // the line of a region's start to the line of its end
	at    int
}

// pairRegions finds the end of each region; those of one name nest.
func (s *scanner) pairRegions() {
	s.ends = map[int]int{}
	open := map[string][]int{}
	for i, l := range s.lines {
		if !strings.HasPrefix(l.text, "<!--") {
			continue
		}
		m := regionMark.FindStringSubmatch(l.text)
		if m == nil {
			continue
		}
		starts := open[m[2]]
		if m[1] == "" {
			open[m[2]] = append(starts, i)
		} else if n := len(starts); n > 0 {
			s.ends[starts[n-1]] = i
			open[m[2]] = starts[:n-1]
		}
	}
}

// regionOf says whether a region starts at line i: its name, attributes and the
// line that ends it.
func (s *scanner) regionOf(i int) (name, attrs string, end int, ok bool) {
	end, ok = s.ends[i]
	if !ok {
		return "", "", 0, false
	}
	m := regionStart.FindStringSubmatch(s.lines[i].text)
	if m == nil {
		return "", "", 0, false
	}
	return m[1], m[2], end, true
}

func (s *scanner) piece() piece {
	first := s.lines[s.at].text
	if language, attrs, fence, ok := fenceOf(first); ok {
		return s.fence(language, attrs, fence)
	}
	if name, attrs, end, ok := s.regionOf(s.at); ok {
		return s.region(name, attrs, end)
	}
	return s.text()
}

// fenceOf says whether a line opens a cell: its kind, attributes and fence.
func fenceOf(text string) (kind notebook.Kind, attrs, fence string, ok bool) {
	m := cellFence.FindStringSubmatch(text)
	if m == nil {
		return "", "", "", false
	}
	parsed, _ := parseAttrs(m[3])
	for _, a := range parsed {
		if a.key == ".noeval" {
			return "", "", "", false
		}
	}
	return notebook.Kind(m[2]), m[3], m[1], true
}

// fence takes a code cell. One that is never closed goes on to the file's end.
func (s *scanner) fence(kind notebook.Kind, attrs, fence string) piece {
	start := s.at
	end := start + 1
	for end < len(s.lines) && !closes(s.lines[end].text, fence) {
		end++
	}
	s.at = min(end+1, len(s.lines))
	p := piece{text: joinLines(s.lines[start:s.at]), head: s.lines[start].text}
	p.cell = notebook.Cell{Kind: kind, Source: source(s.lines[start+1 : end])}
	p.apply(attrs)
	return p
}

// closes says whether a line ends a cell's fence.
func closes(text, fence string) bool {
	text = strings.TrimRight(text, " \t")
	return len(text) >= len(fence) && strings.Trim(text, "`") == ""
}

func (s *scanner) region(name, attrs string, end int) piece {
	start := s.at
	s.at = end + 1
	p := piece{text: joinLines(s.lines[start:s.at]), head: s.lines[start].text}
	p.cell = notebook.Cell{Kind: notebook.Markdown, Source: source(s.lines[start+1 : end])}
	if name == "raw" {
		p.cell.Kind = notebook.Raw
	}
	p.apply(attrs)
	return p
}

func (p *piece) apply(text string) {
	attrs, _ := parseAttrs(text)
	p.id = applyAttrs(&p.cell, attrs)
}

// text takes plain Markdown up to two blank lines, a cell's fence, a region, or
// the end. Inside fences of other kinds and indented code nothing ends it.
func (s *scanner) text() piece {
	start := s.at
	blanks, indented := 0, false
	fence := ""
	end := start // after the last line that is not blank
	for i := start; i < len(s.lines); i++ {
		l := s.lines[i]
		if fence != "" {
			if closesAny(l.text, fence) {
				fence = ""
			}
			end = i + 1
			blanks = 0
			continue
		}
		if l.blank() {
			blanks++
			continue
		}
		deep := strings.HasPrefix(l.text, "    ") || strings.HasPrefix(l.text, "\t")
		indented = deep && (indented || blanks > 0 || i == start)
		if i > start && !indented {
			if blanks >= 2 {
				break
			}
			if _, _, _, isCell := fenceOf(l.text); isCell {
				break
			}
			if _, _, _, isRegion := s.regionOf(i); isRegion {
				break
			}
		}
		if m := anyFence.FindStringSubmatch(l.text); m != nil && !indented {
			fence = strings.TrimLeft(m[1], " ")
			fence = fence[:len(fence)-len(strings.TrimLeft(fence, fence[:1]))]
		}
		end = i + 1
		blanks = 0
	}
	// An open fence runs to the end of the file, and its blank lines with it.
	s.at = end
	return piece{
		text: joinLines(s.lines[start:end]),
		cell: notebook.Cell{Kind: notebook.Markdown, Source: source(s.lines[start:end])},
	}
}

// closesAny says whether a line ends a fence of text.
func closesAny(text, fence string) bool {
	text = strings.TrimRight(text, " \t")
	trimmed := strings.TrimLeft(text, " ")
	return len(text)-len(trimmed) <= 3 && len(trimmed) >= len(fence) && strings.Trim(trimmed, fence[:1]) == ""
}
