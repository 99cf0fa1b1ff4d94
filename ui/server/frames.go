package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"stnb.dev/dataframe/page"
	"stnb.dev/ui/protocol"
	"stnb.dev/widgets/markdown"
)

// finder returns the caller's visit with that handle.
type finder func(who caller, handle string) (Visit, bool)

var errNoVisit = Refuse(fiber.StatusNotFound, "There is nothing here.")

// frames answers a request for a window of a shown frame: the description in a
// header, the rows as the body.
func (s *core) frames(find finder) fiber.Handler {
	return func(c *fiber.Ctx) error {
		var in protocol.FrameRequest
		if err := readJSON(c.Context(), s.limits.BodyBytes, &in); err != nil {
			return err
		}
		v, ok := find(callerOf(c), in.Session)
		if !ok || in.Request.Format == mediaFormat {
			return errNoVisit
		}
		if in.Request.Format == "markdown" {
			html, math := markdown.Render(in.Request.Text)
			return c.JSON(map[string]any{"html": html, "math": math})
		}
		ctx, cancel := context.WithTimeout(context.Background(), s.limits.PageTimeout)
		defer cancel()
		reply, rows, err := v.Page(ctx, in.Request)
		if err != nil {
			return s.unread(c, err)
		}
		description, err := json.Marshal(reply)
		if err != nil {
			return err
		}
		c.Set("X-Stnb-Reply", asciiJSON(description))
		switch in.Request.Format {
		case "csv":
			c.Set("Content-Type", "text/csv; charset=utf-8")
			c.Set("Content-Disposition", "attachment")
		case "parquet":
			c.Set("Content-Type", "application/vnd.apache.parquet")
			c.Set("Content-Disposition", "attachment")
		default:
			c.Set("Content-Type", "application/vnd.apache.arrow.stream")
		}
		return s.answers.send(c, rows, rows)
	}
}

// unread says why rows do not come, in the place where they would be. What DuckDB
// says of files, data and SQL is for the owner; a visitor gets the number under which
// the log has it.
func (s *core) unread(c *fiber.Ctx, err error) error {
	text := clip(err.Error(), 500)
	if _, told := errors.AsType[page.Error](err); !told && s.mode != "edit" {
		id := c.Context().UserValue(requestID)
		s.cfg.Log.Error("rows cannot be read", "request", id, "error", err)
		text = fmt.Sprintf("These rows cannot be read. The owner of this app can look up why by the number %s.", id)
	}
	return Refuse(fiber.StatusUnprocessableEntity, text)
}

// asciiJSON escapes what a header may not hold.
func asciiJSON(data []byte) string {
	var b strings.Builder
	b.Grow(len(data))
	for _, r := range string(data) {
		switch {
		case r < utf8.RuneSelf && r >= ' ' && r != 0x7f:
			b.WriteRune(r)
		case r <= 0xffff:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xd800+(r>>10), 0xdc00+(r&0x3ff))
		}
	}
	return b.String()
}
