package markdown

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// The nodes goldmark does not know.
var (
	kindSpan = ast.NewNodeKind("StSpan")
	kindMath = ast.NewNodeKind("StMath")
	kindTeX  = ast.NewNodeKind("StMathBlock")
)

// span is text with a class, or an icon.
type span struct {
	ast.BaseInline
	class, icon string
}

func (*span) Kind() ast.NodeKind              { return kindSpan }
func (n *span) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// math is a formula in a line.
type math struct {
	ast.BaseInline
	tex     string
	display bool
}

func (*math) Kind() ast.NodeKind              { return kindMath }
func (n *math) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

// mathBlock is a formula of its own.
type mathBlock struct{ ast.BaseBlock }

func (*mathBlock) Kind() ast.NodeKind              { return kindTeX }
func (*mathBlock) IsRaw() bool                     { return true }
func (n *mathBlock) Dump(source []byte, level int) { ast.DumpHelper(n, source, level, nil, nil) }

type nodes struct{}

func (nodes) Extend(m goldmark.Markdown) {
	m.Parser().AddOptions(parser.WithASTTransformers(util.Prioritized(attachments{}, 500)))
	m.Renderer().AddOptions(renderer.WithNodeRenderers(util.Prioritized(nodes{}, 500)))
}

func (nodes) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindSpan, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		s := n.(*span)
		switch {
		case entering && s.icon != "":
			_, _ = w.WriteString(`<span class="st-icon" data-icon="` + s.icon + `"></span>`)
		case entering:
			_, _ = w.WriteString(`<span class="` + s.class + `">`)
		case s.icon == "":
			_, _ = w.WriteString(`</span>`)
		}
		return ast.WalkContinue, nil
	})
	// HTML in the text is shown as the text it is.
	r.Register(ast.KindRawHTML, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			segs := n.(*ast.RawHTML).Segments
			for i := range segs.Len() {
				seg := segs.At(i)
				_, _ = w.WriteString(Escape(string(seg.Value(source))))
			}
		}
		return ast.WalkSkipChildren, nil
	})
	r.Register(ast.KindHTMLBlock, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			b := n.(*ast.HTMLBlock)
			var t strings.Builder
			for i := range b.Lines().Len() {
				seg := b.Lines().At(i)
				t.Write(seg.Value(source))
			}
			if b.HasClosure() {
				t.Write(b.ClosureLine.Value(source))
			}
			_, _ = w.WriteString("<p>" + Escape(strings.TrimSpace(t.String())) + "</p>\n")
		}
		return ast.WalkSkipChildren, nil
	})
	r.Register(kindMath, func(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			m := n.(*math)
			class := "math inline"
			if m.display {
				class = "math display"
			}
			_, _ = w.WriteString(`<span class="` + class + `">` + Escape(m.tex) + `</span>`)
		}
		return ast.WalkSkipChildren, nil
	})
	r.Register(kindTeX, func(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			var tex strings.Builder
			lines := n.Lines()
			for i := range lines.Len() {
				seg := lines.At(i)
				tex.Write(seg.Value(source))
			}
			_, _ = w.WriteString(`<div class="math display">` + Escape(strings.TrimSpace(tex.String())) + "</div>\n")
		}
		return ast.WalkSkipChildren, nil
	})
}

// mathParser reads $...$ within a line. As in most tools a dollar before a space
// opens nothing and one before a digit closes nothing, so that prices stay prices.
type mathParser struct{}

func (mathParser) Trigger() []byte { return []byte{'$'} }

func (mathParser) Parse(_ ast.Node, block text.Reader, _ parser.Context) ast.Node {
	line, _ := block.PeekLine()
	if bytes.HasPrefix(line, []byte("$$")) {
		if i := bytes.Index(line[2:], []byte("$$")); i > 0 {
			block.Advance(i + 4)
			return &math{tex: string(line[2 : 2+i]), display: true}
		}
		return nil
	}
	if len(line) < 3 || line[1] == ' ' {
		return nil
	}
	for i := 1; i < len(line); i++ {
		switch line[i] {
		case '\\':
			i++
		case '`':
			return nil
		case '$':
			if line[i-1] == ' ' || i+1 < len(line) && line[i+1] >= '0' && line[i+1] <= '9' {
				return nil
			}
			tex := string(line[1:i])
			block.Advance(i + 1)
			return &math{tex: tex}
		}
	}
	return nil
}

