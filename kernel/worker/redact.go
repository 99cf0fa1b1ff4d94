package worker

import (
	"encoding/json"

	"stnb.dev/kernel/wire"
	"stnb.dev/widgets/element"
)

// redacted is the message without what Config.Redact takes out of text that goes
// to logs, errors and saved outputs: what user code printed, faults, error
// elements. What an author puts on the screen is left alone: it is meant to be
// there.
func (wk *worker) redacted(m wire.Message) wire.Message {
	r := wk.cfg.Redact
	if r == nil {
		return m
	}
	switch {
	case m.Log != nil:
		l := *m.Log
		l.Text = r(l.Text)
		m.Log = &l
	case m.CellEnd != nil && m.CellEnd.Fault != nil:
		e := *m.CellEnd
		e.Fault = redactedFault(e.Fault, r)
		m.CellEnd = &e
	case m.RunEnd != nil && m.RunEnd.Fault != nil:
		e := *m.RunEnd
		e.Fault = redactedFault(e.Fault, r)
		m.RunEnd = &e
	case m.Deltas != nil:
		d := *m.Deltas
		d.Deltas = append([]element.Delta(nil), d.Deltas...)
		for i := range d.Deltas {
			x := &d.Deltas[i]
			switch {
			case x.Element != nil && (x.Element.Kind == "error" || x.Element.Kind == "stdout"):
				e := *x.Element
				e.Props = redactedJSON(e.Props, r)
				x.Element = &e
			case len(x.Data) > 0:
				x.Data = redactedJSON(x.Data, r)
			}
		}
		m.Deltas = &d
	}
	return m
}

func redactedFault(f *wire.Fault, r func(string) string) *wire.Fault {
	g := *f
	g.Message = r(g.Message)
	return &g
}

// redactedJSON takes secrets out of JSON text, where they stand as JSON writes them.
func redactedJSON(raw json.RawMessage, r func(string) string) json.RawMessage {
	if out := json.RawMessage(r(string(raw))); json.Valid(out) {
		return out
	}
	return raw
}
