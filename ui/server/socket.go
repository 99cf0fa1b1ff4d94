package server

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/fasthttp/websocket"
	fiberws "github.com/gofiber/contrib/websocket"
	"github.com/gofiber/fiber/v2"

	"stnb.dev/notebook/session"
	"stnb.dev/ui/protocol"
)

// admission is what is known of a socket when it opens.
type admission struct {
	ctx      context.Context // ends with the socket
	caller   caller
	request  string // the request's id
	from     net.IP
	notebook string // of the query, edit mode
	app      string // of the query, app mode
}

// joiner gives a socket its live notebook; leave is called when it is gone.
type joiner func(a admission, hello protocol.Hello) (v Visit, leave func(), err error)

// buffers are shared by all sockets: one that is quiet holds none.
var buffers = &sync.Pool{}

// upgrade returns the handler that makes a request a socket.
func (s *core) upgrade(join joiner) fiber.Handler {
	const admitted = "stnb-admitted"
	type pass struct {
		admission
		done func()
	}
	accept := fiberws.New(func(c *fiberws.Conn) {
		p := c.Locals(admitted).(pass)
		defer p.done()
		defer s.survive("socket")
		// c goes back to a pool when this returns, so the connection itself is
		// what is used, and everything that uses it is joined before.
		s.serveSocket(c.Conn, p.admission, join)
	}, fiberws.Config{
		HandshakeTimeout:  10 * time.Second,
		ReadBufferSize:    512, // in front of it stands the HTTP server's own
		WriteBufferSize:   4 << 10,
		WriteBufferPool:   buffers,
		EnableCompression: false, // the read limit counts compressed bytes
		// The library's own would tell the client what the panic said.
		RecoverHandler: func(*fiberws.Conn) {},
	})
	return func(c *fiber.Ctx) error {
		if !fiberws.IsWebSocketUpgrade(c) {
			return fiber.ErrUpgradeRequired
		}
		ip := from(c.Context())
		done, ok := s.sockets.admit(ip)
		if !ok {
			s.metrics.refused.Add(1)
			return Refuse(fiber.StatusServiceUnavailable, "Too many connections. Please try again later.")
		}
		request, _ := c.Context().UserValue(requestID).(string)
		c.Locals(admitted, pass{admission{
			caller: callerOf(c), request: request, from: ip, notebook: strings.Clone(c.Query("notebook")),
			app: strings.Clone(c.Query("app")),
		}, done})
		k, _ := c.Context().Conn().(*conn)
		if k != nil {
			k.socket.Store(true)
		}
		err := accept(c)
		if err != nil {
			done()
			if k != nil {
				k.socket.Store(false)
			}
		}
		return err
	}
}

// sock is one open socket.
type sock struct {
	conn   *websocket.Conn
	out    *outbox
	caller caller
	client string // set once by the hello, under sockets.mu

	ctx     context.Context
	cancel  context.CancelFunc
	closing atomic.Pointer[closing]
}

// closing is how a socket ends.
type closing struct {
	code int
	text string
}

// close asks the socket to end; the first code given is the one sent.
func (k *sock) close(code int, text string) {
	k.closing.CompareAndSwap(nil, &closing{code, text})
	k.cancel()
}

// send queues a frame for the browser, and waits while too many are queued.
func (k *sock) send(m protocol.Server) {
	frame, err := json.Marshal(m)
	if err != nil {
		k.close(closeInternal, "The server made a message it cannot send.")
		return
	}
	k.out.put(frame)
}

// serveSocket runs a socket to its end.
func (s *core) serveSocket(conn *websocket.Conn, a admission, join joiner) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	a.ctx = ctx
	k := &sock{conn: conn, out: newOutbox(s.limits.QueueBytes, ctx.Done()), caller: a.caller, ctx: ctx, cancel: cancel}
	s.sockets.add(k)
	defer s.sockets.remove(k)
	s.metrics.opened.Add(1)

	conn.SetReadLimit(s.limits.MessageBytes)
	alive := 3*s.limits.SocketPing + s.limits.SocketWrite
	conn.SetPongHandler(func(string) error { return k.extend(alive) })

	var wg sync.WaitGroup
	// Deferred, since reading may panic: the connection is another visitor's
	// as soon as this returns, so the writer has to be gone.
	defer wg.Wait()
	defer k.close(closeInternal, "")
	wg.Go(func() {
		defer s.survive("socket writer")
		s.write(k)
	})
	s.converse(k, a, join, alive, &wg)
	k.close(closeGoingAway, "")
	wg.Wait()
	drain(conn.NetConn())
}

