package core

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"time"

	"stnb.dev/dataframe"
	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
)

// caches are an app's caches, shared by its sessions.
type caches struct {
	mu    sync.Mutex
	funcs map[string]*cache
	space *dataframe.Space // of cached frames
}

// cache is what one func has computed.
type cache struct {
	name    string
	mu      sync.Mutex
	entries map[string]*cached
	clock   uint64
}

// cached is one result. done is closed when it is there.
type cached struct {
	done    chan struct{}
	value   any
	err     error
	failed  bool // the computation was ended: somebody else must do it
	until   time.Time
	used    uint64
	shows   *recording
	release func()
}

// recording is what a cached call showed, with the media in it, by ID.
type recording struct {
	session string
	shown   *run.Recording
	media   map[string]keptBlob
}

type keptBlob struct {
	kind string
	blob *blob
}

func (c *caches) get(id string) *cache {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.funcs == nil {
		c.funcs = map[string]*cache{}
	}
	f := c.funcs[id]
	if f == nil {
		f = &cache{name: id, entries: map[string]*cached{}}
		c.funcs[id] = f
	}
	return f
}

func (c *caches) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, f := range c.funcs {
		f.clear()
	}
	if c.space != nil {
		c.space.Close()
	}
}

func (c *caches) frames(open dataframe.Config) *dataframe.Space {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.space == nil {
		c.space = dataframe.NewSpace(open)
	}
	return c.space
}

func (f *cache) clear() {
	f.mu.Lock()
	old := f.entries
	f.entries = map[string]*cached{}
	f.mu.Unlock()
	for _, e := range old {
		e.free()
	}
}

func (f *cache) forget(key string) {
	f.mu.Lock()
	e := f.entries[key]
	delete(f.entries, key)
	f.mu.Unlock()
	e.free()
}

// expired says whether the result is there and too old.
func (e *cached) expired() bool {
	select {
	case <-e.done:
		return !e.until.IsZero() && time.Now().After(e.until)
	default:
		return false
	}
}

func (e *cached) free() {
	if e == nil {
		return
	}
	select {
	case <-e.done:
		if e.release != nil {
			e.release()
		}
	default: // still being computed: its session frees it
	}
}

// Coder is what a Host may have to say which text a cell's results depend on, so
// that a changed func misses the cache.
type Coder interface {
	// Code identifies the text of the cell and of the cells above it.
	Code(cell string) string
}

// CacheRef is one cached func.
type CacheRef struct {
	s        *Session
	name     string
	f        *cache
	resource bool
	opts     *settings
}

// CacheRef returns the cache of that name. resource hands out the value itself, else a
// copy of it.
func (c *Container) CacheRef(name string, resource bool, opts ...Option) *CacheRef {
	s, _, o := c.start(opts)
	id := fmt.Sprintf("%t\x00%s", resource, name)
	if coder, ok := s.Host.(Coder); ok {
		id += "\x00" + coder.Code(s.Cell())
	}
	return &CacheRef{s: s, name: name, f: s.App.caches.get(id), resource: resource, opts: o}
}

func (r *CacheRef) call() string {
	if r.resource {
		return "st.CacheResource(" + quote(r.name) + ")"
	}
	return "st.CacheData(" + quote(r.name) + ")"
}

// Do stores the func's result for the key in into, a pointer. It calls compute
// when the result is not there; of calls at the same time for the same key one
// computes and the others wait.
func (r *CacheRef) Do(key, into any, compute func() (any, error)) error {
	s := r.s
	s.Check()
	into = s.bare(into)
	id, err := s.hash(key)
	if err != nil {
		s.misuse(nil, r.call(), "cannot tell keys apart: %v", err)
		v, err := compute()
		if err == nil {
			err = store(into, s.bare(v))
		}
		return err
	}
	for {
		e, mine := r.f.take(id, r.opts.maxEntries)
		if mine {
			r.compute(e, id, into, compute)
		} else {
			select {
			case <-e.done:
			case <-s.Context().Done():
				s.Check()
			}
		}
		if e.failed {
			r.f.drop(id, e)
			s.Check()
			continue
		}
		if e.err != nil {
			r.f.drop(id, e) // errors are not kept
			return e.err
		}
		if !mine {
			s.replayed(e.shows)
		}
		v := e.value
		if !r.resource {
			v = s.copy(v)
		}
		if err := store(into, v); err != nil {
			// The type changed under the cache: it is another func now.
			r.f.drop(id, e)
			e.free()
			if mine {
				return err
			}
			continue
		}
		return nil
	}
}

