package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/session/sessiontest"
)

func TestOpeningRunsNothing(t *testing.T) {
	w := newWorld(t, ModeEdit, "x = 1", "show x")
	if w.starts != 0 {
		t.Error("a kernel was started")
	}
	w.want("status", w.status(), "a:idle b:idle")
}

func TestRunAllAndStale(t *testing.T) {
	w := newWorld(t, ModeEdit, "x = 1", "y = x + 1\nshow y", "show 7")
	w.runAll()
	w.want("status", w.status(), "a:done b:done c:done")
	w.want("screen", w.screen(), "b.0=2 c.0=7")
	w.want("trace", w.trace(), "load 1; run 1 a b c")

	w.edit("a", "x = 5")
	w.want("after an edit", w.status(), "a:stale b:stale c:done")
	w.want("why a", w.why("a"), "edited since it ran")
	w.want("why b", w.why("b"), "needs x from cell 1, which is stale")

	w.runCell("a")
	w.want("after running it", w.status(), "a:done b:stale c:done")
	w.want("why b", w.why("b"), "x changed in cell 1")
	w.runCell("b")
	w.want("trace", w.trace(), "load 1; run 1 a b c; load 2; run 2 a; run 3 b")
	w.want("screen", w.screen(), "b.0=6 c.0=7")

	w.edit("a", "x = 6")
	w.edit("a", "x = 5")
	w.want("an edit taken back, and nothing ran", w.status(), "a:done b:done c:done")
}

func TestRunningACellRunsWhatItNeeds(t *testing.T) {
	w := newWorld(t, ModeEdit, "x = 1", "show 9", "y = x", "show y")
	w.runCell("d")
	w.want("trace", w.trace(), "load 1; run 1 a c d")
	w.want("status", w.status(), "a:done b:idle c:done d:done")
}

func TestMutatingCellRunsItsDefinerFirst(t *testing.T) {
	w := newWorld(t, ModeEdit, "m = 1", "m += 2\nshow m", "show m")
	w.runAll()
	w.runCell("b")
	w.want("twice is as once", w.screen(), "b.0=3 c.0=3")
	w.want("trace", w.trace(), "load 1; run 1 a b c; run 2 a b")
	w.want("c", w.why("c"), "m changed in cell 1")
	w.runCell("c")
	w.want("trace", w.trace(), "load 1; run 1 a b c; run 2 a b; run 3 c")
}

func TestReaderAboveAMutationIsAsInAFreshRun(t *testing.T) {
	w := newWorld(t, ModeEdit, "m = 1", "show m", "m += 2")
	w.runAll()
	w.runCell("b")
	w.want("screen", w.screen(), "b.0=1")
	w.want("trace", w.trace(), "load 1; run 1 a b c; run 2 a b")
}

func TestErrorsBlockACellAndWhatNeedsIt(t *testing.T) {
	w := newWorld(t, ModeEdit, "x = nope", "show x", "show 1")
	w.runAll()
	w.want("status", w.status(), "a:blocked b:blocked c:done")
	var problems int
	for _, ps := range w.state.toldProblems {
		problems += len(ps)
	}
	if problems != 2 {
		t.Errorf("%d problems told", problems)
	}
	w.edit("a", "x = 2")
	w.want("status", w.status(), "a:idle b:idle c:done")
}

func TestAFaultStopsWhatNeedsTheCellOnly(t *testing.T) {
	w := newWorld(t, ModeEdit, "x = 1\nfail", "show x", "show 5")
	w.runAll()
	w.want("status", w.status(), "a:failed b:idle c:done")
	w.want("screen", w.screen(), "a.1048576=!failed c.0=5")
	var e struct {
		Kind   string `json:"errorKind"`
		Frames []struct {
			Cell         string
			Line, Column int
		}
	}
	for _, d := range w.tree.All() {
		if d.Element.Kind == "error" {
			json.Unmarshal(d.Element.Props, &e)
		}
	}
	if e.Kind != "panic" || len(e.Frames) != 1 || e.Frames[0].Cell != "a" || e.Frames[0].Line != 2 {
		t.Errorf("error element %+v", e)
	}
	w.edit("a", "x = 3")
	w.runCell("b")
	w.want("cured", w.screen(), "b.0=3 c.0=5")
}

