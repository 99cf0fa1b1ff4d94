package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"testing"
	"testing/iotest"
)

func TestRoundTrip(t *testing.T) {
	var pipe bytes.Buffer
	c := NewConn(iotest.OneByteReader(&pipe), &pipe)
	sent := []Message{
		{Load: &Load{Seq: 1, Units: []Unit{{ID: "a", Cell: "c", Func: "F", Source: "package main\n"}}}},
		{Paged: &Paged{Seq: 7}, Blob: []byte{0, 1, 2}},
		{Paged: &Paged{Seq: 8}, Blob: bytes.Repeat([]byte{9}, 2<<20)},
		{Run: &Run{Session: "s", Run: 3, Widgets: map[string]json.RawMessage{"w": json.RawMessage("1")}}},
	}
	for _, m := range sent {
		if err := c.Send(m); err != nil {
			t.Fatal(err)
		}
	}
	for i, want := range sent {
		got, err := c.Receive()
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("message %d: got %+v", i, got)
		}
	}
	if _, err := c.Receive(); err != io.EOF {
		t.Errorf("after the last frame: %v, want EOF", err)
	}
}

func TestBadFrames(t *testing.T) {
	for name, b := range map[string]string{
		"short header":  "\x00\x00",
		"huge body":     "\xff\xff\xff\xff\x00\x00\x00\x00",
		"huge blob":     "\x00\x00\x00\x02\xff\xff\xff\xff{}",
		"cut body":      "\x00\x00\x00\x05\x00\x00\x00\x00{}",
		"cut long body": "\x03\x00\x00\x00\x00\x00\x00\x00{}",
		"not JSON":      "\x00\x00\x00\x02\x00\x00\x00\x00{x",
		"cut blob":      "\x00\x00\x00\x02\x00\x00\x00\x05{}ab",
	} {
		if _, err := NewConn(bytes.NewReader([]byte(b)), nil).Receive(); !errors.Is(err, ErrFrame) {
			t.Errorf("%s: %v, want ErrFrame", name, err)
		}
	}
}

func TestGreet(t *testing.T) {
	r1, w1 := io.Pipe()
	r2, w2 := io.Pipe()
	a, b := NewConn(r1, w2), NewConn(r2, w1)
	got := make(chan Hello, 1)
	go func() {
		h, err := b.Greet(Hello{PID: 42})
		if err != nil {
			t.Error(err)
		}
		got <- h
	}()
	h, err := a.Greet(Hello{Engine: "yaegi", Dir: "/x"})
	if err != nil || h.PID != 42 {
		t.Errorf("server got %+v, %v", h, err)
	}
	if h := <-got; h.Engine != "yaegi" || h.Dir != "/x" {
		t.Errorf("kernel got %+v", h)
	}
}

func TestGreetVersion(t *testing.T) {
	var theirs bytes.Buffer
	body := []byte(`{"hello":{"version":99}}`)
	theirs.Write([]byte{0, 0, 0, byte(len(body)), 0, 0, 0, 0})
	theirs.Write(body)
	_, err := NewConn(&theirs, io.Discard).Greet(Hello{})
	var ve *VersionError
	if !errors.As(err, &ve) || ve.Theirs != 99 {
		t.Errorf("got %v", err)
	}
}

func FuzzReceive(f *testing.F) {
	var b bytes.Buffer
	if err := NewConn(nil, &b).Send(Message{Stop: &Stop{Session: "s", Run: 1, Reason: Interrupted}, Blob: []byte("x")}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("\x00\x00\x00\x02\x00\x00\x00\x00{}"))
	f.Fuzz(func(t *testing.T, in []byte) {
		c := NewConn(bytes.NewReader(in), nil)
		for {
			m, err := c.Receive()
			if err != nil {
				return
			}
			var out bytes.Buffer
			if err := NewConn(nil, &out).Send(m); err != nil {
				t.Fatalf("what was received cannot be sent: %v", err)
			}
		}
	})
}

func TestTyped(t *testing.T) {
	for _, c := range []struct {
		lines        string
		offset, want int
		ok           bool
	}{
		{"0:0 120:1 9 14:0", 119, 0, true}, {"0:0 120:1 9 14:0", 120, 1, true}, {"0:0 120:1 9 14:0", 129, 2, true},
		{"0:0 120:1 9 14:0", 142, 2, true}, {"0:0 120:1 9 14:0", 143, 0, true}, {"", 7, 0, false},
	} {
		if line, ok := (Unit{Lines: c.lines}).Typed(c.offset); line != c.want || ok != c.ok {
			t.Errorf("Typed(%d) of %q = %d, %v, want %d, %v", c.offset, c.lines, line, ok, c.want, c.ok)
		}
	}
}
