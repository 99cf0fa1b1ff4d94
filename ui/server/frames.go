package server

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"stnb.dev/ui/protocol"
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
		ctx, cancel := context.WithTimeout(context.Background(), s.limits.PageTimeout)
		defer cancel()
		reply, rows, err := v.Page(ctx, in.Request)
		if err != nil {
			return explain(err)
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

// explain turns a backend's error into one whose text the person may read: in
// a grid that is the reason why its rows do not come.
func explain(err error) error {
	return Refuse(fiber.StatusUnprocessableEntity, clip(err.Error(), 500))
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
