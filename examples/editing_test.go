package examples

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"sort"
	"strconv"
	"strings"
	"testing"
	"time"

	"stnb.dev/appmode/apptest"
	"stnb.dev/notebook"
	"stnb.dev/notebook/session"
	"stnb.dev/widgets/element"
)

// editor is a notebook as the owner edits it, on a real kernel in this process.
type editor struct {
	t testing.TB
	*session.Session
	next int
}

func edit(t testing.TB, sources ...string) *editor { return editOn(t, "", sources...) }

// editOn is edit with a notebook that asks for an engine.
func editOn(t testing.TB, engine string, sources ...string) *editor {
	return editIn(t, apptest.Editor, engine, sources...)
}

// editIn is editOn with the kernel started that way.
func editIn(t testing.TB, launch func(dir string) session.Launch, engine string, sources ...string) *editor {
	t.Helper()
	nb := &notebook.Notebook{Engine: engine}
	for i, s := range sources {
		nb.Cells = append(nb.Cells, notebook.Cell{ID: notebook.CellID(rune('a' + i)), Kind: notebook.Go, Source: s})
	}
	s := session.New(session.Config{
		// A kernel that does not stop in time is ended: here nothing but waiting ends it,
		// so that a busy machine does not count as a cell that cannot be stopped.
		Setup:  session.Setup{Mode: session.ModeEdit, ID: "s", Notebook: nb, Program: session.Build(nb), Grace: time.Minute},
		Launch: launch(t.TempDir()),
	})
	t.Cleanup(s.Close)
	e := &editor{t: t, Session: s}
	t.Cleanup(s.Subscribe("test", func([]session.Event) {}))
	return e
}

func (e *editor) do(op session.Op) {
	e.t.Helper()
	if err := e.Do("test", op); err != nil {
		e.t.Fatal(err)
	}
}

// until waits for a condition.
func (e *editor) until(what string, ok func() bool) {
	e.t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(end) {
			e.t.Fatalf("waited in vain until %s; %s", what, e.status())
		}
	}
}

func ids(names ...notebook.CellID) []notebook.CellID { return names }

func (e *editor) rest() {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := e.Settle(ctx); err != nil {
		e.t.Fatal(err)
	}
}

func (e *editor) run(ids ...notebook.CellID) {
	e.t.Helper()
	e.do(session.Op{Run: &session.Run{Cells: ids}})
	e.rest()
}

func (e *editor) runAll() {
	e.t.Helper()
	e.do(session.Op{Run: &session.Run{What: "all"}})
	e.rest()
}

func (e *editor) document() session.Document {
	e.t.Helper()
	d, err := e.Document()
	if err != nil {
		e.t.Fatal(err)
	}
	return d
}

func (e *editor) change(id notebook.CellID, source string) {
	e.t.Helper()
	for _, c := range e.document().Cells {
		if c.ID == id {
			e.do(session.Op{Edit: &session.Edit{Cell: id, Base: c.Version, Source: source}})
		}
	}
}

// status is every cell's state: "a:done b:stale".
func (e *editor) status() string {
	e.t.Helper()
	var out []string
	for _, st := range e.document().Status {
		out = append(out, string(st.Cell)+":"+st.State)
	}
	return strings.Join(out, " ")
}

// shows is what the cell shows, an element a word.
func (e *editor) shows(id notebook.CellID) string {
	e.t.Helper()
	var ds []element.Delta
	more := map[element.Path]string{}
	for _, d := range e.document().Screen.Deltas {
		if d.Path.Cell() == string(id) && d.Op == element.Append {
			var p struct{ Text string }
			_ = json.Unmarshal(d.Data, &p)
			more[d.Path] += p.Text
		}
		if d.Path.Cell() == string(id) && d.Op == element.Set {
			ds = append(ds, d)
		}
	}
	sort.SliceStable(ds, func(i, j int) bool {
		return len(ds[i].Path) < len(ds[j].Path) || len(ds[i].Path) == len(ds[j].Path) && ds[i].Path < ds[j].Path
	})
	var out []string
	for _, d := range ds {
		var p struct{ Text, Message, HTML string }
		_ = json.Unmarshal(d.Element.Props, &p)
		out = append(out, strings.TrimSpace(p.Text+more[d.Path]+p.Message+p.HTML))
	}
	return strings.Join(out, " ")
}

func (e *editor) want(what, got, want string) {
	e.t.Helper()
	if got != want {
		e.t.Errorf("%s:\n got %s\nwant %s", what, got, want)
	}
}