// mathBlockParser reads lines between $$ and $$.
type mathBlockParser struct{}

func (mathBlockParser) Trigger() []byte { return []byte{'$'} }

func (mathBlockParser) Open(_ ast.Node, r text.Reader, _ parser.Context) (ast.Node, parser.State) {
	line, _ := r.PeekLine()
	if strings.TrimSpace(string(line)) != "$$" {
		return nil, parser.NoChildren
	}
	r.AdvanceToEOL()
	return &mathBlock{}, parser.NoChildren
}

func (mathBlockParser) Continue(n ast.Node, r text.Reader, _ parser.Context) parser.State {
	line, seg := r.PeekLine()
	if strings.TrimSpace(string(line)) == "$$" {
		r.AdvanceToEOL()
		return parser.Close
	}
	n.Lines().Append(seg)
	r.AdvanceToEOL()
	return parser.Continue | parser.NoChildren
}

func (mathBlockParser) Close(ast.Node, text.Reader, parser.Context) {}
func (mathBlockParser) CanInterruptParagraph() bool                 { return true }
func (mathBlockParser) CanAcceptIndentedLine() bool                 { return false }

// directives finds :color[...], :material/name: and :emoji: in the text of the
// finished tree, where code and links are out of the way.
type directives struct{}

var (
	opener = regexp.MustCompile(`^:([a-z]+(?:-background|-badge)?)\[`)
	icon   = regexp.MustCompile(`^:material/([a-z0-9_]{1,60}):`)
	emoji  = regexp.MustCompile(`^:([a-z0-9_+-]{1,40}):`)
)

var colors = map[string]bool{
	"red": true, "orange": true, "yellow": true, "green": true, "blue": true, "violet": true,
	"gray": true, "grey": true, "rainbow": true, "primary": true, "small": true,
}

// maxNesting bounds the colours within colours.
const maxNesting = 32

func class(name string) string {
	base := strings.TrimSuffix(strings.TrimSuffix(name, "-background"), "-badge")
	if !colors[base] {
		return ""
	}
	return "st-" + strings.Replace(name, "grey", "gray", 1)
}

func (directives) Transform(doc *ast.Document, r text.Reader, _ parser.Context) {
	source := r.Source()
	var parents []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering && n.FirstChild() != nil && n.FirstChild().Type() == ast.TypeInline && n.Kind() != ast.KindCodeSpan {
			parents = append(parents, n)
		}
		return ast.WalkContinue, nil
	})
	for _, p := range parents {
		rebuild(p, source)
	}
}

func rebuild(parent ast.Node, source []byte) {
	var children []ast.Node
	found := false
	for c := parent.FirstChild(); c != nil; c = c.NextSibling() {
		children = append(children, c)
		if t, ok := c.(*ast.Text); ok && bytes.IndexByte(t.Segment.Value(source), ':') >= 0 {
			found = true
		}
	}
	if !found {
		return
	}
	parent.RemoveChildren(parent)
	type open struct {
		node     ast.Node // the span, nil of a plain bracket
		text     string   // as written
		previous ast.Node // where the span's siblings go
	}
	var stack []open
	into := parent
	write := func(s string) {
		if s == "" {
			return
		}
		n := ast.NewString([]byte(s))
		into.AppendChild(into, n)
	}
	for i := 0; i < len(children); i++ {
		t, ok := children[i].(*ast.Text)
		if !ok || t.IsRaw() {
			into.AppendChild(into, children[i])
			continue
		}
		// Text that goldmark split at brackets is one again.
		var joined strings.Builder
		joined.Write(t.Segment.Value(source))
		last := t
		for i+1 < len(children) && !last.SoftLineBreak() && !last.HardLineBreak() {
			next, ok := children[i+1].(*ast.Text)
			if !ok || next.IsRaw() {
				break
			}
			joined.Write(next.Segment.Value(source))
			last = next
			i++
		}
		s, plain := joined.String(), 0
		for j := 0; j < len(s); {
			flush := func() { write(unbackslash(s[plain:j])) }
			switch c := s[j]; {
			case c == '\\' && j+1 < len(s):
				j += 2
				continue
			case c == ':':
				if m := opener.FindStringSubmatch(s[j:]); m != nil && class(m[1]) != "" && len(stack) < maxNesting {
					flush()
					stack = append(stack, open{&span{class: class(m[1])}, m[0], into})
					into = stack[len(stack)-1].node
					j += len(m[0])
					plain = j
					continue
				}
				if m := icon.FindStringSubmatch(s[j:]); m != nil && IsIcon(m[1]) {
					flush()
					into.AppendChild(into, &span{icon: m[1]})
					j += len(m[0])
					plain = j
					continue
				}
				if m := emoji.FindStringSubmatch(s[j:]); m != nil && emojis[m[1]] != "" {
					flush()
					write(emojis[m[1]])
					j += len(m[0])
					plain = j
					continue
				}
			case c == '[' && len(stack) > 0 && len(stack) < maxNesting:
				stack = append(stack, open{})
			case c == ']' && len(stack) > 0:
				top := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				if top.node != nil {
					flush()
					top.previous.AppendChild(top.previous, top.node)
					into = top.previous
					j++
					plain = j
					continue
				}
			}
			j++
		}
		write(unbackslash(s[plain:]))
		if last.HardLineBreak() || last.SoftLineBreak() {
			br := ast.NewTextSegment(text.NewSegment(last.Segment.Stop, last.Segment.Stop))
			br.SetSoftLineBreak(last.SoftLineBreak())
			br.SetHardLineBreak(last.HardLineBreak())
			into.AppendChild(into, br)
		}
	}
	// What was opened and never closed is text after all.
	for k := len(stack) - 1; k >= 0; k-- {
		o := stack[k]
		if o.node == nil {
			continue
		}
		o.previous.AppendChild(o.previous, ast.NewString([]byte(o.text)))
		for c := o.node.FirstChild(); c != nil; {
			next := c.NextSibling()
			o.previous.AppendChild(o.previous, c)
			c = next
		}
	}
}

