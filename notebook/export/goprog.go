package export

import (
	"fmt"
	"go/format"
	"go/scanner"
	"go/token"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
	"stnb.dev/notebook/lower"
	"stnb.dev/notebook/syntax"
)

// Program is a notebook as one Go file.
type Program struct {
	Source []byte
	// Needs are the packages of stnb that it imports, by cell: such a program is
	// compiled within stnb's module only, and has no page to show anything on.
	Needs map[notebook.CellID][]string
}

// core is the package that lowered cells show things with. What they call of it
// has a stand-in of a few lines, but for what needs DuckDB or a page.
const core = "stnb.dev/widgets/core"

var standIns = map[string]string{
	"Show": "// show prints a value.\nfunc %s(v any) { fmt.Printf(\"%%+v\\n\", v) }\n",
	"Err":  "// showErr prints an error.\nfunc %s(err error) {\n\tif err != nil {\n\t\tfmt.Println(\"error:\", err)\n\t}\n}\n",
	"Markdown": "// showText prints text; a number between zero bytes stands for a value.\n" +
		"func %s(text string, values ...any) {\n\tfor i, v := range values {\n" +
		"\t\ttext = strings.ReplaceAll(text, fmt.Sprintf(\"\\x00%%d\\x00\", i), fmt.Sprint(v))\n\t}\n\tfmt.Println(text)\n}\n",
	"Recovered": "// recovered is what a panic was about.\nfunc %s(v any) any { return v }\n",
}

var standInNames = map[string]string{"Show": "show", "Err": "showErr", "Markdown": "showText", "Recovered": "recovered"}

// Go makes one Go file of a notebook: each cell a func, called in order by main.
// Cells with errors must have been refused before.
func Go(nb *notebook.Notebook, s *build.Snapshot) (Program, error) {
	s = s.Fresh().Update(nb) // names as in a notebook just opened
	p := program{nb: nb, taken: map[string]bool{"main": true, "init": true, "fmt": true, "strings": true}, imports: map[string]string{}, used: map[string]string{}, needs: map[notebook.CellID][]string{}}
	units := s.Units()
	for _, u := range units {
		for _, t := range tokens(u.Source) {
			if t.tok == token.IDENT && !strings.ContainsRune(t.lit, syntax.Reserved) {
				p.taken[t.lit] = true
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(standInNames)) {
		p.used[name] = ""
	}
	var body, calls strings.Builder
	done := map[notebook.CellID]bool{}
	unitsOf := map[notebook.CellID][]lower.Unit{}
	for _, u := range units {
		unitsOf[u.Cell] = append(unitsOf[u.Cell], u)
	}
	write := func(id notebook.CellID, title string) {
		for _, u := range unitsOf[id] {
			fmt.Fprintf(&body, "\n// %s\n", title)
			body.WriteString(p.unit(u))
			if u.Func != "" {
				fmt.Fprintf(&calls, "\t%s()\n", p.clean(u.Func))
			}
		}
		done[id] = true
	}
	for i, c := range nb.Cells {
		if len(unitsOf[c.ID]) > 0 {
			title := fmt.Sprintf("Cell %d", i+1)
			if c.Name != "" {
				title += ": " + oneLine(c.Name)
			}
			write(c.ID, title+".")
		} else if c.Kind == notebook.Markdown && strings.TrimSpace(c.Source) != "" {
			body.WriteString("\n" + comment(c.Source))
		}
	}
	for _, u := range units { // packages beside the notebook
		if !done[u.Cell] {
			write(u.Cell, "Of a package beside the notebook.")
		}
	}
	source, err := format.Source([]byte(p.file(body.String(), calls.String())))
	if err != nil {
		return Program{}, fmt.Errorf("the program is not legal Go: %w", err)
	}
	return Program{Source: source, Needs: p.needs}, nil
}

// program is one export under way.
type program struct {
	nb      *notebook.Notebook
	taken   map[string]bool   // names that mean something already
	imports map[string]string // name by path
	used    map[string]string // stand-ins by the func of core; "" not used
	cleaned map[string]string
	needs   map[notebook.CellID][]string
}

func (p *program) file(body, calls string) string {
	var b strings.Builder
	title := p.nb.Title
	if title == "" {
		title = "A notebook"
	}
	fmt.Fprintf(&b, "// %s, as a program: made by stnb export go.\n", oneLine(title))
	if len(p.needs) > 0 {
		b.WriteString("//\n// It imports packages of stnb.dev, so it is compiled in a module that requires\n// stnb.dev; what it shows is shown by stnb only.\n")
	}
	var shims strings.Builder
	for _, name := range slices.Sorted(maps.Keys(p.used)) {
		if p.used[name] == "" {
			continue
		}
		fmt.Fprintf(&shims, "\n"+standIns[name], p.used[name])
		if name != "Recovered" {
			p.imports["fmt"] = "fmt"
		}
		if name == "Markdown" {
			p.imports["strings"] = "strings"
		}
	}
	b.WriteString("package main\n\nimport (\n")
	for _, path := range slices.Sorted(maps.Keys(p.imports)) {
		name := p.imports[path]
		if name == base(path) {
			name = ""
		}
		fmt.Fprintf(&b, "\t%s %s\n", name, strconv.Quote(path))
	}
	b.WriteString(")\n\nfunc main() {\n" + calls + "}\n" + body + shims.String())
	return b.String()
}

// base is the name that a package most likely has.
func base(p string) string {
	name := path.Base(p)
	if len(name) > 1 && name[0] == 'v' && strings.Trim(name[1:], "0123456789") == "" {
		name = path.Base(path.Dir(p))
	}
	return name
}

type lexeme struct {
	offset int
	tok    token.Token
	lit    string
}

func tokens(source string) []lexeme {
	var s scanner.Scanner
	f := token.NewFileSet().AddFile("", 1, len(source))
	s.Init(f, []byte(source), nil, 0)
	var list []lexeme
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return list
		}
		if tok != token.SEMICOLON || lit == ";" {
			list = append(list, lexeme{int(pos) - 1, tok, lit})
		}
	}
}

