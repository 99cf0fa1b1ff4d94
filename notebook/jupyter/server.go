package jupyter

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"runtime"
	"strings"
	"sync"

	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
	"stnb.dev/notebook/session"
)

// Config is what a kernel needs of the world.
type Config struct {
	Connection Connection
	// Session is the notebook that requests become cells of: one of mode edit
	// that begins empty. Serve does not close it.
	Session *session.Session
	// Interrupt, unless nil, stops what runs, as an interrupt_request does.
	Interrupt <-chan os.Signal
	Version   string // of stnb
	Log       *slog.Logger
}

// Serve is a kernel's life: it answers until it is shut down or ctx ends.
func Serve(ctx context.Context, cfg Config) error {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	io, err := listen(ctx, cfg.Connection, cfg.Log)
	if err != nil {
		return err
	}
	defer io.close()
	s := &server{
		cfg: cfg, io: io, nb: cfg.Session, stop: stop, queue: make(chan Message, 1024),
		snap: build.New(build.Options{}),
	}
	s.screen = newScreen(s)
	defer cfg.Session.Subscribe("jupyter", s.screen.take)()

	var readers sync.WaitGroup
	readers.Go(func() {
		io.read(ctx, io.shell, func(m Message) {
			select {
			case s.queue <- m:
			case <-ctx.Done():
			}
		})
	})
	readers.Go(func() { io.read(ctx, io.control, s.control) })
	readers.Go(func() { io.read(ctx, io.stdin, s.stdin) })
	readers.Go(func() {
		for {
			select {
			case <-ctx.Done():
				return
			case <-cfg.Interrupt:
				s.interrupt()
			}
		}
	})
	io.publish("status", nil, status{"starting"})
	s.serve(ctx)
	io.flushed()
	io.close()
	readers.Wait()
	return nil
}

// server is a running kernel. But for what control and stdin need, its fields
// belong to the goroutine of serve.
type server struct {
	cfg    Config
	io     *sockets
	nb     *session.Session
	screen *screen
	stop   func()
	queue  chan Message

	snap    *build.Snapshot // for questions about drafts
	count   int
	history history

	asking sync.Mutex
	asked  json.RawMessage // header of the input_request that is open
}

type status struct {
	State string `json:"execution_state"`
}

// serve answers shell requests in order.
func (s *server) serve(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-s.queue:
			s.shell(ctx, m)
		}
	}
}

// shell answers one request.
func (s *server) shell(ctx context.Context, m Message) {
	parent := headerOf(m)
	s.io.publish("status", parent, status{"busy"})
	defer func() { s.io.publish("status", parent, status{"idle"}) }()
	switch m.Header.Type {
	case "execute_request":
		s.execute(ctx, m)
	case "shutdown_request":
		s.shutdown(s.io.shell, m)
	default:
		if kind, content := s.answer(m); kind != "" {
			s.io.reply(s.io.shell, m, kind, content)
		} else {
			s.cfg.Log.Debug("a request is not known", "type", m.Header.Type)
		}
	}
}

// answer answers the requests that run nothing.
func (s *server) answer(m Message) (kind string, content any) {
	switch m.Header.Type {
	case "kernel_info_request":
		return "kernel_info_reply", s.info()
	case "complete_request":
		return "complete_reply", answerTo(m, s.complete)
	case "inspect_request":
		return "inspect_reply", answerTo(m, s.inspect)
	case "is_complete_request":
		return "is_complete_reply", answerTo(m, isComplete)
	case "history_request":
		return "history_reply", answerTo(m, func(r historyRequest) any {
			return map[string]any{"status": "ok", "history": s.history.find(r)}
		})
	case "comm_info_request":
		return "comm_info_reply", map[string]any{"status": "ok", "comms": struct{}{}}
	case "connect_request":
		c := s.cfg.Connection
		return "connect_reply", map[string]any{"status": "ok", "shell_port": c.Shell, "iopub_port": c.IOPub,
			"stdin_port": c.Stdin, "hb_port": c.Heartbeat, "control_port": c.Control}
	case "comm_open":
		var open struct {
			ID string `json:"comm_id"`
		}
		_ = json.Unmarshal(m.Content, &open) // there are no comms: each is closed again
		s.io.publish("comm_close", headerOf(m), map[string]any{"comm_id": open.ID, "data": struct{}{}})
	}
	return "", nil
}

// answerTo reads a request's content for f.
func answerTo[T any](m Message, f func(T) any) any {
	var req T
	if err := json.Unmarshal(m.Content, &req); err != nil {
		return failure{"error", "ValueError", "the request cannot be read: " + err.Error(), []string{}}
	}
	return f(req)
}

// failure is the content of replies with status "error".
type failure struct {
	Status    string   `json:"status"`
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

func (s *server) info() any {
	return map[string]any{
		"status": "ok", "protocol_version": Protocol, "implementation": "stnb", "implementation_version": s.cfg.Version,
		"language_info": map[string]any{
			"name": "go", "version": strings.TrimPrefix(runtime.Version(), "go"), "mimetype": "text/x-go",
			"file_extension": ".go", "pygments_lexer": "go", "codemirror_mode": "go",
		},
		"banner":   "stnb " + s.cfg.Version + ": Go, interpreted. A bare expression is shown; %%sql begins an SQL cell; ?name explains.",
		"debugger": false,
		"help_links": []map[string]string{
			{"text": "Go's standard library", "url": "https://pkg.go.dev/std"},
			{"text": "The language", "url": "https://go.dev/ref/spec"},
		},
	}
}

// control answers at once what cannot wait.
func (s *server) control(m Message) {
	parent := headerOf(m)
	s.io.publish("status", parent, status{"busy"})
	defer func() { s.io.publish("status", parent, status{"idle"}) }()
	switch m.Header.Type {
	case "interrupt_request":
		s.interrupt()
		s.io.reply(s.io.control, m, "interrupt_reply", map[string]any{"status": "ok"})
	case "shutdown_request":
		s.shutdown(s.io.control, m)
	case "kernel_info_request":
		s.io.reply(s.io.control, m, "kernel_info_reply", s.info())
	case "debug_request":
		s.io.reply(s.io.control, m, "debug_reply", map[string]any{"success": false, "message": "stnb has no debugger"})
	}
}

func (s *server) interrupt() { _ = s.nb.Do("jupyter", session.Op{Interrupt: &session.Interrupt{}}) }

// shutdown ends the kernel; whoever restarts it starts another process.
func (s *server) shutdown(z socket, m Message) {
	var req struct {
		Restart bool `json:"restart"`
	}
	_ = json.Unmarshal(m.Content, &req) // without it: no restart
	s.interrupt()
	reply := map[string]any{"status": "ok", "restart": req.Restart}
	s.io.publish("shutdown_reply", headerOf(m), reply)
	s.io.reply(z, m, "shutdown_reply", reply)
	s.stop()
}

// draft is a snapshot in which code is the next cell.
func (s *server) draft(c notebook.Cell) *build.Snapshot {
	s.snap = s.snap.Update(s.nb.Notebook())
	return s.snap.Probe(c)
}
