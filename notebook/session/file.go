package session

import (
	"errors"
	"fmt"
	"time"

	"stnb.dev/notebook"
)

// How long the document may be dirty: quiet for saveQuiet, or dirty for a second
// in all (the loop sees to that). A write that failed is tried again.
const (
	saveQuiet = 300 * time.Millisecond
	saveRetry = 5 * time.Second
)

// touched notes that the document is not as the file.
func (c *change) touched() {
	c.file.version++
	switch c.file.phase {
	case fileConflict:
		// Until it is resolved the file is left alone; the changes are kept aside.
	case fileSaving:
	default:
		if c.file.phase != fileDirty {
			c.setFile(fileDirty, "")
		}
	}
	c.do(SaveSoon{saveQuiet})
}

func (c *change) setFile(phase, reason string) {
	c.file.phase, c.file.reason = phase, reason
	if phase != fileConflict {
		c.file.theirs = ""
	}
	c.emit(Event{Saved: ptr(c.file.event())})
}

// save writes the file because a person asked for it: what they saved stays a
// version of its own.
func (c *change) save() {
	switch c.file.phase {
	case fileConflict:
		c.emit(Event{Saved: ptr(c.file.event())})
	case fileSaving:
		c.do(Mark{}, SaveSoon{saveQuiet})
	default:
		c.do(Mark{})
		c.write(false)
	}
}

// restore makes a saved version the document.
func (c *change) restore(nb *notebook.Notebook, shown Kept) error {
	if c.file.phase == fileConflict {
		return errors.New("the file changed on disk: decide which version to keep before restoring another")
	}
	nb = notebook.Reconcile(c.notebook, nb)
	c.showKept(shown)
	c.replace(nb, c.program.Update(nb))
	c.touched()
	c.react(true)
	return nil
}

func (c *change) saveDue() {
	switch c.file.phase {
	case fileDirty, fileFailed:
		c.write(false)
	case fileConflict:
		c.do(Keep{c.notebook})
	}
}

func (c *change) write(force bool) {
	c.setFile(fileSaving, "")
	c.do(Write{Version: c.file.version, Notebook: c.notebook, Force: force})
}

func (c *change) written(w written) {
	switch {
	case w.clash:
		c.file.theirs = w.theirs
		c.setFile(fileConflict, w.err)
	case w.err != "":
		c.setFile(fileFailed, w.err)
		c.do(SaveSoon{saveRetry})
	default:
		c.file.disk, c.file.at = w.version, c.op.at
		if w.version == c.file.version {
			c.setFile(fileSaved, "")
		} else {
			c.setFile(fileDirty, "")
			c.do(SaveSoon{saveQuiet})
		}
	}
}

// diskChanged: a document without changes of its own follows the file; else
// the person chooses.
func (c *change) diskChanged(d diskChanged) {
	if c.file.version != c.file.disk || c.file.phase == fileSaving {
		c.file.theirs = d.text
		reason := "The file was changed by another program while there were changes here."
		if d.err != "" {
			reason = d.err
		}
		c.setFile(fileConflict, reason)
		return
	}
	if d.notebook == nil {
		c.setFile(fileFailed, d.err)
		return
	}
	nb := notebook.Reconcile(c.notebook, d.notebook)
	c.file.phase, c.file.reason, c.file.theirs, c.file.at = fileSaved, "", "", c.op.at
	c.showKept(d.shown)
	c.replace(nb, c.program.Update(nb))
	c.notice("info", "The file was changed by another program; this is the new text.")
	c.react(true)
}

func (c *change) resolve(keep string) error {
	if c.file.phase != fileConflict {
		return fmt.Errorf("there is no conflict")
	}
	switch keep {
	case "mine":
		c.write(true)
	case "theirs":
		c.takeTheirs()
	case "both":
		c.do(Write{Version: c.file.version, Notebook: c.notebook, Copy: true}) // then theirs
	default:
		return fmt.Errorf("keep mine, theirs or both, not %q", keep)
	}
	return nil
}

func (c *change) takeTheirs() {
	c.file.disk = c.file.version
	c.setFile(fileSaved, "")
	c.do(ReadFile{})
}

// copied: the document stands beside its file now, or could not be written there and
// stays here. What was typed meanwhile is in no copy: then the person chooses again.
func (c *change) copied(in copied) {
	switch {
	case in.err != "":
		c.notice("error", "Your version could not be written beside the file: "+in.err)
	case c.file.phase == fileConflict && in.version == c.file.version:
		c.notice("info", "Your version is in "+in.name+".")
		c.takeTheirs()
	}
}