// unbackslash drops the backslash before punctuation, as goldmark does with text
// of its own.
func unbackslash(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	return string(util.UnescapePunctuations([]byte(s)))
}

// emojis are those that people type most; others can be typed as they are.
var emojis = map[string]string{
	"+1": "👍", "-1": "👎", "100": "💯", "airplane": "✈️", "apple": "🍎", "balloon": "🎈", "bar_chart": "📊", "bell": "🔔",
	"bird": "🐦", "blush": "😊", "book": "📖", "books": "📚", "boom": "💥", "bug": "🐛", "bulb": "💡", "calendar": "📅",
	"cat": "🐱", "chart_with_downwards_trend": "📉", "chart_with_upwards_trend": "📈", "clap": "👏", "cloud": "☁️",
	"coffee": "☕", "computer": "💻", "construction": "🚧", "cry": "😢", "crown": "👑", "dart": "🎯", "dog": "🐶",
	"earth_africa": "🌍", "email": "📧", "exclamation": "❗", "eyes": "👀", "fire": "🔥", "flag_white": "🏳️", "gear": "⚙️",
	"gem": "💎", "gift": "🎁", "globe_with_meridians": "🌐", "grin": "😁", "hammer": "🔨", "heart": "❤️", "heart_eyes": "😍",
	"heavy_check_mark": "✔️", "hourglass": "⌛", "house": "🏠", "information_source": "ℹ️", "joy": "😂", "key": "🔑",
	"link": "🔗", "lock": "🔒", "mag": "🔍", "memo": "📝", "moneybag": "💰", "moon": "🌙", "mushroom": "🍄", "musical_note": "🎵",
	"ok_hand": "👌", "package": "📦", "paperclip": "📎", "parrot": "🦜", "pencil": "📝", "phone": "☎️", "point_right": "👉",
	"pray": "🙏", "pushpin": "📌", "question": "❓", "rabbit": "🐰", "rainbow": "🌈", "recycle": "♻️", "robot_face": "🤖",
	"rocket": "🚀", "rose": "🌹", "scream": "😱", "seedling": "🌱", "ship": "🚢", "smile": "😄", "smiley": "😃", "snake": "🐍",
	"snowflake": "❄️", "sob": "😭", "sparkles": "✨", "star": "⭐", "star2": "🌟", "sun_with_face": "🌞", "sunglasses": "😎",
	"sunny": "☀️", "tada": "🎉", "thinking": "🤔", "thumbsdown": "👎", "thumbsup": "👍", "trophy": "🏆", "unlock": "🔓",
	"umbrella": "☔", "warning": "⚠️", "wastebasket": "🗑️", "watermelon": "🍉", "wave": "👋", "white_check_mark": "✅",
	"wink": "😉", "wrench": "🔧", "x": "❌", "zap": "⚡", "zzz": "💤",
}