func TestInterruptEmptiesTheQueue(t *testing.T) {
	w := newWorld(t, ModeEdit, "show 1\nwait\nshow 2", "show 3", "show 4")
	w.runAll()
	w.want("status", w.status(), "a:running b:queued c:queued")
	w.runCell("c")
	w.do(Op{Interrupt: &Interrupt{}})
	w.want("status", w.status(), "a:failed b:idle c:idle")
	w.want("why", w.why("a"), "it was interrupted")
	w.want("screen", w.screen(), "a.0=1")
	w.want("trace", w.trace(), "load 1; run 1 a b c; stop 1 interrupted")
}

func TestInterruptBeforeTheKernelIsUp(t *testing.T) {
	w := newWorld(t, ModeEdit, "show 1")
	w.lazy = true
	w.runAll()
	w.do(Op{Interrupt: &Interrupt{}})
	w.lazy = false
	w.deliver(-1)
	w.want("trace", w.trace(), "load 1")
	w.want("status", w.status(), "a:idle")
}

func TestAKernelThatDoesNotStopIsEnded(t *testing.T) {
	w := newWorld(t, ModeEdit, "wait")
	w.runAll()
	w.do(Op{Interrupt: &Interrupt{}})
	if w.state.run != nil {
		t.Fatal("the fake stops at once")
	}
	// Now one that does not.
	w.runAll()
	w.kernel = &sessiontest.Kernel{Dead: true}
	w.do(Op{Interrupt: &Interrupt{}})
	for _, op := range w.timers {
		w.do(op)
	}
	if w.state.kernel.phase != kernelDead {
		t.Errorf("kernel is %s", w.state.kernel.phase)
	}
	w.want("status", w.status(), "a:failed")
	w.runAll()
	if w.starts != 2 {
		t.Errorf("%d kernels started", w.starts)
	}
}

func TestKernelDeath(t *testing.T) {
	w := newWorld(t, ModeEdit, "x = 1\nshow x", "die", "show x")
	w.runAll()
	w.want("status", w.status(), "a:stale b:failed c:idle")
	if !strings.Contains(w.screen(), "The kernel ended while this ran") {
		t.Error("no notice in the cell that ran: " + w.screen())
	}
	w.edit("b", "show 2")
	w.runAll()
	w.want("everything again", w.status(), "a:done b:done c:done")
	w.want("screen", w.screen(), "a.0=1 b.0=2 c.0=1")
}

func TestRestartKeepsStateAndWidgets(t *testing.T) {
	w := newWorld(t, ModeEdit, "state:n = state:n + 1\nshow state:n", "show widget:w")
	w.runAll()
	w.set("w", 4)
	w.do(Op{Restart: &Restart{Run: true}})
	w.want("screen", w.screen(), "a.0=2 b.0=4 b.1=4")
	w.do(Op{Restart: &Restart{}})
	w.want("status", w.status(), "a:stale b:stale")
	w.want("why", w.why("a"), "the kernel was restarted")
	if w.starts != 3 {
		t.Errorf("%d starts", w.starts)
	}
}

func TestTheOtherEngine(t *testing.T) {
	w := newWorld(t, ModeEdit, "show 1")
	w.lazy = true
	w.runAll() // starts a kernel and loads
	w.says[0].Loaded.Restart = "ssa"
	w.says[0].Loaded.Reason = "it uses generics"
	w.lazy = false
	w.deliver(-1)
	w.want("engine", w.state.kernel.running, "ssa")
	w.want("screen", w.screen(), "a.0=1")
}

func TestWidgetRunsItsCellAndWhatDependsOnIt(t *testing.T) {
	w := newWorld(t, ModeEdit, "x = widget:w", "show 1", "show x")
	w.runAll()
	w.set("w", 5)
	w.want("trace", w.trace(), "load 1; run 1 a b c; run 2 a c")
	w.want("screen", w.screen(), "a.0=5 b.0=1 c.0=5")
	w.set("nowhere", 5)
	w.want("an unknown widget does nothing", w.trace(), "load 1; run 1 a b c; run 2 a c")
}

