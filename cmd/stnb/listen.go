package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"strconv"
	"syscall"

	"stnb.dev/cmd/stnb/config"
)

// place is where a server listens, and how people reach it.
type place struct {
	listener net.Listener
	port     int
	loopback bool
	tls      bool
	public   *url.URL // nil: none was configured
	// url is what a person on this machine opens; it ends with "/".
	url string
}

// listen binds the configured address.
func listen(v config.Values, port int, log *slog.Logger) (*place, error) {
	host := v.Text("server.host")
	port = v.Int("server.port", port)
	if port > 65535 {
		return nil, usage("there is no port %d", port)
	}
	p := &place{loopback: isLoopback(host)}
	if text := v.Text("server.public_url"); text != "" {
		u, err := url.Parse(text)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
			return nil, usage("%q is no public address: it looks like https://example.com/path", text)
		}
		p.public = u
	}
	l, err := handed()
	if err != nil {
		return nil, err
	}
	if l != nil {
		// The service manager decides where we listen.
		at := l.Addr().(*net.TCPAddr)
		host, p.loopback = at.IP.String(), at.IP.IsLoopback()
	} else {
		l, err = net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	}
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("port %d is in use; another one is chosen with --port", port)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("port %d may not be used by this user", port)
	case err != nil:
		return nil, fmt.Errorf("cannot listen on %s: %w", net.JoinHostPort(host, strconv.Itoa(port)), reason(err))
	}
	p.port = l.Addr().(*net.TCPAddr).Port
	scheme := "http"
	if cert, key := v.Text("server.tls_cert"), v.Text("server.tls_key"); cert != "" || key != "" {
		c, err := openCertificate(cert, key, log)
		if err != nil {
			l.Close()
			return nil, fmt.Errorf("TLS certificate: %w", err)
		}
		l = tls.NewListener(l, &tls.Config{GetCertificate: c.get, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}})
		p.tls, scheme = true, "https"
	}
	p.listener = l
	shown := host
	if ip := net.ParseIP(host); host == "" || host == "localhost" || ip != nil && ip.IsUnspecified() {
		shown = "127.0.0.1"
	}
	p.url = scheme + "://" + net.JoinHostPort(shown, strconv.Itoa(p.port)) + "/"
	if p.public != nil {
		p.url = p.public.Scheme + "://" + p.public.Host + "/"
		if path := trimSlashes(p.public.Path); path != "" {
			p.url += path + "/"
		}
	}
	return p, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// hosts are names that a server bound to more than loopback also goes by.
func (p *place) hosts(v config.Values) []string {
	list := v.List("server.hosts")
	if !p.loopback {
		if name, err := os.Hostname(); err == nil {
			list = append(list, name)
		}
	}
	if host := v.Text("server.host"); host != "" && net.ParseIP(host) == nil {
		list = append(list, host)
	}
	return list
}
