package core

import (
	"fmt"
	"slices"
	"strings"

	"stnb.dev/dataframe"
	"stnb.dev/widgets/element"
	"stnb.dev/widgets/run"
)

// Container is somewhere on the page that takes elements. Every method puts one
// element there, below what is there already.
type Container struct {
	s      *Session   // nil: the bound one
	p      *run.Place // nil: the current place
	closed bool       // it is tracked, and not open
}

// IsOpen says whether the expander or popover is open, or the tab shown, when it is
// Tracked; of other containers it is always true.
func (c *Container) IsOpen() bool { return !c.closed }

func (c *Container) session() *Session {
	if c == nil || c.s == nil {
		return bound()
	}
	return c.s
}

// start reads a call's options and settles where it goes.
func (c *Container) start(opts []Option) (*Session, *run.Place, *settings) {
	s := c.session()
	o := apply(opts)
	p := c.place()
	if o.in != nil {
		p = o.in.place()
	}
	return s, p, o
}

func (c *Container) place() *run.Place {
	if c == nil {
		return nil
	}
	return c.p
}

// Element is a handle of something shown, with which it can be changed.
type Element struct {
	s    *Session
	p    *run.Place
	path element.Path
	kind string
	call string

	ref   string // of a dataframe
	chart *chartState
	table *element.Table
	spec  *element.VegaLite

	selects bool // a chart in which people select
	picked  ChartSelection
}

// put shows an element and returns its handle.
func (s *Session) put(p *run.Place, o *settings, call, kind string, props any) *Element {
	el := run.El(kind, props)
	if o != nil {
		el.Key = o.key
	}
	return &Element{s: s, p: p, path: s.Put(p, el), kind: kind, call: call}
}

// putWidget shows a widget's element.
func (s *Session) putWidget(p *run.Place, o *settings, kind string, props any, v run.Value) {
	el := run.El(kind, props)
	el.ID, el.Key, el.Form, el.Fragment = v.ID, o.key, v.Form, v.Fragment
	s.Put(p, el)
}

// putContainer shows a container and returns it.
func (s *Session) putContainer(p *run.Place, o *settings, kind string, props any) *Container {
	el := run.El(kind, props)
	if o != nil {
		el.Key = o.key
	}
	return &Container{s: s, p: s.PutContainer(p, el)}
}

// Empty takes the element away.
func (e *Element) Empty() {
	if e != nil && e.s != nil {
		e.s.Remove(e.path)
	}
}

func (s *Session) misuse(p *run.Place, call, format string, args ...any) {
	s.Misuse(p, call, fmt.Sprintf(format, args...))
}

// has says whether a call got the func it needs.
func (s *Session) has(p *run.Place, call string, it bool) bool {
	if !it {
		s.misuse(p, call, "needs a func, and got nil")
	}
	return it
}

// oneOf is an option's word, "" when it is none of these.
func (s *Session) oneOf(p *run.Place, call, option, word string, words ...string) string {
	if word == "" || slices.Contains(words, word) {
		return word
	}
	s.misuse(p, call, "has st.%s(%q); it is one of %s", option, word, strings.Join(words, ", "))
	return ""
}

// With makes the container the current place while f runs: funcs of package
// widgets put their elements into it.
func (c *Container) With(f func()) *Container {
	s := c.session()
	p := c.place()
	if p == nil {
		p = s.Current()
	}
	s.With(p, f)
	return c
}

// Write shows anything in the way that suits it: text as Markdown, a frame or a
// slice of structs as a table, an error, an image, any other Go value as a value.
// Several texts and numbers in a row become one line.
func (c *Container) Write(args ...any) *Element {
	s, p, _ := c.start(nil)
	var line []string
	var last *Element
	flush := func() {
		if len(line) > 0 {
			last = (&Container{s: s, p: p}).Markdown(strings.Join(line, " "))
			line = nil
		}
	}
	for _, a := range args {
		if isText(a) || len(args) > 1 && isSimple(a) {
			line = append(line, s.Host.Label(a))
			continue
		}
		flush()
		last = s.write(p, a)
	}
	flush()
	return last
}

func isText(v any) bool {
	_, ok := v.(string)
	return ok
}

func isSimple(v any) bool {
	switch v.(type) {
	case bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64, float32, float64, fmt.Stringer:
		return true
	}
	return false
}

func (s *Session) write(p *run.Place, v any) *Element {
	at := &Container{s: s, p: p}
	switch x := v.(type) {
	case nil:
	case *dataframe.Frame:
		return at.Dataframe(x)
	case error:
		s.Fail(p, x)
		return nil
	case *Element, *Container, *ProgressBar, *StatusBox, *ToastMessage:
		return nil // what is on the screen already is not shown again
	case *dataframe.Grouped:
		s.misuse(p, "st.Write", "got groups: add Agg, such as Agg(\"count(*) AS n\")")
		return nil
	}
	if img := imageOf(v); img != nil {
		return at.Image(v)
	}
	if f := s.tableLike(v); f != nil {
		return at.Dataframe(f)
	}
	el := s.Host.Display(v)
	return &Element{s: s, p: p, path: s.Put(p, el), kind: el.Kind, call: "st.Write"}
}

// tableLike is the frame of a value that reads best as a table, else nil.
func (s *Session) tableLike(v any) *dataframe.Frame {
	if v == nil {
		return nil
	}
	if !s.Space.IsTable(v) {
		return nil
	}
	f := s.Space.From(v)
	if f.Err() != nil {
		return nil
	}
	return f
}
