package jupyter

import (
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strings"

	"stnb.dev/notebook"
	"stnb.dev/notebook/file"
	"stnb.dev/notebook/session"
	"stnb.dev/notebook/source"
	"stnb.dev/notebook/syntax"
)

type executeRequest struct {
	Code        string            `json:"code"`
	Silent      bool              `json:"silent"`
	Store       *bool             `json:"store_history"` // true when absent
	Expressions map[string]string `json:"user_expressions"`
	AllowStdin  bool              `json:"allow_stdin"`
	StopOnError *bool             `json:"stop_on_error"` // true when absent
}

// execution is an execute_request under way.
type execution struct {
	msg    Message
	req    executeRequest
	parent json.RawMessage
	cell   notebook.CellID
	count  int
	// result: the cell ends with an expression, whose value is its result.
	result bool
}

func (s *server) execute(ctx context.Context, m Message) {
	var req executeRequest
	if err := json.Unmarshal(m.Content, &req); err != nil {
		s.io.reply(s.io.shell, m, "execute_reply", failure{"error", "ValueError", "the request cannot be read: " + err.Error(), []string{}})
		return
	}
	store := (req.Store == nil || *req.Store) && !req.Silent
	code := strings.TrimRight(req.Code, " \t\r\n")
	if store && code != "" {
		s.count++
	}
	e := &execution{msg: m, req: req, parent: headerOf(m), count: s.count}
	if !req.Silent {
		s.io.publish("execute_input", e.parent, map[string]any{"code": req.Code, "execution_count": e.count})
	}
	reply := map[string]any{"status": "ok", "execution_count": e.count, "payload": []any{}, "user_expressions": struct{}{}}
	var failed *failure
	shown := new(string)
	if name, ok := helpFor(code); ok {
		reply["payload"] = []any{s.help(name)}
	} else if code != "" {
		failed, shown = s.run(ctx, e, file.FromMagic(code))
	}
	if store && code != "" {
		s.history.add(entry{e.count, req.Code, shown})
	}
	if failed != nil {
		s.io.reply(s.io.shell, m, "execute_reply", struct {
			failure
			Count int `json:"execution_count"`
		}{*failed, e.count})
		if req.StopOnError == nil || *req.StopOnError {
			s.abort()
		}
		return
	}
	if len(req.Expressions) > 0 {
		reply["user_expressions"] = s.expressions(ctx, e)
	}
	s.io.reply(s.io.shell, m, "execute_reply", reply)
}

// run makes the cell the notebook's last and runs it. The result's text is nil
// when it has none.
func (s *server) run(ctx context.Context, e *execution, c notebook.Cell) (*failure, *string) {
	c.ID = notebook.NewID()
	e.cell, e.result = c.ID, endsInExpression(c)
	s.screen.begin(e)
	failed := s.tried(ctx, e, c)
	result := s.screen.end()
	if failed != nil {
		// What fails defines nothing.
		_ = s.nb.Do("jupyter", session.Op{Delete: &session.Delete{Cells: []notebook.CellID{c.ID}}})
		s.screen.forget(c.ID)
	}
	return failed, result
}

func (s *server) tried(ctx context.Context, e *execution, c notebook.Cell) *failure {
	after := notebook.CellID("")
	if cells := s.nb.Notebook().Cells; len(cells) > 0 {
		after = cells[len(cells)-1].ID
	}
	err := s.nb.Do("jupyter", session.Op{Insert: &session.Insert{After: after, Cell: c}})
	if err == nil {
		err = s.nb.Do("jupyter", session.Op{Run: &session.Run{Cells: []notebook.CellID{c.ID}}})
	}
	if err == nil {
		err = s.nb.Settle(ctx)
	}
	if err != nil {
		return s.fail(e, "Error", err.Error(), nil)
	}
	d, err := s.nb.Document()
	if err != nil {
		return s.fail(e, "Error", err.Error(), nil)
	}
	s.screen.wait(ctx, d.Run.Run)
	for _, st := range d.Status {
		if st.Cell != c.ID {
			continue
		}
		switch {
		case st.State == "done", st.State == "idle" && d.Kernel.State != "dead":
			return nil // an idle cell has nothing to run
		case s.screen.failure != nil:
			return s.screen.failure // it has been shown
		case st.State == "blocked":
			return s.refused(e, c, d)
		}
		why := st.Why
		if why == "" {
			why = "the cell did not run"
		}
		kind := "Error"
		if strings.Contains(why, "interrupted") {
			kind = "Interrupted"
		} else if d.Kernel.State == "dead" && d.Kernel.Reason != "" {
			kind, why = "KernelDied", d.Kernel.Reason
		}
		return s.fail(e, kind, why, nil)
	}
	if problems := problemsOf(d, c.ID); len(problems) > 0 {
		return s.refused(e, c, d)
	}
	return nil // a cell that runs nothing: a comment, declarations only
}

