package element

import "encoding/json"

// The structs in this file are the props of the kinds: the struct's name with a
// lower first letter is the kind ("selectSlider", "dataEditor"). TypeScript types
// are generated from them. HTML in props is sanitised before it gets here.

// Text kinds.
type (
	// Markdown is rendered text: also title, header, subheader, caption by Style.
	Markdown struct {
		HTML    string `json:"html"`
		Style   string `json:"style,omitempty"`  // "", "title", "header", "subheader", "caption"
		Anchor  string `json:"anchor,omitempty"` // of headings
		Help    string `json:"help,omitempty"`
		Divider string `json:"divider,omitempty"` // colour of the line under a header
		Math    bool   `json:"math,omitempty"`    // has formulas: load the math renderer
	}
	// Text is preformatted text that is not markdown.
	Text struct {
		Text string `json:"text"`
	}
	// Code is source text.
	Code struct {
		Text        string `json:"text"`
		Language    string `json:"language,omitempty"`
		LineNumbers bool   `json:"lineNumbers,omitempty"`
	}
	// Latex is one display formula.
	Latex struct {
		Text string `json:"text"`
	}
	// Divider is a horizontal line.
	Divider struct{}
	// Badge is a small coloured label.
	Badge struct {
		Label string `json:"label"`
		Color string `json:"color,omitempty"`
		Icon  string `json:"icon,omitempty"`
	}
	// Html is the author's own HTML in a sandboxed frame of its own URL.
	Html struct {
		Src    string `json:"src"`
		Height int    `json:"height,omitempty"` // pixels; 0: as the content asks
	}
	// Iframe is a page of somebody else, in a frame of its own URL.
	Iframe struct {
		Src    string `json:"src"`
		Link   string `json:"link"` // its address
		Title  string `json:"title,omitempty"`
		Height int    `json:"height,omitempty"` // pixels; 0: 400
	}
	// Doc is what is written about a value.
	Doc struct {
		Name    string    `json:"name"`           // as it was written
		Type    string    `json:"type"`           // its type, or a func's signature
		Text    string    `json:"text,omitempty"` // the comment
		Value   string    `json:"value,omitempty"`
		Fields  []DocItem `json:"fields,omitempty"`
		Methods []DocItem `json:"methods,omitempty"`
	}
	// DocItem is a field or a method.
	DocItem struct {
		Name string `json:"name"`
		Type string `json:"type"`
		Text string `json:"text,omitempty"`
	}
	// Stdout is what a cell printed; Append data is {"text": "..."}.
	Stdout struct {
		Stream string `json:"stream"`        // "stdout" or "stderr"
		Text   string `json:"text"`          // with ANSI colours
		Cut    int64  `json:"cut,omitempty"` // bytes left out of the middle
	}
	// Value is a Go value a cell showed.
	Value struct {
		Type string `json:"type"`
		Text string `json:"text"`           // one line, cut
		Tree *Node  `json:"tree,omitempty"` // of structs, maps, slices
	}
	// Json is a JSON document as a tree.
	Json struct {
		Value    json.RawMessage `json:"value"`
		Expanded int             `json:"expanded"` // levels
	}
	// Error is a fault of user code. In app mode a visitor gets ID and a short
	// Message only.
	Error struct {
		Kind    string  `json:"errorKind,omitempty"`
		Message string  `json:"message"`
		ID      string  `json:"errorId,omitempty"`
		Frames  []Frame `json:"frames,omitempty"` // in cell coordinates
		// Topic is the section of the manual's page on errors that explains it.
		Topic string `json:"topic,omitempty"`
	}
)

