package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stnb.dev/notebook"
	"stnb.dev/notebook/session"
	"stnb.dev/ui/protocol"
)

// A notebook is edited and run, and its file is saved.
func TestEditAndRun(t *testing.T) {
	dir := folder(t, "a.md", cell("x := 20")+cell("x + 1"))
	r := start(t, "edit", dir)
	b := r.arrive().join("notebook=a.md", protocol.Hello{})
	if len(b.document.Cells) != 2 {
		t.Fatalf("the document has %d cells", len(b.document.Cells))
	}
	b.do(session.Op{Run: &session.Run{What: "all"}})
	b.shows("21")
	first, second := b.document.Cells[0], b.document.Cells[1]
	b.do(session.Op{Edit: &session.Edit{Cell: first.ID, Base: first.Version, Source: "x := 30"}})
	b.until("the second cell to be stale", func() bool { return b.status[string(second.ID)].State == "stale" })
	b.do(session.Op{Run: &session.Run{Cells: []notebook.CellID{second.ID}}})
	b.shows("31")
	eventually(t, "the file is saved", func() bool {
		data, _ := os.ReadFile(filepath.Join(dir, "a.md"))
		return strings.Contains(string(data), "x := 30")
	})
}

// Two tabs of an app do not share state; a click is counted in one of them.
func TestRunTwoTabs(t *testing.T) {
	dir := folder(t, "app.md", cell(`import st "stnb.dev/widgets"

n := st.State("n", 0)
st.Button("Add", st.OnClick(func() { n.Set(n.Get() + 1) }))
st.Write("Clicked", n.Get(), "times")`))
	r := start(t, "run", filepath.Join(dir, "app.md"))
	one, two := r.arrive().join("", protocol.Hello{}), r.arrive().join("", protocol.Hello{})
	one.shows("Clicked 0 times")
	two.shows("Clicked 0 times")
	click := func(id string) {
		one.do(session.Op{Interact: &session.Interact{Trigger: &session.Trigger{Click: id, Widget: one.find("Add").ID}}})
	}
	click("a")
	one.shows("Clicked 1 times")
	click("a") // sent again after a lost connection: applied once
	click("b")
	one.shows("Clicked 2 times")
	two.do(session.Op{Interact: &session.Interact{Rerun: true}})
	two.until("a run", func() bool { return !two.run.Running && two.run.Run > 1 })
	if !strings.Contains(two.text(), "Clicked 0 times") {
		t.Errorf("the other tab shows %q", two.text())
	}
}
