package session

import (
	"encoding/json"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
)

// input is news from inside: from the kernel, a timer, the file. No client can
// send one.
type input interface{ input() }

type (
	// kernelUp: the kernel of this generation answers.
	kernelUp struct{ gen uint64 }
	// kernelGone: it ended, or could not start.
	kernelGone struct {
		gen    uint64
		reason string
	}
	// kernelSays: it sent a message.
	kernelSays struct {
		gen uint64
		msg wire.Message
	}
	// graceOver: a run that was told to stop had its time.
	graceOver struct{ run uint64 }
	// runOverdue: a run has used up its wall time.
	runOverdue struct{ run uint64 }
	// announceNow: it is time to tell what changed of cells' status.
	announceNow struct{}
	// checked: the static knowledge of a version of the document is there.
	checked struct {
		version uint64
		program Program
		again   bool // files beside the notebook changed, not the document
	}
	// saveDue: the document has been quiet, or dirty for long enough.
	saveDue struct{}
	// written: a write of the file ended.
	written struct {
		version uint64
		err     string // "" it is on disk
		theirs  string // conflict: the text on disk that we did not write
		clash   bool   // it is a conflict
	}
	// copied: a copy of the document was written under that name, or not.
	copied struct {
		version uint64
		name    string
		err     string
	}
	// diskChanged: someone else wrote the file.
	diskChanged struct {
		notebook *notebook.Notebook // nil when it cannot be read
		text     string
		err      string
		shown    Kept // what the file shows that the screen may not
	}
	// outputsChanged: the file does not hold what the cells show.
	outputsChanged struct{}
	// reload: the app's notebook was changed by its owner.
	reload struct {
		notebook *notebook.Notebook
		program  Program
	}
	// restored: a saved version is to be the document again.
	restored struct {
		notebook *notebook.Notebook
		shown    Kept
	}
	// given: session state was set from outside.
	given struct{ state map[string]json.RawMessage }
	// audience: the number of clients that watch changed.
	audience struct{ clients int }
	// widgetAt tells what the screen knows of the widgets that an Interact names.
	// It rides on client ops.
	widgetAt struct {
		widgets map[string]placed // by ID
		gone    bool              // the fragment of a Tick is not on the screen
	}
)

func (kernelUp) input()       {}
func (kernelGone) input()     {}
func (kernelSays) input()     {}
func (graceOver) input()      {}
func (runOverdue) input()     {}
func (announceNow) input()    {}
func (checked) input()        {}
func (saveDue) input()        {}
func (written) input()        {}
func (copied) input()         {}
func (diskChanged) input()    {}
func (reload) input()         {}
func (audience) input()       {}
func (given) input()          {}
func (restored) input()       {}
func (outputsChanged) input() {}
func (widgetAt) input()       {}
