package server

import (
	"io"
	"net"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// A connection that is closed with something unread is reset, and the reset
// overtakes the answer: a browser that was still sending an upload which is too
// big would show "connection reset" instead of the reason. So a connection on
// which a request was refused is closed in two steps: our side at once, and all
// of it when the client has stopped sending, within these bounds.
const (
	lingerBytes = 8 << 20
	lingerTime  = 2 * time.Second
)

// lingering is a listener whose connections can be closed in two steps.
type lingering struct{ net.Listener }

func (l lingering) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &lingerConn{Conn: c}, nil
}

type lingerConn struct {
	net.Conn
	linger atomic.Bool
}

func (c *lingerConn) Close() error {
	half, ok := c.Conn.(interface{ CloseWrite() error })
	if ok && c.linger.Swap(false) && half.CloseWrite() == nil {
		raw := c.Conn
		if t, ok := raw.(interface{ NetConn() net.Conn }); ok { // of TLS: what is thrown away need not be decrypted
			raw = t.NetConn()
		}
		if raw.SetReadDeadline(time.Now().Add(lingerTime)) == nil {
			io.CopyN(io.Discard, raw, lingerBytes)
		}
	}
	return c.Conn.Close()
}

// lingerOn has the connection of a refused request closed in two steps.
func lingerOn(ctx *fasthttp.RequestCtx) {
	if c, ok := ctx.Conn().(*lingerConn); ok {
		c.linger.Store(true)
	}
}
