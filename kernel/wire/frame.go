package wire

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
)

// Limits of one frame. A peer that says more is broken, not large: elements are
// cut long before, and pages carry a window of a frame.
const (
	MaxBody = 64 << 20
	MaxBlob = 1 << 30
)

const headerLen = 8

// ErrFrame is wrapped by every error that says the peer broke the framing.
var ErrFrame = errors.New("bad frame on the kernel link")

// VersionError is the end of a link whose two sides are of different builds.
type VersionError struct{ Ours, Theirs int }

func (e *VersionError) Error() string {
	return fmt.Sprintf("the kernel speaks version %d of the link, the server version %d: the stnb binary was replaced while it ran; restart stnb", e.Theirs, e.Ours)
}

// Conn sends and receives frames. Send may be called by many goroutines at once,
// Receive by one.
type Conn struct {
	r io.Reader

	mu  sync.Mutex
	w   io.Writer
	buf bytes.Buffer
}

// NewConn returns the link that reads from r and writes to w.
func NewConn(r io.Reader, w io.Writer) *Conn { return &Conn{r: r, w: w} }

// Send writes one frame, whole or not at all as far as the pipe allows.
func (c *Conn) Send(m Message) error {
	body, err := json.Marshal(&m)
	if err != nil {
		return fmt.Errorf("encode a message to the kernel link: %w", err)
	}
	if len(body) > MaxBody || len(m.Blob) > MaxBlob {
		return fmt.Errorf("message too large for the kernel link: %d bytes and a blob of %d", len(body), len(m.Blob))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.buf.Reset()
	var head [headerLen]byte
	binary.BigEndian.PutUint32(head[:4], uint32(len(body)))
	binary.BigEndian.PutUint32(head[4:], uint32(len(m.Blob)))
	c.buf.Write(head[:])
	c.buf.Write(body)
	if len(m.Blob) <= 1<<16 { // one write for nearly all messages
		c.buf.Write(m.Blob)
		_, err = c.w.Write(c.buf.Bytes())
		return err
	}
	if _, err = c.w.Write(c.buf.Bytes()); err != nil {
		return err
	}
	_, err = c.w.Write(m.Blob)
	return err
}

// Receive reads one frame. It returns io.EOF when the pipe ended between frames.
func (c *Conn) Receive() (Message, error) {
	var head [headerLen]byte
	if _, err := io.ReadFull(c.r, head[:]); err != nil {
		if err == io.EOF {
			return Message{}, io.EOF
		}
		return Message{}, fmt.Errorf("%w: cut in the header: %w", ErrFrame, err)
	}
	nbody := binary.BigEndian.Uint32(head[:4])
	nblob := binary.BigEndian.Uint32(head[4:])
	if nbody > MaxBody || nblob > MaxBlob {
		return Message{}, fmt.Errorf("%w: says %d and %d bytes", ErrFrame, nbody, nblob)
	}
	body, err := c.take(int64(nbody))
	if err != nil {
		return Message{}, err
	}
	var m Message
	if err := json.Unmarshal(body, &m); err != nil {
		return Message{}, fmt.Errorf("%w: %w", ErrFrame, err)
	}
	if nblob > 0 {
		if m.Blob, err = c.take(int64(nblob)); err != nil {
			return Message{}, err
		}
	}
	return m, nil
}

// take reads n bytes. The memory grows with what arrives, not with what the
// header says.
func (c *Conn) take(n int64) ([]byte, error) {
	if n <= 1<<20 {
		b := make([]byte, n)
		if _, err := io.ReadFull(c.r, b); err != nil {
			return nil, fmt.Errorf("%w: cut after the header: %w", ErrFrame, err)
		}
		return b, nil
	}
	var b bytes.Buffer
	if _, err := io.CopyN(&b, c.r, n); err != nil {
		return nil, fmt.Errorf("%w: cut after the header: %w", ErrFrame, err)
	}
	return b.Bytes(), nil
}

// Greet sends our Hello and reads theirs; versions that differ are a
// *VersionError. Both sides greet at once, so neither waits for the other.
func (c *Conn) Greet(ours Hello) (Hello, error) {
	ours.Version = Version
	sent := make(chan error, 1)
	go func() { sent <- c.Send(Message{Hello: &ours}) }()
	m, err := c.Receive()
	if err != nil {
		return Hello{}, err
	}
	if m.Hello == nil {
		return Hello{}, fmt.Errorf("%w: the first message is not Hello", ErrFrame)
	}
	if m.Hello.Version != Version {
		return Hello{}, &VersionError{Ours: Version, Theirs: m.Hello.Version}
	}
	if err := <-sent; err != nil {
		return Hello{}, err
	}
	return *m.Hello, nil
}
