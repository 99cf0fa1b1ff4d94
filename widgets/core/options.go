package core

import (
	"fmt"
	"reflect"
	"time"

	"stnb.dev/widgets/element"
	"stnb.dev/widgets/markdown"
)

// Option is what Python calls a keyword argument: st.Key("age").
type Option func(*settings)

// settings are all options of one call.
type settings struct {
	in       *Container
	key      string
	help     string
	disabled bool
	onChange func()
	value    []any
	hasValue bool

	placeholder string
	step        any
	min, max    any
	format      string
	horizontal  bool
	width       string
	height      int
	border      *bool
	persist     bool
	kind        string
	icon        string
	hideLabel   string
	captions    []string
	maxChars    int
	password    bool
	maxChosen   int
	acceptNew   bool
	types       []string
	multiple    bool
	maxBytes    int64
	shortcut    string
	complete    string

	x            string
	y            []string
	color        string
	size         string
	xLabel       string
	yLabel       string
	stack        *bool
	chartTitle   string
	delta        any
	deltaColor   string
	expanded     bool
	hasExpanded  bool
	anchor       string
	line         string
	language     string
	lineNumbers  bool
	gap          string
	align        string
	weights      []float64
	every        time.Duration
	fragmentOnly bool
	dismissible  *bool
	clearSubmit  bool
	noEnter      bool
	selection    []string // nil: none
	order        []string
	hideIndex    bool
	columns      []element.ColumnConfig
	dynamic      bool
	readOnly     []string
	autoplay     bool
	loop         bool
	muted        bool
	start        time.Duration
	alt          string
	caption      string
	pageTitle    string
	layout       string
	sidebar      string
	state        string
	label        string
	seconds      float64
	showTime     bool
	avatar       string
	fileName     string
	mime         string
	quiet        bool
	link         string
	zoom         float64
	levels       int
	autoScroll   bool
	section      string
	path         string
	isDefault    bool
	position     string
	ttl          time.Duration
	maxEntries   int
	cacheDisk    bool
	connType     string
	params       map[string]any
	release      func(any)
	required     bool
	validate     string
	choices      []any
	pinned       bool
	query        string
	tracked      bool
}

// plain is what a call without options has. Nobody writes to it: settings are
// changed by options alone.
var plain = &settings{}

func apply(opts []Option) *settings {
	if len(opts) == 0 {
		return plain
	}
	o := &settings{}
	for _, f := range opts {
		if f != nil {
			f(o)
		}
	}
	return o
}

// Key names a widget: its identity, whatever its other parameters, and the key of
// its value in session state.
func Key(key string) Option { return func(o *settings) { o.key = key } }

// Help is shown when the pointer rests on the question mark beside the label.
func Help(text string) Option { return func(o *settings) { o.help = text } }

// Disabled greys the widget out while on is true; its value cannot be changed.
func Disabled(on bool) Option { return func(o *settings) { o.disabled = on } }

// In puts the element into a container instead of the current place.
func In(b *Container) Option { return func(o *settings) { o.in = b } }

// OnClick calls f before the run that a click causes.
func OnClick(f func()) Option { return func(o *settings) { o.onChange = f } }

// OnChange calls f before the run that a change of the value causes.
func OnChange(f func()) Option { return func(o *settings) { o.onChange = f } }

// Value is the value a widget starts with; two of a range, any number of a
// multiselect.
func Value(v ...any) Option { return func(o *settings) { o.value, o.hasValue = v, true } }

// Placeholder is shown while there is no value.
func Placeholder(text string) Option { return func(o *settings) { o.placeholder = text } }

// Step is the distance between neighbouring values: a number, or a time.Duration
// of times.
func Step(v any) Option { return func(o *settings) { o.step = v } }

// Min is the least value: a number, a time.Time.
func Min(v any) Option { return func(o *settings) { o.min = v } }

// Max is the greatest value: a number, a time.Time.
func Max(v any) Option { return func(o *settings) { o.max = v } }

// Format says how a value is written: a printf verb such as "%.2f", or "percent",
// "compact"; of dates a pattern such as "DD.MM.YYYY".
func Format(f string) Option { return func(o *settings) { o.format = f } }