// unit is a unit's declarations with names as people write them; its imports go
// into the program's.
func (p *program) unit(u lower.Unit) string {
	list := tokens(u.Source)
	from, aliases := p.header(u, list)
	var b strings.Builder
	at := from
	for i, t := range list {
		if t.offset < from || t.tok != token.IDENT {
			continue
		}
		name := t.lit
		selected := i > 0 && list[i-1].tok == token.PERIOD
		switch path, imported := aliases[t.lit]; {
		case selected:
		case imported && path == core && i+2 < len(list) && standIns[list[i+2].lit] != "":
			b.WriteString(u.Source[at:t.offset])
			b.WriteString(p.standIn(list[i+2].lit))
			at = list[i+2].offset + len(list[i+2].lit)
			continue
		case imported:
			name = p.imported(path, t.lit)
			p.need(u.Cell, path)
		}
		if strings.ContainsRune(name, syntax.Reserved) {
			name = p.clean(name)
		}
		if name != t.lit {
			b.WriteString(u.Source[at:t.offset])
			b.WriteString(name)
			at = t.offset + len(t.lit)
		}
	}
	b.WriteString(u.Source[min(at, len(u.Source)):])
	return b.String() + "\n"
}

// header reads a unit's package clause and imports: where they end, and the paths
// by name.
func (p *program) header(u lower.Unit, list []lexeme) (end int, aliases map[string]string) {
	aliases = map[string]string{}
	i := 2 // package main
	if len(list) > 1 {
		end = list[1].offset + len(list[1].lit)
	}
	for i < len(list) && list[i].tok == token.IMPORT {
		for i++; i < len(list); i++ {
			t := list[i]
			end = t.offset + max(len(t.lit), 1)
			if t.tok == token.RPAREN {
				i++
				break
			}
			if t.tok != token.STRING {
				continue
			}
			path, _ := strconv.Unquote(t.lit)
			switch before := list[i-1]; before.tok {
			case token.IDENT:
				aliases[before.lit] = path
				if before.lit == "_" {
					p.imports[path] = "_"
				}
			case token.PERIOD:
				p.imports[path] = "."
			default:
				aliases[base(path)] = path
			}
			if list[i-1].tok == token.IMPORT || i >= 2 && list[i-2].tok == token.IMPORT {
				i++
				break
			}
		}
	}
	return end, aliases
}

// imported is the name of an import in the program.
func (p *program) imported(path, alias string) string {
	if name := p.imports[path]; name != "" && name != "_" && name != "." {
		return name
	}
	want := strings.TrimRight(strings.ReplaceAll(alias, string(syntax.Reserved), ""), "0123456789")
	if want == "" {
		want = base(path)
	}
	name := want
	inUse := func(n string) bool {
		if p.taken[n] && !(n == path && (n == "fmt" || n == "strings")) {
			return true
		}
		for other, used := range p.imports {
			if used == n && other != path {
				return true
			}
		}
		return false
	}
	for n := 2; inUse(name); n++ {
		name = fmt.Sprintf("%s%d", want, n)
	}
	p.imports[path] = name
	return name
}

// need notes a package of stnb's.
func (p *program) need(id notebook.CellID, path string) {
	if strings.HasPrefix(path, "stnb.dev/") && !slices.Contains(p.needs[id], path) {
		p.needs[id] = append(p.needs[id], path)
	}
}

// standIn is the name of the func that stands for one of core's.
func (p *program) standIn(name string) string {
	if p.used[name] == "" {
		p.used[name] = p.free(standInNames[name])
	}
	return p.used[name]
}

// clean is a name made by stnb as a name of the program.
func (p *program) clean(name string) string {
	if !strings.ContainsRune(name, syntax.Reserved) {
		return name
	}
	if p.cleaned == nil {
		p.cleaned = map[string]string{}
	}
	if p.cleaned[name] == "" {
		p.cleaned[name] = p.free(strings.ReplaceAll(name, string(syntax.Reserved), ""))
	}
	return p.cleaned[name]
}

// free is the name, or one like it that is not taken yet.
func (p *program) free(want string) string {
	name := want
	for p.taken[name] || token.IsKeyword(name) {
		name += "_"
	}
	p.taken[name] = true
	return name
}

func comment(text string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimSpace(text), "\n") {
		b.WriteString(strings.TrimRight("// "+line, " \r") + "\n")
	}
	return b.String()
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
