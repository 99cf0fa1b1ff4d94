package session

import (
	"testing"

	"stnb.dev/notebook"
)

func (w *world) once(id notebook.CellID) {
	yes := true
	w.do(Op{SetCell: &SetCell{Cell: id, Once: &yes}})
}

func TestOnce(t *testing.T) {
	w := newWorld(t, ModeEdit, "x = 1", "y = x + 1\nshow y", "show y")
	w.once("b")
	w.runAll()
	w.want("it runs once", w.trace(), "load 1; run 1 a b c")
	w.runAll()
	w.want("and not with all", w.trace(), "load 1; run 1 a b c; run 2 a c")
	w.want("status", w.status(), "a:done b:done c:done")

	w.edit("a", "x = 5")
	w.want("its inputs may change", w.status(), "a:stale b:done c:done")
	w.runCell("a", "c")
	w.want("screen", w.screen(), "b.0=2 c.0=2")

	w.runCell("b")
	w.want("its own run runs it", w.screen(), "b.0=6 c.0=2")
	w.want("and what depends on it is stale", w.status(), "a:done b:done c:stale")

	w.edit("b", "y = x + 2\nshow y")
	w.want("another text is another run", w.status(), "a:done b:stale c:stale")
	w.do(Op{Restart: &Restart{Run: true}})
	w.want("and so is a new kernel", w.screen(), "b.0=7 c.0=7")
}

func TestOnceInAReactiveNotebook(t *testing.T) {
	w := newWorld(t, ModeEdit, "x = 1", "y = x", "show x + y")
	yes := true
	w.do(Op{Settings: &Settings{Reactive: &yes}})
	w.once("b")
	w.runAll()
	w.edit("a", "x = 2")
	w.runCell("a")
	w.want("it stays", w.screen(), "c.0=3")
}

// An app's run is the whole notebook: once is of the editor.
func TestOnceInAnApp(t *testing.T) {
	w := newWorld(t, ModeApp, "x = widget:w", "show x")
	w.state.notebook.Cells[1].Once = true
	w.open()
	w.set("w", 3)
	w.want("screen", w.screen(), "a.0=3 b.0=3")
}

func TestRestoreIsRefusedInAConflict(t *testing.T) {
	w := newWorld(t, ModeEdit, "x = 1")
	w.state.file = fileState{phase: fileConflict, theirs: "other"}
	if err := w.apply(Op{in: restored{notebook: w.state.notebook}}); err == nil {
		t.Error("a version was restored over a conflict")
	}
}