// Horizontal lays choices, bars or a container's elements side by side.
func Horizontal() Option { return func(o *settings) { o.horizontal = true } }

// Width is "stretch", "content" or a number of pixels.
func Width(w any) Option { return func(o *settings) { o.width = fmt.Sprint(w) } }

// Height is in pixels.
func Height(pixels int) Option { return func(o *settings) { o.height = pixels } }

// Border draws a border, or none.
func Border(on bool) Option { return func(o *settings) { o.border = &on } }

// Persist keeps a widget's value while the widget is not shown.
func Persist() Option { return func(o *settings) { o.persist = true } }

// QueryParam keeps a widget's value in the page's address, as the parameter of
// that name: a link to the page brings the value back.
func QueryParam(name string) Option { return func(o *settings) { o.query = name } }

// Tracked makes it a value of the app which tab is shown, or whether an expander
// or popover is open: the app runs when people change it, and IsOpen tells. OnChange
// does so too.
func Tracked() Option { return func(o *settings) { o.tracked = true } }

// Primary makes a button stand out.
func Primary() Option { return func(o *settings) { o.kind = "primary" } }

// Tertiary makes a button plain text.
func Tertiary() Option { return func(o *settings) { o.kind = "tertiary" } }

// Icon is an emoji, or ":material/name:".
func Icon(icon string) Option { return func(o *settings) { o.icon = icon } }

// HideLabel keeps the label's room but does not show it; readers of the screen
// still hear it.
func HideLabel() Option { return func(o *settings) { o.hideLabel = "hidden" } }

// CollapseLabel takes the label's room away.
func CollapseLabel() Option { return func(o *settings) { o.hideLabel = "collapsed" } }

// Captions are small texts below the options of a radio.
func Captions(texts ...string) Option { return func(o *settings) { o.captions = texts } }

// MaxChars bounds the length of a text.
func MaxChars(n int) Option { return func(o *settings) { o.maxChars = n } }

// Password hides what is typed.
func Password() Option { return func(o *settings) { o.password = true } }

// Autocomplete is the browser's hint for filling in, such as "email".
func Autocomplete(hint string) Option { return func(o *settings) { o.complete = hint } }

// MaxSelections bounds how many options can be chosen.
func MaxSelections(n int) Option { return func(o *settings) { o.maxChosen = n } }

// AcceptNew lets people type options that are not in the list.
func AcceptNew() Option { return func(o *settings) { o.acceptNew = true } }

// Types are the file extensions that can be uploaded: "csv", ".png".
func Types(extensions ...string) Option { return func(o *settings) { o.types = extensions } }

// MaxBytes bounds an uploaded file.
func MaxBytes(n int64) Option { return func(o *settings) { o.maxBytes = n } }

// Shortcut presses a button from the keyboard: "Ctrl+Enter".
func Shortcut(keys string) Option { return func(o *settings) { o.shortcut = keys } }

// X is a chart's column of the horizontal axis; without it rows are numbered.
func X(column string) Option { return func(o *settings) { o.x = column } }

// Y are a chart's columns of numbers; without it all of them.
func Y(columns ...string) Option { return func(o *settings) { o.y = columns } }

// Color is the column that splits a chart in series, or a colour: "#ff0000", "red".
func Color(c string) Option { return func(o *settings) { o.color = c } }

// Size is the column of a scatter chart's or a map's point size.
func Size(column string) Option { return func(o *settings) { o.size = column } }

// XLabel is the text of the horizontal axis.
func XLabel(text string) Option { return func(o *settings) { o.xLabel = text } }

// YLabel is the text of the vertical axis.
func YLabel(text string) Option { return func(o *settings) { o.yLabel = text } }

// Stack puts series on top of each other, or side by side.
func Stack(on bool) Option { return func(o *settings) { o.stack = &on } }

// ChartTitle stands above a chart.
func ChartTitle(text string) Option { return func(o *settings) { o.chartTitle = text } }

// Delta is a metric's change: a number is green when it grows, red when it falls.
func Delta(v any) Option { return func(o *settings) { o.delta = v } }

