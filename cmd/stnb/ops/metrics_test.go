package ops

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook/session"
)

// deafKernel takes everything and says nothing.
type deafKernel struct{}

func (deafKernel) Send(wire.Message) error { return nil }
func (deafKernel) Close()                  {}
func (deafKernel) Kill()                   {}

// Runs that never say that they ended are not counted for ever: their session was
// closed, or their kernel is gone.
func TestRunsThatEndWithoutAWord(t *testing.T) {
	m := NewMetrics()
	var exited func(string)
	launch := m.Watch(func(_ context.Context, _ string, _ func(wire.Message), gone func(string)) (session.Kernel, error) {
		exited = gone
		return deafKernel{}, nil
	}, slog.New(slog.DiscardHandler))
	k, err := launch(t.Context(), "", func(wire.Message) {}, func(string) {})
	if err != nil {
		t.Fatal(err)
	}
	active := func(want string) {
		t.Helper()
		var b strings.Builder
		m.Write(&b)
		for _, name := range []string{"runs_active", "runs_waiting"} {
			if !strings.Contains(b.String(), "\nstnb_"+name+" "+want+"\n") {
				t.Errorf("%s is not %s:\n%s", name, want, b.String())
			}
		}
	}
	begin := func(session string) { k.Send(wire.Message{Run: &wire.Run{Session: session, Run: 1}}) }
	begin("a")
	begin("b")
	active("2")
	k.Send(wire.Message{Close: &wire.Close{Session: "a"}})
	k.Send(wire.Message{Close: &wire.Close{Session: "unknown"}})
	active("1")
	exited("killed")
	active("0")
	begin("c") // what comes late for a kernel that is gone
	active("0")
}