func TestEditing(t *testing.T) {
	e := edit(t, "x := 20", "y := x + 1\ny", "m := map[string]int{}", `m["a"] = y`, "len(m) + y")
	e.want("opening runs nothing", e.status(), "a:idle b:idle c:idle d:idle e:idle")
	e.runAll()
	e.want("all", e.status(), "a:done b:done c:done d:done e:done")
	e.want("b", e.shows("b"), "21")
	e.want("e", e.shows("e"), "22")
	e.change("a", "x := 40")
	e.rest()
	e.want("stale", e.status(), "a:stale b:stale c:done d:stale e:stale")
	e.run("e")
	e.want("what it needs ran first", e.status(), "a:done b:done c:done d:done e:done")
	e.want("e", e.shows("e"), "42")
	e.change("b", "y := x + \"\"\ny")
	e.rest() // the checker comes to it
	if s := e.status(); !strings.Contains(s, "b:blocked") || !strings.Contains(s, "e:blocked") {
		t.Error(s)
	}
	e.change("b", "n := x\nn++\ny := n\ny")
	e.run("b")
	e.run("b")
	e.want("twice is as once", e.shows("b"), "41")
}

func TestFaultInTheEditor(t *testing.T) {
	e := edit(t, "func f(xs []int) int {\n\treturn xs[3]\n}", "1 + 1", "f([]int{1})")
	e.runAll()
	e.want("status", e.status(), "a:done b:done c:failed")
	for _, d := range e.document().Screen.Deltas {
		if d.Element.Kind != "error" {
			continue
		}
		var p element.Error
		if err := json.Unmarshal(d.Element.Props, &p); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(p.Message, "index out of range [3] with length 1") {
			t.Errorf("message %q", p.Message)
		}
		if len(p.Frames) < 2 || p.Frames[0].Cell != "a" || p.Frames[0].Line != 2 || p.Frames[0].Func != "f" || p.Frames[1].Cell != "c" || p.Frames[1].Line != 1 {
			t.Errorf("frames %+v", p.Frames)
		}
		return
	}
	t.Error("no error on the screen")
}

// A cell that runs for ever is stopped, whatever it does, and what was computed
// before stays.
func TestInterrupts(t *testing.T) {
	for name, source := range map[string]string{
		"loop":     "for {\n}",
		"work":     "n := 0\nfor i := 0; ; i++ {\n\tn += i * x\n}",
		"sleep":    "import \"time\"\ntime.Sleep(time.Hour)",
		"block":    "ch := make(chan int)\n<-ch",
		"deferred": "func f() { defer func() { recover() }(); for { } }\nfor { f() }",
		"channel":  "ch := make(chan int)\nfor { select { case ch <- 1: default: } }",
		"http":     "import (\"context\"; \"net\"; \"net/http\")\nl, _ := net.Listen(\"tcp\", \"127.0.0.1:0\")\nreq, _ := http.NewRequestWithContext(context.Background(), \"GET\", \"http://\"+l.Addr().String(), http.NoBody)\nhttp.DefaultClient.Do(req)",
		"query":    "import st \"stnb.dev/widgets\"\nst.SQL(\"select count(*) from range(100000000) a, range(100000) b where a.range + b.range = 7\").Count()",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := edit(t, "x := 7", source, "x")
			e.run("a")
			e.do(session.Op{Run: &session.Run{Cells: []notebook.CellID{"b"}}})
			e.until("it runs", func() bool { return strings.Contains(e.status(), "b:running") })
			time.Sleep(50 * time.Millisecond) // in the middle of it, as a rule
			e.do(session.Op{Interrupt: &session.Interrupt{}})
			e.rest()
			e.run("c")
			e.want("the kernel lives", e.shows("c"), "7")
			e.want("status", e.status(), "a:done b:failed c:done")
		})
	}
}

// The metamorphic test of package session, on the real language and kernel: edits,
// inserts, deletes, moves and runs in any order end in what a fresh run from the
// top shows. STNB_SEEDS=2000 looks longer; STNB_SEED=7 tries one again.
func TestAnyOrderEndsAsAFreshRun(t *testing.T) {
	from, seeds := 0, 40
	if testing.Short() {
		seeds = 5
	}
	if n, err := strconv.Atoi(os.Getenv("STNB_SEEDS")); err == nil {
		seeds = n
	}
	if n, err := strconv.Atoi(os.Getenv("STNB_SEED")); err == nil {
		from, seeds = n, n+1
	}
	for _, engine := range engines {
		for seed := from; seed < seeds; seed++ {
			t.Run(fmt.Sprintf("%s/seed=%d", engine, seed), func(t *testing.T) {
				t.Parallel()
				randomEdits(t, engine, rand.New(rand.NewSource(int64(seed))))
			})
		}
	}
}

