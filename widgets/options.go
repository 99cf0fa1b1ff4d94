// Code generated from package core by go generate; DO NOT EDIT.

package widgets

import (
	"time"

	"stnb.dev/widgets/core"
)

// AcceptNew lets people type options that are not in the list.
func AcceptNew() Option {
	return core.AcceptNew()
}

// Align places the content of columns: "top", "center", "bottom".
func Align(where string) Option {
	return core.Align(where)
}

// Alt describes an image to those who do not see it.
func Alt(text string) Option {
	return core.Alt(text)
}

// Anchor is a heading's name in links.
func Anchor(name string) Option {
	return core.Anchor(name)
}

// AnyColumn is a column of whatever kind its data is; for a heading, a width or
// Help.
func AnyColumn(opts ...Option) ColumnKind {
	return core.AnyColumn(opts...)
}

// AreaChartColumn draws lists of numbers as areas between Min and Max.
func AreaChartColumn(opts ...Option) ColumnKind {
	return core.AreaChartColumn(opts...)
}

// As is the text shown in place of a name: a column's heading, a page link's or a
// status's new label.
func As(text string) Option {
	return core.As(text)
}

// AudioColumn is sounds by their links; a cell that is opened plays.
func AudioColumn(opts ...Option) ColumnKind {
	return core.AudioColumn(opts...)
}

// AutoScroll keeps a container of fixed height at its end.
func AutoScroll() Option {
	return core.AutoScroll()
}

// Autocomplete is the browser's hint for filling in, such as "email".
func Autocomplete(hint string) Option {
	return core.Autocomplete(hint)
}

// Autoplay starts sound or video by itself.
func Autoplay() Option {
	return core.Autoplay()
}

// Avatar is an emoji, an icon or the URL of an image for a chat message.
func Avatar(a string) Option {
	return core.Avatar(a)
}

// BarChartColumn draws lists of numbers as bars between Min and Max.
func BarChartColumn(opts ...Option) ColumnKind {
	return core.BarChartColumn(opts...)
}

// Border draws a border, or none.
func Border(on bool) Option {
	return core.Border(on)
}

// Captions are small texts below the options of a radio.
func Captions(texts ...string) Option {
	return core.Captions(texts...)
}

// ChartTitle stands above a chart.
func ChartTitle(text string) Option {
	return core.ChartTitle(text)
}

// CheckboxColumn is true or false.
func CheckboxColumn(opts ...Option) ColumnKind {
	return core.CheckboxColumn(opts...)
}

// Choices are the options of a selectbox or multiselect column.
func Choices(values ...any) Option {
	return core.Choices(values...)
}

// ClearOnSubmit sets a form's widgets back to their defaults after a submit.
func ClearOnSubmit() Option {
	return core.ClearOnSubmit()
}

// CollapseLabel takes the label's room away.
func CollapseLabel() Option {
	return core.CollapseLabel()
}

// Color is the column that splits a chart in series, or a colour: "#ff0000", "red".
func Color(c string) Option {
	return core.Color(c)
}

// Column configures a column of a grid: st.Column("age", st.NumberColumn(st.Min(0))).
// Without a kind it is shown as its type says.
func Column(name string, kind ...ColumnKind) Option {
	return core.Column(name, kind...)
}

// ColumnOrder shows these columns only, in this order.
func ColumnOrder(names ...string) Option {
	return core.ColumnOrder(names...)
}

// DateColumn is dates: Min, Max and Format.
func DateColumn(opts ...Option) ColumnKind {
	return core.DateColumn(opts...)
}

// DatetimeColumn is dates with a time of day: Min, Max and Format.
func DatetimeColumn(opts ...Option) ColumnKind {
	return core.DatetimeColumn(opts...)
}

// Default makes a page the one that opens first.
func Default() Option {
	return core.Default()
}

// Delta is a metric's change: a number is green when it grows, red when it falls.
func Delta(v any) Option {
	return core.Delta(v)
}

// DeltaColor is "normal", "inverse" or "off".
func DeltaColor(mode string) Option {
	return core.DeltaColor(mode)
}

