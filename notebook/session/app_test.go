package session

import (
	"encoding/json"
	"strings"
	"testing"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
)

func (w *world) open() { w.do(Op{Interact: &Interact{Rerun: true}}) }

func TestAppRunsWhole(t *testing.T) {
	w := newWorld(t, ModeApp, "x = widget:w", "show x", "show 7")
	w.open()
	w.want("screen", w.screen(), "a.0=0 b.0=0 c.0=7")
	w.set("w", 3)
	w.want("screen", w.screen(), "a.0=3 b.0=3 c.0=7")
	w.want("trace", w.trace(), "load 1; run 1 a b c; run 2 a b c")
}

func TestAClickIsSeenOnce(t *testing.T) {
	w := newWorld(t, ModeApp, "state:n = state:n + click:b\nshow state:n")
	w.open()
	w.click("b", "c1")
	w.click("b", "c1") // sent again after a lost connection
	w.want("screen", w.screen(), "a.0= a.1=1")
	w.click("b", "c2")
	w.want("screen", w.screen(), "a.0= a.1=2")
	w.want("trace", w.trace(), "load 1; run 1 a; run 2 a; run 3 a")
	applied := ""
	for _, e := range w.events {
		if e.Run != nil {
			applied += strings.Join(e.Run.Applied, "") + " "
		}
	}
	w.want("told", strings.Join(strings.Fields(applied), " "), "c1 c1 c2")
}

func TestANewInteractionSupersedes(t *testing.T) {
	w := newWorld(t, ModeApp, "x = widget:w + click:b\nwait\nstate:n = state:n + click:b\nshow x + state:n")
	w.open()
	w.goOn()
	w.want("screen", w.screen(), "a.0=0 a.1= a.2= a.3=0")
	w.lazy = true
	w.click("b", "c1") // runs, waits
	w.set("w", 1)      // supersedes
	w.set("w", 2)      // waits with it
	w.lazy = false
	w.deliver(-1)
	w.want("trace", w.trace(), "load 1; run 1 a; run 2 a; stop 2 superseded; run 3 a")
	w.goOn()
	w.want("the click the superseded run did not come to is not lost", w.screen(), "a.0=2 a.1= a.2= a.3=4")
}

func TestRerunAndStop(t *testing.T) {
	w := newWorld(t, ModeApp, "state:n = state:n + click:b", "show state:n\nstop", "show 9")
	w.open()
	w.want("st.Stop ends the run", w.screen(), "a.0= b.0=0")
}

func TestRerunRunsAtOnceWithoutTheClick(t *testing.T) {
	w := newWorld(t, ModeApp, "state:n = state:n + click:b\nshow state:n", "wait\nrerun")
	w.open()
	w.click("b", "c1") // supersedes
	w.goOn()           // st.Rerun
	w.want("trace", w.trace(), "load 1; run 1 a b; stop 1 superseded; run 2 a b; run 3 a b")
	w.want("screen", w.screen(), "a.0= a.1=1")
}

// nbOf is another version of the app's notebook.
func nbOf(w *world, sources ...string) *notebook.Notebook {
	nb := &notebook.Notebook{}
	for i, s := range sources {
		nb.Cells = append(nb.Cells, notebook.Cell{ID: notebook.CellID(rune('a' + i)), Kind: notebook.Go, Source: s})
	}
	return nb
}

func TestReloadKeepsState(t *testing.T) {
	w := newWorld(t, ModeApp, "state:n = state:n + 1\nshow state:n + widget:w")
	w.open()
	w.set("w", 5)
	nb := nbOf(w, "state:n = state:n + 1\nshow state:n + widget:w\nshow 8")
	w.in(reload{nb, program(nb)})
	w.want("screen", w.screen(), "a.0=5 a.1=8 a.2=8")
	w.want("trace", w.trace(), "load 1; run 1 a; run 2 a; load 2; run 3 a")
}

func TestAppComesBackAfterDeath(t *testing.T) {
	w := newWorld(t, ModeApp, "state:n = state:n + click:b\nshow state:n + widget:w", "wait")
	w.open()
	w.goOn()
	w.set("w", 10)
	w.goOn()
	w.click("b", "c1")
	w.goOn()
	w.want("before", w.screen(), "a.0= a.1=10 a.2=11")
	w.click("b", "c2") // in the middle of its run
	w.kernel.Dead = true
	w.in(kernelGone{w.gen, "killed"})
	// A new kernel, restored; first the page as it was, then the click.
	w.goOn()
	w.goOn()
	w.want("after", w.screen(), "a.0= a.1=10 a.2=12")
	w.want("trace", w.trace(), "load 2; run 5 a b; run 6 a b")
}

