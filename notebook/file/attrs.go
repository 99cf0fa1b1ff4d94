package file

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"stnb.dev/notebook"
)

// attr is one key=value of a fence's or region's first line.
type attr struct {
	key string
	raw json.RawMessage // the value as JSON; null for a bare .word
}

// parseAttrs reads attributes: key=value with a JSON value or a bare word, .word,
// or one JSON object (jupytext's older form). Other words before the first
// attribute are a title and come as "title". ok is false when the text cannot be
// read to its end; what was understood comes nevertheless.
func parseAttrs(text string) (attrs []attr, ok bool) {
	rest := strings.TrimSpace(text)
	if strings.HasPrefix(rest, "{") {
		members, err := objectMembers(json.RawMessage(rest))
		if err != nil || !json.Valid([]byte(rest)) {
			return nil, false
		}
		for _, m := range members {
			attrs = append(attrs, attr{m.key, m.raw})
		}
		return attrs, true
	}
	var title []string
	seen := map[string]bool{}
	for rest != "" {
		word, _, _ := strings.Cut(rest, " ")
		key, _, isPair := strings.Cut(word, "=")
		switch {
		case isPair && isKey(key) && !seen[key]:
			raw, size, valid := parseValue(rest[len(key)+1:])
			if !valid {
				return attrs, false
			}
			attrs = append(attrs, attr{key, raw})
			seen[key] = true
			rest = rest[len(key)+1+size:]
		case strings.HasPrefix(word, ".") && len(word) > 1 && !seen[word]:
			attrs = append(attrs, attr{word, json.RawMessage("null")})
			seen[word] = true
			rest = rest[len(word):]
		case len(attrs) == 0 && !isPair:
			title = append(title, word)
			rest = rest[len(word):]
		default:
			return attrs, false
		}
		rest = strings.TrimLeft(rest, " \t")
	}
	if len(title) > 0 {
		if seen["title"] {
			return attrs, false
		}
		attrs = append([]attr{{"title", encode(strings.Join(title, " "))}}, attrs...)
	}
	return attrs, true
}

// parseValue reads one value at the start of text and tells its size in bytes.
func parseValue(text string) (raw json.RawMessage, size int, ok bool) {
	if text != "" && strings.IndexByte(`"[{`, text[0]) >= 0 {
		dec := json.NewDecoder(strings.NewReader(text))
		if err := dec.Decode(&raw); err != nil {
			return nil, 0, false
		}
		size = int(dec.InputOffset())
		ok = size == len(text) || text[size] == ' ' || text[size] == '\t'
		return raw, size, ok
	}
	word := text
	if i := strings.IndexAny(text, " \t"); i >= 0 {
		word = text[:i]
	}
	if word == "" {
		return nil, 0, false
	}
	if json.Valid([]byte(word)) {
		return json.RawMessage(word), len(word), true
	}
	return encode(word), len(word), true
}

func isKey(s string) bool {
	for i, c := range s {
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || i > 0 && (c >= '0' && c <= '9' || c == '-' || c == '.')) {
			return false
		}
	}
	return s != ""
}

// Attributes that carry what the format has no other place for.
const (
	sourceAttr = "stnb_source" // a text that the lines of the file cannot hold
	metaAttr   = "stnb_meta"   // metadata whose keys mean something else here
)

