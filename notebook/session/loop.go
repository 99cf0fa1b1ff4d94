package session

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/widgets/element"
)

// loop is the session's one goroutine that changes anything.
func (s *Session) loop() {
	defer s.end()
	for {
		select {
		case <-s.quit:
			return
		case j := <-s.inbox:
			var err error
			if j.op != nil {
				err = s.take(*j.op)
			} else {
				j.call()
			}
			s.flush()
			if j.reply != nil {
				j.reply <- err
			}
		}
	}
}

// take completes an op with what only the loop knows, and applies it.
func (s *Session) take(op Op) error {
	if k, ok := op.in.(kernelSays); ok {
		if s.link == nil || s.link.gen != k.gen || s.asked.answer(k.msg) {
			return nil
		}
	}
	if _, ok := op.in.(kernelGone); ok {
		s.asked.fail()
	}
	if s.cfg.Mode == ModeEdit && (op.Run != nil || op.Interact != nil || op.Restart != nil) && outdated(s.state.program) {
		p := s.state.program.Update(s.state.notebook)
		_ = s.apply(Op{in: checked{s.state.version, p, true}})
	}
	if op.Interact != nil {
		at := locate(s.tree, op.Interact)
		if s.tooEarly(op.Interact, at) {
			return s.holdBack(op)
		}
		op.in = at
	}
	err := s.apply(op)
	if s.state.shown && len(s.early) > 0 {
		held := s.early
		s.early = nil
		for _, op := range held {
			if err := s.take(op); err != nil {
				s.log.Warn("what a visitor did could not be taken", "err", err)
			}
		}
	}
	return err
}

func (s *Session) apply(op Op) error {
	op.at = now()
	next, effects, err := Apply(s.state, op)
	if err != nil {
		return err
	}
	changed := next.notebook != s.state.notebook
	if next.notebook.OmitOutputs != s.state.notebook.OmitOutputs {
		s.keepOutputs()
	}
	s.state = next
	if changed && s.cfg.Store != nil && s.cfg.Mode == ModeEdit {
		if err := s.cfg.Store.Note(next.notebook); err != nil {
			s.log.Warn("a change could not be written down; it is safe once it is saved", "err", err)
		}
	}
	for _, e := range effects {
		s.carryOut(e)
	}
	return nil
}

func (s *Session) carryOut(e Effect) {
	switch e := e.(type) {
	case Tell:
		for _, c := range s.clients {
			if e.Client == "" || e.Client == c.id {
				c.add(e.Event)
			}
		}
	case Send:
		if s.link != nil {
			s.link.send(e.Message)
		}
	case Reopen:
		s.reopen(e.Open)
	case StartKernel:
		s.startKernel(e)
	case StopKernel:
		if s.link != nil && s.link.gen == e.Gen {
			s.link.stop(e.Kill)
			s.link = nil
			s.asked.fail()
		}
	case After:
		s.later(e)
	case BeginScreen:
		s.tree.Begin(e.Run, e.Scope)
		s.fresh.begin(s, e.Run)
	case Draw:
		s.draw(e.Deltas)
	case EndScreen:
		if e.Cells != nil {
			s.tree.Narrow(e.Cells)
		}
		s.show(s.tree.End(e.Prune))
		s.fresh.end()
	case Wipe:
		s.show(s.tree.RemoveCells(e.Cells...))
	case Refresh:
		for _, c := range s.clients {
			c.reset(Event{Document: ptr(s.document())})
		}
	case Check:
		s.check(e)
	case SaveSoon:
		s.save.soon(s, e.Delay)
	case Write:
		s.save.stop()
		s.write(e)
	case Mark:
		if a, ok := s.cfg.Store.(Archive); ok {
			a.Mark()
		}
	case Keep:
		s.save.stop()
		s.keep(e.Notebook)
	case ReadFile:
		s.readFile()
	case Log:
		s.logLine(e)
	}
}

// later sets a timer; of a kind of news only the newest matters.
func (s *Session) later(e After) {
	kind := fmt.Sprintf("%T", e.Op.in)
	if old := s.timers[kind]; old != nil {
		old.Stop()
	}
	s.timers[kind] = time.AfterFunc(e.Delay, func() { s.post(e.Op.in) })
}

