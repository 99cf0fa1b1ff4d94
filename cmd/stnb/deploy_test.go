//go:build linux

package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"golang.org/x/net/websocket"

	"stnb.dev/notebook/jupyter/jupytertest"
	"stnb.dev/ui/protocol"
)

// newCertificate writes a certificate for localhost of that serial number.
func newCertificate(t *testing.T, dir string, serial int64) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &k.PublicKey, k)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	pool = x509.NewCertPool()
	text := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	pool.AppendCertsFromPEM(text)
	for name, data := range map[string][]byte{cert: text, key: pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: secret})} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key, pool
}

// A renewed certificate is used without a restart, and sockets stay open.
func TestCertificateIsReadAgain(t *testing.T) {
	dir := t.TempDir()
	cert, key, _ := newCertificate(t, dir, 1)
	r := start(t, "run", filepath.Join(folder(t, "a.md", trivial), "a.md"), "--tls-cert", cert, "--tls-key", key)
	serial := func() int64 {
		c, err := tls.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(r.url, "https://"), "/"), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		return c.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
	}
	if n := serial(); n != 1 {
		t.Fatalf("serial number %d", n)
	}
	if err := os.WriteFile(key, []byte("half a key"), 0o600); err != nil { // in the middle of a renewal
		t.Fatal(err)
	}
	time.Sleep(lookEvery + 100*time.Millisecond)
	if n := serial(); n != 1 {
		t.Errorf("in the middle of a renewal: serial number %d", n)
	}
	newCertificate(t, dir, 2)
	eventually(t, "the new certificate is used", func() bool { return serial() == 2 })
}

// Under a service manager that holds the port, one version takes over from the
// other, and nobody who connects meanwhile is refused.
func TestSocketActivation(t *testing.T) {
	exe, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	f, err := l.(*net.TCPListener).File()
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	at := l.Addr().String()
	dir := folder(t, "app.md", cell(counter))
	launch := func() *running {
		r := &running{t: t, out: &lines{}, url: "http://" + at + "/", open: "http://" + at + "/"}
		r.cmd = exec.Command("sh", "-c", `LISTEN_PID=$$ LISTEN_FDS=1 exec "$0" "$@"`, exe, "run", filepath.Join(dir, "app.md"), "--log-level", "debug")
		r.cmd.ExtraFiles = []*os.File{f}
		r.cmd.Stdout, r.cmd.Stderr = r.out, r.out
		if err := r.cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { r.cmd.Process.Kill(); r.cmd.Wait() })
		eventually(t, "the server is up", func() bool { return strings.Contains(r.out.String(), "Serving") })
		return r
	}
	one := launch()
	p := one.arrive()
	b := p.join("", protocol.Hello{Client: "page"})
	b.shows("Clicked 0 times")
	b.click("a")
	b.shows("Clicked 1 times")

	var asked, refused, broken atomic.Int64
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() { // visitors who come all the time
		defer close(ended)
		for {
			select {
			case <-stop:
				return
			default:
			}
			asked.Add(1)
			c, err := net.DialTimeout("tcp", at, patience)
			if err != nil {
				refused.Add(1)
				continue
			}
			c.SetDeadline(time.Now().Add(patience))
			fmt.Fprintf(c, "GET /healthz HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", at)
			if answer, err := io.ReadAll(c); err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 200") {
				broken.Add(1)
			}
			c.Close()
		}
	}()
	eventually(t, "visitors come", func() bool { return asked.Load() > 20 })
	one.cmd.Process.Signal(syscall.SIGHUP)
	one.cmd.Wait()
	two := launch()
	p.r = two
	back := p.join("", protocol.Hello{Client: "page", Session: b.welcome.Session})
	close(stop)
	<-ended
	t.Logf("%d visits during the change, %d refused, %d broken off", asked.Load(), refused.Load(), broken.Load())
	if refused.Load() != 0 || broken.Load() > 1 { // the one that the old server had just taken
		t.Errorf("of %d visits %d were refused and %d broke off", asked.Load(), refused.Load(), broken.Load())
	}
	back.shows("Clicked 1 times")
	for _, k := range two.kernels() {
		if strings.Contains(procFile(t, k, "environ"), "LISTEN_FDS") {
			t.Error("the kernel has the manager's variables")
		}
	}
}

// program is a real one of Debian's; where it is missing and may not be installed,
// the test says so.
func program(t *testing.T, name, pkg string) string {
	t.Helper()
	for range 2 {
		for _, name := range []string{name, "/usr/sbin/" + name} {
			if path, err := exec.LookPath(name); err == nil {
				return path
			}
		}
		if os.Getuid() == 0 {
			cmd := exec.Command("apt-get", "install", "-y", "-qq", "--no-install-recommends", pkg)
			cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1")
			out, err := cmd.CombinedOutput()
			if err != nil {
				t.Skipf("%s cannot be installed: %v %s", pkg, err, tail(string(out), 300))
			}
		}
	}
	t.Skipf("%s is not installed (Debian: apt-get install %s)", name, pkg)
	return ""
}

