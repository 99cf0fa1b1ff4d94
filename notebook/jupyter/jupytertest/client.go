// Package jupytertest is a small Jupyter client, to test kernels with.
package jupytertest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"stnb.dev/notebook/jupyter"
)

// Patience bounds every wait of a client.
const Patience = 60 * time.Second

// Ports makes a connection on free local ports.
func Ports(t testing.TB) jupyter.Connection {
	t.Helper()
	c := jupyter.Connection{Transport: "tcp", IP: "127.0.0.1", Scheme: "hmac-sha256", Key: "secret"}
	for _, p := range []*int{&c.Shell, &c.IOPub, &c.Stdin, &c.Control, &c.Heartbeat} {
		*p = FreePort(t)
	}
	return c
}

// given are the ports that FreePort gave.
var given sync.Map

// FreePort is a port that a server may have in a moment. It is below those that
// systems give by themselves, to connections and to whoever listens on port 0: one
// of these may be another's again between the look and the use.
func FreePort(t testing.TB) int {
	t.Helper()
	for range 1000 {
		port := 10_000 + rand.IntN(20_000)
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		l.Close()
		if _, again := given.LoadOrStore(port, true); !again {
			return port
		}
	}
	t.Fatal("no port is free")
	return 0
}

// Client is a front end without a screen.
type Client struct {
	t       testing.TB
	conn    jupyter.Connection
	session string
	n       int

	shell, control, stdin, iopub, heart zmq4.Socket

	Shell, Control, Stdin, IOPub chan jupyter.Message
}

