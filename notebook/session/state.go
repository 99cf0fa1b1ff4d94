package session

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/file"
	"stnb.dev/notebook/source"
)

// Mode is what a session is for.
type Mode int

// The modes.
const (
	ModeEdit Mode = iota // the owner edits and runs cells
	ModeApp              // a visitor uses the notebook as an app
)

// State is a live notebook. It is a value: Apply returns a new one that shares
// what did not change, and nothing a State refers to is ever written to again.
type State struct {
	settings Setup
	notebook *notebook.Notebook
	versions map[notebook.CellID]int
	version  uint64 // of the document
	program  Program
	checked  uint64 // the version that program is of: it may lag behind typing
	undo     undoStack

	// told is what clients know, to send only what changed.
	toldStatus   map[notebook.CellID]CellStatus
	toldProblems map[notebook.CellID][]source.Diagnostic
	// unannounced: there may be something to tell.
	unannounced bool
	// index of cells, only while verdicts are computed.
	index map[notebook.CellID]int

	ran     map[notebook.CellID]ran // by cell; absent: never run
	stamp   uint64                  // of the last cell that began to run
	pending Request
	run     *running // nil: nothing runs
	runs    uint64   // number of the last run
	asking  *Ask     // the run waits for standard input
	kernel  kernelState
	file    fileState

	widgets map[string]json.RawMessage // values that runs have taken, by widget ID; see values
	saved   map[string]json.RawMessage // the encodable session state, by key
	clicks  []string                   // applied, the newest last
	shown   bool                       // a run has shown the page to its end
	query   string
	page    string
	clients int
	cut     bool // app mode: a run was stopped because nobody watched
}

// Setup is what a session is made with.
type Setup struct {
	Mode Mode
	ID   string // on the kernel link
	Path string // of the file, relative to the root

	Notebook *notebook.Notebook
	Program  Program
	// Unchecked says that Program is not Notebook's, but one to make it of: the
	// session can be looked at before that is done.
	Unchecked bool
	// Markdown renders a Markdown cell's text to safe HTML, with the images of the
	// notebook's folder; nil renders nothing.
	Markdown func(source, dir string, attached map[string]string) string

	// Theirs, when not "", is what the file holds while Notebook is what could
	// not be saved before: the session starts with that conflict.
	Theirs string

	// Recovered says that Notebook has changes the file does not: they are saved.
	Recovered bool
	// Kept is what the cells showed when the notebook was closed.
	Kept Kept

	// Grace is how long a run may take to stop when told to (edit mode).
	Grace time.Duration
	// RunLimit is how long a visitor's run may take; 0 has no limit.
	RunLimit time.Duration
	// MaxValues is how many bytes of widget values a visitor may hold; 0 has no limit.
	MaxValues int
	// User is who is signed in; nil: nobody.
	User *wire.User
	// Carried is what the session starts with of another, or of an earlier life.
	Carried Carried
}

// New returns the state of a notebook just opened: nothing runs, no kernel.
func newState(s Setup) State {
	if s.Grace == 0 {
		s.Grace = 2 * time.Second
	}
	st := State{
		settings: s,
		notebook: s.Notebook,
		program:  s.Program,
		versions: map[notebook.CellID]int{},
		kernel:   kernelState{phase: kernelNone, engine: s.Notebook.Engine},
		widgets:  s.Carried.Widgets,
		saved:    s.Carried.State,
		clicks:   s.Carried.Clicks,
		pending:  Request{Widgets: s.Carried.Values, Triggers: s.Carried.Triggers},
	}
	if s.Unchecked {
		st.version = 1
	}
	// Callbacks of what is to be done exist once the page has run.
	st.kernel.replay = len(st.pending.Widgets)+len(st.pending.Triggers) > 0
	if s.Theirs != "" {
		st.file = fileState{phase: fileConflict, version: 1, theirs: s.Theirs,
			reason: "These are changes that could not be saved before. The file holds something else."}
	}
	if s.Recovered && s.Theirs == "" {
		st.file = fileState{phase: fileDirty, version: 1}
	}
	st.remembered(s.Kept)
	st.toldStatus = st.statuses()
	st.toldProblems = st.problems()
	return st
}

// ran is what is known of a cell's last run.
type ran struct {
	state  string // "running", "done", "failed"
	unit   string // ID of the unit that ran
	source string // the cell's text then
	// stamp says when it began, in the count of cells begun; 0: its values are
	// gone, and lost says why.
	stamp uint64
	lost  string
	// inputs are the stamps of the cells it needed when it began.
	inputs map[notebook.CellID]uint64
	// touched are cells that changed its values in place since it began.
	touched []notebook.CellID

	millis     float64
	count      int
	at         int64
	goroutines int
}

// running is the run that is on.
type running struct {
	n     uint64
	req   Request
	cells []notebook.CellID // planned, in document order
	// began and ended are cells of this run.
	began, ended []notebook.CellID
	failed       notebook.CellID // "" none
	stopping     wire.StopReason // "" it was not told to stop
	// copied: what the callbacks did to the state is in the copy the server has;
	// taken are the clicks whose effect it holds.
	copied bool
	taken  []string
}

type kernelPhase string

const (
	kernelNone     kernelPhase = "none"
	kernelStarting kernelPhase = "starting"
	kernelUpPhase  kernelPhase = "up"
	kernelDead     kernelPhase = "dead"
)

