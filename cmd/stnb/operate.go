package main

import (
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"

	"stnb.dev/cmd/stnb/config"
	"stnb.dev/cmd/stnb/ops"
	"stnb.dev/ui/server"
)

// operation is what an operator sees of a server while it runs.
type operation struct {
	*ops.Metrics
	audit *ops.Audit
	admin *http.Server
}

// operate opens what the settings ask for: the record of deeds, and a listener
// for metrics, which serves what write writes.
func operate(v config.Values, log *slog.Logger, write func(io.Writer)) (*operation, error) {
	o := &operation{Metrics: ops.NewMetrics()}
	if name := v.Text("log.audit"); name != "" {
		a, err := ops.OpenAudit(name)
		if err != nil {
			return nil, fmt.Errorf("log.audit: %w", reason(err))
		}
		o.audit = a
	}
	at := v.Text("metrics.listen")
	if at == "" {
		return o, nil
	}
	token := v.Text("metrics.token")
	if len(token) < 16 {
		o.Close()
		return nil, usage("metrics.listen needs a metrics.token of at least 16 characters")
	}
	l, err := net.Listen("tcp", at)
	if err != nil {
		o.Close()
		return nil, fmt.Errorf("cannot serve metrics on %s: %w", at, reason(err))
	}
	o.admin = ops.Serve(l, token, write)
	log.Info("metrics are served", "address", l.Addr().String())
	return o, nil
}

func (o *operation) Close() error {
	o.audit.Close()
	if o.admin != nil {
		return o.admin.Close()
	}
	return nil
}

// told is where a server reports deeds; nil when nobody keeps them.
func (o *operation) told() func(server.Deed) {
	if o.audit == nil {
		return nil
	}
	return o.audit.Write
}

// writeMetrics writes the numbers of the server, which is made late.
func (f *farewell) writeMetrics(w io.Writer) {
	if srv := f.srv.Load(); srv != nil {
		srv.WriteMetrics(w)
	}
}
