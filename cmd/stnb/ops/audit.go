package ops

import (
	"log/slog"
	"os"
	"sync"
	"time"

	"stnb.dev/ui/server"
)

// Audit is the record of who edited, ran and published what: a line of JSON each,
// in a file that is only ever added to.
type Audit struct {
	log  *slog.Logger
	file *os.File

	mu   sync.Mutex
	last map[server.Deed]time.Time // edits, which come with every pause in typing
	now  func() time.Time
}

// editEvery is how often the editing of one cell by one person is written down.
const editEvery = time.Minute

// OpenAudit begins or goes on with the record in a file.
func OpenAudit(name string) (*Audit, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	h := slog.NewJSONHandler(f, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.LevelKey || a.Key == slog.MessageKey {
			return slog.Attr{}
		}
		return a
	}})
	return &Audit{log: slog.New(h), file: f, last: map[server.Deed]time.Time{}, now: time.Now}, nil
}

// Write writes a deed down; of one that goes on, once a minute. A nil Audit keeps
// no record.
func (a *Audit) Write(d server.Deed) {
	if a == nil {
		return
	}
	if d.What == "edit" {
		key := d
		key.Request = ""
		now := a.now()
		a.mu.Lock()
		again := now.Sub(a.last[key]) < editEvery
		if !again {
			if len(a.last) > 10_000 {
				clear(a.last)
			}
			a.last[key] = now
		}
		a.mu.Unlock()
		if again {
			return
		}
	}
	args := []any{"what", d.What}
	for _, f := range []struct{ name, text string }{
		{"who", d.Who}, {"from", d.From}, {"request", d.Request}, {"notebook", d.Notebook}, {"detail", d.Detail},
	} {
		if f.text != "" {
			args = append(args, f.name, f.text)
		}
	}
	a.log.Info("", args...)
}

// Close ends the record.
func (a *Audit) Close() {
	if a != nil {
		a.file.Close()
	}
}