func (s *Session) draw(deltas []element.Delta) {
	var out []element.Delta
	for _, d := range deltas {
		changed := s.tree.Apply(d)
		if len(changed) == 0 && d.Op == element.Set {
			s.fresh.add(d.Path)
		}
		out = append(out, changed...)
	}
	s.show(out)
}

func (s *Session) show(deltas []element.Delta) {
	if len(deltas) == 0 {
		return
	}
	s.keepOutputs()
	for _, c := range s.clients {
		c.add(Event{Screen: &Screen{Deltas: deltas}})
	}
}

func (s *Session) document() Document {
	s.announce()
	d := s.state.document()
	d.Screen.Deltas = s.tree.All()
	return d
}

// announceEvery is how long telling cells' status may wait while there is more to do.
const announceEvery = 50 * time.Millisecond

func (s *Session) announce() {
	if s.state.unannounced {
		s.told = time.Now()
		_ = s.apply(Op{in: announceNow{}})
	}
}

// flush lets clients' queues go out: at once when nothing runs, else in a while,
// so that what a run draws travels together.
func (s *Session) flush() {
	idle := s.state.run == nil && len(s.inbox) == 0
	if s.state.unannounced && (len(s.inbox) == 0 || time.Since(s.told) > announceEvery) {
		s.announce()
	}
	s.settling = slices.DeleteFunc(s.settling, func(w waiter) bool {
		is := w.is(s.state)
		if is {
			close(w.done)
		}
		return is
	})
	for _, c := range s.clients {
		c.flush(idle)
	}
}

// reopen opens the session in its kernel. Values of widgets that are not on the
// screen any more would come back to life there, so they stay behind.
func (s *Session) reopen(o wire.Open) {
	if s.link == nil {
		return
	}
	if len(s.tree.All()) > 0 && len(o.Widgets) > 0 {
		kept := o.Widgets
		o.Widgets = nil
		for id, v := range kept {
			if _, _, ok := s.tree.Widget(id); ok {
				o.Widgets = overlay(o.Widgets, map[string]json.RawMessage{id: v})
			}
		}
	}
	s.link.send(wire.Message{Open: &o})
}

func (s *Session) startKernel(e StartKernel) {
	if s.link != nil {
		s.link.stop(true)
	}
	l := newLink(e.Gen)
	s.link = l
	go func() {
		if e.Delay > 0 {
			select {
			case <-time.After(e.Delay):
			case <-l.over:
				return
			}
		}
		if s.cfg.Launch == nil {
			s.post(kernelGone{e.Gen, "there is no kernel to start"})
			return
		}
		k, err := s.cfg.Launch(s.ctx, e.Engine,
			func(m wire.Message) { s.post(kernelSays{e.Gen, m}) },
			func(cause string) { s.post(kernelGone{e.Gen, cause}) })
		if err != nil {
			s.post(kernelGone{e.Gen, err.Error()})
			return
		}
		s.post(kernelUp{e.Gen})
		l.run(k)
	}()
}

func (s *Session) write(w Write) {
	if s.cfg.Store == nil {
		return
	}
	go func() {
		if w.Copy {
			name, err := s.cfg.Store.WriteCopy(w.Notebook)
			in := copied{version: w.Version, name: name}
			if err != nil {
				s.log.Error("keeping both versions failed", "err", err)
				in.err = err.Error()
			}
			s.post(in)
			return
		}
		s.post(writeNow(s.cfg.Store, w))
	}()
}

func (s *Session) keep(nb *notebook.Notebook) {
	if s.cfg.Store == nil {
		return
	}
	go func() {
		if err := s.cfg.Store.Keep(nb); err != nil {
			s.log.Error("changes could not be kept aside", "err", err)
		}
	}()
}

func writeNow(st Store, w Write) written {
	err := st.Write(w.Notebook, w.Force)
	out := written{version: w.Version}
	var clash *Clash
	switch {
	case errors.As(err, &clash):
		out.err, out.clash, out.theirs = err.Error(), true, clash.Theirs
	case err != nil:
		out.err = err.Error()
	}
	return out
}