func TestWidgetWaitsForWhatWasStartedByHand(t *testing.T) {
	w := newWorld(t, ModeEdit, "x = widget:w", "show x", "wait\nshow 1")
	w.runCell("b")
	w.runCell("c")
	w.set("w", 2)
	w.set("w", 3)
	w.want("not stopped", w.trace(), "load 1; run 1 a b; run 2 c")
	w.goOn()
	w.want("then the newest value", w.trace(), "load 1; run 1 a b; run 2 c; run 3 a b")
	w.want("screen", w.screen(), "a.0=3 b.0=3 c.0=1")
}

func TestEditOfAnOldVersionIsRefused(t *testing.T) {
	w := newWorld(t, ModeEdit, "show 1")
	w.do(Op{client: "one", Edit: &Edit{Cell: "a", Base: 0, Source: "show 2"}})
	w.events = nil
	w.do(Op{client: "two", Edit: &Edit{Cell: "a", Base: 0, Source: "show 3"}})
	if len(w.events) != 1 || w.events[0].Cell == nil || w.events[0].Cell.Source != "show 2" || w.events[0].Cell.By != "" {
		t.Errorf("events %+v", w.events)
	}
	c, _ := w.state.notebook.Cell("a")
	w.want("text", c.Source, "show 2")
}

func TestUndoOfStructure(t *testing.T) {
	w := newWorld(t, ModeEdit, "show 1", "show 2", "show 3")
	order := func() string { return strings.Join(w.state.order(), " ") }
	undo := func(redo bool) { w.do(Op{Undo: &Undo{Redo: redo}}) }
	w.do(Op{Delete: &Delete{Cells: []notebook.CellID{"a", "b"}}})
	w.do(Op{Insert: &Insert{After: "c", Cell: notebook.Cell{ID: "d", Kind: notebook.Go, Source: "show 4"}}})
	w.do(Op{Move: &Move{Cells: []notebook.CellID{"d"}}})
	w.want("order", order(), "d c")
	w.edit("d", "show 44")
	w.do(Op{Insert: &Insert{After: "d", Cell: notebook.Cell{ID: "e", Kind: notebook.Go}}})
	w.do(Op{Insert: &Insert{After: "e", Cell: notebook.Cell{ID: "f", Kind: notebook.Go}, Along: true}})
	w.want("order", order(), "d e f c")
	undo(false)
	w.want("two that were pasted together", order(), "d c")
	undo(false)
	w.want("order", order(), "c d")
	undo(false)
	w.want("order", order(), "c")
	undo(false)
	w.want("order", order(), "a b c")
	c, _ := w.state.notebook.Cell("b")
	w.want("text of a cell that came back", c.Source, "show 2")
	undo(true)
	undo(true)
	w.want("order", order(), "c d")
	c, _ = w.state.notebook.Cell("d")
	w.want("text is not undone", c.Source, "show 44")
	undo(true)
	w.want("order", order(), "d c")
	undo(true)
	w.want("order", order(), "d e f c")
	if err := w.apply(Op{Undo: &Undo{Redo: true}}); err == nil {
		t.Error("nothing to redo, and no error")
	}
}

// What a split or a merge did to a text is taken back with it; what was typed since is not.
func TestUndoOfSplitAndMerge(t *testing.T) {
	w := newWorld(t, ModeEdit, "show 1\n\nshow 2", "show 3")
	cells := func() string {
		var out []string
		for _, c := range w.state.notebook.Cells {
			out = append(out, string(c.ID)+": "+strings.ReplaceAll(c.Source, "\n", ";"))
		}
		return strings.Join(out, " | ")
	}
	undo := func(redo bool) { w.do(Op{Undo: &Undo{Redo: redo}}) }
	w.do(Op{Split: &Split{Cell: "a", Offset: 7, Rest: "n"}})
	w.want("split", cells(), "a: show 1 | n: show 2 | b: show 3")
	w.do(Op{Merge: &Merge{Cells: []notebook.CellID{"b", "n"}}})
	w.want("merged", cells(), "a: show 1 | n: show 2;show 3")
	undo(false)
	w.want("apart again", cells(), "a: show 1 | n: show 2 | b: show 3")
	undo(false)
	w.want("whole again", cells(), "a: show 1;;show 2 | b: show 3")
	undo(true)
	undo(true)
	w.want("done again", cells(), "a: show 1 | n: show 2;show 3")
	w.edit("n", "show 4")
	undo(false)
	w.want("typed since", cells(), "a: show 1 | n: show 4 | b: show 3")
	if err := w.apply(Op{Split: &Split{Cell: "n", Base: 0, Offset: 2, Rest: "m"}}); err == nil {
		t.Error("a text that is another by now was split")
	}
	w.do(Op{SetCell: &SetCell{Cell: "b", Kind: ptr(notebook.Markdown)}})
	w.do(Op{Insert: &Insert{After: "b", Cell: notebook.Cell{ID: "m", Kind: notebook.Markdown, Source: "é"}}})
	if err := w.apply(Op{Split: &Split{Cell: "m", Base: 1, Offset: 1, Rest: "o"}}); err == nil {
		t.Error("a letter was split")
	}
	w.do(Op{Merge: &Merge{Cells: []notebook.CellID{"b", "m"}}})
	w.want("paragraphs", cells(), "a: show 1 | n: show 4 | b: show 3;;é")
}

