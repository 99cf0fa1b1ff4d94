package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"stnb.dev/notebook/jupyter"
	"stnb.dev/notebook/jupyter/jupytertest"
)

// jupyterKernel starts `stnb kernel run` and connects to it.
func jupyterKernel(t *testing.T) *jupytertest.Client {
	t.Helper()
	conn := jupytertest.Ports(t)
	data, err := json.Marshal(conn)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "kernel.json")
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
	exe, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "kernel", "run", name)
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir())
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		cmd.Wait()
	})
	return jupytertest.Dial(t, conn)
}

// TestJupyterExecute: requests in order, on one kernel, as a front end sends them.
func TestJupyterExecute(t *testing.T) {
	t.Parallel()
	c := jupyterKernel(t)
	for _, step := range []struct {
		code, status, shown string
	}{
		{"import \"fmt\"\nx := 20\nfmt.Println(\"printed\", x)", "ok", "stream: \"stdout printed 20\\n\"\n"},
		{"x + 1", "ok", "execute_result: \"21\"\n"},
		// A name defined again is another version, also of another type.
		{"x := \"text\"", "ok", ""},
		{"x", "ok", "execute_result: \"text\"\n"},
		// What came before the last expression is a display.
		{"1\n2", "ok", "display_data: \"1\"\nexecute_result: \"2\"\n"},
		{"y := 1\ny\ny++", "ok", "display_data: \"1\"\n"},
		{"// nothing", "ok", ""},
		{"func double(n int) int { return 2 * n }", "ok", ""},
		{"double(21)", "ok", "execute_result: \"42\"\n"},
		{"fmt.Print(1)\nfmt.Println(2)", "ok", "stream: \"stdout 12\\n\"\n"},
		// A state that is changed in place, cell after cell.
		{"m := map[string]int{}", "ok", ""},
		{"m[\"a\"]++", "ok", ""},
		{"m[\"a\"]++", "ok", ""},
		{"m[\"a\"]", "ok", "execute_result: \"2\"\n"},
		{"n := 1", "ok", ""}, {"n++", "ok", ""}, {"n++", "ok", ""}, {"n", "ok", "execute_result: \"3\"\n"},
		// What does not compile or fails leaves nothing behind.
		{"z := nothing", "error", "error: \"CompileError undefined: nothing\"\n"},
		{"w := 1\npanic(\"over\")", "error", "error: \"panic over\"\n"},
		{"w", "error", "error: \"CompileError undefined: w\"\n"},
		{"double(4)", "ok", "execute_result: \"8\"\n"},
		{"%%sql name=\"q\"\nselect 7 as n", "ok", "execute_result: \"n\\n-\\n7\"\n"},
		{"%%sql\nselect n + 1 as m from q", "ok", "execute_result: \"m\\n-\\n8\"\n"},
	} {
		reply, shown := c.Execute(step.code)
		if got := jupytertest.Field(reply, "status"); got != step.status {
			t.Errorf("%q: status %s, want %s: %s", step.code, got, step.status, reply.Content)
		}
		if got := jupytertest.Texts(shown); got != step.shown {
			t.Errorf("%q shows\n%swant\n%s", step.code, got, step.shown)
		}
	}
}

