package worker

import (
	"os"
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
	got := make(chan string)
	go func() {
		b := make([]byte, 10)
		n, _ := r.Read(b)
		got <- string(b[:n])
	}()
	for end := time.Now().Add(10 * time.Second); !readWaits(r); time.Sleep(time.Millisecond) {
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
