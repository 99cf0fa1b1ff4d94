//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/websocket"

	"stnb.dev/notebook"
	"stnb.dev/notebook/output"
	"stnb.dev/notebook/session"
	"stnb.dev/ui/protocol"
	"stnb.dev/widgets/element"
)

// TestTrust tries the attacks that need the whole product: the real binary, its
// files, its kernels. ui/server has those that meet the server alone.
func TestTrust(t *testing.T) {
	t.Run("T07", testNoSecretInChildren)
	t.Run("T12", testTraversal)
	t.Run("T13", testOddFiles)
	t.Run("T14", testHiddenFiles)
	t.Run("T19", testBadNotebooks)
	t.Run("T21", testFramesAreSandboxed)
	t.Run("T22", testLinksCannotRun)
	t.Run("T23", testNamesAreText)
	t.Run("T24", testOpeningRunsNothing)
	t.Run("T26", testPrototypeNames)
	t.Run("T34", testForeignVisitor)
	t.Run("T36", testTampering)
	t.Run("T38", testVisitorsSeeNoInsides)
	t.Run("T40", testGridNamesColumnsByNumber)
	t.Run("T41", testValuesAreNoSQL)
	t.Run("T41/Folders", testVisitorsSQLIsKeptIn)
	t.Run("T41/Isolated", testIsolatedVisitors)
	t.Run("T42", testCostlyQueriesEnd)
	t.Run("T43", testExportsAreNeutral)
	t.Run("T44", testNothingIsFetched)
	t.Run("T45", testKernelsAreAlone)
	t.Run("T46", testUserCodeDies)
}

const trivial = "```go\nx := 40\nx + 2\n```\n"

// procFile reads a file of /proc about a process.
func procFile(t *testing.T, pid int, name string) string {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func needProc(t *testing.T) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("looks at /proc")
	}
}

// T07: the token is in no argument, no environment and no log.
func testNoSecretInChildren(t *testing.T) {
	needProc(t)
	r := start(t, "edit", folder(t, "a.md", trivial))
	link := r.open[strings.Index(r.open, "token=")+len("token="):]
	b := r.arrive().join("notebook=a.md", protocol.Hello{})
	b.do(session.Op{Run: &session.Run{What: "all"}})
	b.shows("42")
	kernels := r.kernels()
	if len(kernels) != 1 {
		t.Fatalf("%d kernels", len(kernels))
	}
	for _, secret := range []string{testToken, link} {
		for _, name := range []string{"cmdline", "environ"} {
			if strings.Contains(procFile(t, kernels[0], name), secret) {
				t.Errorf("the kernel's %s has a secret", name)
			}
		}
		if strings.Contains(procFile(t, r.cmd.Process.Pid, "cmdline"), secret) {
			t.Error("the server's command line has a secret")
		}
	}
	said := strings.Replace(r.out.String(), link, "", 1) // where it is printed for the owner
	if strings.Contains(said, link) || strings.Contains(said, testToken) {
		t.Error("the log has a secret")
	}
	b.do(session.Op{Edit: &session.Edit{Cell: b.document.Cells[0].ID, Base: b.document.Cells[0].Version,
		Source: "import \"os\"\nos.Getenv(\"STNB_TOKEN\") + \"|end\""}})
	b.do(session.Op{Run: &session.Run{What: "all"}})
	b.until("the token as user code sees it", func() bool { return b.text() == "|end" })
}

// traversals are paths that lead, or would lead somewhere, out of the folder.
var traversals = []string{
	"../outside.md", "..%2foutside.md", "%2e%2e%2foutside.md", "%252e%252e%252foutside.md", `..\outside.md`, "..%5coutside.md", "dir/../../outside.md",
	"/etc/passwd", "/outside.md", `C:\outside.md`, `\\host\share\a.md`, "a.md\x00", "a.md%00.md", "a.md.", "a.md ", " a.md", "./a.md", "dir//b.md", "dir/./b.md",
	"../root2/secret.md", "", ".", "..", "dir", "dir/", strings.Repeat("a/", 2500) + "a.md", strings.Repeat("a", 5000) + ".md", "a.md/..", "a.md/../a.md",
	"~/a.md", "file:///etc/passwd", "dir\n/b.md", "CON.md\x00",
}