// Dial connects to a kernel, waiting for it to come up.
func Dial(t testing.TB, conn jupyter.Connection) *Client {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	name := zmq4.WithID(zmq4.SocketIdentity("client-" + t.Name()))
	c := &Client{
		t: t, conn: conn, session: "session-" + t.Name(),
		shell: zmq4.NewDealer(ctx, name), control: zmq4.NewDealer(ctx, name), stdin: zmq4.NewDealer(ctx, name),
		iopub: zmq4.NewSub(ctx), heart: zmq4.NewReq(ctx),
		Shell: make(chan jupyter.Message, 256), Control: make(chan jupyter.Message, 256),
		Stdin: make(chan jupyter.Message, 256), IOPub: make(chan jupyter.Message, 4096),
	}
	t.Cleanup(func() {
		stop()
		for _, z := range []zmq4.Socket{c.shell, c.control, c.stdin, c.iopub, c.heart} {
			z.Close()
		}
	})
	if err := c.iopub.SetOption(zmq4.OptionSubscribe, ""); err != nil {
		t.Fatal(err)
	}
	for _, e := range []struct {
		socket zmq4.Socket
		port   int
		to     chan jupyter.Message
	}{
		{c.shell, conn.Shell, c.Shell}, {c.control, conn.Control, c.Control}, {c.stdin, conn.Stdin, c.Stdin},
		{c.iopub, conn.IOPub, c.IOPub}, {c.heart, conn.Heartbeat, nil},
	} {
		address := fmt.Sprintf("tcp://%s:%d", conn.IP, e.port)
		var err error
		for until := time.Now().Add(Patience); time.Now().Before(until); {
			if err = e.socket.Dial(address); err == nil { // it tries again by itself for a while
				break
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		if e.to != nil {
			go c.read(e.socket, e.to)
		}
	}
	c.subscribed()
	return c
}

// subscribed waits until what is published arrives.
func (c *Client) subscribed() {
	c.t.Helper()
	for until := time.Now().Add(Patience); time.Now().Before(until); {
		c.Send("shell", "kernel_info_request", struct{}{})
		c.Next(c.Shell, "kernel_info_reply")
		select {
		case <-c.IOPub:
			c.quiet()
			return
		case <-time.After(50 * time.Millisecond):
		}
	}
	c.t.Fatal("nothing is published")
}

// quiet reads what is still published of requests before.
func (c *Client) quiet() {
	id := c.Send("shell", "kernel_info_request", struct{}{})
	c.Next(c.Shell, "kernel_info_reply")
	c.Published(id)
}

func (c *Client) read(z zmq4.Socket, to chan jupyter.Message) {
	for {
		raw, err := z.Recv()
		if err != nil {
			return
		}
		m, err := jupyter.Decode(raw.Frames, c.conn.Key)
		if err != nil {
			c.t.Errorf("the kernel sent a bad message: %v", err)
			return
		}
		to <- m
	}
}

// Send sends a message and returns its ID.
func (c *Client) Send(channel, kind string, content any) string {
	c.t.Helper()
	c.n++
	id := fmt.Sprintf("%s-%d", c.session, c.n)
	m := jupyter.Message{Header: jupyter.Header{ID: id, Session: c.session, Type: kind, Version: jupyter.Protocol}}
	var err error
	if m.Content, err = json.Marshal(content); err != nil {
		c.t.Fatal(err)
	}
	frames, err := m.Encode(c.conn.Key)
	if err != nil {
		c.t.Fatal(err)
	}
	c.Raw(channel, frames)
	return id
}

// Raw sends frames as they are.
func (c *Client) Raw(channel string, frames [][]byte) {
	c.t.Helper()
	z := map[string]zmq4.Socket{"shell": c.shell, "control": c.control, "stdin": c.stdin}[channel]
	if err := z.SendMulti(zmq4.NewMsgFrom(frames...)); err != nil {
		c.t.Fatal(err)
	}
}

// Beat sends a heartbeat and returns what comes back.
func (c *Client) Beat(text string) string {
	c.t.Helper()
	if err := c.heart.Send(zmq4.NewMsgString(text)); err != nil {
		c.t.Fatal(err)
	}
	m, err := c.heart.Recv()
	if err != nil {
		c.t.Fatal(err)
	}
	return string(m.Bytes())
}

// Next waits for the next message, which must be of that type.
func (c *Client) Next(from chan jupyter.Message, kind string) jupyter.Message {
	c.t.Helper()
	select {
	case m := <-from:
		if m.Header.Type != kind {
			c.t.Fatalf("got %s %s, want %s", m.Header.Type, m.Content, kind)
		}
		return m
	case <-time.After(Patience):
		c.t.Fatalf("no %s came", kind)
	}
	return jupyter.Message{}
}

// Published are the messages about a request, from busy to idle, without both.
func (c *Client) Published(id string) []jupyter.Message {
	c.t.Helper()
	var list []jupyter.Message
	for {
		select {
		case m := <-c.IOPub:
			var parent jupyter.Header
			if json.Unmarshal(m.Parent, &parent) != nil || parent.ID != id {
				continue
			}
			if m.Header.Type != "status" {
				list = append(list, m)
				continue
			}
			if Field(m, "execution_state") == "idle" {
				return list
			}
		case <-time.After(Patience):
			c.t.Fatalf("request %s never ended; so far %s", id, Texts(list))
		}
	}
}

// Execute runs code and returns the reply and what was published but its input.
func (c *Client) Execute(code string, options ...any) (reply jupyter.Message, shown []jupyter.Message) {
	c.t.Helper()
	content := map[string]any{"code": code, "allow_stdin": false}
	for i := 0; i+1 < len(options); i += 2 {
		content[options[i].(string)] = options[i+1]
	}
	id := c.Send("shell", "execute_request", content)
	reply = c.Next(c.Shell, "execute_reply")
	for _, m := range c.Published(id) {
		if m.Header.Type != "execute_input" {
			shown = append(shown, m)
		}
	}
	return reply, shown
}

// Answer types a line when the kernel asks for one.
func (c *Client) Answer() {
	c.t.Helper()
	c.Next(c.Stdin, "input_request")
	c.Send("stdin", "input_reply", map[string]any{"value": "typed"})
}

// ExecuteTyping runs code that asks for a line, and types it once what came before
// is published.
func (c *Client) ExecuteTyping(code string) []jupyter.Message {
	c.t.Helper()
	id := c.Send("shell", "execute_request", map[string]any{"code": code, "allow_stdin": true})
	c.Answer()
	c.Next(c.Shell, "execute_reply")
	return slices.DeleteFunc(c.Published(id), func(m jupyter.Message) bool { return m.Header.Type == "execute_input" })
}

// Field is a string of a message's content; dots go deeper.
func Field(m jupyter.Message, path ...string) string {
	var v any
	if json.Unmarshal(m.Content, &v) != nil {
		return ""
	}
	for _, p := range path {
		o, _ := v.(map[string]any)
		v = o[p]
	}
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	}
	b, _ := json.Marshal(v)
	return string(b)
}

// Texts is published messages for people: one a line, its type and its text.
func Texts(list []jupyter.Message) string {
	out := ""
	for _, m := range list {
		text := Field(m, "data", "text/plain")
		switch m.Header.Type {
		case "stream":
			text = Field(m, "name") + " " + Field(m, "text")
		case "error":
			text = Field(m, "ename") + " " + Field(m, "evalue")
		}
		out += fmt.Sprintf("%s: %q\n", m.Header.Type, text)
	}
	return out
}