// drain reads what the browser still sends for a moment: to close a connection
// with something unread destroys the last words on their way to it.
func drain(c net.Conn) {
	c.SetReadDeadline(time.Now().Add(500 * time.Millisecond))
	io.Copy(io.Discard, io.LimitReader(c, 8<<20))
}

// extend gives the browser more time to be heard, unless the socket is ending.
func (k *sock) extend(d time.Duration) error {
	if err := k.conn.SetReadDeadline(time.Now().Add(d)); err != nil {
		return err
	}
	return k.ctx.Err() // looked at last: the writer cancels before it wakes the reader
}

// survive keeps a goroutine's panic from ending the server.
func (s *core) survive(what string) {
	if r := recover(); r != nil {
		s.metrics.panics.Add(1)
		s.cfg.Log.Error(what+" panicked", "panic", r, "stack", string(debug.Stack()))
	}
}

// write is the socket's one writer. When it ends it wakes the reader, by a
// deadline: closing a hijacked connection does nothing before its handler ends.
func (s *core) write(k *sock) {
	ping := time.NewTicker(s.limits.SocketPing)
	defer ping.Stop()
	defer func() {
		k.cancel()
		k.conn.SetReadDeadline(time.Now())
	}()
	for {
		for {
			frame, ok := k.out.take()
			if !ok {
				break
			}
			k.conn.SetWriteDeadline(time.Now().Add(s.limits.SocketWrite))
			if k.conn.WriteMessage(websocket.TextMessage, frame) != nil {
				return
			}
			k.out.written(frame)
			s.metrics.sent.Add(int64(len(frame)))
			if k.ctx.Err() != nil {
				break
			}
		}
		select {
		case <-k.out.wake:
		case <-ping.C:
			if k.conn.WriteControl(websocket.PingMessage, nil, time.Now().Add(s.limits.SocketWrite)) != nil {
				return
			}
		case <-k.ctx.Done():
			end := k.closing.Load()
			if end == nil {
				end = &closing{closeGoingAway, ""}
			}
			for frame, ok := k.out.take(); ok; frame, ok = k.out.take() { // the last words, if they fit
				k.conn.SetWriteDeadline(time.Now().Add(time.Second))
				if k.conn.WriteMessage(websocket.TextMessage, frame) != nil {
					return
				}
			}
			k.conn.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(end.code, end.text), time.Now().Add(time.Second))
			return
		}
	}
}

// maxRequests are editor services one socket may have under way.
const maxRequests = 16

// converse greets, subscribes and takes frames until the connection ends. Every
// goroutine it starts is in wg.
func (s *core) converse(k *sock, a admission, join joiner, alive time.Duration, wg *sync.WaitGroup) {
	if k.extend(s.limits.Hello) != nil {
		return
	}
	var first protocol.Client
	if !s.read(k, &first) {
		return
	}
	if first.Hello == nil || !isHandle(first.Hello.Client) || len(first.Hello.Query) > s.limits.QueryBytes ||
		strings.Count(first.Hello.Query, "&") >= s.limits.QueryFields || len(first.Hello.Page) > 2000 {
		k.close(closeProtocol, "The first frame is no hello.")
		return
	}
	hello := *first.Hello
	s.sockets.replace(k, hello.Client)
	v, leave, err := join(a, hello)
	if err != nil {
		s.refuse(k, a, err)
		return
	}
	defer leave()
	opened := time.Now()
	s.cfg.Log.Info("socket opened", "request", a.request, "session", v.Handle, "from", a.from)
	defer func() {
		why := "the browser left"
		if end := k.closing.Load(); end != nil && end.text != "" {
			why = end.text
		}
		s.cfg.Log.Info("socket closed", "request", a.request, "session", v.Handle, "seconds", int(time.Since(opened).Seconds()), "why", why)
	}()
	entry := s.seqs.of(v.ID, hello.Client)
	k.send(protocol.Server{Welcome: &protocol.Welcome{
		Session: v.ID, Handle: v.Handle, Mode: s.mode, Client: hello.Client, Seq: entry.taken(), Build: s.cfg.Build,
	}})
	unsubscribe := v.Subscribe(hello.Client, func(events []session.Event) {
		k.send(protocol.Server{Events: events})
	})
	defer unsubscribe()
	defer k.close(closeGoingAway, "") // first: a send that waits for room must not be waited for

	rate := newBucket(s.limits.MessagesPerSecond)
	slots := make(chan struct{}, maxRequests)
	for {
		if k.extend(alive) != nil {
			return
		}
		var in protocol.Client
		if !s.read(k, &in) {
			return
		}
		if !rate.take(time.Now()) {
			k.close(closePolicy, "Too many messages.")
			return
		}
		switch {
		case in.Op != nil:
			taken, err := entry.apply(in.Seq, func() error { return s.do(v, a, hello.Client, *in.Op) })
			if err != nil {
				k.send(protocol.Server{Error: &protocol.Failure{Text: s.tell(a, err), Seq: in.Seq}})
			}
			if in.Seq != 0 {
				k.send(protocol.Server{Ack: taken})
			}
		case in.Req != nil && s.mode == "edit":
			select {
			case slots <- struct{}{}:
			case <-k.ctx.Done():
				return
			}
			req := *in.Req
			wg.Go(func() {
				defer func() { <-slots }()
				k.send(protocol.Server{Res: s.service(k.ctx, v, a, req)})
			})
		default:
			k.close(closeProtocol, "A frame with nothing in it.")
			return
		}
	}
}

