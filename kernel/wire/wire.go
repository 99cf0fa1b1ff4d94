// Package wire is the link between the server and a kernel: the messages both
// sides know, and their framing on a pipe.
//
// A frame is two big-endian uint32 lengths, a JSON body of the first length and
// a binary blob of the second (Arrow pages, uploads; mostly empty). The first
// frame each side sends is Hello; versions that differ end the link. The end of
// the pipe ends the kernel.
//
// Source positions on the link are lowered positions: unit, line, column.
package wire

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"stnb.dev/dataframe/page"
	"stnb.dev/widgets/element"
)

// Version is compared first; any change to this package raises it.
const Version = 3

// Message is one frame: exactly one field is set beside Blob.
type Message struct {
	Hello *Hello `json:"hello,omitempty"`

	// Server to kernel.
	Load  *Load  `json:"load,omitempty"`
	Open  *Open  `json:"open,omitempty"`
	Close *Close `json:"close,omitempty"`
	Run   *Run   `json:"run,omitempty"`
	Stop  *Stop  `json:"stop,omitempty"`
	Page  *Page  `json:"page,omitempty"`
	Vars  *Vars  `json:"vars,omitempty"`
	Input *Input `json:"input,omitempty"`

	// Kernel to server.
	Loaded    *Loaded    `json:"loaded,omitempty"`
	Deltas    *Deltas    `json:"deltas,omitempty"`
	CellStart *CellStart `json:"cellStart,omitempty"`
	CellEnd   *CellEnd   `json:"cellEnd,omitempty"`
	RunEnd    *RunEnd    `json:"runEnd,omitempty"`
	State     *State     `json:"state,omitempty"`
	Paged     *Paged     `json:"paged,omitempty"`
	VarList   *VarList   `json:"varList,omitempty"`
	Log       *Log       `json:"log,omitempty"`
	Ask       *Ask       `json:"ask,omitempty"`
	Stats     *Stats     `json:"stats,omitempty"`

	Blob []byte `json:"-"`
}

// Hello is the first message of each side.
type Hello struct {
	Version int    `json:"version"`
	PID     int    `json:"pid,omitempty"`
	Build   string `json:"build,omitempty"`
	// Server to kernel: how to start.
	Engine string `json:"engine,omitempty"` // "auto", "yaegi", "ssa"
	Dir    string `json:"dir,omitempty"`    // the notebook's folder: working directory
	App    bool   `json:"app,omitempty"`    // app mode: many sessions, no display of stdout
}

// Unit is the lowered text of one cell: a whole Go file of package main whose
// func Func, without parameters or results, is the cell's statements. All units
// of a Load together are one package.
type Unit struct {
	ID     string `json:"id"`     // changes when Source changes
	Cell   string `json:"cell"`   // notebook.CellID
	Func   string `json:"func"`   // "" when the cell has nothing to run
	Source string `json:"source"` // Go source text
	// File is the name that the program itself hears of where its code stands
	// (runtime.Caller, log's flags): "cell 3", or a file's path; "": ID. Lines are the
	// lines of what was typed that Source stands for, as runs that each begin some bytes
	// behind the one before: "0:0 120:1 9 14:0" says that the text from the 120th byte on
	// is of line 1, that of the 9 bytes behind of line 2, and that what is behind 14 more
	// is of none. "": they are Source's own. Both may change while ID stays.
	File  string `json:"file,omitempty"`
	Lines string `json:"lines,omitempty"`
}

// Typed is the line that the text at an offset of Source stands for, 0 for none; false
// when Lines do not say.
func (u Unit) Typed(offset int) (line int, ok bool) {
	at := 0
	for run := range strings.FieldsSeq(u.Lines) {
		skip, to, named := strings.Cut(run, ":")
		n, err := strconv.Atoi(skip)
		if at += n; err != nil || at > offset {
			break
		}
		line++
		if named {
			if line, err = strconv.Atoi(to); err != nil {
				return 0, false
			}
		}
	}
	return line, u.Lines != ""
}

// Load makes these units the kernel's program, in document order. Units it
// already has keep their variables' values; units that are gone are dropped.
type Load struct {
	Seq   uint64 `json:"seq"`
	Units []Unit `json:"units"`
}

// Loaded answers Load.
type Loaded struct {
	Seq      uint64    `json:"seq"`
	Engine   string    `json:"engine"` // that runs the program
	Reason   string    `json:"reason,omitempty"`
	Problems []Problem `json:"problems,omitempty"`
	// Restart names the engine the program needs when it is not the running
	// one; the server starts a kernel anew with it.
	Restart string `json:"restart,omitempty"`
}