// A copy has its cell's metadata, and what no client sees of it.
func TestACopiedCellKeepsWhatBelongsToIt(t *testing.T) {
	nb := &notebook.Notebook{Cells: []notebook.Cell{{ID: "a", Kind: notebook.Markdown, Source: "x", Origin: "a picture"}}}
	w := newWorld(t, ModeEdit)
	w.state = newState(Setup{Mode: ModeEdit, Notebook: nb, Program: program(nb)})
	w.do(Op{SetCell: &SetCell{Cell: "a", Tags: &[]string{"one", "two"}}})
	cell, _ := w.state.notebook.Cell("a")
	w.want("tags", string(cell.Meta["tags"]), `["one","two"]`)
	w.do(Op{Delete: &Delete{Cells: []notebook.CellID{"a"}}})
	w.do(Op{Insert: &Insert{Cell: notebook.Cell{ID: "b", Kind: notebook.Markdown, Source: "x", Meta: cell.Meta}, Of: "a"}})
	copied, _ := w.state.notebook.Cell("b")
	w.want("copied", fmt.Sprint(copied.Origin, string(copied.Meta["tags"])), `a picture["one","two"]`)
	w.do(Op{SetCell: &SetCell{Cell: "b", Tags: &[]string{}}})
	if copied, _ = w.state.notebook.Cell("b"); copied.Meta != nil {
		t.Errorf("%v is left", copied.Meta)
	}
}

func TestDeletingACellTakesItsOutput(t *testing.T) {
	w := newWorld(t, ModeEdit, "x = 1\nshow x", "show x")
	w.runAll()
	w.do(Op{Delete: &Delete{Cells: []notebook.CellID{"a"}}})
	w.want("screen", w.screen(), "b.0=1")
	w.want("status", w.status(), "b:blocked")
	if len(w.tree.All()) != 1 {
		t.Error("the deleted cell still shows something")
	}
}