func TestAClickThatKillsTwiceIsGivenUp(t *testing.T) {
	w := newWorld(t, ModeApp, "show click:b", "wait")
	w.open()
	w.goOn()
	w.click("b", "c1")
	w.kernel.Dead = true
	w.in(kernelGone{w.gen, "killed"})
	w.goOn() // the replay; the click again
	w.kernel.Dead = true
	w.in(kernelGone{w.gen, "killed"})
	w.goOn()
	w.want("trace", w.trace(), "load 3; run 5 a b")
	if w.state.run != nil || w.state.pending.want != wantNothing {
		t.Errorf("run %+v pending %v", w.state.run, w.state.pending)
	}
}

func TestTabClosedStopsTheRun(t *testing.T) {
	w := newWorld(t, ModeApp, "show click:b\nwait\nshow 2")
	w.open()
	w.goOn()
	w.click("b", "c1")
	w.in(audience{0})
	w.want("trace", w.trace(), "load 1; run 1 a; run 2 a; stop 2 closed")
	w.in(audience{1})
	w.goOn()
	w.want("back again, the click is there", w.trace(), "load 1; run 1 a; run 2 a; stop 2 closed; run 3 a")
	w.want("screen", w.screen(), "a.0= a.1=1 a.2=2")
}

func TestTabClosedAndBackBeforeTheRunEnds(t *testing.T) {
	w := newWorld(t, ModeApp, "show click:b\nwait\nshow 2")
	w.open()
	w.goOn()
	w.click("b", "c1")
	w.lazy = true
	w.in(audience{0})
	w.in(audience{1})
	w.lazy = false
	w.deliver(-1)
	w.goOn()
	w.want("trace", w.trace(), "load 1; run 1 a; run 2 a; stop 2 closed; run 3 a")
	w.want("screen", w.screen(), "a.0= a.1=1 a.2=2")
}

func TestRunLimit(t *testing.T) {
	w := newWorld(t, ModeApp, "wait")
	w.state.settings.RunLimit = 60e9
	w.open()
	w.in(runOverdue{w.state.run.n})
	w.want("trace", w.trace(), "load 1; run 1 a; stop 1 timeout")
	if w.state.run != nil || w.state.pending.want != wantNothing {
		t.Error("it is tried again")
	}
	if all := w.tree.All(); len(all) != 1 || !strings.Contains(textOf(all[0].Element), "1m0s") {
		t.Errorf("screen %+v", all)
	}
}

func TestVisitorsSeeNoInsides(t *testing.T) {
	w := newWorld(t, ModeApp, "show 1\nfail")
	w.open()
	if s := w.screen(); strings.Contains(s, "!failed") || !strings.Contains(s, "look it up by its number") {
		t.Errorf("screen %s", s)
	}
	if len(w.logs) != 1 || w.logs[0].ID == "" || !strings.HasPrefix(w.logs[0].Text, "cell 1:2:1: failed") {
		t.Errorf("logs %+v", w.logs)
	}
	b := newWorld(t, ModeApp, "show 1", "show nope", "show 3")
	b.open()
	b.want("nothing below a broken cell runs", b.trace(), "load 1; run 1 a")
	if len(b.logs) != 1 || !strings.Contains(b.logs[0].Text, "undefined: nope") {
		t.Errorf("logs %+v", b.logs)
	}
}

func TestForms(t *testing.T) {
	w := newWorld(t, ModeApp, "show 1")
	w.open()
	at := widgetAt{widgets: map[string]placed{
		"in": {cell: "a", form: "f"}, "go": {cell: "a", form: "f"}, "off": {cell: "a", disabled: true}, "fr": {cell: "a", fragment: "F"},
	}}
	do := func(i Interact) {
		t.Helper()
		if err := w.apply(Op{Interact: &i, in: at}); err != nil {
			t.Fatal(err)
		}
	}
	do(Interact{Values: widgets("in", 1)})
	do(Interact{Values: widgets("off", 1)})
	do(Interact{Values: widgets("unknown", 1)})
	w.want("a form's value waits for its submit; disabled and unknown do nothing", w.trace(), "load 1; run 1 a")
	do(Interact{Values: widgets("in", 2), Trigger: &Trigger{Click: "1", Widget: "go"}})
	w.want("submitted", w.trace(), "load 1; run 1 a; run 2 a")
	do(Interact{Values: widgets("fr", 1), Fragment: "lie"})
	w.want("a widget's fragment is what the screen says", w.trace(), "load 1; run 1 a; run 2 a; run 3 F")
	do(Interact{Tick: true, Fragment: "F"})
	w.want("tick", w.trace(), "load 1; run 1 a; run 2 a; run 3 F; run 4 F")
}