// Disabled greys the widget out while on is true; its value cannot be changed.
func Disabled(on bool) Option {
	return core.Disabled(on)
}

// Dismissible says whether a dialog can be closed without an answer.
func Dismissible(on bool) Option {
	return core.Dismissible(on)
}

// Duration is how long a toast stays.
func Duration(d time.Duration) Option {
	return core.Duration(d)
}

// Dynamic lets people add and delete rows of a data editor.
func Dynamic() Option {
	return core.Dynamic()
}

// Expanded opens an expander or a status.
func Expanded(on bool) Option {
	return core.Expanded(on)
}

// FileName is what a download is saved as.
func FileName(name string) Option {
	return core.FileName(name)
}

// Format says how a value is written: a printf verb such as "%.2f", or "percent",
// "compact"; of dates a pattern such as "DD.MM.YYYY".
func Format(f string) Option {
	return core.Format(f)
}

// FragmentOnly limits Rerun to the fragment that runs.
func FragmentOnly() Option {
	return core.FragmentOnly()
}

// Gap is the room between columns or elements: "small", "medium", "large".
func Gap(size string) Option {
	return core.Gap(size)
}

// Height is in pixels.
func Height(pixels int) Option {
	return core.Height(pixels)
}

// Help is shown when the pointer rests on the question mark beside the label.
func Help(text string) Option {
	return core.Help(text)
}

// HideColumn leaves a column out.
func HideColumn(name string) Option {
	return core.HideColumn(name)
}

// HideIndex hides the row numbers of a grid.
func HideIndex() Option {
	return core.HideIndex()
}

// HideLabel keeps the label's room but does not show it; readers of the screen
// still hear it.
func HideLabel() Option {
	return core.HideLabel()
}

// Horizontal lays choices, bars or a container's elements side by side.
func Horizontal() Option {
	return core.Horizontal()
}

// Icon is an emoji, or ":material/name:".
func Icon(icon string) Option {
	return core.Icon(icon)
}

// ImageCaption stands below an image.
func ImageCaption(text string) Option {
	return core.ImageCaption(text)
}

// ImageColumn is images by their links.
func ImageColumn(opts ...Option) ColumnKind {
	return core.ImageColumn(opts...)
}

// In puts the element into a container instead of the current place.
func In(b *Block) Option {
	return core.In(b)
}

// JSONColumn is JSON, as text or as structs; a cell that is opened shows it as a tree.
func JSONColumn(opts ...Option) ColumnKind {
	return core.JSONColumn(opts...)
}

// Key names a widget: its identity, whatever its other parameters, and the key of
// its value in session state.
func Key(key string) Option {
	return core.Key(key)
}

// Language colours code: "go", "sql", "" for none.
func Language(name string) Option {
	return core.Language(name)
}

// Layout is "centered" or "wide".
func Layout(mode string) Option {
	return core.Layout(mode)
}

// Levels is how many levels of a JSON tree are open.
func Levels(n int) Option {
	return core.Levels(n)
}

// LineChartColumn draws lists of numbers as lines between Min and Max.
func LineChartColumn(opts ...Option) ColumnKind {
	return core.LineChartColumn(opts...)
}

// LineNumbers numbers the lines of code.
func LineNumbers() Option {
	return core.LineNumbers()
}

// Link is where a click on a logo leads.
func Link(url string) Option {
	return core.Link(url)
}

// LinkColumn is links to click: MaxChars and Validate bound them.
func LinkColumn(opts ...Option) ColumnKind {
	return core.LinkColumn(opts...)
}

// ListColumn is lists.
func ListColumn(opts ...Option) ColumnKind {
	return core.ListColumn(opts...)
}

// Loop plays again and again.
func Loop() Option {
	return core.Loop()
}

// MIME is the type of a download's or media's data.
func MIME(t string) Option {
	return core.MIME(t)
}

// MarkdownColumn is Markdown; a cell that is opened shows it rendered, or in an
// editor its text: MaxChars and Validate bound it.
func MarkdownColumn(opts ...Option) ColumnKind {
	return core.MarkdownColumn(opts...)
}

