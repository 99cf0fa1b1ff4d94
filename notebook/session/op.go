package session

import (
	"encoding/json"

	"stnb.dev/notebook"
	"stnb.dev/notebook/source"
	"stnb.dev/widgets/element"
)

// Op is what a client asks for: exactly one field is set.
type Op struct {
	// Edits of the document (edit mode).
	Edit     *Edit     `json:"edit,omitempty"`
	Insert   *Insert   `json:"insert,omitempty"`
	Delete   *Delete   `json:"delete,omitempty"`
	Move     *Move     `json:"move,omitempty"`
	Split    *Split    `json:"split,omitempty"`
	Merge    *Merge    `json:"merge,omitempty"`
	SetCell  *SetCell  `json:"setCell,omitempty"`
	Undo     *Undo     `json:"undo,omitempty"` // of structure: insert, delete, move, split, merge
	Settings *Settings `json:"settings,omitempty"`
	Save     *Save     `json:"save,omitempty"`
	Resolve  *Resolve  `json:"resolve,omitempty"`

	// Running (edit mode).
	Run       *Run       `json:"run,omitempty"`
	Interrupt *Interrupt `json:"interrupt,omitempty"`
	Restart   *Restart   `json:"restart,omitempty"`
	Clear     *Clear     `json:"clear,omitempty"`
	Input     *Input     `json:"input,omitempty"`

	// Both modes.
	Interact *Interact `json:"interact,omitempty"`

	// What the loop adds, and no client can send: who asks, when (ms since
	// 1970), and news from inside (kernel, timers, files; see input.go).
	client string
	at     int64
	in     input
}

// Edit replaces a cell's source. Base is the cell's version the client's text
// grew from; when it is not the current one the edit is refused and the current
// text comes back as a CellEvent.
type Edit struct {
	Cell   notebook.CellID `json:"cell"`
	Base   int             `json:"base"`
	Source string          `json:"source"`
}

// Insert adds a cell after After ("" puts it first). The client makes the ID.
type Insert struct {
	After notebook.CellID `json:"after"`
	Cell  notebook.Cell   `json:"cell"`
	// Of is the cell that this one is a copy of, if that is here or was just deleted:
	// then what no client sees of a text's cell (pictures attached to it) is copied too.
	Of notebook.CellID `json:"of,omitempty"`
	// Along: one undo takes this cell away together with the one inserted before.
	Along bool `json:"along,omitempty"`
}

// Delete removes cells.
type Delete struct {
	Cells []notebook.CellID `json:"cells"`
}

// Move puts cells after After, keeping their order.
type Move struct {
	Cells []notebook.CellID `json:"cells"`
	After notebook.CellID   `json:"after"`
}

// Split cuts a cell at a byte offset of its version Base: what follows becomes the
// cell Rest below it.
type Split struct {
	Cell   notebook.CellID `json:"cell"`
	Base   int             `json:"base"`
	Offset int             `json:"offset"`
	Rest   notebook.CellID `json:"rest"`
}

// Merge joins cells into the first of them.
type Merge struct {
	Cells []notebook.CellID `json:"cells"`
}

// SetCell changes what is given of a cell.
type SetCell struct {
	Cell       notebook.CellID `json:"cell"`
	Kind       *notebook.Kind  `json:"kind,omitempty"`
	Name       *string         `json:"name,omitempty"`
	HideCode   *bool           `json:"hideCode,omitempty"`
	Disabled   *bool           `json:"disabled,omitempty"`
	Once       *bool           `json:"once,omitempty"`
	Connection *string         `json:"connection,omitempty"`
	Tags       *[]string       `json:"tags,omitempty"`
}

// Undo takes the last change of structure back; Redo does it again.
type Undo struct {
	Redo bool `json:"redo,omitempty"`
}

