package main

import "strings"

// Packages of the tests.
const (
	server   = "./ui/server"
	product  = "./cmd/stnb"
	database = "./duckconn"
	texts    = "./widgets/markdown"
	controls = "./widgets"
	apps     = "./appmode"
	sessions = "./notebook/session"
)

// noClickLost is the test that every click counts once.
const noClickLost = "^TestNoClickIsLost$"

// fault is the test of a fault.
func fault(name string) string {
	return "^TestFault$/^" + strings.ReplaceAll(name, "/", "$/^") + "$"
}

// deaf never hears that a kernel ended.
var deaf = []edit{{"kernel/process.go", `		p.opt.Exited(p.exit)
`, `		_ = p.exit
`}}

// table is every defence that the tests of SECURITY.md's list stand for. Where two
// stand behind each other (a checked path and os.Root), the edit takes out what
// the test is about, or both.
var table = []mutant{
	{"T01", "credentials", server, "", []edit{
		{"ui/server/guard.go", `if !known && r.who != anyone {`, `if !known && r.method == "" {`}}},
	{"T02", "the end of a sign-in", server, "", []edit{
		{"ui/server/grants.go", `if !ok || g.now().After(gr.ends) {`, `if !ok {`}}},
	{"T02", "the check of a token", server, "", []edit{
		{"ui/server/grants.go", `return g.token != digest{} && subtle.ConstantTimeCompare(d[:], g.token[:]) == 1`, `_ = subtle.ConstantTimeCompare; return g.token != d`}}},
	{"T03", "the comparison of origins", server, "", []edit{
		{"ui/server/guard.go", `if len(origins) == 1 && !s.originAllowed(`, `if false && !s.originAllowed(`}}},
	{"T03", "Sec-Fetch-Site", server, "", []edit{
		{"ui/server/guard.go", "return \"The request comes from another site.\"", ``}}},
	{"T04", "the list of hosts", server, "", []edit{
		{"ui/server/hosts.go", `if host == "" || strings.ContainsAny(`, `if true { return true }; if host == "" || strings.ContainsAny(`}}},
	{"T04", "the refusal of two hosts and of absolute targets", server, "", []edit{
		{"ui/server/outer.go", `if len(target) == 0 || target[0] != '/' {`, `if len(target) == 0 {`},
		{"ui/server/outer.go", `if len(h.PeekAll("Host")) > 1 || !s.hostAllowed(`, `if !s.hostAllowed(`}}},
	{"T05", "the header that no form can send", server, "", []edit{
		{"ui/server/guard.go", `if check == checkWrite && string(h.Peek("X-Stnb")) != "1" {`, `if false {`}}},
	{"T05", "the demand for an origin", server, "", []edit{
		{"ui/server/guard.go", `if len(origins) == 0 {`, `if false {`}}},
	{"T06", "POST for what changes something", server, "", []edit{
		{"ui/server/edit.go", `{"POST", "/logout", owner, checkWrite, e.logout, ""}`, `{"GET", "/logout", owner, checkRead, e.logout, ""}`}}},
	{"T07", "a log without query strings", server, "", []edit{
		{"ui/server/outer.go", `"request", "request", id, "method"`, `"request", "request", id, "target", string(ctx.RequestURI()), "method"`},
		{"ui/server/outer.go", `level := slog.LevelDebug`, `level := slog.LevelWarn`}}},
	{"T07", "links that are used once", server, "", []edit{
		{"ui/server/grants.go", `	delete(g.links, d)
	g.spent`, `	g.spent`}}},
	{"T07", "an environment freed of secrets", product, "", []edit{
		{"cmd/stnb/env.go", `os.Unsetenv(n)`, ``}}},
	{"T08", "the limit on attempts to sign in", server, "", []edit{
		{"ui/server/grants.go", `if mine >= triesLimit || len(g.tries) >= triesOfAll {`, `if mine < 0 {`}}},
	{"T08", "the count of attempts for each address", server, "", []edit{
		{"ui/server/grants.go", `		if t.from == from {
			mine++`, `		if t.from != "" || t.from == from {
			mine++`}}},
	{"T08", "the limit on the sign-in form", server, "", []edit{
		{"ui/server/login.go", `formBytes = 8 << 10`, `formBytes = 8 << 20`}}},
	{"T09", "the closing of sockets whose sign-in ended", server, "", []edit{
		{"ui/server/login.go", `c.sockets.closeOf(id, closeSignedOut, "You were signed out.")`, ``}}},
	{"T09", "the end of sign-ins under an old password", server, "", []edit{
		{"ui/server/grants.go", `	if changed {
		g.RevokeAll()
	}`, `	_ = changed`}}},
	{"T09", "the end of a user's sign-ins everywhere", product, "^TestSignInWithProvider$", []edit{
		{"ui/server/oauth.go", `g.grants.RevokeUser(u.Subject)`, `g.grants.Revoke("")`}}},
	{"T33", "a visitor for each user of a browser", product, "^TestSignInWithProvider$", []edit{
		{"ui/server/app.go", `hash(value + "\x00" + who.user.Subject)`, `hash(value)`}}},
	{"T01", "the roles that an app is for", product, "^TestSignInWithProvider$", []edit{
		{"ui/server/app.go", `	if !a.mayUse(ad.app, ad.caller.user) {`, `	if false {`}}},
	{"T05", "the browser that a sign-in was begun in", product, "^TestSignInWithProvider$", []edit{
		{"ui/server/oauth.go", `if !ok || subtle.ConstantTimeCompare([]byte(start.State), []byte(c.Query("state"))) != 1 {`, `if !ok && subtle.ConstantTimeCompare(nil, nil) == 0 {`}}},
	{"T10", "the check of where a sign-in leads", server, "", []edit{
		{"ui/server/guard.go", `if len(next) == 0 || len(next) > 2000`, `if len(next) > 0 { return next }; if len(next) == 0 || len(next) > 2000`}}},
	{"T11", "frame-ancestors", server, "", []edit{
		{"ui/server/outer.go", `"frame-ancestors " + s.embedders`, `"frame-ancestors *"`}}},
	{"T12", "the check of paths", product, "", []edit{
		{"notebook/workspace/files.go", `	switch {
	case name == "":
		return bad("the name is empty")`, `	if name != "" {
		return name, nil
	}
	switch {
	case name == "":
		return bad("the name is empty")`}}},
	{"T13", "the refusal of what is no regular file", product, "", []edit{
		{"notebook/workspace/files.go", `func regular(name string, info fs.FileInfo) error {`, `func regular(name string, info fs.FileInfo) error {
	if info != nil {
		return nil
	}`}}},
	{"T14", "the refusal of hidden files", product, "", []edit{
		{"notebook/workspace/files.go", `case strings.HasPrefix(part, "."):`, `case false:`}}},
	{"T14", "the refusal of files that are no assets", server, "", []edit{
		{"ui/embedded.go", `return ext != ".br" && ext != ".gz" && ext != ".html" && ext != ".txt"`, `_ = ext; return true`},
		{"ui/embedded.go", `if strings.HasPrefix(part, ".") {`, `if part == "" {`},
		{"ui/server/static.go", `return s.sendAsset(c, "assets/"+c.Params("*"))`, `return s.sendAsset(c, strings.ReplaceAll(c.Params("*"), "%2f", "/"))`}}},
	{"T15", "routes that tell case and slashes apart", server, "", []edit{
		{"ui/server/server.go", `CaseSensitive:         true,`, `CaseSensitive:         false,`}}},
	{"T15", "the refusal of compressed forms by name", server, "", []edit{
		{"ui/embedded.go", `return ext != ".br" && ext != ".gz" &&`, `return`}}},
	{"T16", "the policy of files", server, "", []edit{
		{"ui/server/media.go", `		c.Set("Content-Security-Policy", filePolicy)
`, ``}}},
	{"T16", "the list of types that are shown", server, "", []edit{
		{"ui/server/media.go", `case shown[kind] && reply.Name == "":`, `case reply.Name == "":`}}},
	{"T17", "the check of an upload's type", server, "", []edit{
		{"ui/server/uploads.go", `if !typeAllowed(name, props.Types) {`, `if false {`}}},
	{"T17", "the check of an upload's size", server, "", []edit{
		{"ui/server/uploads.go", `limit = min(limit, props.MaxBytes)`, ``}}},
	{"T17", "the quota of a session", server, "", []edit{
		{"ui/server/uploads.go", `if u.used[handle]+n > u.limits.SessionBytes ||`, `if`}}},
	{"T17", "the quota of all sessions", server, "", []edit{
		{"ui/server/uploads.go", ` || u.total+n > u.limits.TotalBytes {`, ` {`}}},
	{"T17", "the removal of what broke off", server, "", []edit{
		{"ui/server/uploads.go", `		root.Remove(part)
`, ``}}},
	{"T18", "the refusal of compressed bodies", server, "", []edit{
		{"ui/server/outer.go", `if len(h.Peek("Content-Encoding")) > 0 {`, `if false {`}}},
	{"T18", "the limit on bodies", server, "", []edit{
		{"ui/server/body.go", `if int64(ctx.Request.Header.ContentLength()) > limit {`, `if false {`},
		{"ui/server/body.go", `if int64(len(body)) > limit {`, `if false {`},
		{"ui/server/body.go", `io.LimitReader(bodyReader(ctx), limit+1)`, `bodyReader(ctx)`}}},
	{"T19", "the limit on a notebook's cells", product, "", []edit{
		{"notebook/file/file.go", `MaxCells = 20_000`, `MaxCells = 20_000_000`}}},
	{"T20", "the list of what Markdown may be", texts, "", []edit{
		{"widgets/markdown/markdown.go", `html = policy().Sanitize(b.String())`, `html = b.String()`},
		{"widgets/markdown/nodes.go", `_, _ = w.WriteString(Escape(string(seg.Value(source))))`, `_, _ = w.WriteString(string(seg.Value(source)))`}}},
	{"T21", "the sandbox of an author's HTML", product, "", []edit{
		{"ui/server/media.go", `framePolicy = "sandbox allow-scripts allow-popups allow-forms; default-src`, `framePolicy = "default-src`}}},
	{"T22", "the check of a link's scheme", controls, "", []edit{
		{"widgets/core/button.go", `	case "", "http", "https", "mailto", "tel":
		return true
	}
	return false`, `	}
	return true`}}},
	{"T23", "escaping in the server's pages", product, "", []edit{
		{"ui/server/login.go", `"html/template"`, `"text/template"`}}},
	{"T24", "opening without running", product, "", []edit{
		{"notebook/workspace/workspace.go", `	w.open[name] = nb
	w.watch`, `	w.open[name] = nb
	_ = nb.Do("", session.Op{Run: &session.Run{What: "all"}})
	w.watch`}}},
	{"T25", "the bound on nesting", texts, "", []edit{
		{"widgets/markdown/markdown.go", `	if nested(text) {`, `	if false {`}}},
	{"T26", "values for widgets that are there", product, "", []edit{
		{"notebook/session/interact.go", `if !ok || w.disabled || w.form`, `if !ok && false || w.disabled || w.form`}}},
	{"T27", "the limit on a frame", server, "", []edit{
		{"ui/server/socket.go", `conn.SetReadLimit(s.limits.MessageBytes)`, ``}}},
	{"T27", "sockets without compression", server, "", []edit{
		{"ui/server/socket.go", `EnableCompression: false,`, `EnableCompression: true,`}}},
	{"T28", "the refusal of unknown frames", server, "", []edit{
		{"ui/server/body.go", `d.DisallowUnknownFields()`, ``},
		{"ui/server/socket.go", `k.close(closeProtocol, "A frame with nothing in it.")
			return`, ``}}},
	{"T28", "the bound on frames a second", server, "", []edit{
		{"ui/server/socket.go", `if !rate.take(time.Now()) {`, `if !rate.take(time.Now()) && false {`}}},
	{"T28", "the check for UTF-8 text", server, "", []edit{
		{"ui/server/socket.go", `if kind != websocket.TextMessage || !utf8.Valid(data) {`, `if kind == 0 || utf8.Valid(nil) == false {`}}},
	{"T29", "the deadline of a write", server, "", []edit{
		{"ui/server/socket.go", `			k.conn.SetWriteDeadline(time.Now().Add(s.limits.SocketWrite))
`, ``}}},
	{"T29", "the bound on what waits for a slow reader", server, "", []edit{
		{"ui/server/outbox.go", `if o.size > 0 && o.size+len(frame) > o.limit {`, `if false {`}}},
	{"T30", "the time a request's head may take", server, "", []edit{
		{"ui/server/server.go", `		ReadTimeout:                  c.limits.ReadTimeout,
`, ``}}},
	{"T30", "going on without descriptors", server, "", []edit{
		{"ui/server/conns.go", `if !full(err) {`, `if full(err) || err != nil {`}}},
	{"T30", "the end of who keeps us waiting", server, "", []edit{
		{"ui/server/conns.go", `		first.Value.(*conn).Conn.Close()
`, `		_ = first.Value.(*conn)
`}}},
	{"T30", "the share of connections of one address", server, "", []edit{
		{"ui/server/conns.go", `if l.address[at] >= l.perAddress {`, `if l.address[at] < 0 {`}}},
	{"T30", "the time to say hello", server, "", []edit{
		{"ui/server/socket.go", `if k.extend(s.limits.Hello) != nil {`, `if k.extend(time.Hour) != nil {`}}},
	{"T31", "the count of sockets that left", server, "", []edit{
		{"ui/server/sockets.go", `			s.admits--
`, ``}}},
	{"T32", "the cap on sockets", server, "", []edit{
		{"ui/server/sockets.go", `if s.closed || s.admits >= s.limits.Sockets ||`, `if s.closed ||`}}},
	{"T32", "the cap on sockets of one address", server, "", []edit{
		{"ui/server/sockets.go", `s.address[address] >= s.limits.SocketsPerAddress)`, `false)`}}},
	{"T32", "the one address of a whole IPv6 network", server, "", []edit{
		{"ui/server/hosts.go", `ip.Mask(net.CIDRMask(64, 128)).String()`, `ip.String()`}}},
	{"T32", "the sessions of one address", apps, "^TestLimits$", []edit{
		{"appmode/app.go", `	case count >= a.cfg.SessionsPerAddress:
		gone = own
`, ``}}},
	{"T29", "the bound on what is being sent", server, "", []edit{
		{"ui/server/answers.go", `if a.bytes.Add(held) > a.limit {`, `if a.bytes.Add(held) < 0 {`}}},
	{"T29", "the time for each piece of a big answer", server, "", []edit{
		{"ui/server/conns.go", `p[:min(len(p), pieceBytes-c.sent)]`, `p`}}},
	{"T28", "the bound on a click's name", sessions, "^TestLimitOnValues$", []edit{
		{"notebook/session/interact.go", `return len(t.Click) > maxClick || len(t.Widget) > maxClick`, `return false`}}},
	{"T28", "the bound on clicks that wait", sessions, "^TestLimitOnValues$", []edit{
		{"notebook/session/interact.go", `		sum += len(waiting.Click) + len(waiting.Widget) + len(waiting.Value)
`, `		_ = waiting
`}}},
	{"T33", "the form of a visitor's secret", server, "", []edit{
		{"ui/server/app.go", `	if !isSecret(value) {
		return caller{}, false`, `	if false {
		return caller{}, false`}}},
	{"T34", "the visitor behind a session's id", product, "", []edit{
		{"appmode/app.go", `if h.Session == "" || old == nil || old.visitor != visitor {`, `if h.Session == "" || old == nil {`}}},
	{"T34", "the visitor behind a session's handle", product, "", []edit{
		{"appmode/app.go", `if v == nil || v.visitor != visitor {`, `if v == nil {`}}},
	{"T35", "the end of a subscription", server, "", []edit{
		{"ui/server/socket.go", `	defer unsubscribe()
`, `	_ = unsubscribe
`}}},
	{"T36", "the check of a widget's value", product, "", []edit{
		{"widgets/core/number.go", `	check := func(list []float64) error {
		if len(list) != n {`, `	check := func(list []float64) error {
		if len(list) == n {
			return nil
		}
		if len(list) != n {`}}},
	{"T36", "the refusal of disabled widgets", product, "", []edit{
		{"notebook/session/interact.go", `if !ok || w.disabled || w.form`, `if !ok || w.form`},
		{"notebook/session/interact.go", `if ok && !w.disabled {`, `if ok {`},
		{"widgets/run/session.go", `		if w.spec.Disabled {
			s.reject(w, "the widget is disabled")
			continue
		}
		v, err := w.spec.Decode(raw)`, `		v, err := w.spec.Decode(raw)`}}},
	{"T37", "the reduction of a visitor's ops", server, "", []edit{
		{"ui/server/socket.go", `if s.mode != "edit" {
		if op.Interact`, `if false {
		if op.Interact`}}},
	{"T38", "the number in the place of a visitor's fault", product, "", []edit{
		{"notebook/session/fault.go", `	if c.settings.Mode == ModeApp {
		id := c.faultID(cell, f.Message)`, `	if false {
		id := c.faultID(cell, f.Message)`}}},
	{"T38", "the short text of errors", server, "", []edit{
		{"ui/server/outer.go", `ctx.SetBodyString("Something went wrong here. The server's log has the details under " + id + ".")`, `ctx.SetBodyString("panic: " + string(debug.Stack()))`}}},
	{"T38", "the short text of broken rows", server, "", []edit{
		{"ui/server/frames.go", `!told && s.mode != "edit"`, `!told && s.mode == ""`}}},
	{"T38", "the taking of secrets out of logs", product, "", []edit{
		{"kernel/worker/redact.go", `	if r == nil {`, `	if r != nil || r == nil {`}}},
	{"T39", "the bound on query strings", server, "", []edit{
		{"ui/server/outer.go", `if len(query) > s.limits.QueryBytes ||`, `if false &&`},
		{"ui/server/socket.go", `len(first.Hello.Query) > s.limits.QueryBytes ||
		strings.Count(first.Hello.Query, "&") >= s.limits.QueryFields ||`, ``}}},
	{"T39", "room for other servers' cookies", server, "", []edit{
		{"ui/server/server.go", `headBytes = 24 << 10`, `headBytes = 4 << 10`}}},
	{"T40", "the check of column numbers", product, "", []edit{
		{"dataframe/order.go", `if s.Column < 0 || s.Column >= len(p.cols) {
			return nil, fmt.Errorf("there is no column %d", s.Column)`, `if s.Column < 0 || s.Column >= len(p.cols) {
			return nil, nil`}}},
	{"T40", "values as parameters", product, "", []edit{
		{"dataframe/order.go", `	o.args = append(o.args, v)
	return "$" + strconv.Itoa(len(o.args))`, `	return "'" + fmt.Sprint(v) + "'" + strconv.Itoa(0)[1:]`}}},
	{"T41", "the lock of a visitor's database", database, "", []edit{
		{"duckconn/duckdb.go", `		add("SET enable_external_access=false")
`, ``}}},
	{"T41", "the lock of its settings", database, "", []edit{
		{"duckconn/duckdb.go", `		add("SET lock_configuration=true")
`, ``}}},
	{"T41", "the folder of a database's own files", product, "", []edit{
		{"cmd/stnb/duckdb.go", `cfg.Allowed = append(cfg.Allowed, scratch)`, `cfg.Allowed = append(cfg.Allowed, filepath.Dir(scratch))`}}},
	{"T41", "a worker for each visitor", product, "^TestTrust$/^T41$/^Isolated$", []edit{
		{"appmode/app.go", `	if !cfg.Isolate {
		a.hub = a.newHub()
	}`, `	a.hub = a.newHub()`}}},
	{"T42", "the end of a run's time", product, "", []edit{
		{"notebook/session/apply.go", `			c.stopRun(timedOut)
`, ``}}},
	{"T43", "the quote before a formula", product, "", []edit{
		{"dataframe/download.go", `if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {`, `if false {`}}},
	{"T44", "the addresses that an app does not fetch from", controls, "", []edit{
		{"widgets/core/links.go", `	if !app {
		return t`, `	if true {
		return t`}}},
	{"T45", "the death of kernels with their server", product, "", []edit{
		{"kernel/process_linux.go", `		Pdeathsig: syscall.SIGKILL,
`, ``},
		{"kernel/worker/serve.go", `		if errors.Is(err, io.EOF) {
			return nil
		}`, `		if errors.Is(err, io.EOF) {
			select {}
		}`}}},
	{"T46", "the net under handlers", server, "", []edit{
		{"ui/server/outer.go", `if r := recover(); r != nil {`, `if r := any(nil); r != nil {`}}},
	{"T46", "a process for user code", product, "", []edit{
		{"kernel/process.go", `	p.exit = p.explain(err)
`, `	p.exit = p.explain(err)
	if !p.closed.Load() && !p.killed.Load() {
		os.Exit(2)
	}
`}}},
	{"T47", "the bound on a logged path", server, "", []edit{
		{"ui/server/outer.go", `	if len(text) > n {
		text = text[:n] + "…"
	}
`, ``}}},
	{"T48", "the cleaning of file names in headers", server, "", []edit{
		{"ui/server/uploads.go", `if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || r == '/' {`, `if unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) || r == '/' {`},
		{"ui/server/media.go", `if r < ' ' || r >= 0x7f ||`, `if r >= 0x7f ||`}}},
	{"KernelKilled", "the word of a kernel's end", product, fault("KernelKilled"), deaf},
	{"ConcurrentMapWrite", "the word of a kernel's end", product, fault("ConcurrentMapWrite"), deaf},
	{"InfiniteLoop", "the flag that loops look at, and the kernel's end when they do not", product, fault("InfiniteLoop"), []edit{
		{"notebook/session/run.go", `	c.send(wire.Message{Stop: &wire.Stop{Session: c.settings.ID, Run: r.n, Reason: why}})
`, ``},
		{"notebook/session/run.go", `		c.do(After{c.settings.Grace, Op{in: graceOver{r.n}}})
`, ``}}},
	{"Recursion", "the look at a stack's depth, and the word of a kernel's end", product, fault("Recursion"), append([]edit{
		{"kernel/engine/yaegi/rt.go", `		if tooDeep() {`, `		if false && tooDeep() {`}}, deaf...)},
	{"GoroutinePanic", "the net under goroutines, and the word of a kernel's end", product, fault("GoroutinePanic"), append([]edit{
		{"kernel/engine/yaegi/instance.go", `		if r := recover(); r != nil {
			err = i.conclude(r)`, `		if r := any(nil); r != nil {
			err = i.conclude(r)`}}, deaf...)},
	{"Memory", "the name of what ran out", product, fault("Memory/Go"), []edit{
		{"kernel/exit.go", `e.Cause, e.Message = Memory, "the kernel used more memory than its limit"`, `e.Cause, e.Message = Memory, "the kernel ended"`}}},
	{"GigabytePrinted", "the cut of what is printed", product, fault("GigabytePrinted"), []edit{
		{"kernel/worker/output.go", `if room := headLen - c.head; room > 0`, `if room := 100<<20 - c.head; room > 0`}}},
	{"HugeOutput", "the cut of what is shown", product, fault("HugeOutput"), []edit{
		{"kernel/display/printer.go", `func cut(s string, max int) string {`, `func cut(s string, max int) string {
	if max > 0 {
		return s
	}`},
		{"widgets/run/place.go", `const maxProps = 8 << 20`, `const maxProps = 8 << 30`},
		{"kernel/wire/frame.go", `MaxBody = 64 << 20`, `MaxBody = 64 << 24`}}},
	{"TwoTabs", "the version that an edit is made on", product, fault("TwoTabs"), []edit{
		{"notebook/session/document.go", `if e.Base != c.versions[e.Cell] {`, `if e.Base < 0 {`}}},
	{"FileChanged", "the look at the folder", product, fault("FileChanged"), []edit{
		{"notebook/workspace/watch.go", `		go w.listen()
`, ``}}},
	{"DiskFull", "the old file's name until the new one is whole", product, fault("DiskFull"), []edit{
		{"notebook/workspace/files.go", `tmp := dir + "." + base + tempMark + newHandle()[:12]`, `tmp, _ := name, base; w.root.Remove(name)`}}},
	{"ServerKilledInSave", "the old file's name until the new one is whole", "./notebook/workspace", fault("ServerKilledInSave"), []edit{
		{"notebook/workspace/files.go", `tmp := dir + "." + base + tempMark + newHandle()[:12]`, `tmp, _ := name, base; w.root.Remove(name)`}}},
	{"ServerKilledInSave", "the journal of what is typed", "./notebook/workspace", fault("ServerKilledInSave/Journal"), []edit{
		{"notebook/workspace/store.go", `return s.journal.note(nb)`, `return nil`}}},
	{"Offline", "the time a session is kept", product, fault("Offline"), []edit{
		{"appmode/app.go", `time.AfterFunc(a.cfg.Keep, func() {`, `time.AfterFunc(0*a.cfg.Keep, func() {`}}},
	{"SlowClient", "the deadline of a write", product, fault("SlowClient"), []edit{
		{"ui/server/socket.go", `			k.conn.SetWriteDeadline(time.Now().Add(s.limits.SocketWrite))
`, ``}}},
	{"ThousandSockets", "the session that a page had", product, fault("ThousandSockets"), []edit{
		{"appmode/app.go", `if old != nil && (old.sockets == 0 || old.client == h.Client) {`, `if old != nil && old.sockets < 0 {`}}},
	{"Restart", "the sessions kept for the next start", product, fault("Restart"), []edit{
		{"appmode/app.go", `	a.keepAll(all)
`, ``}}},
	{"ClockChange", "a clock that nobody sets", server, fault("ClockChange"), []edit{
		{"ui/server/grants.go", `if !ok || g.now().After(gr.ends) {`, `if !ok || g.now().Round(0).After(gr.ends.Round(0)) {`}}},
	{"clicks", "a page run to its end before callbacks of a new kernel", apps, noClickLost, []edit{
		{"notebook/session/run.go", `		c.shown, c.kernel.replay = true, false`, `		c.shown = true`},
		{"notebook/session/run.go", `		req.Touch = false`, `		c.kernel.replay = false`}}},
	{"clicks", "the clicks of a run that its kernel died in", apps, noClickLost, []edit{
		{"notebook/session/kernel.go", `c.pending = c.salvage(r).Merge(c.pending)`, `c.salvage(r)`}}},
	{"clicks", "the word of a copy on the clicks it holds", apps, noClickLost, []edit{
		{"notebook/session/kernel.go", `if !slices.Contains(r.taken, t.Click) && !slices`, `if !slices`}}},
	{"clicks", "the repetition of changed values", apps, noClickLost, []edit{
		{"notebook/session/kernel.go", `again.Widgets, again.deadly = r.req.Widgets, true`, `c.keepValues(r, nil)`}}},
	{"clicks", "callbacks that are never stopped half way", apps, noClickLost, []edit{
		{"kernel/worker/session.go", `if s.calling && why.polite() {`, `if false {`}}},
	{"clicks", "what is done before a page is shown again", apps, noClickLost, []edit{
		{"notebook/session/carry.go", `	return named > len(at.widgets) || named > 0 && len(s.early) > 0`, `	return false && named > 0`}}},
	{"clicks", "the clicks that a restart finds undone", apps, noClickLost, []edit{
		{"notebook/session/state.go", `Request{Widgets: s.Carried.Values, Triggers: s.Carried.Triggers}`, `Request{}`}}},
	{"clicks", "the clicks that were accepted before a restart", apps, noClickLost, []edit{
		{"notebook/session/state.go", `		clicks:   s.Carried.Clicks,
`, ``}}},
}
