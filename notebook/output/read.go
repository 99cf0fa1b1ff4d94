package output

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"

	"stnb.dev/widgets/element"
	"stnb.dev/widgets/markdown"
)

// Read makes elements of the outputs a file has, at least one of each: the inverse
// of Encode as far as there is one. HTML is sanitised, since whoever wrote the file
// is not known; scripts do not run. Each element's key says which output it is of,
// so that equal elements come of equal outputs.
func Read(list []json.RawMessage) []*element.Element {
	var out []*element.Element
	for _, raw := range list {
		sum := sha256.Sum256(raw)
		key := "output-" + hex.EncodeToString(sum[:8])
		for _, e := range read(raw) {
			e.Key = key
			out = append(out, e)
		}
	}
	return out
}

// fileOutput is an output as a file has it: texts may be cut into lines.
type fileOutput struct {
	Type      string              `json:"output_type"`
	Name      string              `json:"name"`
	Text      text                `json:"text"`
	Data      map[string]fileData `json:"data"`
	ErrorName string              `json:"ename"`
	Error     string              `json:"evalue"`
	Traceback []string            `json:"traceback"`
}

// text is a string, or its lines.
type text string

func (t *text) UnmarshalJSON(data []byte) error {
	var lines []string
	if json.Unmarshal(data, &lines) == nil {
		*t = text(strings.Join(lines, ""))
		return nil
	}
	return json.Unmarshal(data, (*string)(t))
}

// fileData is the data of one MIME type: a text, its lines, or any JSON.
type fileData json.RawMessage

func (d *fileData) UnmarshalJSON(data []byte) error {
	*d = slices.Clone(data)
	return nil
}

func (d fileData) text() string {
	var t text
	_ = json.Unmarshal(d, &t)
	return string(t)
}

func read(raw json.RawMessage) []*element.Element {
	var o fileOutput
	if err := json.Unmarshal(raw, &o); err != nil {
		return only("text", element.Text{Text: "An output that cannot be read: " + err.Error()})
	}
	switch o.Type {
	case "stream":
		stream := "stdout"
		if o.Name == "stderr" {
			stream = "stderr"
		}
		return only("stdout", element.Stdout{Stream: stream, Text: string(o.Text)})
	case "error":
		return failure(o)
	case "display_data", "execute_result":
		if e := richest(o.Data); e != nil {
			return []*element.Element{e}
		}
	}
	kinds := o.Type
	if len(o.Data) > 0 {
		kinds = strings.Join(slices.Sorted(maps.Keys(o.Data)), ", ")
	}
	return only("text", element.Text{Text: "An output that is not shown here: " + kinds})
}

func only(kind string, props any) []*element.Element {
	return []*element.Element{{Kind: kind, Props: encode(props)}}
}

// frameLine is a line that Trace writes.
var frameLine = regexp.MustCompile(`^    ([A-Za-z0-9_-]{1,64}):(\d+):(\d+)(?: in (.+))?$`)

// failure is an error as the session shows it, if it is one of ours; else with its
// trace below.
func failure(o fileOutput) []*element.Element {
	p := element.Error{Kind: o.ErrorName, Message: o.Error}
	if p.Kind == "error" {
		p.Kind = ""
	}
	ours := slices.Equal(o.Traceback[:min(len(o.Traceback), 1)], Trace(p, nil)[:1])
	for _, line := range o.Traceback[min(len(o.Traceback), 1):] {
		m := frameLine.FindStringSubmatch(line)
		if m == nil {
			ours = ours && slices.Contains(strings.Split(p.Message, "\n"), line)
			continue
		}
		at, _ := strconv.Atoi(m[2])
		column, _ := strconv.Atoi(m[3])
		p.Frames = append(p.Frames, element.Frame{Cell: m[1], Line: at, Column: column, Func: m[4]})
	}
	if ours {
		return only("error", p)
	}
	p.Frames = nil
	out := only("error", p)
	if len(o.Traceback) > 0 {
		out = append(out, only("stdout", element.Stdout{Stream: "stderr", Text: strings.Join(o.Traceback, "\n") + "\n"})...)
	}
	return out
}

// richest is the richest form of a bundle that can be shown, nil when none can.
func richest(data map[string]fileData) *element.Element {
	show := func(kind string, props any) *element.Element { return only(kind, props)[0] }
	for _, kind := range slices.Sorted(maps.Keys(data)) {
		if strings.HasPrefix(kind, "application/vnd.vegalite.") && json.Valid(data[kind]) {
			return show("vegaLite", element.VegaLite{Spec: json.RawMessage(data[kind])})
		}
	}
	if d, ok := data["text/html"]; ok {
		if html := sanitised(d.text()); html != "" {
			return show("markdown", element.Markdown{HTML: html})
		}
	}
	if d, ok := data["text/markdown"]; ok {
		html, math := markdown.Render(d.text())
		return show("markdown", element.Markdown{HTML: html, Math: math})
	}
	if d, ok := data["text/latex"]; ok {
		return show("latex", element.Latex{Text: strings.Trim(strings.TrimSpace(d.text()), "$")})
	}
	alt := data["text/plain"].text()
	if d, ok := data["image/svg+xml"]; ok {
		return show("image", element.Image{URL: "data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(d.text())), Alt: alt})
	}
	for _, kind := range []string{"image/png", "image/jpeg", "image/gif", "image/webp"} {
		if d, ok := data[kind]; ok {
			return show("image", element.Image{URL: fmt.Sprintf("data:%s;base64,%s", kind, strings.Join(strings.Fields(d.text()), "")), Alt: alt})
		}
	}
	if d, ok := data["application/json"]; ok && json.Valid(d) {
		return show("json", element.Json{Value: json.RawMessage(d), Expanded: 1})
	}
	if _, ok := data["text/plain"]; ok {
		return show("stdout", element.Stdout{Stream: "stdout", Text: alt})
	}
	return nil
}

// passing is what may pass of a file's HTML: text, tables, images and folds.
var passing = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowStandardURLs()
	p.AllowImages()
	p.AllowDataURIImages()
	p.AllowLists()
	p.AllowTables()
	p.AllowElements("p", "br", "hr", "div", "span", "pre", "code", "samp", "kbd", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6",
		"b", "i", "u", "s", "em", "strong", "del", "ins", "sub", "sup", "small", "mark", "details", "summary", "progress")
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("open").OnElements("details")
	p.AllowAttrs("value", "max").Matching(bluemonday.Number).OnElements("progress")
	return p
})

var anyTag = regexp.MustCompile(`<[^>]*>`)

// sanitised is "" when nothing is left to see.
func sanitised(html string) string {
	html = strings.TrimSpace(passing().Sanitize(html))
	if strings.Contains(html, "<img") || strings.Contains(html, "<hr") || strings.Contains(html, "<progress") {
		return html
	}
	if strings.TrimSpace(anyTag.ReplaceAllString(html, "")) == "" {
		return ""
	}
	return html
}