// DeltaColor is "normal", "inverse" or "off".
func DeltaColor(mode string) Option { return func(o *settings) { o.deltaColor = mode } }

// Expanded opens an expander or a status.
func Expanded(on bool) Option { return func(o *settings) { o.expanded, o.hasExpanded = on, true } }

// Anchor is a heading's name in links.
func Anchor(name string) Option { return func(o *settings) { o.anchor = name } }

// Underline draws a line of the colour under a heading; "rainbow" is one.
func Underline(color string) Option { return func(o *settings) { o.line = color } }

// Language colours code: "go", "sql", "" for none.
func Language(name string) Option { return func(o *settings) { o.language = name } }

// LineNumbers numbers the lines of code.
func LineNumbers() Option { return func(o *settings) { o.lineNumbers = true } }

// Gap is the room between columns or elements: "small", "medium", "large".
func Gap(size string) Option { return func(o *settings) { o.gap = size } }

// Align places the content of columns: "top", "center", "bottom".
func Align(where string) Option { return func(o *settings) { o.align = where } }

// Weights are the relative widths of columns.
func Weights(w ...float64) Option { return func(o *settings) { o.weights = w } }

// RunEvery runs a fragment again and again by itself.
func RunEvery(d time.Duration) Option { return func(o *settings) { o.every = d } }

// FragmentOnly limits Rerun to the fragment that runs.
func FragmentOnly() Option { return func(o *settings) { o.fragmentOnly = true } }

// Dismissible says whether a dialog can be closed without an answer.
func Dismissible(on bool) Option { return func(o *settings) { o.dismissible = &on } }

// ClearOnSubmit sets a form's widgets back to their defaults after a submit.
func ClearOnSubmit() Option { return func(o *settings) { o.clearSubmit = true } }

// NoEnter keeps the Enter key from submitting a form.
func NoEnter() Option { return func(o *settings) { o.noEnter = true } }

// Selection lets people select in a grid: "single-row", "multi-row",
// "single-column", "multi-column" or "multi-cell". In a chart it is "single-point" or
// "multi-point", and "range" for a stretch of its axes; in a Vega-Lite chart the names
// of parameters of the specification that select, or nothing for all of them. The
// chart's Selected says what was selected.
func Selection(modes ...string) Option {
	return func(o *settings) { o.selection = append([]string{}, modes...) }
}

// ColumnOrder shows these columns only, in this order.
func ColumnOrder(names ...string) Option { return func(o *settings) { o.order = names } }

// HideIndex hides the row numbers of a grid.
func HideIndex() Option { return func(o *settings) { o.hideIndex = true } }

// Dynamic lets people add and delete rows of a data editor.
func Dynamic() Option { return func(o *settings) { o.dynamic = true } }

// ReadOnly keeps columns of a data editor from being edited.
func ReadOnly(columns ...string) Option {
	return func(o *settings) { o.readOnly = append(o.readOnly, columns...) }
}

// Autoplay starts sound or video by itself.
func Autoplay() Option { return func(o *settings) { o.autoplay = true } }

// Loop plays again and again.
func Loop() Option { return func(o *settings) { o.loop = true } }

// Muted plays without sound.
func Muted() Option { return func(o *settings) { o.muted = true } }

// Start is where playing starts.
func Start(at time.Duration) Option { return func(o *settings) { o.start = at } }

// Alt describes an image to those who do not see it.
func Alt(text string) Option { return func(o *settings) { o.alt = text } }

// ImageCaption stands below an image.
func ImageCaption(text string) Option { return func(o *settings) { o.caption = text } }

// PageTitle is the text of the browser's tab.
func PageTitle(text string) Option { return func(o *settings) { o.pageTitle = text } }

// PageIcon is an emoji or the URL of an image, for the browser's tab.
func PageIcon(icon string) Option { return func(o *settings) { o.icon = icon } }

// Layout is "centered" or "wide".
func Layout(mode string) Option { return func(o *settings) { o.layout = mode } }

// SidebarState is "auto", "expanded" or "collapsed".
func SidebarState(state string) Option { return func(o *settings) { o.sidebar = state } }