func TestJupyterOptions(t *testing.T) {
	t.Parallel()
	c := jupyterKernel(t)
	reply, shown := c.Execute("a := 1\na", "silent", true)
	if got := jupytertest.Texts(shown); got != "" || jupytertest.Field(reply, "execution_count") != "0" {
		t.Errorf("a silent request shows %q and counts %s", got, reply.Content)
	}
	reply, _ = c.Execute("a", "store_history", false)
	if jupytertest.Field(reply, "execution_count") != "0" {
		t.Errorf("a request without history counts: %s", reply.Content)
	}
	reply, _ = c.Execute("a + 1", "user_expressions", map[string]string{"twice": "2 * a", "bad": "b", "none": "b := 1"})
	if got := jupytertest.Field(reply, "user_expressions", "twice", "data", "text/plain"); got != "2" {
		t.Errorf("twice is %q: %s", got, reply.Content)
	}
	if got := jupytertest.Field(reply, "user_expressions", "bad", "evalue"); got != "undefined: b" {
		t.Errorf("bad is %q", got)
	}
	if got := jupytertest.Field(reply, "user_expressions", "none", "status"); got != "error" {
		t.Errorf("none is %q", got)
	}
	reply, _ = c.Execute("?double")
	if got := jupytertest.Field(reply, "payload"); !strings.Contains(got, `"source":"page"`) {
		t.Errorf("help gives %s", reply.Content)
	}

	// One fails: those that wait are not run, unless the request says so.
	first := c.Send("shell", "execute_request", map[string]any{"code": asks + "panic(1)", "allow_stdin": true})
	c.Send("shell", "execute_request", map[string]any{"code": "5"})
	c.Answer()
	if m := c.Next(c.Shell, "execute_reply"); jupytertest.Field(m, "status") != "error" {
		t.Fatalf("the panic gave %s", m.Content)
	}
	if m := c.Next(c.Shell, "execute_reply"); jupytertest.Field(m, "status") != "aborted" {
		t.Errorf("behind a failure: %s", m.Content)
	}
	c.Published(first)
	c.Send("shell", "execute_request", map[string]any{"code": asks + "panic(1)", "stop_on_error": false, "allow_stdin": true})
	last := c.Send("shell", "execute_request", map[string]any{"code": "5"})
	c.Answer()
	c.Next(c.Shell, "execute_reply")
	if m := c.Next(c.Shell, "execute_reply"); jupytertest.Field(m, "status") != "ok" {
		t.Errorf("behind a failure that stops nothing: %s", m.Content)
	}
	c.Published(last)
}

// asks is code that waits until a line is typed.
const asks = "import (\n\"bufio\"\n\"os\"\n)\nbufio.NewReader(os.Stdin).ReadString('\\n')\n"

// TestJupyterDisplays: what changes is updated in place, and what goes is cleared.
func TestJupyterDisplays(t *testing.T) {
	t.Parallel()
	c := jupyterKernel(t)
	shown := c.ExecuteTyping("import st \"stnb.dev/widgets\"\nbox := st.Empty()\nbox.Markdown(\"one\")\n" + asks + "box.Markdown(\"two\")\nx := 1")
	if got, want := jupytertest.Texts(shown), "display_data: \"one\"\nupdate_display_data: \"two\"\n"; got != want {
		t.Fatalf("got\n%swant\n%s", got, want)
	}
	id := jupytertest.Field(shown[0], "transient", "display_id")
	if id == "" || id != jupytertest.Field(shown[1], "transient", "display_id") {
		t.Errorf("displays %q and %q differ", shown[0].Content, shown[1].Content)
	}
	shown = c.ExecuteTyping("kept := st.Empty()\nkept.Text(\"kept\")\ngone := st.Empty()\ngone.Text(\"gone\")\n" + asks + "gone.Empty()\ny := 1")
	if got, want := jupytertest.Texts(shown), "display_data: \"kept\"\ndisplay_data: \"gone\"\nclear_output: \"\"\ndisplay_data: \"kept\"\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	_, shown = c.Execute("import \"image\"\nimage.NewRGBA(image.Rect(0, 0, 2, 2))")
	if len(shown) != 1 || jupytertest.Field(shown[0], "data", "image/png") == "" {
		t.Errorf("an image gives %s", jupytertest.Texts(shown))
	}
	_, shown = c.Execute("st.LineChart(map[string][]float64{\"a\": {1, 2}})\nz := 1")
	if len(shown) != 1 || !strings.Contains(jupytertest.Field(shown[0], "data", "application/vnd.vegalite.v5+json"), `"field":"y"`) {
		t.Errorf("a chart gives %s", jupytertest.Texts(shown))
	}
}

