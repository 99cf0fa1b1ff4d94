package jupyter

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
)

// sockets are the five of a kernel.
type sockets struct {
	conn    Connection
	session string // in the headers of what this kernel sends
	log     *slog.Logger

	shell, control, stdin, iopub, heart zmq4.Socket

	mu   sync.Mutex // of sending
	seen replays
}

// listen opens the sockets. Their life ends with ctx.
func listen(ctx context.Context, c Connection, log *slog.Logger) (*sockets, error) {
	quiet := zmq4.WithLogger(slog.NewLogLogger(log.Handler(), slog.LevelDebug))
	s := &sockets{
		conn: c, session: newID(), log: log,
		shell: zmq4.NewRouter(ctx, quiet), control: zmq4.NewRouter(ctx, quiet), stdin: zmq4.NewRouter(ctx, quiet),
		iopub: zmq4.NewPub(ctx, quiet),
		// A ROUTER that sends back what comes answers any number of clients.
		heart: zmq4.NewRouter(ctx, quiet),
	}
	for _, e := range []struct {
		socket zmq4.Socket
		port   int
		name   string
	}{
		{s.heart, c.Heartbeat, "heartbeat"}, {s.iopub, c.IOPub, "iopub"}, {s.control, c.Control, "control"},
		{s.stdin, c.Stdin, "stdin"}, {s.shell, c.Shell, "shell"},
	} {
		if err := e.socket.Listen(c.endpoint(e.port)); err != nil {
			s.close()
			return nil, fmt.Errorf("the %s socket: %w", e.name, err)
		}
	}
	go s.beat()
	return s, nil
}

func (s *sockets) close() {
	for _, z := range []zmq4.Socket{s.heart, s.control, s.stdin, s.shell, s.iopub} {
		_ = z.Close()
	}
}

// beat answers heartbeats.
func (s *sockets) beat() {
	for {
		m, err := s.heart.Recv()
		if err != nil {
			return
		}
		_ = s.heart.SendMulti(m)
	}
}

// read hands messages of a socket to take, until the socket is closed. What is
// malformed, wrongly signed or seen before is dropped.
func (s *sockets) read(ctx context.Context, z zmq4.Socket, take func(Message)) {
	for {
		raw, err := z.Recv()
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			if errors.Is(err, context.Canceled) {
				return
			}
			continue // of one client's connection
		}
		m, err := Decode(raw.Frames, s.conn.Key)
		if err == nil && s.conn.Key != "" && s.seen.add(m.signature) {
			err = fmt.Errorf("message %s came twice", m.Header.ID)
		}
		if err != nil {
			s.log.Warn("dropped a message", "error", err)
			continue
		}
		take(m)
	}
}

// reply answers a request on the socket it came by.
func (s *sockets) reply(z zmq4.Socket, to Message, kind string, content any) {
	s.send(z, to.Route, kind, headerOf(to), nil, content)
}

// publish tells everybody.
func (s *sockets) publish(kind string, parent json.RawMessage, content any) {
	s.send(s.iopub, [][]byte{[]byte("stnb." + kind)}, kind, parent, nil, content)
}

func (s *sockets) send(z zmq4.Socket, route [][]byte, kind string, parent, meta json.RawMessage, content any) {
	body, err := json.Marshal(content)
	if err != nil {
		s.log.Error("cannot send a message", "type", kind, "error", err)
		return
	}
	m := Message{Route: route, Header: newHeader(s.session, kind), Parent: parent, Meta: meta, Content: body}
	frames, err := m.Encode(s.conn.Key)
	if err == nil {
		s.mu.Lock()
		err = z.SendMulti(zmq4.NewMsgFrom(frames...))
		s.mu.Unlock()
	}
	if err != nil {
		s.log.Debug("a client is gone", "type", kind, "error", err)
	}
}

// headerOf is a request's header, to stand as parent of what answers it.
func headerOf(m Message) json.RawMessage {
	b, err := json.Marshal(m.Header)
	if err != nil {
		return nil
	}
	return b
}

// flushed gives what was published last a moment to leave: the library's PUB
// socket sends from a goroutine of its own, and cannot say when it is done.
func (s *sockets) flushed() { time.Sleep(100 * time.Millisecond) }

// replays remembers messages by their signatures, so that none is taken twice.
// Their IDs will not do: the clients of one manager number theirs alike.
type replays struct {
	mu        sync.Mutex
	now, then map[string]bool
}

// maxSeen bounds how many messages are remembered.
const maxSeen = 1 << 16

// add says whether the message was seen before.
func (r *replays) add(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now[id] || r.then[id] {
		return true
	}
	if len(r.now) >= maxSeen {
		r.now, r.then = nil, r.now
	}
	if r.now == nil {
		r.now = map[string]bool{}
	}
	r.now[id] = true
	return false
}
