package server

import (
	"container/list"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/valyala/fasthttp"
)

// conns is a listener that survives what fasthttp alone does not: more connections
// than the process may have. It ends those that keep us waiting longest instead of
// ending the server, and gives no address more than its share.
type conns struct {
	net.Listener
	perAddress int

	mu      sync.Mutex
	waiting *list.List // of *conn that we read from and hear nothing of, longest first
	address map[string]int
}

func newConns(l net.Listener, perAddress int) *conns {
	return &conns{Listener: l, perAddress: perAddress, waiting: list.New(), address: map[string]int{}}
}

// fullPause is how long a descriptor that was let go may take to be free.
const fullPause = 5 * time.Millisecond

// full says that the process, or the machine, has no more descriptors.
func full(err error) bool {
	return errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE) || errors.Is(err, syscall.ENOBUFS) || errors.Is(err, syscall.ENOMEM)
}

func (l *conns) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			if !full(err) {
				return nil, err
			}
			l.letGo()
			time.Sleep(fullPause)
			continue
		}
		at, ok := l.admit(c)
		if !ok {
			c.Close()
			continue
		}
		return &conn{Conn: c, from: l, address: at}, nil
	}
}

// admit counts a connection for its address; not for this machine's own, where a
// proxy may speak for everybody.
func (l *conns) admit(c net.Conn) (at string, ok bool) {
	tcp, isTCP := c.RemoteAddr().(*net.TCPAddr)
	if !isTCP {
		return "", true
	}
	if at = neighbourhood(tcp.IP); at == "" {
		return "", true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.address[at] >= l.perAddress {
		return "", false
	}
	l.address[at]++
	return at, true
}

// letGo closes the connection that has kept us waiting longest.
func (l *conns) letGo() {
	l.mu.Lock()
	first := l.waiting.Front()
	if first != nil {
		l.waiting.Remove(first)
	}
	l.mu.Unlock()
	if first != nil {
		first.Value.(*conn).Conn.Close()
	}
}

// A connection that is closed with something unread is reset, and the reset
// overtakes the answer: a browser that was still sending an upload which is too
// big would show "connection reset" instead of the reason. So a connection on
// which a request was refused is closed in two steps: our side at once, and all
// of it when the client has stopped sending, within these bounds.
const (
	lingerBytes = 8 << 20
	lingerTime  = 2 * time.Second
)

// pieceBytes are what a write's deadline is for: a reader who is slow but reads
// gets all of a big answer, one who does not read is let go.
const pieceBytes = 256 << 10

type conn struct {
	net.Conn
	from     *conns
	address  string // it is counted for; "": for none
	once     sync.Once
	linger   atomic.Bool
	socket   atomic.Bool  // it is a WebSocket: its silence is no fault
	patience atomic.Int64 // of a write, as time.Duration; 0: without end
	sent     int          // of the piece that is being written; writes come one after the other
}

func (c *conn) Read(p []byte) (int, error) {
	if c.socket.Load() {
		return c.Conn.Read(p)
	}
	l := c.from
	l.mu.Lock()
	e := l.waiting.PushBack(c)
	l.mu.Unlock()
	n, err := c.Conn.Read(p)
	l.mu.Lock()
	l.waiting.Remove(e)
	l.mu.Unlock()
	return n, err
}

func (c *conn) SetDeadline(t time.Time) error {
	c.patience.Store(writeTime(t))
	return c.Conn.SetDeadline(t)
}

func (c *conn) SetWriteDeadline(t time.Time) error {
	c.patience.Store(writeTime(t))
	c.sent = 0
	return c.Conn.SetWriteDeadline(t)
}

func writeTime(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return int64(time.Until(t))
}

// Write gives each piece the time that the whole was given.
func (c *conn) Write(p []byte) (n int, err error) {
	for {
		m, err := c.Conn.Write(p[:min(len(p), pieceBytes-c.sent)])
		n, p, c.sent = n+m, p[m:], c.sent+m
		if d := time.Duration(c.patience.Load()); err == nil && c.sent == pieceBytes {
			c.sent = 0
			if d > 0 {
				err = c.Conn.SetWriteDeadline(time.Now().Add(d))
			}
		}
		if err != nil || len(p) == 0 {
			return n, err
		}
	}
}

func (c *conn) Close() error {
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
	err := c.Conn.Close()
	c.once.Do(c.leave)
	return err
}

// leave takes the connection from its address's count.
func (c *conn) leave() {
	if c.address == "" {
		return
	}
	l := c.from
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.address[c.address]--; l.address[c.address] == 0 {
		delete(l.address, c.address)
	}
}

// lingerOn has the connection of a refused request closed in two steps.
func lingerOn(ctx *fasthttp.RequestCtx) {
	if c, ok := ctx.Conn().(*conn); ok {
		c.linger.Store(true)
	}
}
