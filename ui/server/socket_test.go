package server

import (
	"net/http"
	"strings"
	"testing"

	"github.com/fasthttp/websocket"

	"stnb.dev/ui/protocol"
)

func TestConversation(t *testing.T) {
	h := startEdit(t)
	b := h.owner()
	w := b.open("/ws?notebook=a.md", "c1", "")
	if m := w.next(); m.Welcome == nil || m.Welcome.Mode != "edit" || m.Welcome.Handle != "nb1" || m.Welcome.Client != "c1" {
		t.Fatalf("first frame is %+v", m)
	}
	if m := w.next(); len(m.Events) != 1 || m.Events[0].Document == nil {
		t.Fatalf("second frame is %+v", m)
	}
	w.send(`{"op":{"run":{"what":"all"}},"seq":1}`)
	acked, told := false, false
	w.until("an ack and the news", func(m protocol.Server) bool {
		acked = acked || m.Ack == 1
		told = told || isNotice("op 1")(m)
		return acked && told
	})
	w.send(`{"op":{"edit":{"cell":"x","base":0,"source":"refuse"}},"seq":2}`)
	if m := w.next(); m.Error == nil || m.Error.Seq != 2 || !strings.Contains(m.Error.Text, "refused") {
		t.Fatalf("after a refused op: %+v", m)
	}
	if m := w.next(); m.Ack != 2 {
		t.Fatalf("no ack: %+v", m)
	}
	w.send(`{"req":{"id":7,"method":"hover"}}`)
	if m := w.next(); m.Res == nil || m.Res.ID != 7 || string(m.Res.Result) != `{"method":"hover"}` {
		t.Fatalf("response: %+v", m)
	}
}

// An op sent again on a new connection is applied once.
func TestOpOnce(t *testing.T) {
	h := startEdit(t)
	b := h.owner()
	w := b.open("/ws?notebook=a.md", "c1", "")
	w.next()
	w.next()
	w.send(`{"op":{"run":{"what":"all"}},"seq":1}`)
	w.until("ack", isAck(1))
	w2 := b.open("/ws?notebook=a.md", "c1", "edit-a")
	if m := w2.next(); m.Welcome == nil || m.Welcome.Seq != 1 {
		t.Fatalf("welcome: %+v", m)
	}
	w2.next()
	if code := w.closeCode(); code != closeReplaced {
		t.Errorf("the lost connection ended with %d", code)
	}
	w2.send(`{"op":{"run":{"what":"all"}},"seq":1}`)
	w2.until("ack", isAck(1))
	w2.send(`{"op":{"run":{"what":"all"}},"seq":2}`)
	w2.until("ack", isAck(2))
	if n := len(h.space.live.done()); n != 2 {
		t.Errorf("%d ops were applied, want 2", n)
	}
}

func TestShutdownSaysGoodBye(t *testing.T) {
	h := startEdit(t)
	w := h.owner().open("/ws?notebook=a.md", "c1", "")
	w.next()
	w.next()
	h.srv.sockets.closeAll(closeRestart, "bye")
	if code := w.closeCode(); code != closeRestart {
		t.Errorf("socket ended with %d, want %d", code, closeRestart)
	}
	eventually(t, "no subscription is left", func() bool { return h.space.live.subscribers() == 0 })
}

func TestNoUpgrade(t *testing.T) {
	h := startEdit(t)
	if res := h.owner().get("/ws", "Origin", h.url); res.StatusCode != http.StatusUpgradeRequired {
		t.Errorf("GET /ws without upgrade answered %d", res.StatusCode)
	}
}

func TestUnknownNotebook(t *testing.T) {
	h := startEdit(t)
	w := h.owner().open("/ws?notebook=b.md", "c1", "")
	if m := w.next(); m.Error == nil || !m.Error.Fatal {
		t.Fatalf("first frame is %+v", m)
	}
	if code := w.closeCode(); code != websocket.ClosePolicyViolation {
		t.Errorf("ended with %d", code)
	}
}
