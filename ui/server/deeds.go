package server

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"stnb.dev/notebook"
	"stnb.dev/notebook/session"
)

// Deed is something a person did that others may want to know of: Config.Audit is
// told of each.
type Deed struct {
	Who      string // who is signed in: a user's name, or what tells sign-ins apart
	From     string // address
	Request  string // id, as in the log
	What     string // "edit", "run", "create", "sign in", ...
	Notebook string // path or name
	Detail   string // cells, the new name
}

// tellOf reports a deed done by a request.
func (s *core) tellOf(c *fiber.Ctx, what, notebook, detail string) {
	if s.cfg.Audit == nil {
		return
	}
	id, _ := c.Context().UserValue(requestID).(string)
	s.cfg.Audit(Deed{Who: callerOf(c).name(), From: from(c.Context()).String(), Request: id, What: what, Notebook: notebook, Detail: detail})
}

// tellOp reports an op that came over a socket, unless it changes nothing that
// others would see.
func (s *core) tellOp(a admission, op session.Op) {
	if s.cfg.Audit == nil {
		return
	}
	what, cells := deedOf(op)
	if what == "" {
		return
	}
	var names []string
	for _, c := range cells {
		names = append(names, string(c))
	}
	detail := strings.Join(names, " ")
	if op.Run != nil && detail == "" {
		detail = op.Run.What
	}
	s.cfg.Audit(Deed{Who: a.caller.name(), From: a.from.String(), Request: a.request, What: what, Notebook: a.notebook, Detail: clip(detail, 200)})
}

func deedOf(op session.Op) (what string, cells []notebook.CellID) {
	switch {
	case op.Edit != nil:
		return "edit", []notebook.CellID{op.Edit.Cell}
	case op.Insert != nil:
		return "insert", []notebook.CellID{op.Insert.Cell.ID}
	case op.Delete != nil:
		return "delete cells", op.Delete.Cells
	case op.Move != nil:
		return "move", op.Move.Cells
	case op.Split != nil:
		return "split", []notebook.CellID{op.Split.Cell}
	case op.Merge != nil:
		return "merge", op.Merge.Cells
	case op.SetCell != nil:
		return "set cell", []notebook.CellID{op.SetCell.Cell}
	case op.Undo != nil:
		return "undo", nil
	case op.Settings != nil:
		return "settings", nil
	case op.Resolve != nil:
		return "resolve", nil
	case op.Run != nil:
		return "run", op.Run.Cells
	case op.Interrupt != nil:
		return "interrupt", nil
	case op.Restart != nil:
		return "restart", nil
	case op.Clear != nil:
		return "clear", op.Clear.Cells
	}
	return "", nil
}
