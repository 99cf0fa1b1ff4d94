package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"stnb.dev/notebook/jupyter/jupytertest"
)

func TestMain(m *testing.M) {
	testscript.Main(tidy{m}, map[string]func(){"stnb": main})
}

// tidy removes what the tests of a run share.
type tidy struct{ *testing.M }

func (t tidy) Run() int {
	defer func() {
		if shared != "" {
			os.RemoveAll(shared)
		}
	}()
	return t.M.Run()
}

// shared is the folder of this test's binary under its other name, once made.
var shared string

// TestScripts runs the real command line, one scenario a file of testdata.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("GOCACHE", goCache()) // HOME moves it, and a fresh one compiles the library anew
			e.Setenv("PORT", fmt.Sprint(jupytertest.FreePort(t)))
			return nil
		},
		Cmds:               map[string]func(*testscript.TestScript, bool, []string){"http": httpCommand},
		UpdateScripts:      os.Getenv("UPDATE_SCRIPTS") != "",
		RequireUniqueNames: true,
	})
}

// goCache is where the go command keeps what it has compiled.
func goCache() string {
	if dir := os.Getenv("GOCACHE"); dir != "" {
		return dir
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return "off"
	}
	return filepath.Join(dir, "go-build")
}

// httpCommand is "http METHOD STATUS PATH [TEXT] [HEADER:VALUE...]": it asks the
// server on $PORT, waiting for it to come up, and wants that status and a body
// with that text.
func httpCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: http METHOD STATUS PATH [TEXT] [HEADER:VALUE...]")
	}
	req, err := http.NewRequest(args[0], "http://127.0.0.1:"+ts.Getenv("PORT")+args[2], nil)
	ts.Check(err)
	text := ""
	if len(args) > 3 {
		text = args[3]
		for _, h := range args[4:] {
			name, value, _ := strings.Cut(h, ":")
			req.Header.Set(name, strings.TrimSpace(value))
		}
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	var res *http.Response
	for end := time.Now().Add(patience); time.Now().Before(end); {
		if res, err = client.Do(req); err == nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	ts.Check(err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	ts.Check(err)
	if got := fmt.Sprint(res.StatusCode); got != args[1] || !strings.Contains(string(body), text) {
		ts.Fatalf("%s %s: %s, want %s with %q:\n%s", args[0], args[2], got, args[1], text, body)
	}
}