func problemsOf(d session.Document, id notebook.CellID) (list []source.Diagnostic) {
	for _, p := range d.Problems {
		if p.Cell == id {
			for _, x := range p.Diagnostics {
				if x.Severity == source.Error {
					list = append(list, x)
				}
			}
		}
	}
	return list
}

// refused says why a cell cannot run: each problem with its line and a mark.
func (s *server) refused(e *execution, c notebook.Cell, d session.Document) *failure {
	var trace []string
	first := "the cell cannot run"
	lines := strings.Split(c.Source, "\n")
	for i, p := range problemsOf(d, c.ID) {
		if i == 0 {
			first = p.Message
		}
		at := p.Range.Start
		trace = append(trace, fmt.Sprintf("[%d]:%d:%d: %s%s%s", e.count, at.Line, at.Column, red, p.Message, plain))
		if at.Line >= 1 && at.Line <= len(lines) {
			line := lines[at.Line-1]
			before := line[:min(max(at.Column-1, 0), len(line))]
			trace = append(trace, "    "+line, "    "+blanks(before)+"^")
		}
		for _, n := range p.Notes {
			trace = append(trace, "    "+n.Message)
		}
	}
	return s.fail(e, "CompileError", first, trace)
}

const (
	red   = "\x1b[31m"
	plain = "\x1b[0m"
)

// blanks is as wide as a text: tabs stay.
func blanks(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, text)
}

// fail shows an error and is the reply's content.
func (s *server) fail(e *execution, kind, message string, trace []string) *failure {
	if trace == nil {
		trace = []string{red + message + plain}
	}
	if !e.req.Silent {
		s.io.publish("error", e.parent, map[string]any{"ename": kind, "evalue": message, "traceback": trace})
	}
	return &failure{"error", kind, message, trace}
}

// abort answers the execute_requests that wait: one before them failed.
func (s *server) abort() {
	for {
		select {
		case m := <-s.queue:
			parent := headerOf(m)
			s.io.publish("status", parent, status{"busy"})
			if m.Header.Type == "execute_request" {
				s.io.reply(s.io.shell, m, "execute_reply", map[string]any{"status": "aborted"})
			} else if kind, content := s.answer(m); kind != "" {
				s.io.reply(s.io.shell, m, kind, content)
			}
			s.io.publish("status", parent, status{"idle"})
		default:
			return
		}
	}
}

// expressions evaluates the request's user_expressions.
func (s *server) expressions(ctx context.Context, e *execution) map[string]any {
	out := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(e.req.Expressions)) {
		quiet := &execution{msg: e.msg, parent: e.parent, count: e.count, req: executeRequest{Silent: true}}
		c := notebook.Cell{Kind: notebook.Go, Source: e.req.Expressions[name]}
		if !endsInExpression(c) {
			out[name] = failure{"error", "SyntaxError", "not an expression", []string{}}
			continue
		}
		if failed, _ := s.run(ctx, quiet, c); failed != nil {
			out[name] = failed
			continue
		}
		data := s.screen.value
		if data == nil {
			data = map[string]any{"text/plain": ""}
		}
		out[name] = map[string]any{"status": "ok", "data": data, "metadata": struct{}{}}
		_ = s.nb.Do("jupyter", session.Op{Delete: &session.Delete{Cells: []notebook.CellID{quiet.cell}}})
	}
	return out
}

// endsInExpression says whether a cell's last statement is an expression.
func endsInExpression(c notebook.Cell) bool {
	switch c.Kind {
	case notebook.SQL:
		return true
	case notebook.Go:
	default:
		return false
	}
	p := syntax.Parse(c)
	if len(p.Items) == 0 || len(p.Stmts) == 0 || p.Items[len(p.Items)-1].Kind != syntax.Statements {
		return false
	}
	_, ok := p.Stmts[len(p.Stmts)-1].(*ast.ExprStmt)
	return ok
}