func TestRefusedOps(t *testing.T) {
	w := newWorld(t, ModeEdit, "show 1")
	for name, op := range map[string]Op{
		"empty":             {},
		"edit of no cell":   {Edit: &Edit{Cell: "zz"}},
		"run of no cell":    {Run: &Run{Cells: []notebook.CellID{"zz"}}},
		"run what":          {Run: &Run{What: "everything"}},
		"bad id":            {Insert: &Insert{Cell: notebook.Cell{ID: "a b", Kind: notebook.Go}}},
		"id taken":          {Insert: &Insert{Cell: notebook.Cell{ID: "a", Kind: notebook.Go}}},
		"bad kind":          {Insert: &Insert{Cell: notebook.Cell{ID: "b", Kind: "rust"}}},
		"not UTF-8":         {Edit: &Edit{Cell: "a", Source: "\xff"}},
		"no conflict":       {Resolve: &Resolve{Keep: "mine"}},
		"no input asked":    {Input: &Input{Text: "x"}},
		"unknown engine":    {Settings: &Settings{Engine: ptr("v8")}},
		"delete of no cell": {Delete: &Delete{Cells: []notebook.CellID{"zz"}}},
	} {
		if err := w.apply(op); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestAVisitorMayOnlyInteract(t *testing.T) {
	w := newWorld(t, ModeApp, "show 1")
	for name, op := range map[string]Op{
		"edit": {Edit: &Edit{Cell: "a", Source: "show 2"}}, "run": {Run: &Run{What: "all"}},
		"insert": {Insert: &Insert{}}, "restart": {Restart: &Restart{}}, "save": {Save: &Save{}},
		"interrupt": {Interrupt: &Interrupt{}}, "settings": {Settings: &Settings{}}, "clear": {Clear: &Clear{}},
		"undo": {Undo: &Undo{}}, "move": {Move: &Move{}}, "delete": {Delete: &Delete{}}, "setCell": {SetCell: &SetCell{}},
		"resolve": {Resolve: &Resolve{}},
	} {
		if err := w.apply(op); !errors.Is(err, ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestStaleGenerationsAreDropped(t *testing.T) {
	w := newWorld(t, ModeEdit, "wait\nshow 1")
	w.runAll()
	before := dump(w.state)
	for _, m := range []wire.Message{
		{CellEnd: &wire.CellEnd{Run: 7, Cell: "a"}}, {RunEnd: &wire.RunEnd{Run: 7}}, {CellStart: &wire.CellStart{Run: 7, Cell: "a"}},
		{Loaded: &wire.Loaded{Seq: 99}},
	} {
		w.in(kernelSays{w.gen, m})
	}
	w.in(kernelSays{w.gen - 1, wire.Message{RunEnd: &wire.RunEnd{Run: 1, Status: wire.RunOK}}})
	w.in(kernelGone{w.gen - 1, "old"})
	w.in(kernelUp{w.gen - 1})
	w.in(graceOver{0})
	if after := dump(w.state); after != before {
		t.Errorf("the state moved:\n%s\n%s", before, after)
	}
}

func TestSaving(t *testing.T) {
	w := newWorld(t, ModeEdit, "show 1")
	phase := func() string { return w.state.file.event().State }
	w.want("at first", phase(), "saved")
	w.edit("a", "show 2")
	w.want("after an edit", phase(), "dirty")
	w.in(saveDue{})
	w.want("writing", phase(), "saving")
	w.edit("a", "show 3")
	w.in(written{version: w.writes[0].Version})
	w.want("an edit while writing", phase(), "dirty")
	w.in(saveDue{})
	w.in(written{version: w.writes[1].Version, err: "no space left on device"})
	w.want("disk full", phase(), "failed")
	w.in(saveDue{})
	w.in(written{version: w.writes[2].Version})
	w.want("tried again", phase(), "saved")

	w.edit("a", "show 4")
	w.in(saveDue{})
	w.in(written{version: w.writes[3].Version, clash: true, err: "changed", theirs: "THEIRS"})
	w.want("conflict", phase(), "conflict")
	w.want("theirs", w.state.file.event().Theirs, "THEIRS")
	w.edit("a", "show 5")
	w.in(saveDue{})
	if len(w.writes) != 4 {
		t.Error("written in a conflict")
	}
	w.do(Op{Resolve: &Resolve{Keep: "mine"}})
	if n := len(w.writes); n != 5 || !w.writes[4].Force {
		t.Fatalf("mine: %+v", w.writes)
	}
	w.in(written{version: w.writes[4].Version})
	w.want("mine", phase(), "saved")
}

func TestTheFileChangedOnDisk(t *testing.T) {
	w := newWorld(t, ModeEdit, "x = 1\nshow x", "show 2")
	w.runAll()
	theirs := *w.state.notebook
	theirs.Cells = []notebook.Cell{{ID: "q", Kind: notebook.Go, Source: "show 3"}, {ID: "r", Kind: notebook.Go, Source: "show 2"}}
	w.in(diskChanged{notebook: &theirs, text: "theirs"})
	w.want("phase", w.state.file.event().State, "saved")
	if c := w.state.notebook.Cells[1]; c.ID != "b" {
		t.Errorf("the unchanged cell became %q and lost its output", c.ID)
	}
	w.edit("b", "show 9")
	w.in(diskChanged{notebook: &theirs, text: "theirs"})
	w.want("with changes here", w.state.file.event().State, "conflict")
	w.do(Op{Resolve: &Resolve{Keep: "theirs"}})
	w.in(diskChanged{notebook: &theirs, text: "theirs"})
	c := w.state.notebook.Cells[1]
	w.want("theirs", c.Source, "show 2")
}

func TestReactive(t *testing.T) {
	w := newWorld(t, ModeEdit, "x = 1", "show x", "show 3")
	w.do(Op{Settings: &Settings{Reactive: ptr(true)}})
	w.runAll()
	w.edit("a", "x = 2")
	w.runCell("a")
	w.want("dependents ran too", w.screen(), "b.0=2 c.0=3")
	w.want("trace", w.trace(), "load 1; run 1 a b c; load 2; run 2 a b")
}

func TestReactiveFollowsTheDocument(t *testing.T) {
	w := newWorld(t, ModeEdit, "x = 1", "x = 2", "show x", "y = 5", "show y")
	w.do(Op{Settings: &Settings{Reactive: ptr(true)}})
	w.runAll()
	w.want("screen", w.screen(), "c.0=2 e.0=5")
	w.do(Op{Delete: &Delete{Cells: []notebook.CellID{"b"}}})
	w.want("a cell is gone: what used it runs", w.screen(), "c.0=1 e.0=5")
	w.do(Op{Undo: &Undo{}})
	w.want("it is back, and did not run", w.status(), "a:done b:idle c:stale d:done e:done")
	w.runCell("b")
	w.want("now", w.screen(), "c.0=2 e.0=5")
	w.do(Op{Move: &Move{Cells: []notebook.CellID{"b"}, After: "c"}})
	w.want("it stands below now", w.screen(), "c.0=1 e.0=5")
	w.edit("d", "y = 6")
	w.do(Op{SetCell: &SetCell{Cell: "a", Disabled: ptr(true)}})
	w.do(Op{SetCell: &SetCell{Cell: "a", Disabled: ptr(false)}})
	w.want("what is typed waits", w.screen(), "c.0=1 e.0=5")

	theirs := *w.state.notebook
	theirs.Cells = slices.Clone(theirs.Cells)
	theirs.Cells[3].Source = "y = 7"
	w.do(Op{in: written{version: w.state.file.version}})
	w.in(diskChanged{notebook: &theirs, text: "theirs"})
	w.want("a text from the file runs", w.screen(), "c.0=1 e.0=7")

	w.do(Op{Settings: &Settings{Reactive: ptr(false)}})
	w.edit("d", "y = 8")
	w.runCell("d")
	w.want("not without", w.screen(), "c.0=1 e.0=7")
	w.do(Op{Settings: &Settings{Reactive: ptr(true)}})
	w.want("switched on, it runs what is stale", w.screen(), "c.0=1 e.0=8")
}

func TestEditingDoesNotWaitForTheChecker(t *testing.T) {
	w := newWorld(t, ModeEdit, "x = 1", "show x")
	w.runAll()
	w.slow = true
	w.edit("a", "x = nope")
	w.want("stale at once", w.status(), "a:stale b:stale")
	w.edit("a", "x = 2")
	if len(w.checks) != 2 {
		t.Fatalf("%d checks", len(w.checks))
	}
	old := w.checks[0]
	w.in(checked{old.Version, old.Program.Update(old.Notebook), false})
	w.want("an old check is dropped", w.status(), "a:stale b:stale")
	w.runCell("b") // runs the text as it is
	w.want("screen", w.screen(), "b.0=2")
	w.want("status", w.status(), "a:done b:done")

	n := len(w.checks)
	for i, op := range []Op{
		{Insert: &Insert{Cell: notebook.Cell{ID: "n", Kind: notebook.Go, Source: "y = 3"}}},
		{Move: &Move{Cells: []notebook.CellID{"n"}, After: "b"}},
		{Delete: &Delete{Cells: []notebook.CellID{"a"}}},
		{Undo: &Undo{}},
		{Delete: &Delete{Cells: []notebook.CellID{"a"}}},
	} {
		w.do(op)
		if w.state.checked == w.state.version || len(w.checks) != n+i+1 {
			t.Errorf("%+v waited for the checker", op)
		}
	}
	w.want("what needs a cell that is gone", w.status(), "b:stale")
	w.slow = false
	w.edit("n", "y = 4")
	w.want("once it is checked", w.status(), "b:blocked n:idle")
}
