package idle

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestMemoryIsGivenBackWhenNothingHappens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		freed := 0
		tr := &Trimmer{free: func() { freed++ }}
		for range 10 { // busy all the time
			tr.Busy()
			time.Sleep(quiet / 2)
		}
		if freed != 0 {
			t.Error("freed in the middle of work")
		}
		time.Sleep(2 * quiet)
		if freed != 1 {
			t.Errorf("freed %d times after the work", freed)
		}
		time.Sleep(10 * quiet)
		if freed != 1 {
			t.Error("freed again though nothing was done")
		}
		tr.Busy()
		time.Sleep(2 * quiet)
		if freed != 2 {
			t.Error("not freed after more work")
		}
	})
	(*Trimmer)(nil).Busy()
}
