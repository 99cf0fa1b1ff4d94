package session

import (
	"errors"
	"slices"

	"stnb.dev/kernel/wire"
)

// askFor: the cell that runs waits for standard input.
func (c *change) askFor() {
	if c.run == nil || c.settings.Mode == ModeApp {
		return
	}
	a := &Ask{}
	for _, id := range c.run.began {
		if !slices.Contains(c.run.ended, id) {
			a.Cell = id
		}
	}
	c.asking = a
	c.emit(Event{Ask: a})
}

// input gives it what was typed. Of two tabs that answer, the first counts.
func (c *change) input(in *Input) error {
	if c.run == nil || c.asking == nil {
		return errors.New("nothing is waiting for input")
	}
	c.send(wire.Message{Input: &wire.Input{Session: c.settings.ID, Text: in.Text, EOF: in.EOF, Echo: !in.Silent}})
	c.askOver()
	return nil
}

// askOver: nothing waits for input any more.
func (c *change) askOver() {
	if c.asking != nil {
		c.emit(Event{Ask: &Ask{Cell: c.asking.Cell, Over: true}})
		c.asking = nil
	}
}
