package appmode

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"stnb.dev/notebook/session"
)

// kept is a session between two lives of the server: what its visitor needs to
// find it again, and what a duplicate would start with.
type kept struct {
	ID, Handle, Visitor string
	session.Carried
	Until time.Time // its visitor has that long to come back
}

// carryGrace is how long Close waits for what visitors' sessions are doing.
const carryGrace = 2 * time.Second

// keepAll writes the sessions to the app's file, for the server's next life. The
// file holds what visitors typed and the secrets their tabs resume with: it is
// for the owner's eyes alone.
func (a *App) keepAll(all map[string]*Visit) {
	if a.cfg.Kept == "" {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), carryGrace)
	defer cancel()
	var list []kept
	for _, v := range all {
		list = append(list, kept{ID: v.ID, Handle: v.Handle, Visitor: v.visitor, Carried: v.Carry(ctx), Until: time.Now().Add(a.cfg.Keep)})
	}
	a.mu.Lock()
	for _, k := range a.away { // who was away the whole time
		list = append(list, k)
	}
	a.mu.Unlock()
	if len(list) == 0 {
		return
	}
	data, err := json.Marshal(list)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(a.cfg.Kept), 0o700)
	}
	part := a.cfg.Kept + ".part"
	if err == nil {
		err = os.WriteFile(part, data, 0o600)
	}
	if err == nil {
		err = os.Rename(part, a.cfg.Kept)
	}
	if err != nil {
		os.Remove(part)
		a.log.Warn("the visitors' sessions could not be kept for the next start", "error", err)
		return
	}
	a.log.Info("sessions are kept for the next start", "sessions", len(list))
}

// takeKept reads what the server's last life left. The file goes away with it: a
// session that is given back must not be given twice.
func (a *App) takeKept() {
	if a.cfg.Kept == "" {
		return
	}
	data, err := os.ReadFile(a.cfg.Kept)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	var list []kept
	if err == nil {
		err = json.Unmarshal(data, &list)
	}
	if rm := os.Remove(a.cfg.Kept); err == nil {
		err = rm
	}
	if err != nil {
		a.log.Warn("the sessions of the last start are lost", "error", err)
		return
	}
	a.away = map[string]kept{}
	for _, k := range list {
		// The clock may have been set in between: nobody waits longer than Keep.
		if left := time.Until(k.Until); left > 0 && left <= a.cfg.Keep && len(a.away) < a.cfg.Sessions {
			a.away[k.ID] = k
		}
	}
	a.log.Info("sessions of the last start may come back", "sessions", len(a.away))
}

// comeBack returns what was kept of the visitor's session, if it was, and forgets
// it. The caller holds the lock.
func (a *App) comeBack(visitor, id string) (kept, bool) {
	for i, k := range a.away {
		if time.Until(k.Until) <= 0 {
			delete(a.away, i)
		}
	}
	k, ok := a.away[id]
	if !ok || k.Visitor != visitor {
		return kept{}, false
	}
	delete(a.away, id)
	return k, true
}

// restore makes the session that was kept, under its old names. One that finds no
// place waits on.
func (a *App) restore(k kept, h Hello, setup session.Setup) (*Visit, error) {
	setup.Carried = k.Carried
	v, err := a.seat(k.ID, k.Handle, k.Visitor, h, setup)
	if err != nil {
		a.mu.Lock()
		a.away[k.ID] = k
		a.mu.Unlock()
	}
	return v, err
}

// Settle waits until no session runs or wants to: what visitors did so far is in
// their state then. It gives up when ctx is done.
func (a *App) Settle(ctx context.Context) {
	a.mu.Lock()
	all := make([]*Visit, 0, len(a.byID))
	for _, v := range a.byID {
		if v.sockets > 0 {
			all = append(all, v)
		}
	}
	a.mu.Unlock()
	for _, v := range all {
		if v.Session.Settle(ctx) != nil && ctx.Err() != nil {
			return
		}
	}
}