// applyAttrs sets a cell's fields from attributes; what is no field goes to Meta.
func applyAttrs(c *notebook.Cell, attrs []attr) (id notebook.CellID) {
	meta := map[string]json.RawMessage{}
	for _, a := range attrs {
		switch {
		case a.key == "name":
			c.Name = word(a.raw)
		case a.key == "connection" && c.Kind == notebook.SQL:
			c.Connection = word(a.raw)
		case a.key == "hide_code" && isBool(a.raw):
			c.HideCode = string(a.raw) == "true"
		case a.key == "disabled" && isBool(a.raw):
			c.Disabled = string(a.raw) == "true"
		case a.key == "once" && isBool(a.raw):
			c.Once = string(a.raw) == "true"
		case a.key == sourceAttr && c.Source == "":
			c.Source = word(a.raw)
		case a.key == "id" && notebook.CellID(word(a.raw)).Valid():
			id = notebook.CellID(word(a.raw))
		case a.key != metaAttr:
			meta[a.key] = a.raw
		}
	}
	if meta["jupyter"] != nil && splitHidden(meta) {
		c.HideCode = true
	}
	for _, a := range attrs {
		if a.key == metaAttr {
			members, err := objectMembers(a.raw)
			if err != nil {
				meta[a.key] = a.raw
			}
			for _, m := range members {
				meta[m.key] = m.raw
			}
		}
	}
	c.Meta = none(meta)
	return id
}

// cellAttrs is the inverse of applyAttrs, fields first, then Meta by key.
func cellAttrs(c notebook.Cell) []attr {
	var attrs []attr
	if c.Name != "" {
		attrs = append(attrs, attr{"name", encode(c.Name)})
	}
	if c.Connection != "" && c.Kind == notebook.SQL {
		attrs = append(attrs, attr{"connection", encode(c.Connection)})
	}
	if c.HideCode {
		attrs = append(attrs, attr{"hide_code", json.RawMessage("true")})
	}
	if c.Disabled {
		attrs = append(attrs, attr{"disabled", json.RawMessage("true")})
	}
	if c.Once {
		attrs = append(attrs, attr{"once", json.RawMessage("true")})
	}
	var odd []member
	for _, key := range slices.Sorted(maps.Keys(c.Meta)) {
		switch key {
		case "name", "connection", "hide_code", "disabled", "once", "id", "jupyter", ".noeval", sourceAttr, metaAttr:
			probe := notebook.Cell{Kind: c.Kind}
			applyAttrs(&probe, []attr{{key, c.Meta[key]}})
			if key == ".noeval" || key == metaAttr || !sameMeta(probe.Meta, map[string]json.RawMessage{key: c.Meta[key]}) {
				odd = append(odd, member{key, c.Meta[key]})
				continue
			}
		}
		attrs = append(attrs, attr{key, c.Meta[key]})
	}
	if odd != nil {
		attrs = append(attrs, attr{metaAttr, encodeObject(odd)})
	}
	return attrs
}

// formatAttrs writes attributes on one line, with a leading space unless there
// are none. The result holds neither a backtick, which would end an info string,
// nor "-->", which would end a comment. Keys that the key=value form cannot hold
// make it one JSON object.
func formatAttrs(attrs []attr) string {
	if len(attrs) == 0 {
		return ""
	}
	for _, a := range attrs {
		if !isKey(a.key) && !isDotWord(a) {
			return " " + escape(formatObject(attrs))
		}
	}
	var b strings.Builder
	for _, a := range attrs {
		b.WriteByte(' ')
		b.WriteString(a.key)
		if isDotWord(a) {
			continue
		}
		b.WriteByte('=')
		b.WriteString(escape(string(compact(a.raw))))
	}
	return b.String()
}

func formatObject(attrs []attr) string {
	var members []member
	for _, a := range attrs {
		members = append(members, member{a.key, compact(a.raw)})
	}
	return string(encodeObject(members))
}

func isDotWord(a attr) bool {
	return string(a.raw) == "null" && len(a.key) > 1 && a.key[0] == '.' && !strings.ContainsAny(a.key, " \t\r\n=`")
}

// escape keeps JSON from ending the fence or comment it stands in.
func escape(text string) string {
	return strings.NewReplacer("`", `\u0060`, "-->", `--\u003e`, "\u2028", `\u2028`, "\u2029", `\u2029`).Replace(text)
}

// word is a string value, or the value as written.
func word(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	return string(raw)
}

func isBool(raw json.RawMessage) bool { return string(raw) == "true" || string(raw) == "false" }
