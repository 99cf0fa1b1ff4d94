package markdown

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestRender(t *testing.T) {
	cases := []struct{ in, want string }{
		{"plain", "<p>plain</p>"},
		{"# Head *x*", "<h1>Head <em>x</em></h1>"},
		{":red[Thank you!]", `<p><span class="st-red">Thank you!</span></p>`},
		{"a :blue-background[**b** [c] d] e", `<p>a <span class="st-blue-background"><strong>b</strong> [c] d</span> e</p>`},
		{":green[:red[x]]", `<p><span class="st-green"><span class="st-red">x</span></span></p>`},
		{"`:red[x]`", "<p><code>:red[x]</code></p>"},
		{":pink[x] :red[open", "<p>:pink[x] :red[open</p>"},
		{"go :rocket: :material/home: 10:30:15", `<p>go 🚀 <span class="st-icon" data-icon="home"></span> 10:30:15</p>`},
		{`\:red[x] \*`, "<p>:red[x] *</p>"},
		{"$a_b*c*$ and $5 or $6", `<p><span class="math inline">a_b*c*</span> and $5 or $6</p>`},
		{"$$x < y$$", `<p><span class="math display">x &lt; y</span></p>`},
		{"$$\nx_1\n\\frac{a}{b}\n$$\nafter", "<div class=\"math display\">x_1\n\\frac{a}{b}</div>\n<p>after</p>"},
		{"a\n:red[b]\nc", "<p>a\n<span class=\"st-red\">b</span>\nc</p>"},
		{"- [x] done", `<ul>
<li><input checked="" disabled="" type="checkbox"> done</li>
</ul>`},
		{"[l](https://x.org \"t\")", `<p><a href="https://x.org" title="t">l</a></p>`},
		{"~~a~~ <b>b</b>", "<p><del>a</del> &lt;b&gt;b&lt;/b&gt;</p>"},
		{"```go\nx := \"<a>\"\n```", "<pre><code class=\"language-go\">x := &#34;&lt;a&gt;&#34;\n</code></pre>"},
	}
	for _, tc := range cases {
		if got, _ := Render(tc.in); got != tc.want {
			t.Errorf("%q\ngot  %s\nwant %s", tc.in, got, tc.want)
		}
	}
}

func TestInline(t *testing.T) {
	if h, m := Inline("Pick a & b"); h != "Pick a &amp; b" || m {
		t.Error(h, m)
	}
	if h, m := Inline("**x**"); h != "<strong>x</strong>" || !m {
		t.Error(h, m)
	}
	if p := Plain("**a** :red[b] & `c`"); p != "a b & c" {
		t.Error(p)
	}
}

func TestImages(t *testing.T) {
	dir := t.TempDir()
	const pixel = "GIF89a\x01\x00\x01\x00\x00\x00\x00;"
	for name, text := range map[string]string{"a b.gif": pixel, "notes.png": "secret words", "x.svg": "<svg/>", "big.gif": pixel + strings.Repeat("x", maxImage)} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for in, want := range map[string]string{
		"![one](a%20b.gif)": `<p><img src="data:image/gif;base64,R0lGODlhAQABAAAAADs=" alt="one"></p>`,
		"![](x.svg)":        `<p><img src="data:image/svg+xml;base64,PHN2Zy8+" alt=""></p>`,
		"![n](notes.png)":   `is no image`,
		"![n](gone.png)":    `there is no file &#34;gone.png&#34; beside the notebook`,
		"![n](../" + filepath.Base(dir) + "/x.svg)": `there is no file`,
		"![n](big.gif)":                 `st.Image(&#34;big.gif&#34;) shows it`,
		"![a & b](https://x.org/p.png)": `"><a href="https://x.org/p.png">a &amp; b</a> (image not shown)</span></p>`,
		"![n](javascript:alert)":        `<p>n</p>`,
		"![n](attachment:my%20p.png)":   `<img src="data:image/png;base64,AAAA" alt="n">`,
		"![n](attachment:gone.png)":     `no picture &#34;gone.png&#34; is attached to the cell`,
	} {
		if got := Cell(in, dir, map[string]string{"my p.png": "data:image/png;base64,AAAA"}); !strings.Contains(got, want) {
			t.Errorf("%s\ngot  %s\nwant %s", in, got, want)
		}
		// What a visitor may have typed shows no file and fetches nothing.
		if got, _ := Render(in); strings.Contains(got, "<img") {
			t.Errorf("%s: %s", in, got)
		}
	}
}

func TestNothingUnsafePasses(t *testing.T) {
	for _, in := range []string{
		"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))", "[x](JaVaScRiPt:alert(1))",
		"[x](java\tscript:alert(1))", "[x](&#106;avascript:alert(1))", "[x](vbscript:x)", "[x](data:text/html,<script>)",
		"![x](javascript:alert(1))", "<javascript:alert(1)>", "[r]\n\n[r]: javascript:alert(1)", "<base href=//evil>",
		"<form action=//evil><input name=a></form>", "<meta http-equiv=refresh content=0>", "<style>@import 'x'</style>",
		":red[<img src=x onerror=alert(1)>]", "$<img src=x onerror=alert(1)>$", "<a id=x name=cookie href='x'>",
		"[x](\x01javascript:alert(1))", "<svg onload=alert(1)>", "<math><mi//xlink:href=\"data:x\">", "<iframe srcdoc='x'>",
	} {
		got, _ := Render(in)
		low := strings.ToLower(got)
		low = strings.ReplaceAll(low, "&#34;", "")
		for _, bad := range []string{"<script", "<img src=\"x\" onerror", "href=\"javascript", "href=\"java", "href=\"vb", "href=\"data", "src=\"java", "<base", "<form", "<meta", "<style", "<svg", "<iframe", "<math", "<a id", "<a name"} {
			if strings.Contains(low, bad) {
				t.Errorf("%q\ngave %s", in, got)
			}
		}
		if strings.Contains(low, "<img") && strings.Contains(low, "onerror=") && !strings.Contains(low, "&lt;img") {
			t.Errorf("%q\ngave %s", in, got)
		}
	}
}

func TestHostileTextIsFast(t *testing.T) {
	for _, s := range []string{"~", "^", "[", "*", "_", ":red[", "$", "`", ":", "]", "> ", "![", "<", "a_", "- ", "1. ", ":red[a] "} {
		start := time.Now()
		Render(strings.Repeat(s, 50_000))
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("50,000 times %q took %v", s, d)
		}
	}
}

func FuzzRender(f *testing.F) {
	f.Add(":red[a $b$ `c`] [x](y)")
	f.Fuzz(func(t *testing.T, s string) {
		h, _ := Render(s)
		if strings.Contains(h, "<script") {
			t.Error(h)
		}
	})
}

func TestHugeTextIsCut(t *testing.T) {
	html, _ := Render(strings.Repeat("<b>x</b>é", 1<<20))
	if len(html) > 2<<20 || !strings.Contains(html, "its beginning is shown") || strings.Contains(html, "<b>") {
		t.Errorf("%d bytes: %s", len(html), html[:100])
	}
}