// deployed is a file of docs/deploy with a test's own values.
func deployed(t *testing.T, name string, values map[string]string) string {
	t.Helper()
	data, err := os.ReadFile("../../docs/deploy/" + name)
	if err != nil {
		t.Fatal(err)
	}
	text := string(data)
	for from, to := range values {
		if !strings.Contains(text, from) {
			t.Fatalf("docs/deploy/%s has no %q", name, from)
		}
		text = strings.ReplaceAll(text, from, to)
	}
	return text
}

// The configurations in docs/deploy work: pages, sockets and uploads under a
// sub-path, with TLS.
func TestBehindNginx(t *testing.T) {
	exe := program(t, "nginx", "nginx-light")
	dir := t.TempDir()
	cert, key, pool := newCertificate(t, dir, 1)
	front, back := jupytertest.FreePort(t), jupytertest.FreePort(t)
	site := deployed(t, "nginx.conf", map[string]string{
		"listen 443 ssl": fmt.Sprintf("listen 127.0.0.1:%d ssl", front), "server_name example.org": "server_name localhost",
		"/etc/ssl/example.org.crt": cert, "/etc/ssl/example.org.key": key, "127.0.0.1:8501": fmt.Sprintf("127.0.0.1:%d", back),
	})
	conf := filepath.Join(dir, "nginx.conf")
	whole := "user root;\ndaemon off;\nerror_log stderr warn;\npid " + dir + "/pid;\nevents {}\nhttp {\naccess_log off;\n"
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		whole += kind + "_temp_path " + dir + "/" + kind + ";\n"
	}
	if os.Getuid() != 0 {
		whole = strings.TrimPrefix(whole, "user root;\n")
	}
	if err := os.WriteFile(conf, []byte(whole+site+"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	behind(t, front, back, pool, exec.Command(exe, "-c", conf, "-p", dir), 1)
}

func TestBehindCaddy(t *testing.T) {
	exe := program(t, "caddy", "caddy")
	dir := t.TempDir()
	cert, key, pool := newCertificate(t, dir, 1)
	front, back := jupytertest.FreePort(t), jupytertest.FreePort(t)
	site := deployed(t, "Caddyfile", map[string]string{
		"example.org {": fmt.Sprintf("https://localhost:%d {\n\ttls %s %s", front, cert, key), "127.0.0.1:8501": fmt.Sprintf("127.0.0.1:%d", back),
	})
	conf := filepath.Join(dir, "Caddyfile")
	if err := os.WriteFile(conf, []byte("{\n\tadmin off\n\tauto_https disable_redirects\n}\n"+site), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, "run", "--adapter", "caddyfile", "--config", conf)
	cmd.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
	behind(t, front, back, pool, cmd, 2) // as RFC 9112 lets it: the chunks count, and what follows is a request
}

// The unit files say nothing that systemd does not understand.
func TestUnitFiles(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd-analyze is not installed")
	}
	exe, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var units []string
	for name, values := range map[string]map[string]string{"stnb.service": {"/usr/local/bin/stnb": exe, "User=stnb": "User=root"}, "stnb.socket": nil} {
		unit := filepath.Join(dir, name)
		if err := os.WriteFile(unit, []byte(deployed(t, name, values)), 0o600); err != nil {
			t.Fatal(err)
		}
		units = append(units, unit)
	}
	if out, err := exec.Command(analyze, append([]string{"verify"}, units...)...).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("systemd-analyze verify: %v\n%s", err, out)
	}
}