// bare is a value without the wrapper that an engine may have put around it.
func (s *Session) bare(v any) any {
	if v == nil {
		return nil
	}
	r := s.Host.Value(v)
	if !r.IsValid() || !r.CanInterface() {
		return v
	}
	return r.Interface()
}

func store(into, v any) error {
	p := reflect.ValueOf(into)
	if p.Kind() != reflect.Pointer || p.IsNil() {
		return fmt.Errorf("a cache needs a pointer for its result")
	}
	if v == nil {
		p.Elem().SetZero()
		return nil
	}
	x := reflect.ValueOf(v)
	if !x.Type().AssignableTo(p.Elem().Type()) {
		return fmt.Errorf("the cached value is a %T, not a %s", v, p.Elem().Type())
	}
	p.Elem().Set(x)
	return nil
}

// take returns the entry of a key; mine says that the caller must compute it. Of
// more than most entries the one not used for longest goes; 0 is no bound.
func (f *cache) take(id string, most int) (e *cached, mine bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.clock++
	if e = f.entries[id]; e != nil {
		if !e.expired() {
			e.used = f.clock
			return e, false
		}
		go e.free()
	}
	e = &cached{done: make(chan struct{}), used: f.clock}
	f.entries[id] = e
	if most > 0 && len(f.entries) > most {
		var oldest string
		for k, o := range f.entries {
			if o != e && (oldest == "" || o.used < f.entries[oldest].used) {
				oldest = k
			}
		}
		go f.entries[oldest].free()
		delete(f.entries, oldest)
	}
	return e, true
}

func (f *cache) drop(id string, e *cached) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.entries[id] == e {
		delete(f.entries, id)
	}
}

// compute fills the entry. When the run is ended meanwhile, the entry is marked
// failed, and whoever waits for it computes it.
func (r *CacheRef) compute(e *cached, id string, into any, compute func() (any, error)) {
	s := r.s
	e.failed = true
	defer close(e.done)
	file := r.file(id)
	if file != "" && s.loadCached(file, into) {
		e.failed = false
		e.value = s.copy(reflect.ValueOf(into).Elem().Interface())
		return
	}
	rec := &recording{session: s.Cfg.ID, media: map[string]keptBlob{}}
	var stop func()
	rec.shown, stop = s.Record()
	s.mu.Lock()
	s.replay = append(s.replay, rec)
	s.cacheDep++
	s.mu.Unlock()
	defer func() {
		stop()
		s.mu.Lock()
		s.cacheDep--
		for i := range s.replay {
			if s.replay[i] == rec {
				s.replay = append(s.replay[:i:i], s.replay[i+1:]...)
				break
			}
		}
		s.mu.Unlock()
	}()
	v, err := compute()
	v = s.bare(v)
	e.shows, e.err = rec, err
	if err == nil {
		if r.resource {
			e.value, e.release = v, r.closer(v)
		} else {
			e.value, e.err = s.frozen(v)
			if file != "" && e.err == nil {
				s.saveCached(file, v)
			}
		}
	}
	if ttl := r.opts.ttl; ttl > 0 && file == "" {
		e.until = time.Now().Add(ttl)
	}
	e.failed = false
}

// closer is called with a resource that leaves the cache.
func (r *CacheRef) closer(v any) func() {
	release := r.opts.release
	return func() {
		if release != nil {
			release(v)
			return
		}
		if c, ok := v.(io.Closer); ok {
			_ = c.Close()
		}
	}
}

// Clear forgets every result.
func (r *CacheRef) Clear() {
	r.f.clear()
	if dir := r.dir(); dir != "" {
		_ = os.RemoveAll(dir)
	}
}

// ClearFor forgets the result of one key.
func (r *CacheRef) ClearFor(key any) {
	id, err := r.s.hash(key)
	if err != nil {
		return
	}
	r.f.forget(id)
	if f := r.file(id); f != "" {
		_ = os.Remove(f)
	}
}

// ClearCaches forgets everything that the app has cached.
func (c *Container) ClearCaches() {
	a := c.session().App
	a.caches.mu.Lock()
	var all []*cache
	for _, f := range a.caches.funcs {
		all = append(all, f)
	}
	a.caches.mu.Unlock()
	for _, f := range all {
		f.clear()
	}
	_ = os.RemoveAll(a.cacheDir())
}

func (a *App) cacheDir() string {
	if a.cfg.Cache != "" {
		return a.cfg.Cache
	}
	return filepath.Join(a.cfg.Dir, ".stnb", "cache")
}

