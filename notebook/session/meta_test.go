package session

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"stnb.dev/notebook"
)

// Whatever was edited, moved, deleted, run and clicked, in whatever order, and
// whenever the kernel died: once nothing is stale, the screen is that of a fresh
// run of the same notebook from the top with the same widget values.
func TestAnyOrderEndsAsAFreshRun(t *testing.T) {
	seeds := 500
	if testing.Short() {
		seeds = 100
	}
	for seed := 0; seed < seeds; seed++ {
		meta(t, int64(seed))
		if t.Failed() {
			return
		}
	}
}

func meta(t *testing.T, seed int64) {
	r := rand.New(rand.NewSource(seed))
	w := newWorld(t, ModeEdit, randomCell(r), randomCell(r), randomCell(r), randomCell(r))
	var log []string
	next := 0
	pick := func() notebook.CellID {
		cells := w.state.notebook.Cells
		if len(cells) == 0 {
			return ""
		}
		return cells[r.Intn(len(cells))].ID
	}
	for range 5 + r.Intn(25) {
		id := pick()
		var what string
		w.lazy, w.slow = r.Intn(4) == 0, r.Intn(2) == 0
		switch op := r.Intn(14); {
		case id == "" || op < 2:
			next++
			cell := notebook.Cell{ID: notebook.CellID(fmt.Sprint("n", next)), Kind: notebook.Go, Source: randomCell(r)}
			what = fmt.Sprintf("insert %s after %q: %q", cell.ID, id, cell.Source)
			w.do(Op{Insert: &Insert{After: id, Cell: cell}})
		case op < 5:
			text := randomCell(r)
			what = fmt.Sprintf("edit %s: %q", id, text)
			w.edit(id, text)
		case op == 5:
			what = fmt.Sprint("delete ", id)
			w.do(Op{Delete: &Delete{Cells: []notebook.CellID{id}}})
		case op == 6:
			after := pick()
			if after == id {
				after = ""
			}
			what = fmt.Sprintf("move %s after %q", id, after)
			w.do(Op{Move: &Move{Cells: []notebook.CellID{id}, After: after}})
		case op == 7:
			what = "undo"
			_ = w.apply(Op{Undo: &Undo{Redo: r.Intn(2) == 0}})
		case op == 8:
			what = "set a widget"
			for _, d := range w.tree.All() {
				if d.Element.ID != "" {
					what = "set " + d.Element.ID
					w.set(d.Element.ID, r.Intn(9))
					break
				}
			}
		case op == 9:
			what = "restart"
			w.do(Op{Restart: &Restart{}})
		case op == 10:
			what = "interrupt"
			w.do(Op{Interrupt: &Interrupt{}})
		default:
			what = fmt.Sprint("run ", id)
			w.runCell(id)
		}
		log = append(log, what+"   -> "+w.status())
		if r.Intn(2) == 0 {
			w.deliver(r.Intn(4))
		}
	}
	w.lazy = false
	w.deliver(-1)
	w.do(Op{Run: &Run{What: "stale"}})
	for _, c := range w.state.notebook.Cells {
		st, ok := w.state.statuses()[c.ID]
		if ok && st.State != "done" && st.State != "blocked" && st.State != "failed" && !needsFailed(w.state, c.ID) {
			t.Errorf("seed %d: after running what is stale, %s is %s (%s)", seed, c.ID, st.State, st.Why)
		}
	}

	fresh := newWorld(t, ModeEdit)
	fresh.state.notebook = w.state.notebook
	fresh.state.program = program(w.state.notebook)
	fresh.state.widgets = w.state.widgets
	fresh.runAll()
	if got, want := live(w), live(fresh); got != want {
		t.Errorf("seed %d:\n%s\nnotebook:\n%s\n got %s\nwant %s\ntrace %s", seed, strings.Join(log, "\n"), text(w.state.notebook), got, want, w.trace())
	}
}

// needsFailed says whether something the cell needs failed.
func needsFailed(s State, id notebook.CellID) bool {
	for _, dep := range s.program.Needs(id) {
		if s.verdictOf(dep).state == "failed" || needsFailed(s, dep) {
			return true
		}
	}
	return false
}

// live is the screen of the cells that can run: a blocked cell keeps its old
// output, marked as such.
func live(w *world) string {
	var out []string
	verdicts := w.state.verdicts()
	for _, part := range strings.Fields(w.screen()) {
		id, _, _ := strings.Cut(part, ".")
		if v := verdicts[notebook.CellID(id)]; v.state == "fresh" || v.state == "failed" {
			out = append(out, part)
		}
	}
	return strings.Join(out, " ")
}

func text(nb *notebook.Notebook) string {
	var b strings.Builder
	for _, c := range nb.Cells {
		fmt.Fprintf(&b, "  %s: %q\n", c.ID, c.Source)
	}
	return b.String()
}

func randomCell(r *rand.Rand) string {
	names := []string{"x", "y", "z"}
	name := func() string { return names[r.Intn(len(names))] }
	var lines []string
	for range 1 + r.Intn(3) {
		switch r.Intn(8) {
		case 0, 1:
			lines = append(lines, fmt.Sprintf("%s = %d", name(), r.Intn(10)))
		case 2:
			lines = append(lines, fmt.Sprintf("%s = %s + %d", name(), name(), r.Intn(10)))
		case 3:
			lines = append(lines, fmt.Sprintf("%s = %s + %s", name(), name(), name()))
		case 4, 5:
			lines = append(lines, fmt.Sprintf("%s += %d", name(), 1+r.Intn(9)))
		case 6:
			if r.Intn(4) == 0 {
				lines = append(lines, "fail")
			} else {
				lines = append(lines, fmt.Sprintf("%s = widget:w%d", name(), r.Intn(1e9)))
			}
		}
		lines = append(lines, "show "+name())
	}
	return strings.Join(lines, "\n")
}

func TestLabels(t *testing.T) {
	for source, want := range map[string]string{
		"\n  x := 1\ny":                    "x := 1",
		"import (\n\t\"fmt\"\n)\n\nx := 1": "x := 1",
		"import \"fmt\"\nfmt.Println()":    "fmt.Println()",
		"import \"fmt\"":                   "import \"fmt\"",
		"":                                 "",
		"s := \"" + strings.Repeat("é", 80) + "\"": "s := \"" + strings.Repeat("é", 53) + "…",
	} {
		if got := label(notebook.Cell{Kind: notebook.Go, Source: source}); got != want {
			t.Errorf("%q is called %q, want %q", source, got, want)
		}
	}
}