// NewLabel changes a status's label.
func NewLabel(text string) Option { return As(text) }

// StatusState sets a status to "running", "complete" or "error".
func StatusState(state string) Option { return func(o *settings) { o.state = state } }

// As is the text shown in place of a name: a column's heading, a page link's or a
// status's new label.
func As(text string) Option { return func(o *settings) { o.label = text } }

// Duration is how long a toast stays.
func Duration(d time.Duration) Option { return func(o *settings) { o.seconds = d.Seconds() } }

// ShowTime shows for how long a spinner turns.
func ShowTime() Option { return func(o *settings) { o.showTime = true } }

// Avatar is an emoji, an icon or the URL of an image for a chat message.
func Avatar(a string) Option { return func(o *settings) { o.avatar = a } }

// FileName is what a download is saved as.
func FileName(name string) Option { return func(o *settings) { o.fileName = name } }

// MIME is the type of a download's or media's data.
func MIME(t string) Option { return func(o *settings) { o.mime = t } }

// NoRerun makes a click of a download button run nothing.
func NoRerun() Option { return func(o *settings) { o.quiet = true } }

// Link is where a click on a logo leads.
func Link(url string) Option { return func(o *settings) { o.link = url } }

// Multi lets people choose several pills or segments.
func Multi() Option { return func(o *settings) { o.multiple = true } }

// Zoom is a map's, 0 the world to 20 a house.
func Zoom(z float64) Option { return func(o *settings) { o.zoom = z } }

// Levels is how many levels of a JSON tree are open.
func Levels(n int) Option { return func(o *settings) { o.levels = n } }

// AutoScroll keeps a container of fixed height at its end.
func AutoScroll() Option { return func(o *settings) { o.autoScroll = true } }

// Default makes a page the one that opens first.
func Default() Option { return func(o *settings) { o.isDefault = true } }

// Section groups pages in the navigation.
func Section(title string) Option { return func(o *settings) { o.section = title } }

// Path is a page's path in the URL.
func Path(p string) Option { return func(o *settings) { o.path = p } }

// Position of the navigation: "sidebar", "top", "hidden".
func Position(where string) Option { return func(o *settings) { o.position = where } }

// TTL is how long a cached value, a query's result or a connection is good.
func TTL(d time.Duration) Option { return func(o *settings) { o.ttl = d } }

// MaxEntries bounds a cache; the value that was not used for longest goes.
func MaxEntries(n int) Option { return func(o *settings) { o.maxEntries = n } }

// OnDisk keeps a cache across restarts.
func OnDisk() Option { return func(o *settings) { o.cacheDisk = true } }

// OnRelease is called with a cached resource when it leaves the cache.
func OnRelease(f func(any)) Option { return func(o *settings) { o.release = f } }

// Type is a connection's kind: "duckdb", "sqlite", "postgres", "mysql".
func Type(name string) Option { return func(o *settings) { o.connType = name } }

// Param is a parameter of a connection; it wins over the secrets file.
func Param(name string, v any) Option {
	return func(o *settings) {
		if o.params == nil {
			o.params = map[string]any{}
		}
		o.params[name] = v
	}
}

// number reads an option that is a number, of any type.
func (s *Session) number(v any) (float64, bool) {
	if v == nil {
		return 0, false
	}
	r := s.Host.Value(v)
	for r.IsValid() && r.Kind() == reflect.Pointer && !r.IsNil() {
		r = r.Elem()
	}
	if !r.IsValid() {
		return 0, false
	}
	switch {
	case r.CanInt():
		return float64(r.Int()), true
	case r.CanUint():
		return float64(r.Uint()), true
	case r.CanFloat():
		return r.Float(), true
	}
	return 0, false
}

// widgetProps are the props every widget has.
func (o *settings) widgetProps(label string) element.Widget {
	html, markup := markdown.Inline(label)
	w := element.Widget{Label: label, Help: o.help, Disabled: o.disabled, HideLabel: o.hideLabel, Width: o.width}
	if markup {
		w.LabelHTML = html
		w.Label = markdown.Plain(label)
	}
	return w
}