func (r *CacheRef) dir() string {
	if !r.opts.cacheDisk || r.resource {
		return ""
	}
	h := sha256.Sum256([]byte(r.f.name))
	return filepath.Join(r.s.App.cacheDir(), hex.EncodeToString(h[:8]))
}

func (r *CacheRef) file(id string) string {
	if d := r.dir(); d != "" {
		return filepath.Join(d, id+".json")
	}
	return ""
}

func (s *Session) loadCached(file string, into any) bool {
	b, err := os.ReadFile(file)
	return err == nil && s.decodeJSON(json.RawMessage(b), into) == nil
}

// saveCached writes a value whole or not at all. A value that JSON cannot hold
// stays in memory only.
func (s *Session) saveCached(file string, v any) {
	b, err := s.encodeJSON(v)
	if err != nil {
		return
	}
	if os.MkdirAll(filepath.Dir(file), 0o700) != nil {
		return
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), "tmp-")
	if err != nil {
		return
	}
	_, err = tmp.Write(b)
	if err = errors.Join(err, tmp.Close()); err == nil {
		err = os.Rename(tmp.Name(), file)
	}
	if err != nil {
		_ = os.Remove(tmp.Name())
	}
}

// frozen is a value as the cache keeps it: a copy, its frames as tables of the
// cache's own.
func (s *Session) frozen(v any) (any, error) {
	space := s.App.caches.frames(dataframe.Config{Open: s.Space.Opener()})
	var bad error
	out := deepCopy(v, func(f *dataframe.Frame) *dataframe.Frame {
		g, err := f.Freeze(s.Context(), space)
		if err != nil {
			bad = errors.Join(bad, err)
			return f
		}
		return g
	})
	return out, bad
}

// copy is a value as the cache hands it out: nothing done to it is seen by
// others.
func (s *Session) copy(v any) any {
	return deepCopy(v, func(f *dataframe.Frame) *dataframe.Frame { return f.In(s.Space) })
}

// replayed shows what the computation of a cached result showed. Its media become
// this session's.
func (s *Session) replayed(rec *recording) {
	if rec == nil {
		return
	}
	for id, m := range rec.media {
		b := *m.blob
		s.store(m.kind, id, &b)
	}
	from, to := "/"+url.PathEscape(rec.session)+"/", "/"+url.PathEscape(s.Cfg.ID)+"/"
	s.Replay(rec.shown, func(el element.Element) element.Element {
		for id := range rec.media {
			el.Props = bytes.ReplaceAll(el.Props, []byte(from+id), []byte(to+id))
		}
		return el
	})
}

// cached says whether a cached func is running.
func (s *Session) cached() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cacheDep > 0
}

// Widget is run.Session.Widget, but for widgets in cached funcs.
func (s *Session) Widget(p *run.Place, w run.Widget) (run.Value, bool) {
	if s.cached() {
		name := w.Call
		if w.Label != "" {
			name += "(" + quote(w.Label) + ")"
		}
		s.misuse(p, name, "is in a cached func: a hit would not show it; call it outside and hand its value in")
		return run.Value{Value: w.Default, Shown: w.Default}, false
	}
	return s.Session.Widget(p, w)
}

// CacheOptions are those of a func with the directive //st:cache.
type CacheOptions struct {
	Resource   bool
	TTL        time.Duration
	MaxEntries int
	OnDisk     bool
	Code       string // identifies the func's text and that of what it calls
}

// CacheCall is a call of a func with the directive //st:cache: args are its
// arguments, compute calls the func itself and returns its results. A last result
// that is an error is not kept.
func CacheCall(name string, o CacheOptions, args []any, compute func() []any) []any {
	return bound().CacheCall(name, o, args, compute)
}

// CacheCall is the func of that name for this session.
func (s *Session) CacheCall(name string, o CacheOptions, args []any, compute func() []any) []any {
	f := s.App.caches.get(fmt.Sprintf("%t\x00func %s\x00%s", o.Resource, name, o.Code))
	r := &CacheRef{s: s, name: name, f: f, resource: o.Resource, opts: &settings{ttl: o.TTL, maxEntries: o.MaxEntries, cacheDisk: o.OnDisk}}
	var out []any
	var failed []any
	err := r.Do(args, &out, func() (any, error) {
		res := compute()
		if n := len(res); n > 0 {
			if err, ok := res[n-1].(error); ok && err != nil {
				failed = res
				return nil, err
			}
		}
		return res, nil
	})
	if err != nil {
		if failed != nil {
			return failed
		}
		return compute()
	}
	return out
}