// behind starts a proxy and stnb behind it, and does what visitors do. most is how
// many answers the proxy may give to a request that can be read as two.
func behind(t *testing.T, front, back int, pool *x509.CertPool, cmd *exec.Cmd, most int) {
	said := &lines{}
	cmd.Stderr = said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Signal(syscall.SIGQUIT); cmd.Wait() })

	base := fmt.Sprintf("https://localhost:%d/apps/", front)
	app := "import st \"stnb.dev/widgets\"\n\nn := st.State(\"n\", 0)\nst.Button(\"Add\", st.OnClick(func() { n.Set(n.Get() + 1) }))\nst.FileUploader(\"file\")\nst.Write(\"Clicked\", n.Get(), \"times\")"
	r := startOn(t, back, "run", filepath.Join(folder(t, "app.md", cell(app)), "app.md"), "--public-url", base)
	r.url = base
	jar, _ := cookiejar.New(nil)
	p := &person{r, &http.Client{Jar: jar, Timeout: patience, Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}}}}
	eventually(t, "the proxy answers", func() bool {
		res, err := p.c.Get(base + "healthz")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == 200
	})
	res, err := p.c.Get(base)
	if err != nil {
		t.Fatal(err)
	}
	page, _ := io.ReadAll(res.Body)
	res.Body.Close()
	if res.StatusCode != 200 || !strings.Contains(string(page), `"/apps/assets/`) {
		t.Fatalf("the page: %d %s\n%s", res.StatusCode, tail(string(page), 500), said)
	}
	for _, c := range res.Cookies() {
		if !c.Secure || !c.HttpOnly || c.Path != "/apps/" {
			t.Errorf("cookie %+v", c)
		}
	}
	// The proxy says whom it speaks for, and not what a visitor would like to be.
	lie, _ := http.NewRequest("GET", base+"nowhere", nil)
	lie.Header.Set("X-Forwarded-For", "203.0.113.9")
	if res, err := p.c.Do(lie); err != nil || res.StatusCode != 404 || strings.Contains(r.out.String(), "203.0.113.9") {
		t.Errorf("a visitor chose an address: %v %v", res, err)
	}
	cfg, _ := websocket.NewConfig("wss"+strings.TrimPrefix(base, "https")+"ws", "https://localhost:"+strconv.Itoa(front))
	cfg.TlsConfig = &tls.Config{RootCAs: pool}
	u, _ := url.Parse(base)
	for _, c := range jar.Cookies(u) {
		cfg.Header.Add("Cookie", c.Name+"="+c.Value)
	}
	ws, err := websocket.DialConfig(cfg)
	if err != nil {
		t.Fatalf("socket: %v\n%s", err, said)
	}
	defer ws.Close()
	b := newTab(p, ws)
	b.send(protocol.Client{Hello: &protocol.Hello{Client: "page"}})
	b.until("a document", func() bool { return b.document != nil })
	b.shows("Clicked 0 times")
	b.click("a")
	b.shows("Clicked 1 times")
	// A foreign origin is refused behind a proxy too.
	cfg.Origin, _ = url.Parse("https://evil.example")
	if _, err := websocket.DialConfig(cfg); err == nil {
		t.Error("a foreign origin got a socket")
	}
	body := strings.Repeat("x", 3<<20)
	req, _ := http.NewRequest("PUT", base+"uploads/"+b.welcome.Handle+"/"+b.find("file").ID+"/a.txt", strings.NewReader(body))
	req.Header.Set("Origin", strings.TrimSuffix(base, "/apps/"))
	req.Header.Set("X-Stnb", "1")
	if res, err := p.c.Do(req); err != nil || res.StatusCode != 201 {
		t.Errorf("an upload: %v %v", res, err)
	}
	// Two readings of one request would let a visitor speak in another's name.
	for name, request := range map[string]string{
		"TE-and-CL": "POST /apps/TE-and-CL HTTP/1.1\r\nHost: %s\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nGET /apps/evil/TE-and-CL HTTP/1.1\r\nHost: %s\r\n\r\n",
		"two-CL":    "POST /apps/two-CL HTTP/1.1\r\nHost: %s\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxxGET /apps/evil/two-CL HTTP/1.1\r\nHost: %s\r\n\r\n",
	} {
		c, err := tls.Dial("tcp", u.Host, &tls.Config{RootCAs: pool, ServerName: "localhost"})
		if err != nil {
			t.Fatal(err)
		}
		logged := regexp.MustCompile(`msg=request .*route=\S*` + name + `\s`) // a line comes after its answer
		io.WriteString(c, strings.ReplaceAll(request, "%s", u.Host))
		// To the end, or until nothing more comes of what stnb saw.
		n, saw, answers := 0, 0, make([]byte, 0, 64<<10)
		for end, quiet := time.Now().Add(patience), 0; quiet < 2 && time.Now().Before(end); {
			c.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
			got, err := c.Read(answers[len(answers):cap(answers)])
			answers = answers[:len(answers)+got]
			n = strings.Count(string(answers), "HTTP/1.1 ")
			saw = len(logged.FindAllString(r.out.String(), -1))
			if e, ok := err.(net.Error); err != nil && !(ok && e.Timeout()) {
				break
			}
			if quiet++; got > 0 || n == 0 || saw > n {
				quiet = 0
			}
		}
		c.Close()
		t.Logf("%s: %d answers, of which stnb gave %d", name, n, saw)
		if n == 0 || n > most {
			t.Errorf("%s: %d answers to one request", name, n)
		}
		if saw > n {
			t.Errorf("%s: the proxy saw %d requests, stnb %d", name, n, saw)
		}
	}
}