func TestTickNeverSupersedes(t *testing.T) {
	w := newWorld(t, ModeApp, "wait")
	w.open()
	for range 3 {
		if err := w.apply(Op{Interact: &Interact{Tick: true, Fragment: "F"}, in: widgetAt{}}); err != nil {
			t.Fatal(err)
		}
	}
	w.goOn()
	w.want("trace", w.trace(), "load 1; run 1 a; run 2 F")
	if err := w.apply(Op{Interact: &Interact{Tick: true, Fragment: "F"}, in: widgetAt{gone: true}}); err != nil {
		t.Fatal(err)
	}
	w.want("the timer of a fragment that is gone", w.trace(), "load 1; run 1 a; run 2 F")
}

func TestLimitOnValues(t *testing.T) {
	w := newWorld(t, ModeApp, "show widget:w")
	w.state.settings.MaxValues = 20
	w.open()
	err := w.apply(Op{Interact: &Interact{Values: widgets("w", strings.Repeat("1", 30))}, in: widgetAt{widgets: map[string]placed{"w": {cell: "a"}}}})
	if err == nil {
		t.Error("no error")
	}
	// Clicks count too, and so does what they are called: both are kept.
	at := widgetAt{widgets: map[string]placed{"chat": {cell: "a"}}}
	for what, trigger := range map[string]Trigger{
		"a click's value": {Click: "1", Widget: "chat", Value: json.RawMessage(strings.Repeat("1", 30))},
		"a click's name":  {Click: strings.Repeat("1", maxClick+1), Widget: "chat"},
	} {
		if w.apply(Op{Interact: &Interact{Trigger: &trigger}, in: at}) == nil {
			t.Errorf("%s has no bound", what)
		}
	}
	w.state.pending.Triggers = []wire.Trigger{{Click: "2", Widget: "chat", Value: json.RawMessage(strings.Repeat("1", 20))}}
	if w.apply(Op{Interact: &Interact{Trigger: &Trigger{Click: "3", Widget: "chat"}}, in: at}) == nil {
		t.Error("clicks that wait for a run have no bound")
	}
}

func TestQueryOfTheScript(t *testing.T) {
	w := newWorld(t, ModeApp, "wait")
	w.open()
	q := "a=1"
	w.in(kernelSays{w.gen, wire.Message{RunEnd: &wire.RunEnd{Session: "s", Run: 1, Status: wire.RunOK, Query: &q}}})
	w.want("query", w.state.query, "a=1")
	var told string
	for _, e := range w.events {
		if e.Query != nil {
			told = e.Query.Query
		}
	}
	w.want("told", told, "a=1")
}

func TestTwoClicksOfOneButtonAreTwoRuns(t *testing.T) {
	w := newWorld(t, ModeApp, "show click:b\nwait")
	w.open()
	w.lazy = true
	w.click("b", "c1")
	w.click("b", "c2")
	w.lazy = false
	w.deliver(-1)
	if w.state.run == nil || len(w.state.run.req.Triggers) != 2 {
		t.Fatalf("run %+v", w.state.run)
	}
	unseen := []wire.Trigger{{Click: "c2", Widget: "b"}}
	w.in(kernelSays{w.gen, wire.Message{RunEnd: &wire.RunEnd{Session: "s", Run: w.state.run.n, Status: wire.RunOK, Unseen: unseen}}})
	if w.state.run == nil || len(w.state.run.req.Triggers) != 1 || w.state.run.req.Triggers[0].Click != "c2" {
		t.Fatalf("run %+v", w.state.run)
	}
	// A run that takes nothing at all is not made for ever.
	w.in(kernelSays{w.gen, wire.Message{RunEnd: &wire.RunEnd{Session: "s", Run: w.state.run.n, Status: wire.RunFailed, Unseen: unseen}}})
	if w.state.run != nil {
		t.Errorf("run %+v", w.state.run)
	}
}
