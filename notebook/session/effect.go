package session

import (
	"time"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/widgets/element"
)

// Effect is something Apply wants done by the loop.
type Effect interface{ effect() }

// The effects.
type (
	// Tell sends an event to the client, or to all when Client is "".
	Tell struct {
		Client string
		Event  Event
	}
	// Send hands a message to the kernel.
	Send struct{ Message wire.Message }
	// Reopen opens the session in the kernel with what is known of it; the loop
	// leaves out the values of widgets that are not on the screen any more.
	Reopen struct{ Open wire.Open }
	// StartKernel starts a kernel; kernelUp or kernelGone comes back.
	StartKernel struct {
		Gen    uint64
		Engine string
		Delay  time.Duration
	}
	// StopKernel ends a kernel; nothing comes back.
	StopKernel struct {
		Gen  uint64
		Kill bool // at once, without letting it finish
	}
	// After applies the op later.
	After struct {
		Delay time.Duration
		Op    Op
	}
	// BeginScreen, Draw and EndScreen move the element tree.
	BeginScreen struct {
		Run   uint64
		Scope element.Scope
	}
	Draw      struct{ Deltas []element.Delta }
	EndScreen struct {
		Prune bool
		// Cells, when not nil, narrows what is pruned to these.
		Cells []string
	}
	// Wipe takes away what the cells show.
	Wipe struct{ Cells []string }
	// Refresh sends every client the whole Document.
	Refresh struct{}
	// Check makes the program of a version of the document; checked comes back.
	// A newer Check takes the place of one that has not begun.
	Check struct {
		Version  uint64
		Notebook *notebook.Notebook
		Program  Program // of a version before
	}
	// SaveSoon asks for saveDue after the document was quiet for a moment.
	SaveSoon struct{ Delay time.Duration }
	// Write writes the file; written comes back.
	Write struct {
		Version  uint64
		Notebook *notebook.Notebook
		Force    bool // although the file on disk is not the one we know
		Copy     bool // beside the file, under another name; copied comes back
	}
	// Mark makes the next save a version that stays.
	Mark struct{}
	// Keep puts the document aside while its file is in conflict.
	Keep struct{ Notebook *notebook.Notebook }
	// ReadFile reads the file again; diskChanged comes back.
	ReadFile struct{}
	// Log is a line for the owner's log.
	Log struct {
		Level string // "info", "warn", "error"
		Text  string
		ID    string // of an error a visitor saw
		Fault *wire.Fault
		Cell  notebook.CellID
	}
)

func (Tell) effect()        {}
func (Send) effect()        {}
func (Reopen) effect()      {}
func (StartKernel) effect() {}
func (StopKernel) effect()  {}
func (After) effect()       {}
func (BeginScreen) effect() {}
func (Draw) effect()        {}
func (EndScreen) effect()   {}
func (Wipe) effect()        {}
func (Refresh) effect()     {}
func (Check) effect()       {}
func (SaveSoon) effect()    {}
func (Write) effect()       {}
func (Mark) effect()        {}
func (Keep) effect()        {}
func (ReadFile) effect()    {}
func (Log) effect()         {}