func testTraversal(t *testing.T) {
	base := folder(t, "root/a.md", trivial, "root/dir/b.md", trivial, "outside.md", "canary", "root2/secret.md", "canary")
	r := start(t, "edit", filepath.Join(base, "root"))
	p := r.arrive()
	before := tree(t, base)
	for _, path := range traversals {
		query := "notebook=" + strings.NewReplacer("\x00", "%00", " ", "%20", "\n", "%0a", `\`, "%5c").Replace(path)
		b := p.join(query, protocol.Hello{})
		if b.document != nil {
			t.Errorf("%q was opened", path)
		}
		if strings.Contains(b.raw.String(), "canary") || strings.Contains(b.raw.String(), base) {
			t.Errorf("%q: the answer says too much: %s", path, b.raw.String())
		}
	}
	for _, path := range traversals {
		body, _ := json.Marshal(protocol.NewNotebook{Path: path})
		status, text := p.do("POST", "api/notebooks", string(body))
		// What is no way out is a name like others: "~" is a folder, "%2e" is text.
		if status != 201 && (status < 400 || status >= 500) {
			t.Errorf("POST %q: %d %s", path, status, text)
		}
		if strings.Contains(text, base) {
			t.Errorf("POST %q names an absolute path: %s", path, text)
		}
	}
	for _, name := range tree(t, base) {
		if !strings.HasPrefix(name, "root/") && !contains(before, name) {
			t.Errorf("%s was made outside the folder", name)
		}
	}
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// tree lists all files below a folder.
func tree(t *testing.T, dir string) (list []string) {
	t.Helper()
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(dir, path)
			list = append(list, filepath.ToSlash(rel))
		}
		return nil
	})
	return list
}

// T13: links out, loops, pipes, devices and sockets are errors at once.
func testOddFiles(t *testing.T) {
	base := folder(t, "root/a.md", trivial, "outside.md", "canary")
	root := filepath.Join(base, "root")
	sock, err := net.Listen("unix", filepath.Join(root, "socket.md"))
	if err != nil {
		t.Fatal(err)
	}
	defer sock.Close()
	for _, err := range []error{
		os.Symlink(filepath.Join(base, "outside.md"), filepath.Join(root, "link.md")),
		os.Symlink("../outside.md", filepath.Join(root, "relative.md")),
		os.Symlink("loop.md", filepath.Join(root, "loop.md")),
		os.Symlink("..", filepath.Join(root, "up")),
		os.Symlink("/dev/zero", filepath.Join(root, "zero.md")),
		os.Mkdir(filepath.Join(root, "folder.md"), 0o755),
		mkfifo(filepath.Join(root, "pipe.md")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	r := start(t, "edit", root)
	p := r.arrive()
	for _, name := range []string{"link.md", "relative.md", "loop.md", "up/outside.md", "zero.md", "folder.md", "pipe.md", "socket.md"} {
		b := p.join("notebook="+name, protocol.Hello{}) // which does not wait for ever, as a pipe would
		if b.document != nil || strings.Contains(b.raw.String(), "canary") {
			t.Errorf("%s was opened", name)
		}
	}
	if _, list := p.do("GET", "api/notebooks", ""); strings.Count(list, `"path"`) != 1 || !strings.Contains(list, `"a.md"`) {
		t.Errorf("the list: %s", list)
	}
	// A file that becomes a link between the look and the open.
	stop := make(chan struct{})
	swapped := make(chan struct{})
	go func() {
		defer close(swapped)
		name := filepath.Join(root, "swap.md")
		for {
			select {
			case <-stop:
				return
			default:
			}
			os.Remove(name)
			os.WriteFile(name, []byte(trivial), 0o644)
			os.Remove(name)
			os.Symlink(filepath.Join(base, "outside.md"), name)
		}
	}()
	for range 100 {
		if b := p.join("notebook=swap.md", protocol.Hello{}); strings.Contains(b.raw.String(), "canary") {
			t.Error("the link was followed out of the folder")
			break
		}
	}
	close(stop)
	<-swapped
}

// T14: hidden files do not exist.
func testHiddenFiles(t *testing.T) {
	dir := folder(t, "a.md", trivial, ".stnb/secrets.md", "canary", ".git/config.md", "canary", ".env.md", "canary", ".hidden/x.md", "canary",
		"sub/.stnb/x.md", "canary", ".STNB/y.md", "canary")
	edit, app := start(t, "edit", dir), start(t, "run", dir)
	p, v := edit.arrive(), app.arrive()
	for _, name := range []string{".stnb/secrets.md", ".git/config.md", ".env.md", ".hidden/x.md", "sub/.stnb/x.md", ".STNB/y.md", ".Stnb/secrets.md", ".stnb%2fsecrets.md"} {
		if b := p.join("notebook="+name, protocol.Hello{}); b.document != nil || strings.Contains(b.raw.String(), "canary") {
			t.Errorf("edit: %s was opened", name)
		}
		body, _ := json.Marshal(protocol.NewNotebook{Path: name})
		if status, _ := p.do("POST", "api/notebooks", string(body)); status == 201 {
			t.Errorf("%s was made", name)
		}
		for _, q := range []*person{p, v} {
			for _, prefix := range []string{"", "assets/", "edit/", "media/x/", "html/x/", "uploads/x/y/"} {
				if _, text := q.do("GET", prefix+name, ""); strings.Contains(text, "canary") {
					t.Errorf("GET /%s%s serves a hidden file", prefix, name)
				}
			}
		}
		if _, text := v.do("GET", "?app="+strings.TrimSuffix(name, ".md"), ""); strings.Contains(text, "canary") {
			t.Errorf("run: %s is an app", name)
		}
	}
	for _, q := range []*person{p, v} {
		if _, list := q.do("GET", "", ""); strings.Contains(list, "secrets") || strings.Contains(list, "hidden") {
			t.Error("a list names a hidden file")
		}
	}
}

// T19: a file that is no notebook, or a bomb, gets a message and is not changed.
func testBadNotebooks(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000)
	files := []string{
		"truncated.ipynb", `{"cells": [`, "deep.ipynb", deep, "array.ipynb", "[]", "empty.ipynb", "",
		"latin.md", "caf\xe9\n" + trivial, "nul.md", "a\x00b\n" + trivial,
		"nan.ipynb", `{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":NaN}`,
		"dup.ipynb", `{"nbformat":4,"nbformat":5,"nbformat_minor":5,"metadata":{},"cells":[],"cells":1}`,
		"huge.md", strings.Repeat("x", 51<<20),
		"cells.ipynb", `{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[` + strings.TrimSuffix(strings.Repeat(`{"cell_type":"code","source":"","metadata":{},"outputs":[],"execution_count":null},`, 200_000), ",") + `]}`,
	}
	dir := folder(t, files...)
	r := start(t, "edit", dir)
	p := r.arrive()
	for i := 0; i < len(files); i += 2 {
		b := p.join("notebook="+files[i], protocol.Hello{})
		if b.failure == nil && files[i] != "dup.ipynb" {
			t.Errorf("%s was opened", files[i])
		}
		if b.failure != nil && (strings.Contains(b.failure.Text, dir) || !strings.Contains(b.failure.Text, files[i]) || len(b.failure.Text) > 300) {
			t.Errorf("%s: the message is %q", files[i], b.failure.Text)
		}
		if data, err := os.ReadFile(filepath.Join(dir, files[i])); err != nil || string(data) != files[i+1] {
			t.Errorf("%s was changed: %v", files[i], err)
		}
	}
	if status, _ := p.do("GET", "healthz", ""); status != 200 {
		t.Errorf("health: %d", status)
	}
}

const hostile = `<script>alert(1)</script><img src=x onerror=alert(2)>`

// T23: what names hold is text, wherever the server writes HTML.
func testNamesAreText(t *testing.T) {
	dir := folder(t, "a'b&c.md", "---\ntitle: \""+hostile+"\"\n---\n"+trivial, "b.md", trivial)
	r := start(t, "run", dir)
	p := r.arrive()
	if _, text := p.do("GET", "", ""); strings.Contains(text, "<script>alert") || strings.Contains(text, "<img") || !strings.Contains(text, "&lt;script&gt;") {
		t.Errorf("the list of apps: %s", text)
	}
	for _, name := range []string{"?app=" + "%3Cscript%3Ealert(1)%3C/script%3E", "%3Cscript%3Ealert(1)%3C/script%3E"} {
		if _, text := p.do("GET", name, ""); strings.Contains(text, "<script>alert") {
			t.Errorf("%s comes back as HTML", name)
		}
	}
	e := start(t, "edit", dir)
	q := e.arrive()
	for _, path := range []string{"edit/%3Cscript%3Ealert(1)%3C/script%3E", "%3Cscript%3Ealert(1)%3C/script%3E", "login?next=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"} {
		if _, text := q.do("GET", path, ""); strings.Contains(text, "<script>alert") {
			t.Errorf("edit: /%s comes back as HTML", path)
		}
	}
	b := q.join("notebook=a%27b%26c.md", protocol.Hello{})
	if b.document == nil || b.document.Title != hostile {
		t.Errorf("the title travels as text: %+v", b.failure)
	}
}

// T24: opening a notebook runs nothing.
func testOpeningRunsNothing(t *testing.T) {
	needProc(t)
	dir := folder(t, "a.md", "---\nreactive: true\nstnb: {reactive: true}\n---\n"+cell("import \"os\"\nos.WriteFile(\"ran\", nil, 0o600)")+"{{ 1 + 1 }}\n")
	r := start(t, "edit", dir)
	b := r.arrive().join("notebook=a.md", protocol.Hello{})
	for b.read(time.Second) == nil {
	}
	if k := r.kernels(); len(k) != 0 {
		t.Errorf("%d kernels run", len(k))
	}
	if _, err := os.Stat(filepath.Join(dir, "ran")); err == nil {
		t.Error("a cell ran")
	}
}

// T26: names that mean something to JavaScript are keys like others.
func testPrototypeNames(t *testing.T) {
	dir := folder(t, "app.md", cell(`import st "stnb.dev/widgets"

n := st.Slider("n", 0, 10, st.Value(3))
st.Write("n is", n)`))
	r := start(t, "run", filepath.Join(dir, "app.md"))
	b := r.arrive().join("", protocol.Hello{})
	b.shows("n is 3")
	b.do(session.Op{Interact: &session.Interact{Rerun: true, Values: map[string]json.RawMessage{
		"__proto__": json.RawMessage(`{"polluted":true}`), "constructor": json.RawMessage(`{"prototype":{"polluted":true}}`),
		"toString": json.RawMessage(`1`),
	}}})
	b.until("a run", func() bool { return b.run.Run > 1 && !b.run.Running })
	if !strings.Contains(b.text(), "n is 3") || strings.Contains(b.raw.String(), "polluted") {
		t.Errorf("the screen is %q", b.text())
	}
	// Nor are they kept: what the session holds is seen in the file of a restart.
	r.cmd.Process.Signal(syscall.SIGTERM)
	r.cmd.Wait()
	kept, _ := filepath.Glob(filepath.Join(dir, ".stnb/sessions/*.json"))
	if len(kept) != 1 {
		t.Fatalf("kept sessions: %q", kept)
	}
	if data, err := os.ReadFile(kept[0]); err != nil || strings.Contains(string(data), "polluted") {
		t.Errorf("the session holds values of no widget: %s %v", data, err)
	}
}

// T34: another visitor's session opens nothing.
func testForeignVisitor(t *testing.T) {
	dir := folder(t, "app.md", cell(`import st "stnb.dev/widgets"

n := st.State("n", 0)
st.Button("Add", st.OnClick(func() { n.Set(n.Get() + 1) }))
st.HTML("<p>mine</p>")
st.Dataframe([]map[string]any{{"a": 1}})
st.Write("Clicked", n.Get(), "times")`))
	r := start(t, "run", filepath.Join(dir, "app.md"))
	mine := r.arrive()
	b := mine.join("", protocol.Hello{Client: "page"})
	b.shows("Clicked 0 times")
	b.do(session.Op{Interact: &session.Interact{Trigger: &session.Trigger{Click: "a", Widget: b.find("Add").ID}}})
	b.shows("Clicked 1 times")
	if o := r.arrive().join("", protocol.Hello{Session: b.welcome.Session}); o.welcome.Session == b.welcome.Session || o.welcome.Handle == b.welcome.Handle {
		t.Error("another visitor resumed the session")
	} else {
		o.shows("Clicked 0 times")
	}
	// Nor does its handle, which stands in addresses.
	other, media := r.arrive(), ""
	for _, e := range b.tree {
		if e.Kind == "html" {
			media = strings.TrimPrefix(props[element.Html](&e).Src, "/")
		}
	}
	for _, tt := range []struct{ method, path, body string }{
		{"GET", media, ""},
		{"POST", "frames", `{"session":"` + b.welcome.Handle + `","request":{"frame":"` + frameOn(b) + `","offset":0,"limit":1}}`},
	} {
		if status, text := mine.do(tt.method, tt.path, tt.body); status != 200 {
			t.Errorf("%s %s: %d %s for its visitor", tt.method, tt.path, status, text)
		}
		if status, _ := other.do(tt.method, tt.path, tt.body); status != 404 {
			t.Errorf("%s %s: %d for another visitor", tt.method, tt.path, status)
		}
	}
	b.ws.Close()
	// The same page: another that comes before the end of this socket is noticed is
	// a second tab, with a copy of the session.
	back := mine.join("", protocol.Hello{Client: "page", Session: b.welcome.Session})
	if back.welcome.Session != b.welcome.Session {
		t.Error("the visitor could not come back")
	}
	back.shows("Clicked 1 times")
}

// T36: values that the widget could not have sent are not taken.
func testTampering(t *testing.T) {
	dir := folder(t, "app.md", cell(`import st "stnb.dev/widgets"

a := st.Slider("slider", 0, 10, st.Value(3))
b := st.Selectbox("select", []string{"x", "y"})
c := st.NumberInput("number", 5, st.Min(0), st.Max(10))
d := st.Checkbox("off", st.Disabled(true))
e := st.TextInput("text", st.MaxChars(5))
f := st.Multiselect("multi", []string{"x", "y"})
g := st.Button("dead", st.Disabled(true))
st.Write("values", a, b, c, d, e, len(f), g)`))
	r := start(t, "run", filepath.Join(dir, "app.md"))
	p := r.arrive()
	b := p.join("", protocol.Hello{})
	const want = "values 3 x 5 false  0 false"
	b.shows("values")
	if !strings.Contains(b.text(), want) {
		t.Fatalf("at first: %q", b.text())
	}
	evil := map[string][]string{
		"slider": {`[11]`, `[-1]`, `[1e308]`, `"x"`, `null`, `[]`, `[1,2,3]`, `{}`, `["1"]`},
		"select": {`2`, `-5`, `"z"`, `1.5`, `[0]`, `{}`, `99999999999`},
		"number": {`11`, `-1`, `"5"`, `[5]`, `1e999`},
		"off":    {`true`},
		"text":   {`"longer than five"`, `5`, `["x"]`},
		"multi":  {`[2]`, `[-1]`, `["x"]`, `[0,0,0,0]`, `1`},
	}
	for label, values := range evil {
		id := b.find(label).ID
		for _, v := range values {
			if !json.Valid([]byte(v)) || v == `1e999` {
				continue // such a frame ends the socket; the server's own tests have it
			}
			n := b.run.Run
			b.do(session.Op{Interact: &session.Interact{Values: map[string]json.RawMessage{id: json.RawMessage(v)}, Rerun: true}})
			b.until("a run after "+label+" = "+v, func() bool { return b.run.Run > n && !b.run.Running })
			if !strings.Contains(b.text(), want) {
				t.Errorf("%s = %s was taken: %q", label, v, b.text())
				b = p.join("", protocol.Hello{})
				b.shows("values")
				id = b.find(label).ID
			}
		}
	}
	n := b.run.Run
	b.do(session.Op{Interact: &session.Interact{Trigger: &session.Trigger{Click: "x", Widget: b.find("dead").ID}}})
	b.do(session.Op{Interact: &session.Interact{Trigger: &session.Trigger{Click: "y", Widget: "button-0000000000000000"}}})
	b.do(session.Op{Interact: &session.Interact{Rerun: true}})
	b.until("a run", func() bool { return b.run.Run > n && !b.run.Running })
	if !strings.Contains(b.text(), want) {
		t.Errorf("a disabled button was clicked: %q", b.text())
	}
	// Thirty megabytes for a text field end the socket, not the server.
	websocket.JSON.Send(b.ws, protocol.Client{Op: &session.Op{Interact: &session.Interact{
		Values: map[string]json.RawMessage{b.find("text").ID: json.RawMessage(`"` + strings.Repeat("x", 30<<20) + `"`)}}}})
	for b.read(5*time.Second) == nil {
	}
	p.join("", protocol.Hello{}).shows(want)
}

// T38: a visitor is told that something failed, and not what or where.
func testVisitorsSeeNoInsides(t *testing.T) {
	const hidden = "canary-of-the-secrets-file"
	dir := folder(t, ".stnb/secrets.toml", "key = \""+hidden+"\"\n", "app.md", cell(`import (
	"errors"
	"fmt"
	"os"

	st "stnb.dev/widgets"
)

secretVariable := "canary-in-source"
wd, _ := os.Getwd()
kind := st.Selectbox("kind", []string{"none", "panic", "error", "print", "secret"})
key, _ := st.Secret("key")
st.Write("kind is", kind)
switch kind {
case "panic":
	panic("canary-in-panic " + wd)
case "error":
	errors.New("canary-in-error " + wd)
case "print":
	fmt.Println("canary-in-print", wd)
case "secret":
	fmt.Println("the key is", key)
	panic("no answer for " + key)
}
_ = secretVariable`))
	r := start(t, "run", filepath.Join(dir, "app.md"))
	b := r.arrive().join("", protocol.Hello{Query: "x=<script>"})
	b.shows("kind is none")
	b.until("the first run's end", func() bool { return b.run.Run > 0 && !b.run.Running })
	for i, kind := range []string{"none", "panic", "error", "print", "secret"} {
		if kind == "error" {
			continue
		}
		n := b.run.Run
		b.do(session.Op{Interact: &session.Interact{Values: map[string]json.RawMessage{b.find("kind").ID: json.RawMessage(fmt.Sprint(i))}, Rerun: true}})
		b.until("a run as "+kind, func() bool { return b.run.Run > n && !b.run.Running })
	}
	eventually(t, "the log says what failed", func() bool {
		return strings.Contains(r.out.String(), "canary-in-panic") && strings.Contains(r.out.String(), "no answer for")
	})
	for b.read(500*time.Millisecond) == nil {
	}
	for _, inside := range []string{"canary-in-source", "canary-in-panic", "canary-in-print", "secretVariable", dir, "goroutine ", ".go:", "runtime error", "st.Selectbox"} {
		if strings.Contains(b.raw.String(), inside) {
			t.Errorf("a visitor was sent %q", inside)
		}
	}
	if strings.Contains(b.raw.String(), hidden) || strings.Contains(r.out.String(), hidden) {
		t.Error("a secret of the secrets file was sent or logged")
	}
}

const gridCell = `import (
	"stnb.dev/dataframe"
	st "stnb.dev/widgets"
)

df := dataframe.From([]map[string]any{{"=cmd|' /C calc'!A0": "=1+1", "b": "+2"}, {"=cmd|' /C calc'!A0": "@SUM(A1)", "b": "-3"}, {"=cmd|' /C calc'!A0": "\tx", "b": "plain"}})
st.Dataframe(df)`

// T40: a grid's request names columns by number; nothing in it becomes SQL.
func testGridNamesColumnsByNumber(t *testing.T) {
	r := start(t, "run", filepath.Join(folder(t, "app.md", cell(gridCell)), "app.md"))
	p := r.arrive()
	b := p.join("", protocol.Hello{})
	ref := frameOn(b)
	ask := func(request string) (int, string) {
		return p.do("POST", "frames", `{"session":"`+b.welcome.Handle+`","request":`+request+`}`)
	}
	if status, text := ask(`{"frame":"` + ref + `","offset":0,"limit":10,"format":"csv"}`); status != 200 || strings.Count(text, "\n") < 4 {
		t.Fatalf("a plain request: %d %q", status, text)
	}
	for _, request := range []string{
		`{"frame":"%s","offset":0,"limit":10,"sort":[{"column":"a; DROP TABLE t"}]}`, `{"frame":"%s","offset":0,"limit":10,"sort":[{"column":99}]}`,
		`{"frame":"%s","offset":0,"limit":10,"sort":[{"column":-1}]}`, `{"frame":"%s","offset":0,"limit":10,"filters":[{"column":0,"op":"; DROP","values":["x"]}]}`,
		`{"frame":"%s","offset":0,"limit":10,"columns":[7]}`, `{"frame":"%s","offset":-1,"limit":10}`, `{"frame":"%s","offset":0,"limit":1000000000}`,
		`{"frame":"%s\" UNION SELECT 1","offset":0,"limit":10}`, `{"frame":"/etc/passwd","offset":0,"limit":10}`, `{"frame":"%s","offset":0,"limit":10,"sql":"select 1"}`,
	} {
		status, text := ask(strings.ReplaceAll(request, "%s", ref))
		if status < 400 && !(strings.Contains(request, "1000000000") || strings.Contains(request, `"offset":-1`)) || status >= 500 {
			t.Errorf("%s: %d %q", request, status, tail(text, 200))
		}
	}
	for _, value := range []string{`'`, `"`, `]`, `--`, `a" UNION SELECT 1`, "’", `%`, `\`, `'; ATTACH 'x'`} {
		q, _ := json.Marshal(value)
		for _, form := range []string{`"search":%v`, `"filters":[{"column":0,"op":"contains","values":[%v]}]`, `"filters":[{"column":1,"op":"eq","values":[%v]}]`} {
			if status, text := ask(`{"frame":"` + ref + `","offset":0,"limit":10,` + strings.Replace(form, "%v", string(q), 1) + `}`); status != 200 {
				t.Errorf("%s with %s: %d %s", form, q, status, tail(text, 200))
			}
		}
	}
}

// frameOn returns the reference of the frame on the screen.
func frameOn(b *tab) (ref string) {
	b.t.Helper()
	b.until("a frame", func() bool {
		for _, e := range b.tree {
			if f, ok := output.FrameOf(&e); ok {
				ref = f.Ref
			}
		}
		return ref != ""
	})
	return ref
}

// T43: a spreadsheet does not take a cell of an export for a formula.
func testExportsAreNeutral(t *testing.T) {
	r := start(t, "run", filepath.Join(folder(t, "app.md", cell(gridCell)), "app.md"))
	p := r.arrive()
	b := p.join("", protocol.Hello{})
	ref := frameOn(b)
	status, text := p.do("POST", "frames", `{"session":"`+b.welcome.Handle+`","request":{"frame":"`+ref+`","offset":0,"limit":10,"format":"csv"}}`)
	if status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	for line := range strings.SplitSeq(strings.TrimPrefix(text, "\ufeff"), "\n") {
		for field := range strings.SplitSeq(line, ",") {
			field = strings.Trim(field, "\"\r")
			if field != "" && strings.ContainsAny(field[:1], "=+@\t") || strings.HasPrefix(field, "-") && field != "-3" {
				t.Errorf("a spreadsheet would run %q of %q", field, line)
			}
		}
	}
}

// T45: a kernel has none of the server's descriptors, and never outlives it.
func testKernelsAreAlone(t *testing.T) {
	needProc(t)
	r := start(t, "edit", folder(t, "a.md", trivial))
	b := r.arrive().join("notebook=a.md", protocol.Hello{})
	b.do(session.Op{Run: &session.Run{What: "all"}})
	b.shows("42")
	kernels := r.kernels()
	if len(kernels) != 1 {
		t.Fatalf("%d kernels", len(kernels))
	}
	links, err := os.ReadDir(fmt.Sprintf("/proc/%d/fd", kernels[0]))
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range links {
		to, _ := os.Readlink(fmt.Sprintf("/proc/%d/fd/%s", kernels[0], l.Name()))
		if strings.HasPrefix(to, "socket:") {
			t.Errorf("the kernel has the socket %s", to)
		}
	}
	r.cmd.Process.Kill()
	eventually(t, "the kernel is gone with its server", func() bool { return over(kernels[0]) })
}

// T46: user code that takes its process down takes nothing else.
func testUserCodeDies(t *testing.T) {
	dir := folder(t, "a.md", cell("x := 1"), "b.md", trivial)
	r := start(t, "edit", dir)
	p := r.arrive()
	other := p.join("notebook=b.md", protocol.Hello{})
	other.do(session.Op{Run: &session.Run{What: "all"}})
	other.shows("42")
	b := p.join("notebook=a.md", protocol.Hello{})
	for i, source := range []string{
		"import \"time\"\ngo func() { panic(\"in a goroutine\") }()\ntime.Sleep(3 * time.Second)",
		"var f func(int) int\nf = func(n int) int { return f(n+1) + 1 }\nf(0)",
		"import \"os\"\nos.Exit(3)",
		"import \"os\"\nme, _ := os.FindProcess(os.Getpid())\nme.Kill()\nselect {}",
	} {
		// A new cell each: what is seen to fail is this one.
		id := notebook.CellID(fmt.Sprint("c", i))
		b.do(session.Op{Insert: &session.Insert{After: b.document.Cells[0].ID, Cell: notebook.Cell{ID: id, Kind: notebook.Go, Source: source}}})
		b.do(session.Op{Run: &session.Run{Cells: []notebook.CellID{id}}})
		b.until("the cell to fail", func() bool { return b.state(id) == "failed" })
	}
	other.do(session.Op{Insert: &session.Insert{After: other.document.Cells[0].ID, Cell: notebook.Cell{ID: "new", Kind: notebook.Go, Source: "x + 100"}}})
	other.do(session.Op{Run: &session.Run{Cells: []notebook.CellID{"new"}}})
	other.shows("140")
	if status, _ := p.do("GET", "healthz", ""); status != 200 {
		t.Errorf("health: %d", status)
	}
}

func mkfifo(name string) error { return syscall.Mkfifo(name, 0o600) }

// T21: an author's HTML has an origin of its own.
func testFramesAreSandboxed(t *testing.T) {
	dir := folder(t, "app.md", cell(`import st "stnb.dev/widgets"

st.HTML("<script>parent.document.title</script>")
st.Write("shown")`))
	r := start(t, "run", filepath.Join(dir, "app.md"))
	p := r.arrive()
	b := p.join("", protocol.Hello{})
	b.shows("shown")
	src := ""
	for _, e := range b.tree {
		if e.Kind == "html" {
			src = props[element.Html](&e).Src
		}
		if strings.Contains(string(e.Props), "<script") {
			t.Errorf("a script travels in a %s element", e.Kind)
		}
	}
	if src == "" {
		return // what is sanitised in place needs no frame
	}
	req, _ := http.NewRequest("GET", r.url+strings.TrimPrefix(src, "/"), nil)
	res, err := p.c.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	csp := res.Header.Get("Content-Security-Policy")
	if res.StatusCode != 200 || !strings.HasPrefix(csp, "sandbox allow-scripts") || strings.Contains(csp, "allow-same-origin") || strings.Contains(csp, "allow-top-navigation") {
		t.Errorf("%d with the policy %q", res.StatusCode, csp)
	}
	if status, _ := r.arrive().do("GET", strings.TrimPrefix(src, "/"), ""); status != 404 {
		t.Errorf("another visitor gets %d", status)
	}
}

// T22: an address that is a script is inert wherever an address can stand.
func testLinksCannotRun(t *testing.T) {
	evil := []string{"javascript:alert(1)", " javascript:alert(1)", "\x01javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
		"vbscript:x", "data:text/html,<script>alert(1)</script>"}
	var list strings.Builder
	for _, e := range evil {
		fmt.Fprintf(&list, "%q, ", e)
	}
	dir := folder(t, "app.md", cell(`import st "stnb.dev/widgets"

for _, u := range []string{`+list.String()+`} {
	st.LinkButton("link", u, st.Key("l"+u))
	st.Image(u)
	st.Markdown("[text](" + u + ") ![image](" + u + ") <a href=\"" + u + "\">x</a>")
}
st.Write("shown")`))
	r := start(t, "run", filepath.Join(dir, "app.md"))
	b := r.arrive().join("", protocol.Hello{})
	b.shows("shown")
	for path, e := range b.tree {
		var p map[string]any
		json.Unmarshal(e.Props, &p)
		for _, name := range []string{"url", "src", "html", "link"} {
			value, _ := p[name].(string)
			plainly := strings.Map(func(r rune) rune {
				if r <= ' ' {
					return -1
				}
				return r
			}, strings.ToLower(value))
			isAddress := name != "html"
			for _, scheme := range []string{"javascript:", "vbscript:", "data:text/html"} {
				if isAddress && strings.HasPrefix(plainly, scheme) || !isAddress && (strings.Contains(plainly, `href="`+scheme) || strings.Contains(plainly, `src="`+scheme)) {
					t.Errorf("%s (%s): %s is %q", path, e.Kind, name, value)
				}
			}
		}
	}
}

const sqlApp = "```go\nimport st \"stnb.dev/widgets\"\n\nname := st.TextInput(\"name\")\nheavy := st.Checkbox(\"heavy\")\n```\n\n" +
	"```sql name=found\nselect count(*) as n from (values ('a'), ('b')) t(x) where x = $name\n```\n\n" +
	"```go\nif heavy {\n\tst.SQL(\"select count(*) from range(10000000) a, range(10000000) b where hash(a.range + b.range) = 1\").Count()\n}\nst.Write(\"name is\", len(name))\nst.Dataframe(found)\n```\n"

// T41: what a visitor types into a query's parameter is a value.
func testValuesAreNoSQL(t *testing.T) {
	r := start(t, "run", filepath.Join(folder(t, "app.md", sqlApp), "app.md"))
	p := r.arrive()
	b := p.join("", protocol.Hello{})
	b.shows("name is 0")
	for _, value := range []string{"a' OR '1'='1", "'; ATTACH 'x.db'; --", "' UNION SELECT content FROM read_text('/etc/passwd') --", "$name", "{{ name }}", "'; SET enable_external_access=true; --"} {
		q, _ := json.Marshal(value)
		b.do(session.Op{Interact: &session.Interact{Values: raw(b.find("name").ID, string(q))}})
		b.shows(fmt.Sprintf("name is %d", len(value)))
		b.until("the run's end", func() bool { return !b.run.Running })
		_, text := p.do("POST", "frames", `{"session":"`+b.welcome.Handle+`","request":{"frame":"`+frameOn(b)+`","offset":0,"limit":10,"format":"csv"}}`)
		if fields := strings.Fields(strings.TrimPrefix(text, "\ufeff")); len(fields) != 2 || fields[1] != "0" {
			t.Errorf("%q finds %q", value, text)
		}
	}
	if list, _ := filepath.Glob(filepath.Join(filepath.Dir(r.cmd.Args[2]), "x.db*")); len(list) != 0 {
		t.Errorf("files were made: %q", list)
	}
}

const visitorsSQL = `import st "stnb.dev/widgets"

st.FileUploader("file")
q := st.TextInput("sql")
st.Write("asked", len(q))
if q != "" {
	st.Dataframe(st.SQL(q))
}`

// T41: SQL that an app lets its visitors write reaches the folders it was given, and
// neither what other visitors sent nor the rest of the machine.
func testVisitorsSQLIsKeptIn(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	t.Setenv("STNB_DUCKDB_FOLDERS", "data")
	dir := folder(t, "app.md", cell(visitorsSQL), "data/a.csv", "x\n42\n", "b.csv", "x\ncanary\n")
	r := start(t, "run", filepath.Join(dir, "app.md"))
	p := r.arrive()
	b := p.join("", protocol.Hello{})
	b.shows("asked 0")
	uploader := b.find("file")
	if status, text := p.do("PUT", props[element.FileUploader](&uploader).URL+"/mine.csv", "x\ncanary\n"); status != 201 {
		t.Fatalf("upload: %d %s", status, text)
	}
	sent, _ := filepath.Glob(temp + "/stnb-uploads-*") // a setting tells its name
	if len(sent) != 1 {
		t.Fatalf("folders of uploads: %q", sent)
	}
	scratch, _ := filepath.Glob(sent[0] + "/scratch-*")
	if len(scratch) != 1 {
		t.Fatalf("folders for a kernel's own files: %q", scratch)
	}
	ask := func(sql string) string {
		q, _ := json.Marshal(sql)
		n := b.run.Run
		b.do(session.Op{Interact: &session.Interact{Values: raw(b.find("sql").ID, string(q))}})
		b.until("an answer to "+sql, func() bool { return b.run.Run > n && !b.run.Running })
		for _, e := range b.tree {
			if e.Kind == "error" {
				return "refused"
			}
		}
		for _, format := range []string{"parquet", "csv"} {
			status, text := p.do("POST", "frames", `{"session":"`+b.welcome.Handle+`","request":{"frame":"`+frameOn(b)+`","offset":0,"limit":0,"format":"`+format+`"}}`)
			if status != 200 {
				t.Errorf("%s as %s: %d %s", sql, format, status, text)
			}
			if format == "csv" {
				return text
			}
		}
		return ""
	}
	if got := ask("select x from 'data/a.csv'"); !strings.Contains(got, "42") {
		t.Errorf("the app's own folder: %q", got)
	}
	for _, sql := range []string{
		"select content from read_text('" + temp + "/*/*/*')", "select * from glob('" + temp + "/**')", "select content from read_text('" + sent[0] + "/*/*')", "select content from read_text('" + scratch[0] + "/../*/*')",
		"select * from 'b.csv'", "copy (select 1) to '" + temp + "/x.csv'", "copy (select 1) to '.tmp/x.csv'", "attach '" + temp + "/x.db'", "select getenv('PATH')",
	} {
		if got := ask(sql); got != "refused" {
			t.Errorf("%s: %q", sql, got)
		}
	}
}

// T41: where each visitor has a worker, the SQL of one neither sees nor changes the
// tables of another, and the end of one's worker is nobody else's.
func testIsolatedVisitors(t *testing.T) {
	t.Setenv("STNB_ISOLATE", "visitor")
	r := start(t, "run", filepath.Join(folder(t, "app.md", cell(`import (
	"os"

	st "stnb.dev/widgets"
)

q := st.TextInput("sql")
if q == "die" {
	me, _ := os.FindProcess(os.Getpid())
	me.Kill()
	select {}
}
said := "nothing"
if q != "" {
	err := st.Connection("duckdb").Session(func(s *st.Tx) error {
		_, err := s.Exec(q)
		return err
	})
	said = "done"
	if err != nil {
		said = "refused"
	}
}
n := st.State("n", 0)
if st.Button("more") {
	n.Set(n.Get() + 1)
}
st.Write("asked", len(q), said, n.Get())`)), "app.md"))
	one, two := r.arrive().join("", protocol.Hello{}), r.arrive().join("", protocol.Hello{})
	ask := func(b *tab, sql, want string) {
		t.Helper()
		q, _ := json.Marshal(sql)
		b.do(session.Op{Interact: &session.Interact{Values: raw(b.find("sql").ID, string(q))}})
		b.shows(fmt.Sprint("asked ", len(sql), " ", want))
	}
	one.shows("asked 0")
	two.shows("asked 0")
	ask(one, "create table mine as select 42", "done 0")
	ask(one, "insert into mine values (43)", "done 0")
	ask(two, "drop table mine", "refused 0")
	two.do(session.Op{Interact: &session.Interact{Trigger: &session.Trigger{Click: "1", Widget: two.find("more").ID}}})
	two.shows("refused 1")
	one.do(session.Op{Interact: &session.Interact{Values: raw(one.find("sql").ID, `"die"`)}})
	one.until("the end of its worker", func() bool { return strings.Contains(r.out.String(), "the worker ended") })
	ask(two, "create table other as select 1", "done 1")
	ask(two, "create table other as select 1", "refused 1")
}

// T42: a query without end is cancelled at the run's limit, and nobody else waits
// for it.
func testCostlyQueriesEnd(t *testing.T) {
	app := filepath.Join(folder(t, "app.md", sqlApp), "app.md")
	rests := func(b *tab) {
		t.Helper()
		b.shows("name is")
		b.until("the run's end", func() bool { return !b.run.Running })
	}
	heavy := func(b *tab) (run uint64) {
		t.Helper()
		n := b.run.Run
		b.do(session.Op{Interact: &session.Interact{Values: raw(b.find("heavy").ID, "true")}})
		b.until("the query to run", func() bool { return b.run.Run > n && b.run.Running })
		return b.run.Run
	}
	r := start(t, "run", app)
	one, two := r.arrive().join("", protocol.Hello{}), r.arrive().join("", protocol.Hello{})
	rests(one)
	rests(two)
	on := heavy(one)
	two.do(session.Op{Interact: &session.Interact{Values: raw(two.find("name").ID, `"ada"`)}})
	two.shows("name is 3")
	for one.read(200*time.Millisecond) == nil { // what came meanwhile
	}
	if one.run.Run != on || !one.run.Running {
		t.Errorf("the other visitor waited for the query: %+v", one.run)
	}
	one.do(session.Op{Interact: &session.Interact{Values: raw(one.find("heavy").ID, "false")}})
	one.until("a run in place of the query", func() bool { return one.run.Run > on && !one.run.Running })

	t.Setenv("STNB_RUN_TIME", "2s")
	three := start(t, "run", app).arrive().join("", protocol.Hello{})
	for !strings.Contains(three.text(), "name is 0") { // a first run may be too slow, too
		n := three.run.Run
		three.until("a run's end", func() bool { return three.run.Run > 0 && !three.run.Running })
		if n == three.run.Run {
			three.do(session.Op{Interact: &session.Interact{Rerun: true}})
			three.until("another run", func() bool { return three.run.Run > n })
		}
	}
	on = heavy(three)
	three.until("the limit to end it", func() bool { return three.run.Run == on && !three.run.Running })
	three.do(session.Op{Interact: &session.Interact{Values: raw(three.find("heavy").ID, "false")}})
	three.until("a run again", func() bool { return three.run.Run > on && !three.run.Running })
}

// T44: no address in an element makes the server fetch it.
func testNothingIsFetched(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	visits := make(chan string, 100)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			visits <- c.RemoteAddr().String()
			c.Close()
		}
	}()
	at := "http://" + l.Addr().String()
	dir := folder(t, "app.md", cell(`import st "stnb.dev/widgets"

u := st.QueryParams().Get("u")
st.Image(u)
st.Audio(u)
st.Video(u)
st.LinkButton("x", u)
st.Markdown("![x](" + u + ")")
st.Write("shown", len(u) > 0)`))
	r := start(t, "run", filepath.Join(dir, "app.md"))
	b := r.arrive().join("", protocol.Hello{Query: "u=" + at + "/x.png"})
	b.shows("shown true")
	select {
	case from := <-visits:
		t.Errorf("the server fetched the address, from %s", from)
	case <-time.After(500 * time.Millisecond):
	}
}
