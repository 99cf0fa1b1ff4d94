// Code generated from package core by go generate; DO NOT EDIT.

package widgets

import (
	"time"

	"stnb.dev/widgets/core"
)

// AreaChart draws filled lines.
func AreaChart(data any, opts ...Option) *Element {
	return core.Main().AreaChart(data, opts...)
}

// Audio plays sound: a file's name, a link, bytes or a reader.
func Audio(data any, opts ...Option) *Element {
	return core.Main().Audio(data, opts...)
}

// AudioInput lets people record sound with their microphone, as a WAV file. It is
// nil until they have.
func AudioInput(label string, opts ...Option) *UploadedFile {
	return core.Main().AudioInput(label, opts...)
}

// Badge is a small coloured label; Color and Icon are its options.
func Badge(label string, opts ...Option) *Element {
	return core.Main().Badge(label, opts...)
}

// Balloons rise.
func Balloons() {
	core.Main().Balloons()
}

// BarChart draws bars, upright or Horizontal.
func BarChart(data any, opts ...Option) *Element {
	return core.Main().BarChart(data, opts...)
}

// Button is true in the run that its click causes, and false in every other.
func Button(label string, opts ...Option) bool {
	return core.Main().Button(label, opts...)
}

// CameraInput lets people take a picture with their camera, as a JPEG file. It is
// nil until they have.
func CameraInput(label string, opts ...Option) *UploadedFile {
	return core.Main().CameraInput(label, opts...)
}

// Caption is small grey text.
func Caption(text string, opts ...Option) *Element {
	return core.Main().Caption(text, opts...)
}

// ChatInput is a line for messages at the foot of the page, or in the container it
// is called on. It returns the message in the run that sending it causes, and ""
// in every other.
func ChatInput(placeholder string, opts ...Option) string {
	return core.Main().ChatInput(placeholder, opts...)
}

// ChatMessage is one message of a chat: name is "user", "assistant" or a person's
// name.
func ChatMessage(name string, opts ...Option) *Block {
	return core.Main().ChatMessage(name, opts...)
}

// Checkbox is a box to tick.
func Checkbox(label string, opts ...Option) bool {
	return core.Main().Checkbox(label, opts...)
}

// ClearCaches forgets everything that the app has cached.
func ClearCaches() {
	core.Main().ClearCaches()
}

// Code is source text, coloured; Language names the language ("go" if left out).
func Code(text string, opts ...Option) *Element {
	return core.Main().Code(text, opts...)
}

// ColorPicker is a colour, "#rrggbb".
func ColorPicker(label string, opts ...Option) string {
	return core.Main().ColorPicker(label, opts...)
}

// Columns are n containers side by side; Weights makes them of different width.
func Columns(n int, opts ...Option) []*Block {
	return core.Main().Columns(n, opts...)
}

// Connection returns the connection of that name: its settings are the section
// [connections.name] of .stnb/secrets.toml beside the notebook or in the home
// folder, and Type and Param, which win. "env:VAR" takes the name from the
// environment. It is made once and kept, or made anew when TTL has passed. The
// name "duckdb" without a section is the app's own DuckDB.
func Connection(name string, opts ...Option) *Conn {
	return core.Main().Connection(name, opts...)
}

// ConnectionSettings are those of the named connection.
func ConnectionSettings(name string, opts ...Option) (ConnSettings, error) {
	return core.Main().ConnectionSettings(name, opts...)
}

// Container is a place of its own: fill it later, or out of order, or again. With
// Height it scrolls.
func Container(opts ...Option) *Block {
	return core.Main().Container(opts...)
}

// Context returns what is known of the visitor's page.
func Context() RunContext {
	return core.Main().Context()
}

// Dataframe is a grid of any size: the browser asks for the rows it shows; sort,
// filter, search and download happen on the server. data is a frame, a slice of
// structs or maps, a map of slices.
func Dataframe(data any, opts ...Option) *Element {
	return core.Main().Dataframe(data, opts...)
}

// DateInput is a date, at midnight UTC; today unless Value says otherwise.
func DateInput(label string, opts ...Option) time.Time {
	return core.Main().DateInput(label, opts...)
}

// DateRangeInput is a first and a last date. While people have chosen only the
// first, both are it.
func DateRangeInput(label string, opts ...Option) (from, to time.Time) {
	return core.Main().DateRangeInput(label, opts...)
}

// DatetimeInput is a date and a time of day, in UTC.
func DatetimeInput(label string, opts ...Option) time.Time {
	return core.Main().DatetimeInput(label, opts...)
}

// DeleteState removes a key of session state.
func DeleteState(key string) {
	core.Main().DeleteState(key)
}