// Settings changes the notebook's own settings.
type Settings struct {
	Title    *string `json:"title,omitempty"`
	Reactive *bool   `json:"reactive,omitempty"`
	// OmitOutputs leaves outputs out of an .ipynb file.
	OmitOutputs *bool   `json:"omitOutputs,omitempty"`
	Engine      *string `json:"engine,omitempty"`
}

// Save writes the file now.
type Save struct{}

// Resolve ends a conflict with the file on disk: "mine" overwrites it, "theirs"
// takes it, "both" keeps mine beside it under another name.
type Resolve struct {
	Keep string `json:"keep"`
}

// Run runs cells, with the stale cells they need. No cell and What "" is nothing.
type Run struct {
	Cells []notebook.CellID `json:"cells,omitempty"`
	What  string            `json:"what,omitempty"` // "all", "stale", "above", "below" (of the first cell)
}

// Interrupt stops what runs and empties the queue.
type Interrupt struct{}

// Restart starts the kernel anew; Run runs all cells after.
type Restart struct {
	Run bool `json:"run,omitempty"`
}

// Clear removes outputs: of the cells, or all.
type Clear struct {
	Cells []notebook.CellID `json:"cells,omitempty"`
}

// Input answers a program's read of standard input: Text is what was typed, with
// the end of its line.
type Input struct {
	Text string `json:"text"`
	EOF  bool   `json:"eof,omitempty"`
	// Silent: whoever typed it sees it already, so it is not shown as output.
	Silent bool `json:"-"`
}

// Interact is what a person did with widgets: values that changed, and at most
// one trigger (a button, a submit, a chat message).
type Interact struct {
	Values  map[string]json.RawMessage `json:"values,omitempty"` // by widget ID
	Trigger *Trigger                   `json:"trigger,omitempty"`
	// Fragment, when set, reruns just that fragment.
	Fragment string `json:"fragment,omitempty"`
	// Tick is a fragment's timer (run_every), dropped when the fragment is gone.
	Tick bool `json:"tick,omitempty"`
	// Query is the page's query string when it changed; Page the page's path.
	Query *string `json:"query,omitempty"`
	Page  *string `json:"page,omitempty"`
	// Rerun asks for a run although nothing changed.
	Rerun bool `json:"rerun,omitempty"`
}

// Trigger is one click. Click is unique, made by the browser: a click sent again
// after a lost connection is applied once.
type Trigger struct {
	Click  string          `json:"click"`
	Widget string          `json:"widget"`
	Value  json.RawMessage `json:"value,omitempty"`
}

// Event is what a client is told: exactly one field is set.
type Event struct {
	Document *Document    `json:"document,omitempty"` // whole state: first, and after a reload
	Cell     *CellEvent   `json:"cell,omitempty"`
	Order    *Order       `json:"order,omitempty"`
	Status   *CellStatus  `json:"status,omitempty"`
	Problems *Problems    `json:"problems,omitempty"`
	Screen   *Screen      `json:"screen,omitempty"`
	Run      *RunState    `json:"run,omitempty"`
	Kernel   *KernelState `json:"kernel,omitempty"`
	Saved    *Saved       `json:"saved,omitempty"`
	Notice   *Notice      `json:"notice,omitempty"`
	Ask      *Ask         `json:"ask,omitempty"`
	Query    *QueryEvent  `json:"query,omitempty"` // the script changed the query string
}

// Document is everything a new client needs of an edit session; in app mode only
// Title and the screen are set.
type Document struct {
	Title    string `json:"title"`
	Path     string `json:"path,omitempty"` // relative to the root
	Reactive bool   `json:"reactive,omitempty"`
	// OmitOutputs: outputs stay out of the .ipynb file.
	OmitOutputs bool         `json:"omitOutputs,omitempty"`
	Engine      string       `json:"engine,omitempty"`
	Cells       []CellEvent  `json:"cells,omitempty"`
	Status      []CellStatus `json:"status,omitempty"`
	Problems    []Problems   `json:"problems,omitempty"`
	Screen      Screen       `json:"screen"`
	Kernel      KernelState  `json:"kernel"`
	Saved       Saved        `json:"saved"`
	Run         RunState     `json:"run"`
	Ask         *Ask         `json:"ask,omitempty"` // a cell waits for standard input
}

