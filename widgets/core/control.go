package core

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"sort"
	"strings"

	"stnb.dev/widgets/element"
	"stnb.dev/widgets/markdown"
	"stnb.dev/widgets/run"
)

// Stop ends the run here.
func (c *Container) Stop() { c.session().Stop() }

// Rerun ends the run here and starts it again; with FragmentOnly just the fragment
// that runs.
func (c *Container) Rerun(opts ...Option) { c.session().Rerun(apply(opts).fragmentOnly) }

// SetPageConfig sets the page's title, icon and layout.
func (c *Container) SetPageConfig(opts ...Option) {
	s, p, o := c.start(opts)
	switch o.layout {
	case "", "centered", "wide":
	default:
		s.misuse(p, "st.SetPageConfig", "has st.Layout(%q); it is centered or wide", o.layout)
		o.layout = ""
	}
	switch o.sidebar {
	case "", "auto", "expanded", "collapsed":
	default:
		s.misuse(p, "st.SetPageConfig", "has st.SidebarState(%q); it is auto, expanded or collapsed", o.sidebar)
		o.sidebar = ""
	}
	icon := o.icon
	if !strings.Contains(icon, "/") || strings.HasPrefix(icon, ":") { // else it is the address of an image
		icon = s.icon(p, "st.SetPageConfig", icon)
	}
	s.Reput(element.Event+"/page", run.El("pageConfig", element.PageConfig{Title: o.pageTitle, Icon: icon, Layout: o.layout, Sidebar: o.sidebar}))
}

// QueryParams are the parameters of the page's address.
type QueryParams struct{ s *Session }

// QueryParams returns the parameters of the page's address.
func (c *Container) QueryParams() *QueryParams { return &QueryParams{c.session()} }

