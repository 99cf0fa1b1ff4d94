package dataframe

import (
	"context"
	"fmt"
	"testing"

	"stnb.dev/dataframe/page"
)

// TestPassProgress: while a grid waits for a pass over a large frame it can ask how
// far that is, and nobody else gets an answer.
func TestPassProgress(t *testing.T) {
	sp := space(t)
	ctx := context.Background()
	shown, err := sp.Pin(sp.SQL("SELECT 'row ' || range AS name, md5(CAST(range AS VARCHAR)) AS sum FROM range(300000)"), "grid")
	if err != nil {
		t.Fatal(err)
	}
	progress := func(view string) *float64 {
		t.Helper()
		reply, blob, err := sp.Page(ctx, page.Request{Frame: shown.Ref, View: view, Progress: true})
		if err != nil || len(blob) > 0 {
			t.Fatal(blob, err)
		}
		return reply.Done
	}
	if done := progress("mine"); done != nil {
		t.Error("nothing runs, and is done by", *done)
	}
	// A machine under load may let one end unseen: then another.
	for n := 0; ; n++ {
		done := make(chan error, 1)
		go func() {
			_, _, err := sp.Page(ctx, page.Request{Frame: shown.Ref, View: "mine", Search: fmt.Sprint("nowhere", n), Limit: 10})
			done <- err
		}()
		seen, ended := false, false
		for !ended {
			select {
			case err := <-done:
				if ended = true; err != nil {
					t.Fatal(err)
				}
			default:
			}
			if part := progress("mine"); part != nil && *part > 0 {
				if seen = true; *part > 1 {
					t.Fatal(*part)
				}
				if progress("another") != nil {
					t.Fatal("another grid is told")
				}
			}
		}
		if progress("mine") != nil {
			t.Fatal("it has ended, and goes on")
		}
		if seen {
			return
		}
	}
}
