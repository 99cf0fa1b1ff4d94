package session

import (
	"context"
	"sync/atomic"
	"testing"

	"stnb.dev/dataframe/page"
	"stnb.dev/notebook"
	"stnb.dev/notebook/session/sessiontest"
)

// keeper is a store that reads, of each cell that shows something, what its elements name.
type keeper struct {
	store
	kept atomic.Int32 // deltas that were kept last, and could be read
}

func (k *keeper) Outputs(*notebook.Notebook) Kept { return Kept{} }

func (k *keeper) KeepOutputs(ctx context.Context, now Kept, read Reader) (bool, error) {
	if _, _, err := read.Page(ctx, page.Request{}); err != nil {
		return false, err
	}
	k.kept.Store(int32(len(now.Deltas)))
	return true, nil
}

// What the last half second showed is kept when the session is closed, while there is
// still a kernel to read it from; and the file is written with it.
func TestCloseKeepsWhatIsShown(t *testing.T) {
	st := &keeper{}
	nb := sessiontest.Notebook("show 1", "show 2")
	var started atomic.Int32
	var last atomic.Pointer[process]
	s := New(Config{Setup: Setup{ID: "s", Notebook: nb, Program: program(nb)}, Store: st, Launch: launcher(&started, &last)})
	must(t, s.Do("v", Op{Run: &Run{What: "all"}}))
	must(t, s.Settle(t.Context()))
	must(t, s.call(s.keepOutputs)) // as if it had come this moment
	st.kept.Store(0)
	s.Close()
	if st.kept.Load() != 2 {
		t.Errorf("%d elements were kept at the end", st.kept.Load())
	}
	if st.writes == 0 {
		t.Error("the file was not written with what the cells show")
	}
}

// Both versions are to be kept: until mine is written beside the file, it is not given up.
func TestBothIsTheirsOnceMineIsWritten(t *testing.T) {
	w := newWorld(t, ModeEdit, "x = 1")
	w.edit("a", "x = 2")
	w.in(diskChanged{text: "theirs"})
	phase := func() string { return w.state.file.event().State }
	w.want("conflict", phase(), "conflict")
	w.do(Op{Resolve: &Resolve{Keep: "both"}})
	copying := w.writes[len(w.writes)-1]
	if !copying.Copy {
		t.Fatal("no copy is written")
	}
	w.want("not yet", phase(), "conflict")
	w.in(copied{version: copying.Version, err: "the disk is full"})
	w.want("mine stays", phase(), "conflict")

	w.edit("a", "x = 3")
	w.in(copied{version: copying.Version, name: "copy.md"})
	w.want("what was typed since is in no copy", phase(), "conflict")
	w.do(Op{Resolve: &Resolve{Keep: "both"}})
	w.in(copied{version: w.writes[len(w.writes)-1].Version, name: "copy 2.md"})
	w.want("theirs", phase(), "saved")
}
