package session

import (
	"errors"
	"fmt"

	"stnb.dev/kernel/wire"
)

// ErrForbidden answers an op that the session's mode does not have.
var ErrForbidden = errors.New("not allowed in an app")

// Apply carries out one op: the new state, and what is to be done. On an error
// the state is the old one and nothing is to be done.
func Apply(s State, op Op) (State, []Effect, error) {
	c := &change{State: s, op: op}
	var err error
	if op.in != nil {
		if _, rides := op.in.(widgetAt); !rides {
			if err := c.inside(op.in); err != nil {
				return s, nil, err
			}
			return c.State, c.effects, nil
		}
	}
	switch {
	case op.Interact != nil:
		err = c.interact(op.Interact)
	case op.Input != nil:
		err = c.input(op.Input)
	case s.settings.Mode == ModeApp:
		return s, nil, ErrForbidden
	case op.Edit != nil:
		err = c.edit(op.Edit)
	case op.Insert != nil:
		err = c.insert(op.Insert)
	case op.Delete != nil:
		err = c.delete(op.Delete)
	case op.Move != nil:
		err = c.move(op.Move)
	case op.Split != nil:
		err = c.split(op.Split)
	case op.Merge != nil:
		err = c.merge(op.Merge)
	case op.SetCell != nil:
		err = c.setCell(op.SetCell)
	case op.Undo != nil:
		err = c.takeBack(op.Undo.Redo)
	case op.Settings != nil:
		err = c.set(op.Settings)
	case op.Save != nil:
		c.save()
	case op.Resolve != nil:
		err = c.resolve(op.Resolve.Keep)
	case op.Run != nil:
		err = c.runCells(op.Run)
	case op.Interrupt != nil:
		c.interrupt()
	case op.Restart != nil:
		c.restart(op.Restart.Run)
	case op.Clear != nil:
		c.clear(op.Clear)
	default:
		err = errors.New("an empty op")
	}
	if err != nil {
		return s, nil, err
	}
	if op.Insert != nil || op.Delete != nil || op.Move != nil || op.Split != nil || op.Merge != nil ||
		op.SetCell != nil || op.Undo != nil || op.Settings != nil {
		c.react(false)
	}
	return c.State, c.effects, nil
}

// inside applies news from inside; what is out of date is dropped.
func (c *change) inside(in input) error {
	switch in := in.(type) {
	case kernelUp:
		if in.gen == c.kernel.gen {
			c.kernelUp()
		}
	case kernelGone:
		if in.gen == c.kernel.gen {
			c.kernelGone(in.reason)
		}
	case kernelSays:
		if in.gen == c.kernel.gen && c.kernel.phase == kernelUpPhase {
			c.kernelSays(in.msg)
		}
	case graceOver:
		if c.run != nil && c.run.n == in.run {
			c.graceOver()
		}
	case runOverdue:
		if c.run != nil && c.run.n == in.run {
			c.stopRun(timedOut)
		}
	case announceNow:
		c.tellChanges()
	case checked:
		if in.version == c.version && (c.checked != c.version || in.again) {
			was := c.program
			c.program, c.checked = in.program, in.version
			c.renderAgain(was)
			c.announce()
		}
	case saveDue:
		c.saveDue()
	case written:
		c.written(in)
	case copied:
		c.copied(in)
	case diskChanged:
		c.diskChanged(in)
	case reload:
		c.reload(in)
	case restored:
		return c.restore(in.notebook, in.shown)
	case outputsChanged:
		c.touched()
	case audience:
		c.audience(in.clients)
	case given:
		c.saved = overlay(c.saved, in.state)
		if c.kernel.phase == kernelUpPhase {
			c.send(wire.Message{Open: &wire.Open{Session: c.settings.ID, More: true, State: in.state}})
		}
	default:
		panic(fmt.Sprintf("session: unknown input %T", in))
	}
	return nil
}