// CellEvent is a cell as it now is.
type CellEvent struct {
	notebook.Cell
	Version int `json:"version"` // grows with every change of Source
	// By is the client whose op made this version ("" the server): that client
	// has the text already.
	By string `json:"by,omitempty"`
	// HTML is a Markdown cell's rendered text, unless it has {{ }} and comes
	// from a run.
	HTML string `json:"html,omitempty"`
}

// Order is the cells' order after an insert, delete or move; cells new in it are
// sent as CellEvents before.
type Order struct {
	Cells []notebook.CellID `json:"cells"`
}

// CellStatus is a cell's state of running.
type CellStatus struct {
	Cell       notebook.CellID `json:"cell"`
	State      string          `json:"state"`         // "idle" (never run), "queued", "running", "done", "failed", "stale", "blocked" (has errors)
	Why        string          `json:"why,omitempty"` // of stale: "x changed in cell 3"
	Millis     float64         `json:"millis,omitempty"`
	Count      int             `json:"count,omitempty"` // runs since kernel start
	At         int64           `json:"at,omitempty"`    // end of the last run, ms since 1970
	Goroutines int             `json:"goroutines,omitempty"`
}

// Problems are a cell's diagnostics, all of them.
type Problems struct {
	Cell        notebook.CellID     `json:"cell"`
	Diagnostics []source.Diagnostic `json:"diagnostics"`
}

// Screen is a change of what is shown. Full replaces everything with Deltas.
// Order tells the cells' order when it matters for placing (app mode's client
// never sees the cells themselves).
type Screen struct {
	Full   bool            `json:"full,omitempty"`
	Order  []string        `json:"order,omitempty"`
	Deltas []element.Delta `json:"deltas,omitempty"`
	// Fresh are elements that the running run set again as they were. Their
	// deltas were dropped as no change, but they are no longer old: the page
	// stops fading them. Only runs longer than 400 ms need to send it.
	Fresh []element.Path `json:"fresh,omitempty"`
}

// RunState says whether a run is on; Applied are clicks the session has taken.
type RunState struct {
	Running bool     `json:"running"`
	Run     uint64   `json:"run"`
	Status  string   `json:"status,omitempty"` // of the run that ended, a wire.RunStatus
	Applied []string `json:"applied,omitempty"`
	// Cells still to run, edit mode.
	Queue int `json:"queue,omitempty"`
	// Fragments the run is limited to: only theirs fade as stale.
	Fragments []string `json:"fragments,omitempty"`
}

// KernelState says how the kernel is.
type KernelState struct {
	State  string  `json:"state"` // "none", "starting", "idle", "busy", "dead"
	Engine string  `json:"engine,omitempty"`
	Reason string  `json:"reason,omitempty"` // why this engine, or why it died
	RSS    int64   `json:"rss,omitempty"`    // bytes
	CPU    float64 `json:"cpu,omitempty"`    // cores in use
}

// Saved says how the file is.
type Saved struct {
	State  string `json:"state"` // "saved", "dirty", "saving", "conflict", "failed"
	At     int64  `json:"at,omitempty"`
	Reason string `json:"reason,omitempty"`
	// Theirs is the text on disk, of a conflict.
	Theirs string `json:"theirs,omitempty"`
}

// Notice is a line for the person.
type Notice struct {
	Level string `json:"level"` // "info", "warning", "error"
	Text  string `json:"text"`
}

// Ask says that a cell waits for standard input, until Over: it has it, or waits
// no more.
type Ask struct {
	Cell notebook.CellID `json:"cell,omitempty"`
	Over bool            `json:"over,omitempty"`
}

// QueryEvent is the query string as the script set it.
type QueryEvent struct {
	Query string `json:"query"`
}
