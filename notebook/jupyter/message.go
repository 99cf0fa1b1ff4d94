package jupyter

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Protocol is the version of the messaging protocol that is spoken.
const Protocol = "5.4"

// Header says what a message is.
type Header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	Type     string `json:"msg_type"`
	Version  string `json:"version"`
}

// Message is one message as it travels: routing frames, a delimiter, a signature,
// four JSON documents, and buffers.
type Message struct {
	// Route are the identities a ROUTER socket puts before a message, or the
	// topic of a published one.
	Route   [][]byte
	Header  Header
	Parent  json.RawMessage // the request's header as it came; {} for none
	Meta    json.RawMessage
	Content json.RawMessage
	Buffers [][]byte

	signature string // as it came
}

var delimiter = []byte("<IDS|MSG>")

// Errors of messages that are dropped.
var (
	ErrMalformed = errors.New("a message is malformed")
	ErrSignature = errors.New("a message's signature is wrong")
)

// maxFrames bounds how many frames a message may have.
const maxFrames = 1024

// sign is the signature of the four JSON documents; "" without a key.
func sign(key string, parts [][]byte) string {
	if key == "" {
		return ""
	}
	mac := hmac.New(sha256.New, []byte(key))
	for _, p := range parts {
		mac.Write(p)
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// Decode reads a message and checks its signature.
func Decode(frames [][]byte, key string) (Message, error) {
	at := -1
	for i, f := range frames {
		if bytes.Equal(f, delimiter) {
			at = i
			break
		}
	}
	if at < 0 || len(frames) < at+6 || len(frames) > maxFrames {
		return Message{}, ErrMalformed
	}
	parts := frames[at+2 : at+6]
	if key != "" && !hmac.Equal([]byte(sign(key, parts)), frames[at+1]) {
		return Message{}, ErrSignature
	}
	m := Message{Route: frames[:at:at], Parent: parts[1], Meta: parts[2], Content: parts[3], Buffers: frames[at+6:], signature: string(frames[at+1])}
	for _, p := range parts {
		if t := bytes.TrimSpace(p); !json.Valid(p) || len(t) == 0 || t[0] != '{' {
			return Message{}, fmt.Errorf("%w: a part is no JSON object", ErrMalformed)
		}
	}
	if err := json.Unmarshal(parts[0], &m.Header); err != nil {
		return Message{}, fmt.Errorf("%w: %w", ErrMalformed, err)
	}
	if m.Header.ID == "" || m.Header.Type == "" {
		return Message{}, fmt.Errorf("%w: the header lacks msg_id or msg_type", ErrMalformed)
	}
	return m, nil
}

// Encode writes a message and signs it.
func (m Message) Encode(key string) ([][]byte, error) {
	header, err := json.Marshal(m.Header)
	if err != nil {
		return nil, err
	}
	parts := [][]byte{header, orEmpty(m.Parent), orEmpty(m.Meta), orEmpty(m.Content)}
	frames := make([][]byte, 0, len(m.Route)+6+len(m.Buffers))
	frames = append(frames, m.Route...)
	frames = append(frames, delimiter, []byte(sign(key, parts)))
	frames = append(frames, parts...)
	return append(frames, m.Buffers...), nil
}

func orEmpty(raw json.RawMessage) []byte {
	if len(raw) == 0 {
		return []byte("{}")
	}
	return raw
}

// newHeader is the header of a message of this kernel.
func newHeader(session, kind string) Header {
	return Header{
		ID: newID(), Session: session, Username: "stnb", Type: kind, Version: Protocol,
		Date: time.Now().UTC().Format("2006-01-02T15:04:05.000000Z07:00"),
	}
}

// newID is a random UUID.
func newID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
