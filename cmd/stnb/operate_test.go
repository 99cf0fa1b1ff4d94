//go:build unix

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"stnb.dev/notebook/jupyter/jupytertest"
	"stnb.dev/notebook/session"
	"stnb.dev/ui/protocol"
)

// scrape reads a server's numbers from the listener for metrics.
func scrape(t *testing.T, at, token string) (status int, numbers map[string]float64) {
	t.Helper()
	req, _ := http.NewRequest("GET", "http://"+at+"/metrics", nil)
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, _ := io.ReadAll(res.Body)
	numbers = map[string]float64{}
	for _, m := range regexp.MustCompile(`(?m)^(stnb_\S+) (\S+)$`).FindAllStringSubmatch(string(data), -1) {
		if numbers[m[1]], err = strconv.ParseFloat(m[2], 64); err != nil {
			t.Errorf("metric %s is %q", m[1], m[2])
		}
	}
	return res.StatusCode, numbers
}

func TestMetrics(t *testing.T) {
	needProc(t)
	const token = "canary-metrics-0123456789"
	at := fmt.Sprintf("127.0.0.1:%d", jupytertest.FreePort(t))
	t.Setenv("STNB_METRICS_LISTEN", at)
	t.Setenv("STNB_METRICS_TOKEN", token)
	r := start(t, "run", filepath.Join(folder(t, "app.md", cell(counter)), "app.md"))
	for _, wrong := range []string{"", "canary-metrics-012345678", token + "x"} {
		if status, _ := scrape(t, at, wrong); status != 401 {
			t.Errorf("with the token %q: %d", wrong, status)
		}
	}
	p := r.arrive()
	b, other := p.join("", protocol.Hello{}), p.join("", protocol.Hello{})
	b.shows("Clicked 0 times")
	other.shows("Clicked 0 times")
	other.until("the run's end", func() bool { return !other.run.Running })
	b.click("a")
	b.shows("Clicked 1 times")
	b.until("the run's end", func() bool { return !b.run.Running })
	_, before := scrape(t, at, token)
	for name, want := range map[string]float64{
		"stnb_sessions": 2, "stnb_sockets": 2, "stnb_kernels": 1, "stnb_kernel_starts_total": 1, "stnb_kernel_restarts_total": 0,
		"stnb_run_seconds_count": 3, `stnb_run_seconds_bucket{le="+Inf"}`: 3, "stnb_runs_active": 0, "stnb_runs_waiting": 0,
	} {
		if got, ok := before[name]; !ok || got != want {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if before["stnb_socket_sent_bytes_total"] == 0 || before["stnb_socket_received_bytes_total"] == 0 || before["stnb_heap_bytes"] == 0 {
		t.Errorf("bytes and memory: %v", before)
	}
	syscall.Kill(r.kernels()[0], syscall.SIGKILL)
	b.click("b")
	b.shows("Clicked 2 times")
	eventually(t, "the kernel's death is counted", func() bool {
		_, now := scrape(t, at, token)
		return now["stnb_kernel_exits_total"] == 1 && now["stnb_kernel_restarts_total"] == 1 && now["stnb_kernels"] == 1 && now["stnb_runs_active"] == 0
	})
	if opened := regexp.MustCompile(`msg="socket opened" request=\w+ session=` + b.welcome.Handle); !opened.MatchString(r.out.String()) {
		t.Error("the log does not lead from a request to its session")
	}
	if log := r.out.String(); !regexp.MustCompile(`msg=run app=app.md session=\w+ run=1 status=\w+ ms=\d+`).MatchString(log) || strings.Contains(log, token) {
		t.Errorf("the log: %s", tail(log, 2000))
	}
}

func TestAudit(t *testing.T) {
	dir := folder(t, "a.md", trivial)
	record := filepath.Join(t.TempDir(), "audit.jsonl")
	t.Setenv("STNB_AUDIT", record)
	r := start(t, "edit", dir)
	p := r.arrive()
	b := p.join("notebook=a.md", protocol.Hello{})
	c := b.document.Cells[0]
	for i := range 5 { // as somebody types
		b.do(session.Op{Edit: &session.Edit{Cell: c.ID, Base: c.Version + i, Source: fmt.Sprint("x := ", i, "\nx")}})
	}
	b.do(session.Op{Run: &session.Run{What: "all"}})
	b.until("the ops to be taken", func() bool { return b.acked == b.seq })
	p.do("POST", "api/notebooks", `{"path":"new.md"}`)
	p.do("PUT", "api/files/data.csv", "x\n1\n")
	p.do("DELETE", "api/trash", "")
	p.do("POST", "logout", "")
	data, err := os.ReadFile(record)
	if err != nil {
		t.Fatal(err)
	}
	var did []string
	for line := range strings.Lines(string(data)) {
		var e struct{ Time, What, Who, From, Request, Notebook, Detail string }
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		did = append(did, e.What)
		if e.Time == "" || e.From != "127.0.0.1" || e.Request == "" || e.What != "sign in" && e.Who == "" || (e.What == "edit" || e.What == "run") && e.Notebook != "a.md" {
			t.Errorf("a line says too little: %s", line)
		}
	}
	if got := strings.Join(did, ", "); got != "sign in, edit, run, create, upload, empty trash, sign out" {
		t.Errorf("the record has: %s", got)
	}
	if info, err := os.Stat(record); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the record may be read by others: %v %v", info.Mode(), err)
	}
}
