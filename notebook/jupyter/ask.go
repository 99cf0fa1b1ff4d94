package jupyter

import (
	"encoding/json"

	"github.com/go-zeromq/zmq4"

	"stnb.dev/notebook/session"
)

type socket = zmq4.Socket

// ask passes a program's wish to read a line on to the client whose request runs.
// over: it waits no more.
func (s *server) ask(e *execution, over bool) {
	if over {
		s.asking.Lock()
		s.asked = nil
		s.asking.Unlock()
		return
	}
	if e == nil || !e.req.AllowStdin {
		s.line("", true) // nobody to ask: the input is at its end
		return
	}
	s.asking.Lock()
	s.asked = headerOf(e.msg)
	s.asking.Unlock()
	s.io.send(s.io.stdin, e.msg.Route, "input_request", headerOf(e.msg), nil, map[string]any{"prompt": "", "password": false})
}

// stdin takes the line that was typed.
func (s *server) stdin(m Message) {
	if m.Header.Type != "input_reply" {
		return
	}
	s.asking.Lock()
	open := s.asked != nil
	s.asked = nil
	s.asking.Unlock()
	var reply struct {
		Value string `json:"value"`
	}
	if !open || json.Unmarshal(m.Content, &reply) != nil {
		return // of a question that was interrupted
	}
	s.line(reply.Value+"\n", false)
}

func (s *server) line(text string, eof bool) {
	_ = s.nb.Do("jupyter", session.Op{Input: &session.Input{Text: text, EOF: eof, Silent: true}})
}