type kernelState struct {
	phase  kernelPhase
	gen    uint64
	engine string // asked for
	reason string
	// running is the engine that answered the last Load.
	running string

	loadSeq  uint64
	loading  bool
	loaded   bool                       // a Load was sent to this kernel
	program  Program                    // that was loaded last
	notebook *notebook.Notebook         // it was made of
	units    map[notebook.CellID]string // unit IDs the kernel has
	// replay: the kernel is new, and the page must run once as it was.
	replay bool
	// refused are diagnostics of units the engine cannot run, by unit ID.
	refused map[string][]source.Diagnostic

	deaths   int // in a row, without a run that ended between
	rss      int64
	cpu      float64
	cpuTotal float64
	cpuAt    int64
}

// The phases of the file, as Saved.State says them.
const (
	fileSaved    = "saved"
	fileDirty    = "dirty"
	fileSaving   = "saving"
	fileConflict = "conflict"
	fileFailed   = "failed"
)

type fileState struct {
	phase   string // "" is saved
	version uint64 // of the document; grows with every change
	disk    uint64 // the version on disk
	at      int64
	reason  string
	theirs  string
}

func (f fileState) event() Saved {
	phase := f.phase
	if phase == "" {
		phase = fileSaved
	}
	return Saved{State: phase, At: f.at, Reason: f.reason, Theirs: f.theirs}
}

func (k kernelState) event(busy bool) KernelState {
	e := KernelState{State: string(k.phase), Engine: k.running, Reason: k.reason, RSS: k.rss, CPU: k.cpu}
	if k.phase == kernelUpPhase {
		e.State = "idle"
		if busy || k.loading {
			e.State = "busy"
		}
	}
	return e
}

// document is everything a new client needs, but for the screen's deltas.
func (s State) document() Document {
	d := Document{Title: s.notebook.Title, Run: s.runEvent(), Screen: Screen{Full: true, Order: s.order()}}
	if s.settings.Mode == ModeApp {
		d.Kernel = KernelState{State: s.kernel.event(s.run != nil).State}
		return d
	}
	d.Path = s.settings.Path
	d.Reactive, d.OmitOutputs = s.notebook.Reactive, s.notebook.OmitOutputs
	d.Engine = s.notebook.Engine
	d.Kernel = s.kernel.event(s.run != nil)
	d.Saved = s.file.event()
	d.Ask = s.asking
	for _, c := range s.notebook.Cells {
		d.Cells = append(d.Cells, s.cellEvent(c, ""))
		if st, ok := s.toldStatus[c.ID]; ok {
			d.Status = append(d.Status, st)
		}
		if ds := s.toldProblems[c.ID]; len(ds) > 0 {
			d.Problems = append(d.Problems, Problems{Cell: c.ID, Diagnostics: ds})
		}
	}
	return d
}

func (s State) cellEvent(c notebook.Cell, by string) CellEvent {
	e := CellEvent{Cell: c, Version: s.versions[c.ID], By: by}
	if c.Kind == notebook.Markdown && s.settings.Markdown != nil && !s.hasUnit(c.ID) {
		e.HTML = s.settings.Markdown(c.Source, s.notebook.Dir, file.Attachments(c))
	}
	return e
}

// hasUnit says whether what the cell shows comes from a run.
func (s State) hasUnit(id notebook.CellID) bool {
	return slices.ContainsFunc(s.program.Units(), func(u wire.Unit) bool { return u.Cell == string(id) })
}

func (s State) runEvent() RunState {
	e := RunState{Run: s.runs, Running: s.run != nil}
	if s.run != nil {
		e.Fragments = s.run.req.Fragments
		if s.settings.Mode == ModeEdit {
			e.Queue = len(s.run.cells) - len(s.run.ended)
		}
	}
	return e
}

// atRest says that nothing runs and nothing waits to, and all is checked.
func (s State) atRest() bool {
	return s.checked == s.version && s.run == nil && s.pending.want == wantNothing && s.kernel.phase != kernelStarting && !s.kernel.loading
}

func (s State) order() []string {
	out := make([]string, len(s.notebook.Cells))
	for i, c := range s.notebook.Cells {
		out[i] = string(c.ID)
	}
	return out
}

// change is an Apply at work: the new state and what it wants done. Its maps are
// shared with the old state until the first write.
type change struct {
	State
	op      Op
	effects []Effect
	owned   struct{ ran, versions bool }
}

func (c *change) do(e ...Effect)      { c.effects = append(c.effects, e...) }
func (c *change) emit(e Event)        { c.do(Tell{Event: e}) }
func (c *change) tell(e Event)        { c.do(Tell{Client: c.op.client, Event: e}) }
func (c *change) send(m wire.Message) { c.do(Send{m}) }
func (c *change) notice(level, text string) {
	c.emit(Event{Notice: &Notice{Level: level, Text: text}})
}

// setRan changes what is known of a cell's run.
func (c *change) setRan(id notebook.CellID, f func(r *ran)) {
	if !c.owned.ran {
		c.ran, c.owned.ran = maps.Clone(c.ran), true
		if c.ran == nil {
			c.ran = map[notebook.CellID]ran{}
		}
	}
	r := c.ran[id]
	f(&r)
	c.ran[id] = r
}

func (c *change) dropRan(id notebook.CellID) {
	if _, ok := c.ran[id]; !ok {
		return
	}
	c.setRan(id, func(*ran) {})
	delete(c.ran, id)
}

func (c *change) setVersion(id notebook.CellID, v int) {
	if !c.owned.versions {
		c.versions, c.owned.versions = maps.Clone(c.versions), true
	}
	c.versions[id] = v
}