// Dialog opens a window over the page, filled by body. Using its widgets runs just
// body again; Rerun closes it.
func Dialog(title string, body func(), opts ...Option) {
	core.Main().Dialog(title, body, opts...)
}

// Divider is a line across.
func Divider(opts ...Option) *Element {
	return core.Main().Divider(opts...)
}

// Doc shows what a value is: its type, what the comment above its definition says,
// its fields and methods. A func is a value too: st.Doc(strings.Fields).
func Doc(v any, opts ...Option) *Element {
	return core.Main().Doc(v, opts...)
}

// DownloadButton saves data to the visitor's disk: bytes, text, a reader, or a
// func() []byte that runs when somebody clicks. It is true in the run of a click;
// with NoRerun a click runs nothing.
func DownloadButton(label string, data any, opts ...Option) bool {
	return core.Main().DownloadButton(label, data, opts...)
}

// DurationSlider lets people choose a span of time from min to max; a time of day
// is one since midnight. Step is a hundredth of the way, in whole seconds or
// milliseconds, unless it is given.
func DurationSlider(label string, min, max time.Duration, opts ...Option) time.Duration {
	return core.Main().DurationSlider(label, min, max, opts...)
}

// DurationSliderRange is DurationSlider with two ends.
func DurationSliderRange(label string, min, max time.Duration, opts ...Option) (from, to time.Duration) {
	return core.Main().DurationSliderRange(label, min, max, opts...)
}

// Echo runs body and shows its code above what it shows.
func Echo(body func(), opts ...Option) {
	core.Main().Echo(body, opts...)
}

// Empty is a place for one element: what is put there replaces what was. Called
// on such a place, it clears it.
func Empty(opts ...Option) *Block {
	return core.Main().Empty(opts...)
}

// Error says that something is wrong.
func Error(text string, opts ...Option) *Element {
	return core.Main().Error(text, opts...)
}

// Exception shows an error value with what it wraps.
func Exception(err error, opts ...Option) *Element {
	return core.Main().Exception(err, opts...)
}

// Expander is a container that opens and closes.
func Expander(label string, opts ...Option) *Block {
	return core.Main().Expander(label, opts...)
}

// Feedback lets people rate: "thumbs" (0, 1), "faces" (0 to 4) or "stars" (0 to
// 4). It is -1 until they do.
func Feedback(kind string, opts ...Option) int {
	return core.Main().Feedback(kind, opts...)
}

// FileUploader lets people send a file. It is nil until they have.
func FileUploader(label string, opts ...Option) *UploadedFile {
	return core.Main().FileUploader(label, opts...)
}

// FilesUploader lets people send any number of files.
func FilesUploader(label string, opts ...Option) []*UploadedFile {
	return core.Main().FilesUploader(label, opts...)
}

// Form is a container whose widgets send their values together, when its
// SubmitButton is pressed. body fills it; it may be nil.
func Form(key string, body func(*Block), opts ...Option) *Block {
	return core.Main().Form(key, body, opts...)
}

// Fragment is a part that runs again by itself: using one of its widgets runs
// just body, not the notebook. With RunEvery it runs again and again.
func Fragment(body func(), opts ...Option) {
	core.Main().Fragment(body, opts...)
}

// Graphviz draws a graph that is written in the DOT language, in layers: nodes and
// edges with their labels, shapes, colours and styles, rankdir, and clusters.
func Graphviz(dot string, opts ...Option) *Element {
	return core.Main().Graphviz(dot, opts...)
}

// HTML shows HTML of the author's own in a frame that cannot reach the page: its
// scripts run, but see neither cookies nor anything around them.
func HTML(html string, opts ...Option) *Element {
	return core.Main().HTML(html, opts...)
}

// HasState says whether session state has the key.
func HasState(key string) bool {
	return core.Main().HasState(key)
}

// Header is a large heading.
func Header(text string, opts ...Option) *Element {
	return core.Main().Header(text, opts...)
}

// Iframe shows a page of somebody else, by its address, in a frame that cannot
// reach the app. Height is in pixels; Alt says what it shows. Many sites refuse to
// be shown in other sites' pages.
func Iframe(link string, opts ...Option) *Element {
	return core.Main().Iframe(link, opts...)
}

// Image shows an image: an image.Image, a file's name, a link, bytes or a reader.
func Image(data any, opts ...Option) *Element {
	return core.Main().Image(data, opts...)
}

// Info says something worth knowing.
func Info(text string, opts ...Option) *Element {
	return core.Main().Info(text, opts...)
}

// JSON shows a value as a JSON tree: text that is JSON already, or any value that
// encoding/json can write.
func JSON(v any, opts ...Option) *Element {
	return core.Main().JSON(v, opts...)
}

// Latex is one formula in TeX.
func Latex(tex string, opts ...Option) *Element {
	return core.Main().Latex(tex, opts...)
}