func randomEdits(t *testing.T, engine string, r *rand.Rand) {
	e := editOn(t, engine, "x := 1\ny := 2", "z := []int{1, 2, 3}\nm := map[string]int{\"a\": 1}", randomGo(r), randomGo(r))
	var log []string
	for n := range 5 + r.Intn(20) {
		cells := e.document().Cells
		id := cells[r.Intn(len(cells))].ID
		switch op := r.Intn(12); {
		case op < 2:
			c := notebook.Cell{ID: notebook.CellID(fmt.Sprint("n", n)), Kind: notebook.Go, Source: randomGo(r)}
			log = append(log, fmt.Sprintf("insert %s after %s: %q", c.ID, id, c.Source))
			e.do(session.Op{Insert: &session.Insert{After: id, Cell: c}})
		case op < 5:
			text := randomGo(r)
			log = append(log, fmt.Sprintf("edit %s: %q", id, text))
			e.change(id, text)
		case op == 5 && len(cells) > 2:
			log = append(log, fmt.Sprint("delete ", id))
			e.do(session.Op{Delete: &session.Delete{Cells: []notebook.CellID{id}}})
		case op == 6:
			log = append(log, fmt.Sprint("move first ", id))
			e.do(session.Op{Move: &session.Move{Cells: []notebook.CellID{id}}})
		case op == 7:
			log = append(log, "undo")
			_ = e.Do("test", session.Op{Undo: &session.Undo{}})
		default:
			log = append(log, fmt.Sprint("run ", id))
			e.do(session.Op{Run: &session.Run{Cells: []notebook.CellID{id}}})
			if r.Intn(3) > 0 {
				e.rest()
			}
		}
	}
	e.rest()
	e.do(session.Op{Run: &session.Run{What: "stale"}})
	e.rest()

	fresh := editOn(t, engine)
	for i := len(e.document().Cells) - 1; i >= 0; i-- {
		fresh.do(session.Op{Insert: &session.Insert{Cell: e.document().Cells[i].Cell}})
	}
	fresh.runAll()
	if got, want := e.status(), fresh.status(); got != want && !strings.Contains(want, "failed") {
		t.Errorf("%s\nstatus\n got %s\nwant %s", strings.Join(log, "\n"), got, want)
	}
	for _, c := range fresh.document().Cells {
		st := ""
		for _, s := range fresh.document().Status {
			if s.Cell == c.ID {
				st = s.State
			}
		}
		if got, want := e.shows(c.ID), fresh.shows(c.ID); st == "done" && got != want {
			t.Errorf("%s\ncell %s: %q\n got %s\nwant %s", strings.Join(log, "\n"), c.ID, c.Source, got, want)
		}
	}
}

// randomGo is a cell of everyday statements over x, y (int), z ([]int), m (map).
func randomGo(r *rand.Rand) string {
	var lines []string
	n := func() int { return r.Intn(9) + 1 }
	for range 1 + r.Intn(3) {
		switch r.Intn(21) {
		case 13:
			lines = append(lines, fmt.Sprintf("type T struct { N int }\nfunc (t T) Get() int { return t.N + %d }", n()))
		case 14:
			lines = append(lines, "type T struct { N int; name string }\nfunc (t T) Get() int { return t.N * 2 }\nfunc (t *T) Add(n int) { t.N += n }")
		case 15:
			lines = append(lines, "t := T{N: x}", "t.Get()")
		case 16:
			lines = append(lines, fmt.Sprintf("func f(n int) int { return n*%d + y }", n()))
		case 17:
			lines = append(lines, "y := f(x)", "y")
		case 18:
			lines = append(lines, fmt.Sprintf("_h := x + %d", n()), "_h", "if _h > 8 { return }", "\"small\"")
		case 19:
			lines = append(lines, fmt.Sprintf("g := func() int { return x + %d }", n()), "g()")
		case 20:
			lines = append(lines, "import \"strings\"", "strings.Repeat(\"ab\", x%5)")
		case 0:
			lines = append(lines, fmt.Sprintf("x := y + %d", n()), "x")
		case 1:
			lines = append(lines, fmt.Sprintf("y := %d", n()))
		case 2:
			lines = append(lines, fmt.Sprintf("x += %d", n()), "x")
		case 3:
			lines = append(lines, "x++", "x")
		case 4:
			lines = append(lines, fmt.Sprintf("z = append(z, %d)", n()), "len(z)")
		case 5:
			lines = append(lines, fmt.Sprintf("z[0] = %d", n()), "z[0]")
		case 6:
			lines = append(lines, fmt.Sprintf("m[%q] = x", string(rune('a'+r.Intn(4)))), "len(m)")
		case 7:
			lines = append(lines, fmt.Sprintf("m[\"a\"] += %d", n()), "m[\"a\"]")
		case 8:
			lines = append(lines, "for i, v := range z { y += i * v }", "y")
		case 9:
			lines = append(lines, "x, y = y, x", "x - y")
		case 10:
			lines = append(lines, fmt.Sprintf("z := []int{%d, %d}", n(), n()))
		case 11:
			lines = append(lines, "m := map[string]int{\"a\": y}")
		case 12:
			lines = append(lines, "x + y + len(z) + m[\"a\"]")
		}
	}
	return strings.Join(lines, "\n")
}