// Max is the greatest value: a number, a time.Time.
func Max(v any) Option {
	return core.Max(v)
}

// MaxBytes bounds an uploaded file.
func MaxBytes(n int64) Option {
	return core.MaxBytes(n)
}

// MaxChars bounds the length of a text.
func MaxChars(n int) Option {
	return core.MaxChars(n)
}

// MaxEntries bounds a cache; the value that was not used for longest goes.
func MaxEntries(n int) Option {
	return core.MaxEntries(n)
}

// MaxSelections bounds how many options can be chosen.
func MaxSelections(n int) Option {
	return core.MaxSelections(n)
}

// Min is the least value: a number, a time.Time.
func Min(v any) Option {
	return core.Min(v)
}

// Multi lets people choose several pills or segments.
func Multi() Option {
	return core.Multi()
}

// MultiselectColumn is lists of texts: any number of Choices, with AcceptNew also
// others.
func MultiselectColumn(opts ...Option) ColumnKind {
	return core.MultiselectColumn(opts...)
}

// Muted plays without sound.
func Muted() Option {
	return core.Muted()
}

// NewLabel changes a status's label.
func NewLabel(text string) Option {
	return core.NewLabel(text)
}

// NoEnter keeps the Enter key from submitting a form.
func NoEnter() Option {
	return core.NoEnter()
}

// NoRerun makes a click of a download button run nothing.
func NoRerun() Option {
	return core.NoRerun()
}

// NumberColumn is numbers: Min, Max, Step and Format. It takes whole numbers only
// when one of Min, Max, Step and Value is a whole number of Go.
func NumberColumn(opts ...Option) ColumnKind {
	return core.NumberColumn(opts...)
}

// OnChange calls f before the run that a change of the value causes.
func OnChange(f func()) Option {
	return core.OnChange(f)
}

// OnClick calls f before the run that a click causes.
func OnClick(f func()) Option {
	return core.OnClick(f)
}

// OnDisk keeps a cache across restarts.
func OnDisk() Option {
	return core.OnDisk()
}

// OnRelease is called with a cached resource when it leaves the cache.
func OnRelease(f func(any)) Option {
	return core.OnRelease(f)
}

// PageIcon is an emoji or the URL of an image, for the browser's tab.
func PageIcon(icon string) Option {
	return core.PageIcon(icon)
}

// PageTitle is the text of the browser's tab.
func PageTitle(text string) Option {
	return core.PageTitle(text)
}

// Param is a parameter of a connection; it wins over the secrets file.
func Param(name string, v any) Option {
	return core.Param(name, v)
}

// Password hides what is typed.
func Password() Option {
	return core.Password()
}

// Path is a page's path in the URL.
func Path(p string) Option {
	return core.Path(p)
}

// Persist keeps a widget's value while the widget is not shown.
func Persist() Option {
	return core.Persist()
}

// Pinned keeps a column in view at the left.
func Pinned() Option {
	return core.Pinned()
}

// Placeholder is shown while there is no value.
func Placeholder(text string) Option {
	return core.Placeholder(text)
}

// Position of the navigation: "sidebar", "top", "hidden".
func Position(where string) Option {
	return core.Position(where)
}

// Primary makes a button stand out.
func Primary() Option {
	return core.Primary()
}

// ProgressColumn draws numbers as bars from Min to Max.
func ProgressColumn(opts ...Option) ColumnKind {
	return core.ProgressColumn(opts...)
}

// QueryParam keeps a widget's value in the page's address, as the parameter of
// that name: a link to the page brings the value back.
func QueryParam(name string) Option {
	return core.QueryParam(name)
}

// ReadOnly keeps columns of a data editor from being edited.
func ReadOnly(columns ...string) Option {
	return core.ReadOnly(columns...)
}

// Required keeps a new row back until the column is filled.
func Required() Option {
	return core.Required()
}

// RunEvery runs a fragment again and again by itself.
func RunEvery(d time.Duration) Option {
	return core.RunEvery(d)
}

