// Package markdown renders Markdown to HTML that is safe to put into a page: GitHub's
// flavour, and what Streamlit adds to it: coloured text :red[...], backgrounds
// :red-background[...], badges :blue-badge[...], icons :material/name:, emoji
// :rocket:, and formulas $...$ and $$...$$.
//
// HTML in it is shown as the text it is, links keep to http, https, mailto and paths, and
// the result is sanitised once more by a list of what may pass.
package markdown

import (
	"bytes"
	"fmt"
	"html"
	"regexp"
	"strings"
	"sync"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/util"
)

var engine = sync.OnceValue(func() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(extension.GFM),
		goldmark.WithParserOptions(
			parser.WithASTTransformers(util.Prioritized(directives{}, 500)),
			parser.WithInlineParsers(util.Prioritized(mathParser{}, 150)),
			parser.WithBlockParsers(util.Prioritized(mathBlockParser{}, 650)),
		),
		goldmark.WithRendererOptions(),
		goldmark.WithExtensions(nodes{}),
	)
})

var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "em", "strong", "del", "blockquote", "ul", "ol", "li", "pre", "code",
		"h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "span", "div", "a", "img", "input", "sup")
	p.AllowStandardURLs()
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireNoFollowOnLinks(false)
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("src", "alt", "title").OnElements("img")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|right|center)$`)).OnElements("th", "td")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^language-[a-zA-Z0-9_+#-]{1,40}$`)).OnElements("code")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(st-[a-z-]{1,40}|math (inline|display))$`)).OnElements("span", "div")
	p.AllowAttrs("data-icon").Matching(regexp.MustCompile(`^[a-z0-9_]{1,60}$`)).OnElements("span")
	p.AllowAttrs("type").Matching(regexp.MustCompile(`^checkbox$`)).OnElements("input")
	p.AllowAttrs("checked", "disabled").Matching(regexp.MustCompile(`^$`)).OnElements("input")
	p.AllowNoAttrs().OnElements("span", "a", "img", "input")
	return p
})

// MaxText bounds what is rendered as Markdown, bytes; of more the beginning is
// shown, as plain text.
const MaxText = 1 << 20

// maxPlain is how much of a text longer than MaxText is shown.
const maxPlain = 256 << 10

type rendered struct {
	html string
	math bool
}

var cache = newCache(1000)

// Render returns the HTML of a text, and whether it has formulas, which are
// elements of class "math inline" or "math display" whose text is TeX.
func Render(text string) (html string, math bool) {
	html, math = sanitized(text)
	return images(html, unshown), math
}

// sanitized is a text as HTML in which images stand as the text has them.
func sanitized(text string) (html string, math bool) {
	if len(text) > MaxText {
		cut := strings.ToValidUTF8(text[:maxPlain], "")
		return fmt.Sprintf("<pre>%s…</pre><p><small>This text has %d MB; its beginning is shown.</small></p>", Escape(cut), len(text)>>20), false
	}
	if r, ok := cache.get(text); ok {
		return r.html, r.math
	}
	if nested(text) {
		return "<pre>" + Escape(text) + "</pre>", false
	}
	var b bytes.Buffer
	if err := engine().Convert([]byte(strings.ToValidUTF8(text, "\uFFFD")), &b); err != nil {
		return "<pre>" + Escape(text) + "</pre>", false
	}
	html = policy().Sanitize(b.String())
	r := rendered{strings.TrimSpace(html), strings.Contains(html, `class="math `)}
	cache.put(text, r)
	return r.html, r.math
}

// nested says whether a line opens more quotes and lists than anybody writes, for
// which parsing would take quadratic time.
func nested(text string) bool {
	for line := range strings.Lines(text) {
		if len(line) > 100 && len(markers.FindString(line)) > 100 {
			return true
		}
	}
	return false
}

var markers = regexp.MustCompile(`^[ \t]*(?:(?:>|[-*+][ \t]|[0-9]{1,9}[.)][ \t])[ \t]*)+`)

// Inline renders a text of one line, such as a label, without a paragraph around
// it. markup says whether the HTML shows more than the text itself.
func Inline(text string) (html string, markup bool) {
	if !strings.ContainsAny(text, "*_`~[]:$<&\\#!\n|") {
		return Escape(text), false
	}
	html, _ = Render(text)
	if rest, ok := strings.CutPrefix(html, "<p>"); ok {
		if one, ok := strings.CutSuffix(rest, "</p>"); ok && !strings.Contains(one, "<p>") {
			html = one
		}
	}
	return html, html != Escape(text)
}

// Escape is the text as HTML.
func Escape(text string) string { return html.EscapeString(text) }

// Plain is the text without its markup, for titles and places that show no HTML.
func Plain(text string) string {
	markup, _ := Inline(text)
	return strings.TrimSpace(html.UnescapeString(tags.ReplaceAllString(markup, "")))
}

var tags = regexp.MustCompile(`<[^>]*>`)

// store keeps what was rendered last; most of a rerun's texts are the same.
type store struct {
	mu       sync.Mutex
	max      int
	now, old map[string]rendered
}

func newCache(max int) *store { return &store{max: max, now: map[string]rendered{}} }

func (s *store) get(k string) (rendered, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.now[k]; ok {
		return r, true
	}
	r, ok := s.old[k]
	if ok {
		s.now[k] = r
	}
	return r, ok
}

func (s *store) put(k string, r rendered) {
	if len(k)+len(r.html) > 64<<10 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.now) >= s.max {
		s.old, s.now = s.now, map[string]rendered{}
	}
	s.now[k] = r
}