// LineChart draws lines. data is a frame or what Dataframe takes; X and Y choose
// columns, Color splits long data in series. More points than pixels are
// aggregated in the database before they travel.
func LineChart(data any, opts ...Option) *Element {
	return core.Main().LineChart(data, opts...)
}

// LinkButton opens a page elsewhere.
func LinkButton(label, link string, opts ...Option) *Element {
	return core.Main().LinkButton(label, link, opts...)
}

// Logo stands at the top of the page and of the sidebar: an image.Image, a file's
// name, a link, bytes or a reader.
func Logo(data any, opts ...Option) {
	core.Main().Logo(data, opts...)
}

// Map shows points on a map. The columns are named lat and lon (or latitude and
// longitude); Size and Color choose further columns.
func Map(data any, opts ...Option) *Element {
	return core.Main().Map(data, opts...)
}

// Markdown is text with markup: GitHub's flavour, :red[colours], :material/icons:,
// emoji :rocket: and $formulas$.
func Markdown(text string, opts ...Option) *Element {
	return core.Main().Markdown(text, opts...)
}

// Mermaid draws a diagram that is written in Mermaid's language: flow charts,
// sequences, states, classes, Gantt charts and others. In Markdown, a block of
// code with the language mermaid is one too.
func Mermaid(text string, opts ...Option) *Element {
	return core.Main().Mermaid(text, opts...)
}

// Metric is a number in large type, with its change if Delta is given. v is text
// or a number.
func Metric(label string, v any, opts ...Option) *Element {
	return core.Main().Metric(label, v, opts...)
}

// Navigation lists the pages, shows a menu of them and runs the one that is open.
// Call it once, where the page's content stands.
func Navigation(pages []*PageDef, opts ...Option) *Menu {
	return core.Main().Navigation(pages, opts...)
}

// PDF shows a document: a file's name, a link, bytes or a reader. With Height it
// is that high, else as high as a screen.
func PDF(data any, opts ...Option) *Element {
	return core.Main().PDF(data, opts...)
}

// Page describes a page: its title and what it shows.
func Page(title string, body func(), opts ...Option) *PageDef {
	return core.Main().Page(title, body, opts...)
}

// PageLink leads to another page of the app.
func PageLink(page *PageDef, opts ...Option) *Element {
	return core.Main().PageLink(page, opts...)
}

// Pagination lets people turn pages; it is the page's number, from 1 to pages.
func Pagination(pages int, opts ...Option) int {
	return core.Main().Pagination(pages, opts...)
}

// Plotly shows a chart of Plotly's: a figure with data and layout, as a map or
// struct, or as JSON text. Bars, lines, points, histograms, boxes, heat maps,
// contours and pies are there; what is drawn in three dimensions, on maps or in polar
// coordinates is not.
func Plotly(figure any, opts ...Option) *Element {
	return core.Main().Plotly(figure, opts...)
}

// Popover is a button that opens a container over the page.
func Popover(label string, opts ...Option) *Block {
	return core.Main().Popover(label, opts...)
}

// Progress is a bar: v is an int from 0 to 100 or a float from 0 to 1.
func Progress(v any, text ...string) *ProgressBar {
	return core.Main().Progress(v, text...)
}

// QueryParams returns the parameters of the page's address.
func QueryParams() *QueryParameters {
	return core.Main().QueryParams()
}

// Rerun ends the run here and starts it again; with FragmentOnly just the fragment
// that runs.
func Rerun(opts ...Option) {
	core.Main().Rerun(opts...)
}

// SQL is the frame of a query over the app's DuckDB; nothing runs until it is
// shown. Values go in as parameters: SQL("SELECT * FROM t WHERE x > $1", 5).
func SQL(query string, args ...any) *Frame {
	return core.Main().SQL(query, args...)
}

// ScatterChart draws points; Size is the column of their size.
func ScatterChart(data any, opts ...Option) *Element {
	return core.Main().ScatterChart(data, opts...)
}

// Secret returns a value of the secrets by its path: Secret("api", "key"). It reads
// .stnb/secrets.toml in the home folder and beside the notebook.
func Secret(path ...string) (string, error) {
	return core.Main().Secret(path...)
}

// Selected shows a grid in which people can select, and returns what they did.
func Selected(data any, opts ...Option) GridSelection {
	return core.Main().Selected(data, opts...)
}

// SetPageConfig sets the page's title, icon and layout.
func SetPageConfig(opts ...Option) {
	core.Main().SetPageConfig(opts...)
}

// Skeleton is a grey place for something that is not there yet. In an Empty it
// goes when that something comes.
func Skeleton(opts ...Option) *Element {
	return core.Main().Skeleton(opts...)
}

// Snow falls.
func Snow() {
	core.Main().Snow()
}

