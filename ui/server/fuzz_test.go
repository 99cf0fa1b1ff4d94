package server

import (
	"encoding/json"
	"mime"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"stnb.dev/ui/protocol"
)

// FuzzFrame: no frame of a visitor's makes anything else of the session than an
// interaction, and none makes the server fall.
func FuzzFrame(f *testing.F) {
	for _, seed := range []string{
		`{"hello":{"client":"c1","session":"","query":"a=1","page":"x"}}`, `{"op":{"interact":{"values":{"w":1},"rerun":true}},"seq":1}`,
		`{"op":{"interact":{"trigger":{"click":"a","widget":"w","value":null}}}}`, `{"op":{"run":{"what":"all"}}}`,
		`{"op":{"edit":{"cell":"c","base":0,"source":"x"},"interact":{}}}`, `{"req":{"id":1,"method":"complete","params":{}}}`,
		`{"op":{"interact":{"values":{"__proto__":{}}}}}`, `{}`, `[]`, `{"op":null}`, "\xff", `{"op":{}} {}`,
	} {
		f.Add([]byte(seed))
	}
	c := newCore(Config{}, "app")
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 64<<10 {
			return
		}
		var in protocol.Client
		if err := decodeStrict(data, &in); err != nil || in.Op == nil {
			return
		}
		if in.Op.Edit != nil && (in.Op.Edit.Source == "panic" || in.Op.Edit.Source == "refuse") {
			return // the fake's own words
		}
		live := newFakeLive()
		err := c.do(Visit{Live: live}, admission{}, "c", *in.Op)
		done := live.done()
		if (err == nil) != (in.Op.Interact != nil) {
			t.Errorf("%s: error %v", data, err)
		}
		for _, op := range done {
			if what, _ := deedOf(op); op.Interact == nil || what != "" || op.Save != nil || op.Input != nil {
				t.Errorf("%s reached the session as %+v", data, op)
			}
		}
	})
}

// FuzzUploadName: whatever a file is called, its name is one part of a path, and
// headers hold it.
func FuzzUploadName(f *testing.F) {
	for _, seed := range []string{"a.csv", "../../a", `..\a`, "a\x00b", "a\r\nX: y", ".stnb/x", "\u202evsc.csv", strings.Repeat("n", 300) + ".csv", "\xff", "a\"b", "ä€😀.txt", ". . .", " ."} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		clean := cleanName(name)
		if len(clean) > 200 || strings.HasPrefix(clean, ".") || strings.ContainsAny(clean, `/\`) || !utf8.ValidString(clean) ||
			strings.ContainsFunc(clean, unicode.IsControl) {
			t.Errorf("%q became %q", name, clean)
		}
		d := disposition(name)
		if strings.ContainsFunc(d, func(r rune) bool { return r < ' ' || r >= 0x7f }) {
			t.Errorf("%q became the header %q", name, d)
		}
		if _, _, err := mime.ParseMediaType(d); err != nil {
			t.Errorf("%q became the header %q: %v", name, d, err)
		}
		typeAllowed(clean, []string{".csv", "txt"})
	})
}

// FuzzNext: a sign-in leads to a path of this server.
func FuzzNext(f *testing.F) {
	for _, seed := range []string{"/", "//evil", `/\evil`, "https:///evil", "/%09/evil", "/%5cevil", "javascript:x", "/a?b=//c", "/\t/evil"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, next string) {
		got := localPath(next)
		if !strings.HasPrefix(got, "/") || strings.HasPrefix(got, "//") || strings.HasPrefix(got, `/\`) || strings.ContainsAny(got, "\r\n\t\\") {
			t.Errorf("%q leads to %q", next, got)
		}
	})
}

// FuzzReply: what describes a window travels in a header and comes back the same.
func FuzzReply(f *testing.F) {
	f.Add("ä€😀\n")
	f.Fuzz(func(t *testing.T, text string) {
		data, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		head := asciiJSON(data)
		if strings.ContainsFunc(head, func(r rune) bool { return r < ' ' || r >= 0x7f }) {
			t.Errorf("%q became %q", text, head)
		}
		var a, b string
		if json.Unmarshal(data, &a) != nil || json.Unmarshal([]byte(head), &b) != nil || a != b {
			t.Errorf("%q came back as %q", text, b)
		}
	})
}
