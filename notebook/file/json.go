package file

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// A JSON object or array is cut into its members without touching their bytes, so
// that what is not changed keeps its order, its spelling of numbers and strings,
// and its unknown keys.

// member is one key of a JSON object with its value's bytes.
type member struct {
	key string
	raw json.RawMessage
}

// errDuplicate marks an object with a key twice: which of them counts differs
// between readers, so such a file is not touched.
type errDuplicate struct{ key string }

func (e errDuplicate) Error() string { return fmt.Sprintf("has the key %q twice in one object", e.key) }

var (
	errNoObject = errors.New("is no JSON object")
	errNoArray  = errors.New("is no JSON array")
)

// objectMembers cuts an object; keys must be distinct.
func objectMembers(raw json.RawMessage) ([]member, error) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, errNoObject
	}
	var members []member
	seen := map[string]bool{}
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil, err
		}
		key, _ := t.(string)
		if seen[key] {
			return nil, errDuplicate{key}
		}
		seen[key] = true
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return nil, err
		}
		members = append(members, member{key, value})
	}
	return members, nil
}

// arrayItems cuts an array.
func arrayItems(raw json.RawMessage) ([]json.RawMessage, error) {
	if trimmed := bytes.TrimSpace(raw); len(trimmed) == 0 || trimmed[0] != '[' {
		return nil, errNoArray
	}
	var items []json.RawMessage
	err := json.Unmarshal(raw, &items)
	return items, err
}

func find(members []member, key string) (json.RawMessage, bool) {
	for _, m := range members {
		if m.key == key {
			return m.raw, true
		}
	}
	return nil, false
}

// put sets a key where it stands, or adds it at the end.
func put(members []member, key string, raw json.RawMessage) []member {
	for i := range members {
		if members[i].key == key {
			members[i].raw = raw
			return members
		}
	}
	return append(members, member{key, raw})
}

func drop(members []member, key string) []member {
	out := make([]member, 0, len(members))
	for _, m := range members {
		if m.key != key {
			out = append(out, m)
		}
	}
	return out
}

// encodeObject is the object without spaces.
func encodeObject(members []member) json.RawMessage {
	var buf bytes.Buffer
	buf.WriteByte('{')
	for i, m := range members {
		if i > 0 {
			buf.WriteByte(',')
		}
		buf.Write(encode(m.key))
		buf.WriteByte(':')
		buf.Write(m.raw)
	}
	buf.WriteByte('}')
	return buf.Bytes()
}

// encode is a value as JSON, with <, > and & as themselves.
func encode(v any) json.RawMessage {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		panic(err) // only strings, slices of them and JSON itself come here
	}
	return bytes.TrimRight(buf.Bytes(), "\n")
}

// layout is how a JSON file is laid out.
type layout struct {
	indent  string // of one level; "" is all on one line
	newline string
	spaced  bool // on one line: a space after , and :
}

// layoutOf reads the layout off a file: the space before its first key.
func layoutOf(data []byte) layout {
	l := layout{newline: "\n"}
	start := bytes.IndexByte(data, '{') + 1
	rest := data[start:]
	space := rest[:len(rest)-len(bytes.TrimLeft(rest, " \t\r\n"))]
	if at := bytes.LastIndexByte(space, '\n'); at >= 0 {
		l.indent = string(space[at+1:])
		if at > 0 && space[at-1] == '\r' {
			l.newline = "\r\n"
		}
		if l.indent == "" {
			l.indent = " "
		}
	} else if at := bytes.Index(data, []byte(`":`)); at >= 0 && at+2 < len(data) {
		l.spaced = data[at+2] == ' '
	}
	return l
}

// format lays raw out anew, as it stands depth levels deep.
func (l layout) format(raw json.RawMessage, depth int) []byte {
	var buf bytes.Buffer
	if l.indent == "" {
		buf.Write(compact(raw))
		return buf.Bytes()
	}
	if err := json.Indent(&buf, compact(raw), strings.Repeat(l.indent, depth), l.indent); err != nil {
		return raw
	}
	if l.newline == "\n" {
		return buf.Bytes()
	}
	return bytes.ReplaceAll(buf.Bytes(), []byte("\n"), []byte(l.newline))
}

// object writes an object whose values are laid out already.
func (l layout) object(members []member, depth int) []byte {
	return l.bracket('{', '}', len(members), depth, func(buf *bytes.Buffer, i int) {
		buf.Write(encode(members[i].key))
		buf.WriteByte(':')
		if l.indent != "" || l.spaced {
			buf.WriteByte(' ')
		}
		buf.Write(members[i].raw)
	})
}

// array writes an array whose items are laid out already.
func (l layout) array(items []json.RawMessage, depth int) []byte {
	return l.bracket('[', ']', len(items), depth, func(buf *bytes.Buffer, i int) { buf.Write(items[i]) })
}

func (l layout) bracket(open, end byte, n, depth int, item func(*bytes.Buffer, int)) []byte {
	var buf bytes.Buffer
	line := func(depth int) {
		if l.indent != "" {
			buf.WriteString(l.newline + strings.Repeat(l.indent, depth))
		}
	}
	buf.WriteByte(open)
	for i := range n {
		if i > 0 {
			buf.WriteByte(',')
			if l.indent == "" && l.spaced {
				buf.WriteByte(' ')
			}
		}
		line(depth + 1)
		item(&buf, i)
	}
	if n > 0 {
		line(depth)
	}
	buf.WriteByte(end)
	return buf.Bytes()
}