func (s *Session) readFile() {
	if s.cfg.Store == nil {
		return
	}
	go func() {
		nb, text, err := s.cfg.Store.Read()
		if err != nil {
			s.post(diskChanged{text: text, err: err.Error()})
			return
		}
		nb, shown := s.adopt(nb)
		s.post(diskChanged{notebook: nb, text: text, shown: shown})
	}()
}

// adopt gives the cells of a document that was read the IDs they have here, and
// says what its file shows that the screen may not.
func (s *Session) adopt(nb *notebook.Notebook) (*notebook.Notebook, Kept) {
	if now := s.Notebook(); now != nil {
		nb = notebook.Reconcile(now, nb)
	}
	if st, ok := s.cfg.Store.(OutputStore); ok {
		return nb, st.Outputs(nb)
	}
	return nb, Kept{}
}

func (s *Session) logLine(l Log) {
	level := slog.LevelInfo
	switch l.Level {
	case "warn":
		level = slog.LevelWarn
	case "error":
		level = slog.LevelError
	}
	attrs := []any{"session", s.cfg.ID}
	if l.ID != "" {
		attrs = append(attrs, "id", l.ID)
	}
	if l.Cell != "" {
		attrs = append(attrs, "cell", string(l.Cell))
	}
	s.log.Log(context.Background(), level, l.Text, attrs...)
}

// end is the loop's last act.
func (s *Session) end() {
	s.save.stop()
	s.checking.stop()
	for _, t := range s.timers {
		t.Stop() // a timer would keep all of this in memory until it fires
	}
	unsaved := s.keepLast() || s.state.file.version != s.state.file.disk
	switch unsaved = unsaved && s.cfg.Store != nil && s.cfg.Mode == ModeEdit; {
	case !unsaved:
	case s.state.file.phase == fileConflict:
		if err := s.cfg.Store.Keep(s.state.notebook); err != nil {
			s.log.Error("changes could not be kept aside", "err", err)
		}
	default:
		if w := writeNow(s.cfg.Store, Write{Version: s.state.file.version, Notebook: s.state.notebook}); w.err != "" {
			s.log.Error("the last changes could not be saved", "err", w.err)
		}
	}
	if s.link != nil {
		s.link.stop(false)
	}
	s.cancel()
	s.asked.fail()
	for _, c := range slices.Clone(s.clients) {
		c.stop()
	}
	close(s.done)
}

// saveTimer brings saveDue: after a quiet moment, or a second after the first
// change that is not saved.
type saveTimer struct {
	timer *time.Timer
	due   time.Time // at the latest
}

const saveAtLatest = time.Second

func (t *saveTimer) soon(s *Session, quiet time.Duration) {
	at := time.Now().Add(quiet)
	if t.timer == nil {
		t.due = time.Now().Add(max(saveAtLatest, quiet))
	} else {
		t.timer.Stop()
	}
	if at.After(t.due) {
		at = t.due
	}
	t.timer = time.AfterFunc(time.Until(at), func() { s.post(saveDue{}) })
}

func (t *saveTimer) stop() {
	if t.timer != nil {
		t.timer.Stop()
		t.timer = nil
	}
}

// fresh collects what a long run set again unchanged, so that the page can stop
// fading it.
type fresh struct {
	run   uint64
	paths []element.Path
}

const (
	freshAfter = 400 * time.Millisecond
	freshEvery = 200 * time.Millisecond
)

func (f *fresh) begin(s *Session, run uint64) {
	*f = fresh{run: run}
	f.later(s, freshAfter)
}

func (f *fresh) add(p element.Path) {
	if f.run != 0 {
		f.paths = append(f.paths, p)
	}
}

func (f *fresh) end() { *f = fresh{} }

func (f *fresh) later(s *Session, d time.Duration) {
	run := f.run
	time.AfterFunc(d, func() {
		select {
		case s.inbox <- job{call: func() {
			if f.run != run || s.state.run == nil {
				return
			}
			if len(f.paths) > 0 {
				for _, c := range s.clients {
					c.add(Event{Screen: &Screen{Fresh: f.paths}})
				}
				f.paths = nil
			}
			f.later(s, freshEvery)
		}}:
		case <-s.done:
		}
	})
}