// Frame is one user frame of an Error.
type Frame struct {
	Func   string `json:"func"`
	Cell   string `json:"cell"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
	// File is set instead of Cell for a frame in a Go file beside the notebook.
	File string `json:"file,omitempty"`
}

// Node is one level of a shown value.
type Node struct {
	Name  string `json:"name,omitempty"` // field, key or index
	Type  string `json:"type,omitempty"`
	Text  string `json:"text,omitempty"`
	Nodes []Node `json:"nodes,omitempty"`
	More  int    `json:"more,omitempty"` // children left out
}

// Data kinds. A frame's rows never ride here: Ref names it, and the browser asks
// for windows (package dataframe/page).
type (
	// Frame is what grid and chart need to know of a frame.
	FrameRef struct {
		Ref     string   `json:"ref"`
		Rows    int64    `json:"rows"`
		Columns []Column `json:"columns"`
	}
	// Column describes a column of a FrameRef.
	Column struct {
		Name string `json:"name"`
		Type string `json:"type"`
		Kind string `json:"kind"` // as page.Column
	}
	// Dataframe is the grid, read only.
	Dataframe struct {
		Data      FrameRef       `json:"data"`
		Height    int            `json:"height,omitempty"` // pixels; 0: ten rows
		HideIndex bool           `json:"hideIndex,omitempty"`
		Order     []string       `json:"order,omitempty"`
		Config    []ColumnConfig `json:"config,omitempty"`
		Selection string         `json:"selection,omitempty"` // "", "single-row", "multi-row", "single-column", "multi-column", "multi-cell"
	}
	// DataEditor is the grid, editable; its value is an EditorState.
	DataEditor struct {
		Data      FrameRef       `json:"data"`
		Height    int            `json:"height,omitempty"`
		HideIndex bool           `json:"hideIndex,omitempty"`
		Order     []string       `json:"order,omitempty"`
		Config    []ColumnConfig `json:"config,omitempty"`
		Dynamic   bool           `json:"dynamic,omitempty"` // rows can be added and deleted
		Disabled  bool           `json:"disabled,omitempty"`
		State     EditorState    `json:"state"`
		Rev       int            `json:"rev,omitempty"`
	}
	// EditorState is what was edited, by the original row numbers from 0.
	EditorState struct {
		EditedRows  map[string]map[string]any `json:"editedRows"`
		AddedRows   []map[string]any          `json:"addedRows"`
		DeletedRows []int64                   `json:"deletedRows"`
	}
	// ColumnConfig says how a column is shown and edited.
	ColumnConfig struct {
		Name     string   `json:"name"`
		Label    string   `json:"label,omitempty"`
		Kind     string   `json:"kind,omitempty"` // "text" "number" "checkbox" "select" "date" "time" "datetime" "list" "multiselect" "link" "image" "audio" "video" "json" "markdown" "lineChart" "barChart" "areaChart" "progress"
		Width    int      `json:"width,omitempty"`
		Help     string   `json:"help,omitempty"`
		Hidden   bool     `json:"hidden,omitempty"`
		Disabled bool     `json:"disabled,omitempty"`
		Required bool     `json:"required,omitempty"`
		Pinned   bool     `json:"pinned,omitempty"`
		Format   string   `json:"format,omitempty"`
		Min      *float64 `json:"min,omitempty"`
		Max      *float64 `json:"max,omitempty"`
		Step     *float64 `json:"step,omitempty"`
		MinText  string   `json:"minText,omitempty"` // of dates and times
		MaxText  string   `json:"maxText,omitempty"`
		MaxChars int      `json:"maxChars,omitempty"`
		Validate string   `json:"validate,omitempty"` // regular expression
		Options  []string `json:"options,omitempty"`
		// AcceptNew lets people give values of "multiselect" that are no options.
		AcceptNew bool            `json:"acceptNew,omitempty"`
		Default   json.RawMessage `json:"default,omitempty"`
	}
	// Table is a small static table, all rows inline as text; Append data is
	// {"rows": [[...]]}.
	Table struct {
		Columns []Column   `json:"columns"`
		Rows    [][]string `json:"rows"`
		More    int64      `json:"more,omitempty"` // rows left out
	}
	// Metric is a big number with its change.
	Metric struct {
		Label      string `json:"label"`
		Value      string `json:"value"`
		Delta      string `json:"delta,omitempty"`
		DeltaColor string `json:"deltaColor,omitempty"` // "normal", "inverse", "off"
		Help       string `json:"help,omitempty"`
		Border     bool   `json:"border,omitempty"`
	}
	// Chart is a built-in chart. Series are small enough to ride inline, since
	// what has more points than pixels was aggregated before. Append data is
	// {"x": [...], "series": [[...], ...]}.
	Chart struct {
		Type       string   `json:"type"`  // "line", "area", "bar", "scatter"
		XType      string   `json:"xType"` // "number", "time" (ms since 1970), "category"
		X          []any    `json:"x"`
		Series     []Series `json:"series"`
		XLabel     string   `json:"xLabel,omitempty"`
		YLabel     string   `json:"yLabel,omitempty"`
		Stack      bool     `json:"stack,omitempty"`
		Horizontal bool     `json:"horizontal,omitempty"`
		Height     int      `json:"height,omitempty"`
		Sampled    int64    `json:"sampled,omitempty"` // points before aggregation
		Title      string   `json:"title,omitempty"`

		Selection *Selection `json:"selection,omitempty"`
	}
	// Selection makes a chart a widget, whose value is what is selected in it.
	Selection struct {
		// Modes are what can be selected, "single-point", "multi-point", "range"; of
		// Vega-Lite the names of parameters.
		Modes []string `json:"modes"`
		Data  string   `json:"data"` // another with whatever is drawn
		Value Picked   `json:"value"`
		Rev   int      `json:"rev,omitempty"`
	}
	// Picked is what is selected in a chart.
	Picked struct {
		Data   string                 `json:"data"`             // that of the Selection
		Points [][2]int               `json:"points,omitempty"` // series and place in it
		Rows   []map[string]any       `json:"rows,omitempty"`   // of Plotly: what the points hold
		X      []any                  `json:"x,omitempty"`      // from and to; of categories their places
		Y      []any                  `json:"y,omitempty"`
		Params map[string]PickedParam `json:"params,omitempty"` // of Vega-Lite
	}
	// PickedParam is the value of one parameter of a Vega-Lite chart.
	PickedParam struct {
		Points []map[string]any `json:"points,omitempty"`
		Ranges []PickedRange    `json:"ranges,omitempty"`
		Times  []string         `json:"times,omitempty"` // the fields whose numbers are ms since 1970
		Init   json.RawMessage  `json:"init,omitempty"`  // as a specification would preset it, to show it again
	}
	// PickedRange is a stretch of one axis: of categories, those in it.
	PickedRange struct {
		Field   string `json:"field"`
		Channel string `json:"channel"`
		Values  []any  `json:"values"`
		Exact   bool   `json:"exact,omitempty"` // Values are all, not the first and the last
	}
	// Series is one line of a chart; Y[i] belongs to X[i], null is a gap.
	Series struct {
		Name  string     `json:"name"`
		Color string     `json:"color,omitempty"`
		Y     []*float64 `json:"y"`
		Size  []*float64 `json:"size,omitempty"` // of scatter
	}
	// VegaLite is the author's own chart.
	VegaLite struct {
		Spec   json.RawMessage `json:"spec"`
		Data   json.RawMessage `json:"data,omitempty"` // rows as objects
		Height int             `json:"height,omitempty"`

		Selection *Selection `json:"selection,omitempty"`
	}
	// Plotly is a figure of Plotly's.
	Plotly struct {
		Data   json.RawMessage `json:"data"`
		Layout json.RawMessage `json:"layout,omitempty"`
		Config json.RawMessage `json:"config,omitempty"`
		Height int             `json:"height,omitempty"`

		Selection *Selection `json:"selection,omitempty"`
	}
	// Graphviz is a graph in the DOT language.
	Graphviz struct {
		Text   string `json:"text"`
		Height int    `json:"height,omitempty"` // scrolls past this
	}
	// Mermaid is a diagram in Mermaid's language.
	Mermaid struct {
		Text   string `json:"text"`
		Height int    `json:"height,omitempty"` // scrolls past this
	}
	// Map shows points.
	Map struct {
		Lat    []float64 `json:"lat"`
		Lon    []float64 `json:"lon"`
		Size   []float64 `json:"size,omitempty"`
		Color  []string  `json:"color,omitempty"`
		Zoom   float64   `json:"zoom,omitempty"`
		Height int       `json:"height,omitempty"`

		Selection *Selection `json:"selection,omitempty"`
	}
)

// Widget is what all widgets' props begin with.
type Widget struct {
	Label     string `json:"label"`
	LabelHTML string `json:"labelHtml,omitempty"` // when the label has markup
	Help      string `json:"help,omitempty"`
	Disabled  bool   `json:"disabled,omitempty"`
	HideLabel string `json:"hideLabel,omitempty"` // "", "hidden", "collapsed"
	Width     string `json:"width,omitempty"`     // "", "stretch", "content", or pixels
}

// Widget kinds. Value is what the session holds now; Rev grows when the script
// set it, and then the browser takes it over whatever it shows. Values travel as
// JSON: what each kind sends is said beside it.
type (
	Button struct { // a trigger
		Widget
		Type     string `json:"type,omitempty"` // "primary", "secondary", "tertiary"
		Icon     string `json:"icon,omitempty"`
		Submit   bool   `json:"submit,omitempty"` // of its form
		Shortcut string `json:"shortcut,omitempty"`
	}
	DownloadButton struct { // a trigger
		Widget
		Type  string `json:"type,omitempty"`
		Icon  string `json:"icon,omitempty"`
		URL   string `json:"url"`
		File  string `json:"file"`
		Quiet bool   `json:"quiet,omitempty"` // a click reruns nothing
	}
	LinkButton struct { // no value
		Widget
		Type string `json:"type,omitempty"`
		Icon string `json:"icon,omitempty"`
		URL  string `json:"url"`
	}
	PageLink struct { // no value
		Widget
		Icon    string `json:"icon,omitempty"`
		Page    string `json:"page"`
		Current bool   `json:"current,omitempty"`
	}
	Checkbox struct { // bool
		Widget
		Value  bool `json:"value"`
		Toggle bool `json:"toggle,omitempty"`
		Rev    int  `json:"rev,omitempty"`
	}
	// Options are the labels; values travel as indexes. A 100,000-option list
	// is sent once: OptionsRef names it, and the browser asks for matches.
	Radio struct { // int; -1 is nothing chosen
		Widget
		Options    []string `json:"options"`
		Captions   []string `json:"captions,omitempty"`
		Value      int      `json:"value"`
		Horizontal bool     `json:"horizontal,omitempty"`
		Rev        int      `json:"rev,omitempty"`
	}
	Selectbox struct { // int; -1 is nothing chosen; a string when New
		Widget
		Options     []string `json:"options"`
		Value       int      `json:"value"`
		Text        string   `json:"text,omitempty"` // the typed value when Value is -2
		Placeholder string   `json:"placeholder,omitempty"`
		Clearable   bool     `json:"clearable,omitempty"`
		AcceptNew   bool     `json:"acceptNew,omitempty"`
		Rev         int      `json:"rev,omitempty"`
	}
	Multiselect struct { // []int
		Widget
		Options     []string `json:"options"`
		Value       []int    `json:"value"`
		Placeholder string   `json:"placeholder,omitempty"`
		Max         int      `json:"max,omitempty"`
		Rev         int      `json:"rev,omitempty"`
	}
	// Pills is also segmented control (Segmented).
	Pills struct { // []int
		Widget
		Options   []string `json:"options"`
		Value     []int    `json:"value"`
		Multi     bool     `json:"multi,omitempty"`
		Segmented bool     `json:"segmented,omitempty"`
		Required  bool     `json:"required,omitempty"`
		Rev       int      `json:"rev,omitempty"`
	}
	Feedback struct { // int; -1 is none
		Widget
		Type  string `json:"type"` // "thumbs", "faces", "stars"
		Value int    `json:"value"`
		Rev   int    `json:"rev,omitempty"`
	}
	Slider struct { // [float64] or [float64, float64]; times in ms since 1970
		Widget
		Min    float64   `json:"min"`
		Max    float64   `json:"max"`
		Step   float64   `json:"step"`
		Value  []float64 `json:"value"`
		Format string    `json:"format,omitempty"` // printf verb, "percent", "compact", "date", "time", "datetime"
		Type   string    `json:"type"`             // "int", "float", "date", "time", "datetime", "duration"
		Rev    int       `json:"rev,omitempty"`
	}
	SelectSlider struct { // [int] or [int, int]
		Widget
		Options []string `json:"options"`
		Value   []int    `json:"value"`
		Rev     int      `json:"rev,omitempty"`
	}
	NumberInput struct { // number or null
		Widget
		Min         *float64 `json:"min,omitempty"`
		Max         *float64 `json:"max,omitempty"`
		Step        float64  `json:"step"`
		Value       *float64 `json:"value"`
		Int         bool     `json:"int,omitempty"`
		Format      string   `json:"format,omitempty"`
		Placeholder string   `json:"placeholder,omitempty"`
		Icon        string   `json:"icon,omitempty"`
		Rev         int      `json:"rev,omitempty"`
	}
	TextInput struct { // string
		Widget
		Value        string `json:"value"`
		Placeholder  string `json:"placeholder,omitempty"`
		MaxChars     int    `json:"maxChars,omitempty"`
		Password     bool   `json:"password,omitempty"`
		Autocomplete string `json:"autocomplete,omitempty"`
		Icon         string `json:"icon,omitempty"`
		Rev          int    `json:"rev,omitempty"`
	}
	TextArea struct { // string
		Widget
		Value       string `json:"value"`
		Placeholder string `json:"placeholder,omitempty"`
		MaxChars    int    `json:"maxChars,omitempty"`
		Height      int    `json:"height,omitempty"`
		Rev         int    `json:"rev,omitempty"`
	}
	DateInput struct { // ["2026-01-31"] or two; [] is none
		Widget
		Value  []string `json:"value"`
		Min    string   `json:"min,omitempty"`
		Max    string   `json:"max,omitempty"`
		Range  bool     `json:"range,omitempty"`
		Format string   `json:"format,omitempty"`
		Rev    int      `json:"rev,omitempty"`
	}
	TimeInput struct { // "15:04" or ""
		Widget
		Value string `json:"value"`
		Step  int    `json:"step,omitempty"` // seconds
		Rev   int    `json:"rev,omitempty"`
	}
	DatetimeInput struct { // "2026-01-31T15:04" or ""
		Widget
		Value string `json:"value"`
		Min   string `json:"min,omitempty"`
		Max   string `json:"max,omitempty"`
		Step  int    `json:"step,omitempty"`
		Rev   int    `json:"rev,omitempty"`
	}
	ColorPicker struct { // "#rrggbb"
		Widget
		Value string `json:"value"`
		Rev   int    `json:"rev,omitempty"`
	}
	FileUploader struct { // [{"id","name","size","type"}]
		Widget
		Types    []string `json:"types,omitempty"` // extensions with a dot
		Multiple bool     `json:"multiple,omitempty"`
		MaxBytes int64    `json:"maxBytes"`
		URL      string   `json:"url"`               // to PUT to
		Capture  string   `json:"capture,omitempty"` // "audio", "camera": made on the spot
		Value    []Upload `json:"value"`
		Rev      int      `json:"rev,omitempty"`
	}
	MenuButton struct { // a trigger with an int, the option's index
		Widget
		Type    string   `json:"type,omitempty"`
		Icon    string   `json:"icon,omitempty"`
		Options []string `json:"options"`
	}
	Pagination struct { // int, from 1
		Widget
		Pages int `json:"pages"`
		Value int `json:"value"`
		Rev   int `json:"rev,omitempty"`
	}
	ChatInput struct { // a trigger with a string
		Widget
		Placeholder string `json:"placeholder,omitempty"`
		MaxChars    int    `json:"maxChars,omitempty"`
	}
)

// Upload is one uploaded file.
type Upload struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Size int64  `json:"size"`
	Type string `json:"type"`
}

// Container kinds: they have children.
type (
	Container struct {
		Border     bool   `json:"border,omitempty"`
		Height     int    `json:"height,omitempty"` // scrolls past this
		Horizontal bool   `json:"horizontal,omitempty"`
		Gap        string `json:"gap,omitempty"`
		AutoScroll bool   `json:"autoScroll,omitempty"`
	}
	// Empty holds one element at most.
	Empty struct{}
	// Columns has Column children, one per weight.
	Columns struct {
		Weights []float64 `json:"weights"`
		Gap     string    `json:"gap,omitempty"`
		Align   string    `json:"align,omitempty"` // "top", "center", "bottom"
		Border  bool      `json:"border,omitempty"`
	}
	// ColumnBox is one column of Columns.
	ColumnBox struct{}
	// Tabs has TabBox children.
	Tabs struct { // int, the tab that is shown, when it has an ID
		Labels  []string `json:"labels"`
		Default int      `json:"default,omitempty"`
		Value   int      `json:"value,omitempty"`
		Rev     int      `json:"rev,omitempty"`
	}
	// TabBox is one tab of Tabs.
	TabBox   struct{}
	Expander struct { // bool, whether it is open, when it has an ID
		Label    string `json:"label"`
		Expanded bool   `json:"expanded,omitempty"`
		Icon     string `json:"icon,omitempty"`
		Rev      int    `json:"rev,omitempty"`
	}
	Popover struct { // bool, whether it is open, when it has an ID
		Label    string `json:"label"`
		Icon     string `json:"icon,omitempty"`
		Disabled bool   `json:"disabled,omitempty"`
		Type     string `json:"type,omitempty"`
		Open     bool   `json:"open,omitempty"`
		Rev      int    `json:"rev,omitempty"`
	}
	// Space is empty room.
	Space struct {
		Height int `json:"height"` // pixels
	}
	// Skeleton is a grey place for something that comes.
	Skeleton struct {
		Height int `json:"height"` // pixels
	}
	// Form's ID is the element's ID.
	Form struct {
		Border        bool `json:"border"`
		ClearOnSubmit bool `json:"clearOnSubmit,omitempty"`
		EnterSubmits  bool `json:"enterSubmits"`
	}
	// FragmentBox groups what a fragment emits; the element's Fragment names it.
	FragmentBox struct {
		RunEvery int `json:"runEvery,omitempty"` // milliseconds
	}
	Dialog struct { // a trigger when dismissed
		Title       string `json:"title"`
		Width       string `json:"width,omitempty"`
		Dismissible bool   `json:"dismissible"`
	}
	ChatMessage struct {
		Name   string `json:"name"`
		Avatar string `json:"avatar,omitempty"`
	}
	Status struct {
		Label    string `json:"label"`
		State    string `json:"state"` // "running", "complete", "error"
		Expanded bool   `json:"expanded"`
	}
)

// Status kinds.
type (
	// Alert is success, info, warning and error.
	Alert struct {
		Type string `json:"type"` // "success", "info", "warning", "error"
		HTML string `json:"html"`
		Icon string `json:"icon,omitempty"`
	}
	Progress struct {
		Value float64 `json:"value"` // 0 to 1
		HTML  string  `json:"html,omitempty"`
	}
	Spinner struct {
		HTML     string `json:"html"`
		ShowTime bool   `json:"showTime,omitempty"`
	}
	Toast struct {
		HTML    string  `json:"html"`
		Icon    string  `json:"icon,omitempty"`
		Seconds float64 `json:"seconds,omitempty"` // 0: 4
	}
	Balloons struct {
		Snow bool `json:"snow,omitempty"`
		N    int  `json:"n"` // run number, so that it plays once a run
	}
)

// Media kinds. URL is of this server, or a data: URL of at most 8 kB.
type (
	Image struct {
		URL     string `json:"url"`
		Alt     string `json:"alt,omitempty"`
		Caption string `json:"caption,omitempty"`
		Width   int    `json:"width,omitempty"`
	}
	Audio struct {
		URL      string  `json:"url"`
		Type     string  `json:"type,omitempty"`
		Autoplay bool    `json:"autoplay,omitempty"`
		Loop     bool    `json:"loop,omitempty"`
		Start    float64 `json:"start,omitempty"`
	}
	Video struct {
		URL      string  `json:"url"`
		Type     string  `json:"type,omitempty"`
		Autoplay bool    `json:"autoplay,omitempty"`
		Loop     bool    `json:"loop,omitempty"`
		Muted    bool    `json:"muted,omitempty"`
		Start    float64 `json:"start,omitempty"`
	}
	Pdf struct {
		URL    string `json:"url"`
		Height int    `json:"height,omitempty"`
	}
	Logo struct {
		URL  string `json:"url"`
		Link string `json:"link,omitempty"`
		Size string `json:"size,omitempty"`
	}
)

// PageConfig is not shown itself: it sets the page's title and layout. It stands
// at path "event/page".
type PageConfig struct {
	Title   string `json:"title,omitempty"`
	Icon    string `json:"icon,omitempty"`
	Layout  string `json:"layout,omitempty"`  // "centered", "wide"
	Sidebar string `json:"sidebar,omitempty"` // "auto", "expanded", "collapsed"
}

// Navigation lists the pages of an app. It stands at path "event/navigation".
type Navigation struct {
	Pages    []NavPage `json:"pages"`
	Current  string    `json:"current"`
	Position string    `json:"position,omitempty"` // "sidebar", "top", "hidden"
}

// NavPage is one page of Navigation.
type NavPage struct {
	Path    string `json:"path"`
	Title   string `json:"title"`
	Icon    string `json:"icon,omitempty"`
	Section string `json:"section,omitempty"`
}
