package worker

import (
	"os"
	"runtime"
	"testing"
	"time"
)

// A read that waits is seen, on this version of Go.
func TestReadWaits(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	defer w.Close()
	if readWaits(r) {
		t.Error("nobody reads yet")
	}
	if _, err := w.WriteString("before"); err != nil {
		t.Fatal(err)
	}
	if n := unread(r); n != 6 && runtime.GOOS == "linux" {
		t.Errorf("%d bytes of 6 are to be read", n)
	}
	if n, err := r.Read(make([]byte, 10)); n != 6 || err != nil || unread(r) != 0 {
		t.Errorf("%d bytes were read: %v", n, err)
	}
	got := make(chan string)
	go func() {
		b := make([]byte, 10)
		n, _ := r.Read(b)
		got <- string(b[:n])
	}()
	for end := time.Now().Add(time.Minute); !readWaits(r); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("a read that waits is not seen: package os keeps its lock elsewhere")
		}
	}
	if _, err := w.WriteString("hello"); err != nil {
		t.Fatal(err)
	}
	if s := <-got; s != "hello" {
		t.Errorf("read %q", s)
	}
	if readWaits(r) {
		t.Error("the read has ended")
	}
}