// Problem is a unit the engine refuses, and why.
type Problem struct {
	Unit    string `json:"unit"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	EndLine int    `json:"endLine,omitempty"`
	EndCol  int    `json:"endCol,omitempty"`
	Code    string `json:"code"`
	Message string `json:"message"`
}

// Open starts a session; Close ends it and frees all it holds.
type Open struct {
	Session string `json:"session"`
	// More says that the session is open and keeps what it has: State comes on top.
	More bool `json:"more,omitempty"`
	// Restore brings back what State messages told of an earlier kernel.
	State   map[string]json.RawMessage `json:"state,omitempty"`
	Widgets map[string]json.RawMessage `json:"widgets,omitempty"`
}

// Close ends a session.
type Close struct {
	Session string `json:"session"`
}

// Run asks a session for one run. A session runs one at a time; the server
// sends the next only after RunEnd.
type Run struct {
	Session string `json:"session"`
	Run     uint64 `json:"run"` // grows within a session
	// Cells to run, in document order. A full run, as in app mode, names all.
	Cells []string `json:"cells"`
	Full  bool     `json:"full,omitempty"`
	// Fragments, when not empty, makes this a run of just these fragments.
	Fragments []string `json:"fragments,omitempty"`
	// Widgets are the values that changed in the browser since the last run.
	Widgets  map[string]json.RawMessage `json:"widgets,omitempty"`
	Triggers []Trigger                  `json:"triggers,omitempty"`
	Query    string                     `json:"query,omitempty"` // the page's query string
	Page     string                     `json:"page,omitempty"`
	// User is who is signed in; nil: nobody.
	User *User `json:"user,omitempty"`
}

// User is a person as the provider they signed in with knows them.
type User struct {
	Subject string   `json:"subject"` // the provider's id of them, for ever the same
	Name    string   `json:"name,omitempty"`
	Email   string   `json:"email,omitempty"` // verified
	Roles   []string `json:"roles,omitempty"`
}

// Trigger is one click, submit or chat message: it has an id of its own and is
// applied once.
type Trigger struct {
	Click  string          `json:"click"`
	Widget string          `json:"widget"`
	Value  json.RawMessage `json:"value,omitempty"`
}

// Stop ends a session's run, if it is still that run.
type Stop struct {
	Session string     `json:"session"`
	Run     uint64     `json:"run"`
	Reason  StopReason `json:"reason"`
}

// StopReason says why a run is stopped.
type StopReason string

// The reasons to stop a run.
const (
	Interrupted StopReason = "interrupted" // the user asked
	Superseded  StopReason = "superseded"  // a newer interaction replaces it
	Closed      StopReason = "closed"      // the visitor left
	TimedOut    StopReason = "timeout"
)

// Deltas are changes of a session's screen, in order.
type Deltas struct {
	Session string          `json:"session"`
	Run     uint64          `json:"run"`
	Deltas  []element.Delta `json:"deltas"`
}

// CellStart says a cell's statements begin to run.
type CellStart struct {
	Session string `json:"session"`
	Run     uint64 `json:"run"`
	Cell    string `json:"cell"`
}

// CellEnd says how a cell ended.
type CellEnd struct {
	Session string  `json:"session"`
	Run     uint64  `json:"run"`
	Cell    string  `json:"cell"`
	Fault   *Fault  `json:"fault,omitempty"` // nil: it ran to its end
	Millis  float64 `json:"millis"`
	// Goroutines the cell started that still run.
	Goroutines int `json:"goroutines,omitempty"`
}

// RunStatus is the end of a run.
type RunStatus string

// How runs end.
const (
	RunOK      RunStatus = "ok"
	RunFailed  RunStatus = "failed"  // a cell or callback faulted
	RunStopped RunStatus = "stopped" // st.Stop, or Stop with its reason
	RunRerun   RunStatus = "rerun"   // st.Rerun: run again at once, triggers cleared
)

// RunEnd is the last message of a run.
type RunEnd struct {
	Session string     `json:"session"`
	Run     uint64     `json:"run"`
	Status  RunStatus  `json:"status"`
	Reason  StopReason `json:"reason,omitempty"`
	// Unseen are clicks of this run that no script code and no callback saw,
	// because it was stopped before, or because they were second clicks of one
	// button: they belong to the next run.
	Unseen []Trigger `json:"unseen,omitempty"`
	// Fault of a callback, or of a run that has no cell to blame.
	Fault *Fault `json:"fault,omitempty"`
	// Widgets whose value the run itself set (by session state), to be known
	// to the server too.
	Widgets map[string]json.RawMessage `json:"widgets,omitempty"`
	// Query, when not nil, is the query string the script set.
	Query *string `json:"query,omitempty"`
	// Rerun scope "fragment": run just these again.
	Fragments []string `json:"fragments,omitempty"`
}

// State is a copy of the encodable session state that changed, for recovery. It
// comes after a run's callbacks, when there were any, and at its end.
type State struct {
	Session string                     `json:"session"`
	Set     map[string]json.RawMessage `json:"set,omitempty"`
	Deleted []string                   `json:"deleted,omitempty"`
	// Widgets are values that the run set itself so far, by widget ID.
	Widgets map[string]json.RawMessage `json:"widgets,omitempty"`
	// Taken are the clicks of the run whose effect the copy holds.
	Taken []string `json:"taken,omitempty"`
}

// Fault is an error of running user code, in lowered coordinates.
type Fault struct {
	// Kind: "panic", "error", "exit", "deadlock", "stack", "memory", "stopped".
	Kind    string  `json:"kind"`
	Message string  `json:"message"` // in Go's own words
	Frames  []Frame `json:"frames,omitempty"`
}

// ExitCode is what was given to os.Exit, when that is what ended the code.
func (f *Fault) ExitCode() (code int, ok bool) {
	if f.Kind != "exit" {
		return 0, false
	}
	_, err := fmt.Sscanf(f.Message, "exit status %d", &code)
	return code, err == nil
}

// Frame is one user frame, innermost first.
type Frame struct {
	Func   string `json:"func"` // as the user wrote it
	Unit   string `json:"unit"` // or a cell's ID: then the place is in the cell's own text
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// Page asks for a window of a shown frame.
type Page struct {
	Seq     uint64       `json:"seq"`
	Session string       `json:"session"`
	Request page.Request `json:"request"`
}

// Paged answers Page; the Arrow stream is the blob.
type Paged struct {
	Seq   uint64      `json:"seq"`
	Reply *page.Reply `json:"reply,omitempty"`
	Error string      `json:"error,omitempty"`
	Told  bool        `json:"told,omitempty"` // Error is a page.Error
}

// Window is what a message with a Paged answers.
func (m Message) Window() (page.Reply, []byte, error) {
	switch {
	case m.Paged.Error != "" && m.Paged.Told:
		return page.Reply{}, nil, page.Error(m.Paged.Error)
	case m.Paged.Error != "":
		return page.Reply{}, nil, errors.New(m.Paged.Error)
	case m.Paged.Reply == nil:
		return page.Reply{}, nil, errors.New("the kernel answered without a page")
	}
	return *m.Paged.Reply, m.Blob, nil
}

// Vars asks for variables of the session, by their lowered names. While a run is
// on, what is known from before it is answered: values in motion are not read.
type Vars struct {
	Seq     uint64   `json:"seq"`
	Session string   `json:"session"`
	Names   []string `json:"names"`
	// Show is the one variable that is wanted as an element, "" none.
	Show string `json:"show,omitempty"`
}

// VarList answers Vars. Variables that are not known are left out.
type VarList struct {
	Seq  uint64 `json:"seq"`
	Vars []Var  `json:"vars"`
	// Element shows the variable that was asked for; Error says why there is none.
	Element *element.Element `json:"element,omitempty"`
	Error   string           `json:"error,omitempty"`
}

// Var describes one variable of the notebook.
type Var struct {
	Name string `json:"name"` // lowered on this link, as typed behind the session
	Type string `json:"type"`
	// Cell defines it. The kernel does not know it; the session fills it in.
	Cell    string `json:"cell,omitempty"`
	Kind    string `json:"kind"` // "value", "frame", "func"
	Preview string `json:"preview"`
	Size    int64  `json:"size,omitempty"` // bytes of memory, about; 0 when not known
	Len     int64  `json:"len,omitempty"`  // elements of a slice, map or string
}

// Log is text for the server's log: the process's own stdout and stderr never
// carry frames, and in app mode what user code prints goes here.
type Log struct {
	Session string `json:"session,omitempty"`
	Stream  string `json:"stream"` // "stdout", "stderr"
	Text    string `json:"text"`
}

// Ask says that the program waits for standard input; Input answers, once.
type Ask struct {
	Session string `json:"session"`
}

// Input is what was typed, with the end of its line; EOF ends standard input.
type Input struct {
	Session string `json:"session"`
	Text    string `json:"text"`
	EOF     bool   `json:"eof,omitempty"`
	// Echo shows the text among what the cell prints, as a terminal does.
	Echo bool `json:"echo,omitempty"`
}

// Stats is sent about once a second while something runs.
type Stats struct {
	HeapBytes  int64   `json:"heapBytes"`
	RSSBytes   int64   `json:"rssBytes"`
	CPUSeconds float64 `json:"cpuSeconds"`
	Goroutines int     `json:"goroutines"`
}