func TestJupyterInterrupt(t *testing.T) {
	t.Parallel()
	c := jupyterKernel(t)
	c.Execute("kept := 5")
	id := c.Send("shell", "execute_request", map[string]any{"code": "import \"fmt\"\nfmt.Println(\"begun\")\nfor {\n}"})
	for m := range c.IOPub {
		if m.Header.Type == "stream" {
			break
		}
	}
	c.Send("control", "interrupt_request", struct{}{})
	c.Next(c.Control, "interrupt_reply")
	if m := c.Next(c.Shell, "execute_reply"); jupytertest.Field(m, "status") != "error" || jupytertest.Field(m, "ename") != "Interrupted" {
		t.Errorf("an interrupted cell: %s", m.Content)
	}
	c.Published(id)
	if _, shown := c.Execute("kept"); jupytertest.Texts(shown) != "execute_result: \"5\"\n" {
		t.Errorf("after the interrupt: %s", jupytertest.Texts(shown))
	}
}

func TestJupyterInput(t *testing.T) {
	t.Parallel()
	c := jupyterKernel(t)
	code := "import (\n\"bufio\"\n\"fmt\"\n\"os\"\n)\nline, err := bufio.NewReader(os.Stdin).ReadString('\\n')\nfmt.Printf(\"%q %v\\n\", line, err)"
	id := c.Send("shell", "execute_request", map[string]any{"code": code, "allow_stdin": true})
	c.Answer()
	c.Next(c.Shell, "execute_reply")
	if got := jupytertest.Texts(c.Published(id)[1:]); got != "stream: \"stdout \\\"typed\\\\n\\\" <nil>\\n\"\n" {
		t.Errorf("got %s", got)
	}
	if _, shown := c.Execute(code); !strings.Contains(jupytertest.Texts(shown), "EOF") {
		t.Errorf("nobody to ask: %s", jupytertest.Texts(shown))
	}
}

// TestJupyterDeath: a program that ends its process is told, and the kernel goes on
// with what the notebook says.
func TestJupyterDeath(t *testing.T) {
	t.Parallel()
	c := jupyterKernel(t)
	c.Execute("kept := 5")
	reply, shown := c.Execute("import (\n\"os\"\n\"syscall\"\n)\nsyscall.Kill(os.Getpid(), syscall.SIGKILL)\nselect {}")
	if jupytertest.Field(reply, "status") != "error" {
		t.Errorf("a killed kernel: %s\n%s", reply.Content, jupytertest.Texts(shown))
	}
	if _, shown := c.Execute("kept"); jupytertest.Texts(shown) != "execute_result: \"5\"\n" {
		t.Errorf("after the death: %s", jupytertest.Texts(shown))
	}
}

func TestJupyterShutdown(t *testing.T) {
	t.Parallel()
	c := jupyterKernel(t)
	if got := c.Beat("ping"); got != "ping" {
		t.Errorf("the heart answers %q", got)
	}
	c.Send("control", "shutdown_request", map[string]any{"restart": true})
	if m := c.Next(c.Control, "shutdown_reply"); jupytertest.Field(m, "restart") != "true" {
		t.Errorf("got %s", m.Content)
	}
}

// TestJupyterForgery: what is not signed with the key, or comes twice, is not run.
func TestJupyterForgery(t *testing.T) {
	t.Parallel()
	c := jupyterKernel(t)
	m := jupyter.Message{Header: jupyter.Header{ID: "forged", Session: "s", Type: "execute_request", Version: "5.3"}, Content: json.RawMessage(`{"code":"1"}`)}
	bad, err := m.Encode("another key")
	if err != nil {
		t.Fatal(err)
	}
	c.Raw("shell", bad)
	good, err := m.Encode("secret")
	if err != nil {
		t.Fatal(err)
	}
	c.Raw("shell", good)
	c.Raw("shell", good)
	c.Raw("shell", [][]byte{[]byte("garbage")})
	c.Next(c.Shell, "execute_reply") // of one of the four
	c.Published("forged")
	reply, _ := c.Execute("2")
	if got := jupytertest.Field(reply, "execution_count"); got != "2" {
		t.Errorf("%s requests were run, want 2", got)
	}
}