// Space is empty room: "small", "medium", "large", or a number of pixels.
func Space(size any, opts ...Option) *Element {
	return core.Main().Space(size, opts...)
}

// Spinner shows that something takes time while body runs, and goes when it
// returns.
func Spinner(text string, body func(), opts ...Option) {
	core.Main().Spinner(text, body, opts...)
}

// StateKeys returns the keys of session state, sorted.
func StateKeys() []string {
	return core.Main().StateKeys()
}

// Status is a box that tells how a long task goes. body does the task and may
// show its steps in the box; when it returns, the state becomes "complete", or
// "error" when it panics, unless Update said otherwise.
func Status(label string, body func(*StatusBox), opts ...Option) *StatusBox {
	return core.Main().Status(label, body, opts...)
}

// Stop ends the run here.
func Stop() {
	core.Main().Stop()
}

// Subheader is a smaller heading.
func Subheader(text string, opts ...Option) *Element {
	return core.Main().Subheader(text, opts...)
}

// Success says that something went well.
func Success(text string, opts ...Option) *Element {
	return core.Main().Success(text, opts...)
}

// SwitchPage opens another page: the run ends here and starts again there. In a
// callback the run that follows is the one there.
func SwitchPage(page *PageDef) {
	core.Main().SwitchPage(page)
}

// Table is a small table, all of it on the page. data is as for Dataframe.
func Table(data any, opts ...Option) *Element {
	return core.Main().Table(data, opts...)
}

// Tabs are containers of which one is shown.
func Tabs(labels ...string) []*Block {
	return core.Main().Tabs(labels...)
}

// TabsWith is Tabs with options: Key, Tracked and OnChange, and Value, the label of
// the tab that is shown at first.
func TabsWith(labels []string, opts ...Option) []*Block {
	return core.Main().TabsWith(labels, opts...)
}

// Text is text as it is, without markup, in a fixed-width font.
func Text(text string, opts ...Option) *Element {
	return core.Main().Text(text, opts...)
}

// TextArea is a text of several lines.
func TextArea(label string, opts ...Option) string {
	return core.Main().TextArea(label, opts...)
}

// TextInput is a line of text.
func TextInput(label string, opts ...Option) string {
	return core.Main().TextInput(label, opts...)
}

// TimeInput is a time of day, since midnight; now unless Value (a time.Duration
// or time.Time) says otherwise.
func TimeInput(label string, opts ...Option) time.Duration {
	return core.Main().TimeInput(label, opts...)
}

// TimeSlider lets people choose a date or a moment from min to max. It starts at
// min, or at Value. Step is a time.Duration: a day when the ends are more than a
// day apart, else 15 minutes. Format "date", "time" or "datetime" says what is
// shown of it. What the clock shows counts, the zone does not; the result is in UTC.
func TimeSlider(label string, min, max time.Time, opts ...Option) time.Time {
	return core.Main().TimeSlider(label, min, max, opts...)
}

// TimeSliderRange is TimeSlider with two ends. They start at min and max, or at the
// two of Value.
func TimeSliderRange(label string, min, max time.Time, opts ...Option) (from, to time.Time) {
	return core.Main().TimeSliderRange(label, min, max, opts...)
}

// Title is the page's heading.
func Title(text string, opts ...Option) *Element {
	return core.Main().Title(text, opts...)
}

// Toast is a message that goes by itself after four seconds.
func Toast(text string, opts ...Option) *ToastMessage {
	return core.Main().Toast(text, opts...)
}

// Toggle is a switch.
func Toggle(label string, opts ...Option) bool {
	return core.Main().Toggle(label, opts...)
}

// User returns who is signed in, in an app whose visitors sign in with a provider.
func User() UserInfo {
	return core.Main().User()
}

// VegaLite shows a chart of a Vega-Lite specification: a map, or JSON text. data,
// which may be nil, is the rows, as for Dataframe.
func VegaLite(spec, data any, opts ...Option) *Element {
	return core.Main().VegaLite(spec, data, opts...)
}

// Video plays a video: a file's name, a link, bytes or a reader.
func Video(data any, opts ...Option) *Element {
	return core.Main().Video(data, opts...)
}

// Warning says that something may be wrong.
func Warning(text string, opts ...Option) *Element {
	return core.Main().Warning(text, opts...)
}

// Write shows anything in the way that suits it: text as Markdown, a frame or a
// slice of structs as a table, an error, an image, any other Go value as a value.
// Several texts and numbers in a row become one line.
func Write(args ...any) *Element {
	return core.Main().Write(args...)
}

// WriteStream writes text as it comes, from a func that calls write with each
// piece, and returns all of it.
func WriteStream(produce func(write func(string))) string {
	return core.Main().WriteStream(produce)
}
