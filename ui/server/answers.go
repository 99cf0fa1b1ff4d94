package server

import (
	"bytes"
	"io"
	"sync"
	"sync/atomic"

	"github.com/gofiber/fiber/v2"
)

// answers counts the bytes of media and of frames that are on their way to browsers:
// each is whole in memory until the last of it is read.
type answers struct {
	limit int64
	bytes atomic.Int64
}

var errManyAnswers = Refuse(fiber.StatusServiceUnavailable, "The server is sending as much as it can. Please try again in a moment.")

// send answers with part of the data, which is held until the part is sent.
func (a *answers) send(c *fiber.Ctx, data, part []byte) error {
	held := int64(len(data))
	if a.bytes.Add(held) > a.limit {
		a.bytes.Add(-held)
		return errManyAnswers
	}
	done := sync.OnceFunc(func() { a.bytes.Add(-held) })
	c.Context().SetBodyStream(&outgoing{bytes.NewReader(part), done}, len(part))
	return nil
}

// outgoing is closed when it was sent, or cannot be.
type outgoing struct {
	io.Reader
	done func()
}

func (o *outgoing) Close() error {
	o.done()
	return nil
}
