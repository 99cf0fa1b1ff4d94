package graph

import (
	"fmt"
	"strings"
	"testing"

	"stnb.dev/notebook"
)

// A cell is written as words: "x" defines the variable x, "f()" the func f,
// "import p" a package, "-x" uses x, "-x=" assigns to it, "-x[]" changes it in
// place, "!1.x" changes the x of cell 1 by what it calls, "@k" names the state key k.
func parseCell(i int, text string) Node {
	n := Node{ID: notebook.CellID(fmt.Sprint(i + 1))}
	words := strings.Fields(text)
	for i := 0; i < len(words); i++ {
		w := words[i]
		use, isUse := strings.CutPrefix(w, "-")
		switch {
		case strings.HasPrefix(w, "!"):
			cell, name, _ := strings.Cut(w[1:], ".")
			n.Effects = append(n.Effects, Effect{notebook.CellID(cell), name})
		case strings.HasPrefix(w, "@"):
			n.Keys = append(n.Keys, w[1:])
		case w == "import":
			i++
			n.Imports = append(n.Imports, words[i])
		case isUse && strings.HasSuffix(use, "="):
			use = strings.TrimSuffix(use, "=")
			n.Uses, n.Assigns = append(n.Uses, use), append(n.Assigns, use)
		case isUse && strings.HasSuffix(use, "[]"):
			use = strings.TrimSuffix(use, "[]")
			n.Uses, n.Mutates = append(n.Uses, use), append(n.Mutates, use)
		case isUse:
			n.Uses = append(n.Uses, use)
		case strings.HasSuffix(w, "()"):
			n.Defines = append(n.Defines, strings.TrimSuffix(w, "()"))
		default:
			n.Defines, n.Vars = append(n.Defines, w), append(n.Vars, w)
		}
	}
	return n
}

func TestGraph(t *testing.T) {
	for _, test := range []struct {
		name  string
		cells []string
		want  string // edges "cell>needs:names", own versions "cell+name", mutations "cell!cell"
	}{
		{"nothing", nil, ""},
		{"alone", []string{"x", "y"}, ""},
		{"use", []string{"x", "-x"}, "2>1:x"},
		{"only above", []string{"-x", "x"}, ""},
		{"two names", []string{"x y", "-y -x"}, "2>1:x,y"},
		{"chain", []string{"x", "-x y", "-y"}, "2>1:x 3>2:y"},
		{"redefined", []string{"x", "-x", "x", "-x"}, "2>1:x 4>3:x"},
		{"redefined by itself", []string{"x", "-x x", "-x"}, "2>1:x 3>2:x"},
		{"assigned", []string{"x", "-x=", "-x"}, "2>1:x 2+x 3>2:x"},
		{"assigned twice", []string{"x", "-x= -x=", "-x="}, "2>1:x 2+x 3>2:x 3+x"},
		{"func is not assignable", []string{"f()", "-f=", "-f"}, "2>1:f 3>1:f"},
		{"mutated", []string{"m", "-m[]", "-m"}, "2>1:m 2!1 3>1:m 3>2:m"},
		{"mutated twice", []string{"m", "-m[]", "-m[]", "-m"}, "2>1:m 2!1 3>1:m 3>2:m 3!1 4>1:m 4>2:m 4>3:m"},
		{"mutated and assigned", []string{"m", "-m[] -m=", "-m"}, "2>1:m 2+m 2!1 3>2:m"},
		{"mutated, then redefined", []string{"m", "-m[]", "m", "-m"}, "2>1:m 2!1 4>3:m"},
		{"mutated below", []string{"m", "-m", "-m[]"}, "2>1:m 3>1:m 3!1"},
		{"effect", []string{"n f()", "-f !1.n", "-n"}, "2>1:f,n 2!1 3>1:n 3>2:n"},
		{"effect on a hidden name", []string{"n f()", "n", "-f !1.n", "-n"}, "3>1:f,n 3!1 4>2:n"},
		{"state", []string{"@a", "@b", "@a @b x", "-x @a"}, `3>1:"a" 3>2:"b" 4>1:"a" 4>3:"a",x`},
		{"effect below", []string{"-f !2.n", "n f()"}, ""},
		{"import is no dependency", []string{"import p", "-p"}, ""},
		{"import hides", []string{"p", "import p", "-p"}, ""},
		{"variable hides import", []string{"import p", "p", "-p"}, "3>2:p"},
		{"unknown", []string{"-nothing"}, ""},
		{"several", []string{"a", "b", "-a -b c", "-c -a"}, "3>1:a 3>2:b 4>1:a 4>3:c"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var nodes []Node
			for i, c := range test.cells {
				nodes = append(nodes, parseCell(i, c))
			}
			g := New(nodes)
			var got []string
			for i, n := range nodes {
				for _, need := range g.Needs(n.ID) {
					got = append(got, fmt.Sprintf("%s>%s:%s", n.ID, need, strings.Join(g.Why(n.ID, need), ",")))
				}
				for _, own := range g.Own(i) {
					got = append(got, fmt.Sprintf("%s+%s", n.ID, own))
				}
				for _, m := range g.Mutates(n.ID) {
					got = append(got, fmt.Sprintf("%s!%s", n.ID, m))
				}
				for _, d := range g.Dependents(n.ID) {
					if len(g.Why(d, n.ID)) == 0 {
						t.Errorf("%s is a dependent of %s, which it does not need", d, n.ID)
					}
				}
			}
			if s := strings.Join(got, " "); s != test.want {
				t.Errorf("got  %s\nwant %s", s, test.want)
			}
		})
	}
}