// do hands an op over, if the mode allows it. A visitor's op is an interaction
// and nothing else, whatever else the frame holds.
func (s *core) do(v Visit, a admission, client string, op session.Op) error {
	s.metrics.ops.Add(1)
	if s.mode != "edit" {
		if op.Interact == nil {
			return Refuse(fiber.StatusForbidden, "This is not possible here.")
		}
		op = session.Op{Interact: op.Interact}
	} else {
		s.tellOp(a, op)
	}
	return v.Do(client, op)
}

// service answers one request; a panic in it is an answer too.
func (s *core) service(ctx context.Context, v Visit, a admission, req protocol.Request) (res *protocol.Response) {
	defer func() {
		if r := recover(); r != nil {
			s.metrics.panics.Add(1)
			s.cfg.Log.Error("service panicked", "request", a.request, "method", clip(req.Method, 40), "panic", r, "stack", string(debug.Stack()))
			res = &protocol.Response{ID: req.ID, Error: "Something went wrong here."}
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	result, err := v.Service(ctx, req.Method, req.Params)
	if err != nil {
		return &protocol.Response{ID: req.ID, Error: s.tell(a, err)}
	}
	data, err := json.Marshal(result)
	if err != nil {
		return &protocol.Response{ID: req.ID, Error: s.tell(a, err)}
	}
	return &protocol.Response{ID: req.ID, Result: data}
}

// tell gives the text of an error for the person at the other end. The owner may
// read any; a visitor reads only what was written for them.
func (s *core) tell(a admission, err error) string {
	var r *refusal
	if errors.As(err, &r) || s.mode == "edit" {
		return clip(err.Error(), 1000)
	}
	s.cfg.Log.Error("op failed", "request", a.request, "from", a.from, "error", err)
	return "Something went wrong here."
}

// refuse ends a socket that cannot be given a notebook.
func (s *core) refuse(k *sock, a admission, err error) {
	var r *refusal
	busy := errors.As(err, &r) && r.status == fiber.StatusServiceUnavailable
	k.send(protocol.Server{Error: &protocol.Failure{Text: s.tell(a, err), Fatal: !busy}})
	if busy {
		k.close(closeTryLater, "busy")
	} else {
		k.close(closePolicy, "refused")
	}
}

// read reads one frame. False: the connection is over, or ends because of it.
func (s *core) read(k *sock, v *protocol.Client) bool {
	kind, data, err := k.conn.ReadMessage()
	switch {
	case errors.Is(err, websocket.ErrReadLimit):
		k.close(closeTooBig, "The message is too big.")
		return false
	case err != nil:
		var timeout net.Error
		if errors.As(err, &timeout) && timeout.Timeout() {
			k.close(closePolicy, "Nothing was heard for too long.")
		}
		return false
	}
	s.metrics.received.Add(int64(len(data)))
	if kind != websocket.TextMessage || !utf8.Valid(data) {
		k.close(closeInvalid, "Frames are JSON text.")
		return false
	}
	if err := decodeStrict(data, v); err != nil {
		s.cfg.Log.Warn("bad frame", "error", clip(err.Error(), 200), "bytes", len(data))
		k.close(closeProtocol, "The frame is not one of this protocol.")
		return false
	}
	return true
}

// bucket bounds a rate: so many a second, ten times as many at once.
type bucket struct {
	rate, level, size float64
	at                time.Time
}

func newBucket(perSecond int) *bucket {
	size := 10 * float64(perSecond)
	return &bucket{rate: float64(perSecond), level: size, size: size, at: time.Now()}
}

func (b *bucket) take(now time.Time) bool {
	b.level = min(b.size, b.level+now.Sub(b.at).Seconds()*b.rate)
	b.at = now
	if b.level < 1 {
		return false
	}
	b.level--
	return true
}