// Section groups pages in the navigation.
func Section(title string) Option {
	return core.Section(title)
}

// SelectboxColumn is one of Choices.
func SelectboxColumn(opts ...Option) ColumnKind {
	return core.SelectboxColumn(opts...)
}

// Selection lets people select in a grid: "single-row", "multi-row",
// "single-column", "multi-column" or "multi-cell". In a chart it is "single-point" or
// "multi-point", and "range" for a stretch of its axes; in a Vega-Lite chart the names
// of parameters of the specification that select, or nothing for all of them. The
// chart's Selected says what was selected.
func Selection(modes ...string) Option {
	return core.Selection(modes...)
}

// Shortcut presses a button from the keyboard: "Ctrl+Enter".
func Shortcut(keys string) Option {
	return core.Shortcut(keys)
}

// ShowTime shows for how long a spinner turns.
func ShowTime() Option {
	return core.ShowTime()
}

// SidebarState is "auto", "expanded" or "collapsed".
func SidebarState(state string) Option {
	return core.SidebarState(state)
}

// Size is the column of a scatter chart's or a map's point size.
func Size(column string) Option {
	return core.Size(column)
}

// Stack puts series on top of each other, or side by side.
func Stack(on bool) Option {
	return core.Stack(on)
}

// Start is where playing starts.
func Start(at time.Duration) Option {
	return core.Start(at)
}

// StatusState sets a status to "running", "complete" or "error".
func StatusState(state string) Option {
	return core.StatusState(state)
}

// Step is the distance between neighbouring values: a number, or a time.Duration
// of times.
func Step(v any) Option {
	return core.Step(v)
}

// TTL is how long a cached value, a query's result or a connection is good.
func TTL(d time.Duration) Option {
	return core.TTL(d)
}

// Tertiary makes a button plain text.
func Tertiary() Option {
	return core.Tertiary()
}

// TextColumn is text: MaxChars and Validate bound it.
func TextColumn(opts ...Option) ColumnKind {
	return core.TextColumn(opts...)
}

// TimeColumn is times of day.
func TimeColumn(opts ...Option) ColumnKind {
	return core.TimeColumn(opts...)
}

// Tracked makes it a value of the app which tab is shown, or whether an expander
// or popover is open: the app runs when people change it, and IsOpen tells. OnChange
// does so too.
func Tracked() Option {
	return core.Tracked()
}

// Type is a connection's kind: "duckdb", "sqlite", "postgres", "mysql".
func Type(name string) Option {
	return core.Type(name)
}

// Types are the file extensions that can be uploaded: "csv", ".png".
func Types(extensions ...string) Option {
	return core.Types(extensions...)
}

// Underline draws a line of the colour under a heading; "rainbow" is one.
func Underline(color string) Option {
	return core.Underline(color)
}

// Validate bounds a text column to what the regular expression matches.
func Validate(pattern string) Option {
	return core.Validate(pattern)
}

// Value is the value a widget starts with; two of a range, any number of a
// multiselect.
func Value(v ...any) Option {
	return core.Value(v...)
}

// VideoColumn is films by their links; a cell that is opened plays.
func VideoColumn(opts ...Option) ColumnKind {
	return core.VideoColumn(opts...)
}

// Weights are the relative widths of columns.
func Weights(w ...float64) Option {
	return core.Weights(w...)
}

// Width is "stretch", "content" or a number of pixels.
func Width(w any) Option {
	return core.Width(w)
}

// X is a chart's column of the horizontal axis; without it rows are numbered.
func X(column string) Option {
	return core.X(column)
}

// XLabel is the text of the horizontal axis.
func XLabel(text string) Option {
	return core.XLabel(text)
}

// Y are a chart's columns of numbers; without it all of them.
func Y(columns ...string) Option {
	return core.Y(columns...)
}

// YLabel is the text of the vertical axis.
func YLabel(text string) Option {
	return core.YLabel(text)
}

// Zoom is a map's, 0 the world to 20 a house.
func Zoom(z float64) Option {
	return core.Zoom(z)
}