// Get returns a parameter's last value, "" when there is none.
func (q *QueryParams) Get(name string) string {
	all := q.s.Query()[name]
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

// GetAll returns all values of a parameter.
func (q *QueryParams) GetAll(name string) []string { return q.s.Query()[name] }

// Has says whether the parameter is there.
func (q *QueryParams) Has(name string) bool { return q.s.Query().Has(name) }

// Names returns the parameters' names, sorted.
func (q *QueryParams) Names() []string {
	var out []string
	for n := range q.s.Query() {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// Set sets a parameter to values, which become text.
func (q *QueryParams) Set(name string, values ...any) {
	if reservedParam(name) {
		q.s.misuse(nil, "st.QueryParams().Set("+quote(name)+")", "sets a parameter that stnb itself uses: choose another name")
		return
	}
	all := q.s.Query()
	all.Del(name)
	for _, v := range values {
		all.Add(name, q.s.Host.Label(v))
	}
	q.s.SetQuery(all)
}

// Delete removes a parameter.
func (q *QueryParams) Delete(name string) {
	all := q.s.Query()
	if !reservedParam(name) {
		all.Del(name)
	}
	q.s.SetQuery(all)
}

// Clear removes all parameters.
func (q *QueryParams) Clear() {
	kept := url.Values{}
	for n, v := range q.s.Query() {
		if reservedParam(n) {
			kept[n] = v
		}
	}
	q.s.SetQuery(kept)
}

func reservedParam(name string) bool {
	return name == "embed" || strings.HasPrefix(name, "embed_") || name == "token"
}

// PageDef is one page of an app with several.
type PageDef struct {
	Path, Title, Icon, Section string
	Default                    bool
	body                       func()
}

// Page describes a page: its title and what it shows.
func (c *Container) Page(title string, body func(), opts ...Option) *PageDef {
	o := apply(opts)
	p := &PageDef{Title: title, Path: o.path, Icon: o.icon, Section: o.section, Default: o.isDefault, body: body}
	if p.Path == "" {
		p.Path = slug(title)
	}
	return p
}

// Navigation is the pages of an app and which one is shown.
type Navigation struct {
	Pages   []*PageDef
	Current *PageDef
}

// Navigation lists the pages, shows a menu of them and runs the one that is open.
// Call it once, where the page's content stands.
func (c *Container) Navigation(pages []*PageDef, opts ...Option) *Navigation {
	s, p, o := c.start(opts)
	nav := &Navigation{Pages: pages}
	byPath := map[string]*PageDef{}
	props := element.Navigation{Position: o.position, Pages: []element.NavPage{}}
	var first *PageDef
	for _, pg := range pages {
		if pg == nil {
			continue
		}
		if byPath[pg.Path] != nil {
			s.misuse(p, "st.Page("+quote(pg.Title)+")", "has the path %q, which another page has too: give it st.Path", pg.Path)
			continue
		}
		byPath[pg.Path] = pg
		icon := s.icon(p, "st.Page("+quote(pg.Title)+")", pg.Icon)
		props.Pages = append(props.Pages, element.NavPage{Path: pg.Path, Title: pg.Title, Icon: icon, Section: pg.Section})
		first = cmp.Or(first, pg)
		if pg.Default && nav.Current == nil {
			nav.Current = pg
		}
	}
	if first == nil {
		s.misuse(p, "st.Navigation", "needs at least one page")
		return nav
	}
	nav.Current = cmp.Or(nav.Current, first)
	want := strings.Trim(s.PagePath(), "/")
	if to := s.target(); to != "" {
		want = to
	}
	if want != "" {
		if pg := byPath[want]; pg != nil {
			nav.Current = pg
		} else {
			s.misuse(p, "st.Navigation", "has no page %q", want)
		}
	}
	props.Current = nav.Current.Path
	s.mu.Lock()
	s.nav = nav
	s.mu.Unlock()
	s.Reput(element.Event+"/navigation", run.El("navigation", props))
	if nav.Current.body != nil {
		s.InPage("/"+nav.Current.Path, nav.Current.body)
	}
	return nav
}

// SwitchPage opens another page: the run ends here and starts again there. In a
// callback the run that follows is the one there.
func (c *Container) SwitchPage(page *PageDef) {
	s := c.session()
	if page == nil {
		s.misuse(nil, "st.SwitchPage", "needs a page")
		return
	}
	from := s.PagePath()
	s.mu.Lock()
	s.switched, s.from = page.Path, from
	s.mu.Unlock()
	if !s.InCallback() {
		s.Rerun(false)
	}
}

// target is the page that SwitchPage chose, until the browser goes elsewhere.
func (s *Session) target() string {
	at := s.PagePath()
	s.mu.Lock()
	defer s.mu.Unlock()
	if at != s.from {
		s.switched = ""
	}
	return s.switched
}

// PageLink leads to another page of the app.
func (c *Container) PageLink(page *PageDef, opts ...Option) *Element {
	s, p, o := c.start(opts)
	if page == nil {
		s.misuse(p, "st.PageLink", "needs a page")
		return &Element{s: s, p: p}
	}
	label := cmp.Or(o.label, page.Title)
	s.mu.Lock()
	current := s.nav != nil && s.nav.Current == page
	s.mu.Unlock()
	return s.put(p, o, "st.PageLink", "pageLink", element.PageLink{
		Widget: o.widgetProps(label), Icon: s.icon(p, "st.PageLink("+quote(label)+")", cmp.Or(o.icon, page.Icon)), Page: page.Path, Current: current,
	})
}

// RunContext is what is known of the visitor's page.
type RunContext struct {
	Session string // names the session in logs
	Run     uint64
	Page    string
	Query   url.Values
	App     bool // false in the editor
}

// Context returns what is known of the visitor's page.
func (c *Container) Context() RunContext {
	s := c.session()
	return RunContext{Session: s.Cfg.ID, Run: s.RunNumber(), Page: s.PagePath(), Query: s.Query(), App: s.Cfg.App}
}

// UserInfo is who uses the app.
type UserInfo struct {
	SignedIn bool   // false: the app asks nobody to, or it is open in the editor
	Subject  string // the provider's id of them, for ever the same
	Name     string
	Email    string // verified by the provider, in lower case; else ""
	Roles    []string
}

// Has says whether the user has a role.
func (u UserInfo) Has(role string) bool { return u.SignedIn && slices.Contains(u.Roles, role) }

// User returns who is signed in, in an app whose visitors sign in with a provider.
func (c *Container) User() UserInfo {
	u := c.session().User()
	return UserInfo{SignedIn: u.Subject != "", Subject: u.Subject, Name: u.Name, Email: u.Email, Roles: u.Roles}
}

// Ref is one key of session state.
type Ref struct {
	s   *Session
	key string
}

// StateRef returns a key of session state, which gets the value initial when it
// has none.
func (c *Container) StateRef(key string, initial any) *Ref {
	s := c.session()
	if key == "" {
		s.misuse(nil, "st.State", "needs a key")
	}
	s.StateInit(key, initial)
	return &Ref{s, key}
}

// Get returns the value.
func (r *Ref) Get() any {
	v, _ := r.s.StateGet(r.key)
	return v
}

// Has says whether the key is there.
func (r *Ref) Has() bool { return r.s.StateHas(r.key) }

// Set sets the value. It is for the program's own state and for widgets that are
// not shown yet in this run.
func (r *Ref) Set(v any) { r.s.StateSet(r.key, v) }

// Delete removes the key.
func (r *Ref) Delete() { r.s.StateDelete(r.key) }

// Convert makes into, a pointer to a variable of the type the program wants now,
// of a value of another type: one that was restored, or that an earlier version
// of the program stored. False means that it does not fit; then it is dropped,
// and the page says so.
func (r *Ref) Convert(into any) bool {
	s := r.s
	v, raw := s.StateInit(r.key, nil)
	if raw == nil && v == nil {
		return false
	}
	if raw == nil {
		if s.StateTouched(r.key) {
			s.misuse(nil, fmt.Sprintf("st.State(%q)", r.key), "is used with two types, %s and %s: one key has one type", typeName(v), strings.TrimPrefix(typeName(into), "*"))
			return false
		}
		raw, _ = s.encodeJSON(v)
	}
	if raw != nil && s.decodeJSON(raw, into) == nil {
		return true
	}
	s.Notice(nil, "<p>What session state held under <code>"+markdown.Escape(r.key)+"</code> does not fit its new type and was dropped.</p>")
	s.StateDelete(r.key)
	return false
}

func (s *Session) decodeJSON(raw json.RawMessage, into any) error {
	return json.Unmarshal(raw, s.bare(into))
}

// Replace puts a converted value in the place of what the key held.
func (r *Ref) Replace(v any) { r.s.StateReplace(r.key, v) }

// Touch notes that the key is used with the type it has.
func (r *Ref) Touch() { r.s.StateTouched(r.key) }

// DeleteState removes a key of session state.
func (c *Container) DeleteState(key string) { c.session().StateDelete(key) }

// HasState says whether session state has the key.
func (c *Container) HasState(key string) bool { return c.session().StateHas(key) }

// StateKeys returns the keys of session state, sorted.
func (c *Container) StateKeys() []string {
	keys := c.session().StateKeys()
	sort.Strings(keys)
	return keys
}

func typeName(v any) string { return fmt.Sprintf("%T", v) }
