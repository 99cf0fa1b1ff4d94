package server

import (
	"testing"
	"time"
	"unsafe"
)

func TestFault(t *testing.T) {
	t.Run("ClockChange", testClockChange)
}

// clockSetBy is the time as it is after somebody set the machine's clock by d: the
// wall clock says another hour, the monotonic clock goes on. The time package has
// no way to say that; the test writes the wall half of the value.
func clockSetBy(d time.Duration) time.Time {
	now := time.Now()
	parts := (*struct {
		wall uint64 // 1 bit, 33 bits of seconds since 1885, 30 bits of nanoseconds
		ext  int64  // monotonic
	})(unsafe.Pointer(&now))
	parts.wall += uint64(d/time.Second) << 30
	return now
}

// The clock is set forward and back while people are signed in: nobody is signed
// out early, and nobody stays longer.
func testClockChange(t *testing.T) {
	if d := time.Until(clockSetBy(5 * time.Hour)); d > time.Second || d < -time.Second {
		t.Fatalf("the clock of the test is not what it should be: %v", d)
	}
	if wall := clockSetBy(5 * time.Hour).Round(0).Sub(time.Now().Round(0)); wall < 4*time.Hour {
		t.Fatalf("the clock of the test was not set: %v", wall)
	}
	for _, set := range []time.Duration{2 * grantLife, -2 * grantLife} {
		h := startEdit(t)
		b := h.owner()
		link := h.grants.NewLink()
		w := b.open("/ws?notebook=a.md", "c1", "")
		w.next()
		w.next()
		h.grants.mu.Lock()
		h.grants.now = func() time.Time { return clockSetBy(set) }
		h.grants.mu.Unlock()
		if res := b.get("/api/notebooks"); res.StatusCode != 200 {
			t.Errorf("clock set by %v: the owner gets %d", set, res.StatusCode)
		}
		if res := h.browser().get("/?token=" + link); res.StatusCode != 303 {
			t.Errorf("clock set by %v: a link gets %d", set, res.StatusCode)
		}
		w.send(`{"op":{"run":{"what":"all"}},"seq":1}`)
		w.until("an answer", isAck(1))
		// What is really over is over, whatever the clock says.
		h.grants.mu.Lock()
		h.grants.now = func() time.Time { return clockSetBy(set).Add(grantLife + time.Minute) }
		h.grants.mu.Unlock()
		if res := b.get("/api/notebooks"); res.StatusCode != 401 {
			t.Errorf("clock set by %v: after the sign-in's end the owner gets %d", set, res.StatusCode)
		}
	}
}
