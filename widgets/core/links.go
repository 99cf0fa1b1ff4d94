package core

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"
)

// links are what media calls fetched from elsewhere, kept a while for all sessions
// of the app. A page itself loads nothing from other places: its policy forbids it,
// and no stranger learns who visits.
type links struct {
	mu   sync.Mutex
	kept map[string]fetched
}

type fetched struct {
	data []byte
	mime string
	err  error
	till time.Time
}

const (
	linkBytes   = 64 << 20 // of one file, and of all that are kept
	linkTimeout = 20 * time.Second
	linkKept    = 10 * time.Minute
	linkFailed  = 30 * time.Second // a broken link does not hold up every run
)

// get returns what is behind a link, and its type. In an app, whose links may come
// from a visitor, addresses of the server's own network are refused.
func (l *links) get(ctx context.Context, link string, app bool) ([]byte, string, error) {
	l.mu.Lock()
	f, ok := l.kept[link]
	l.mu.Unlock()
	if !ok || time.Now().After(f.till) {
		f = fetched{till: time.Now().Add(linkKept)}
		if f.data, f.mime, f.err = fetch(ctx, link, app); f.err != nil {
			f.till = time.Now().Add(linkFailed)
		}
		if ctx.Err() != nil {
			return nil, "", ctx.Err()
		}
		l.keep(link, f)
	}
	return f.data, f.mime, f.err
}

// keep makes room for what was fetched: first what is old goes, then all.
func (l *links) keep(link string, f fetched) {
	l.mu.Lock()
	defer l.mu.Unlock()
	total := len(f.data)
	for name, old := range l.kept {
		if time.Now().After(old.till) {
			delete(l.kept, name)
			continue
		}
		total += len(old.data)
	}
	if total > linkBytes || l.kept == nil {
		l.kept = map[string]fetched{}
	}
	l.kept[link] = f
}

func fetch(ctx context.Context, link string, app bool) ([]byte, string, error) {
	ctx, cancel := context.WithTimeout(ctx, linkTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return nil, "", err
	}
	req.Header.Set("Accept", "image/*, audio/*, video/*, application/pdf")
	client := http.Client{Transport: outside(app)}
	defer client.CloseIdleConnections()
	res, err := client.Do(req)
	if err != nil {
		return nil, "", plainURLError(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, "", fmt.Errorf("the server there answers %s", res.Status)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, linkBytes+1))
	if err != nil {
		return nil, "", err
	}
	if len(data) > linkBytes {
		return nil, "", fmt.Errorf("it has more than %d MB: keep it beside the notebook", linkBytes>>20)
	}
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	if kind == "" || kind == "application/octet-stream" {
		kind = detect(data)
	}
	if main, _, _ := strings.Cut(kind, "/"); main != "image" && main != "audio" && main != "video" && kind != "application/pdf" {
		return nil, "", fmt.Errorf("there is %s, which is neither image, sound, film nor PDF", kind)
	}
	return data, kind, nil
}

// outside is how links are reached. Where a proxy is set up it decides what may be
// reached; else an app reaches public addresses only, whatever their names say.
func outside(app bool) *http.Transport {
	t := &http.Transport{Proxy: http.ProxyFromEnvironment}
	if !app {
		return t
	}
	t.Proxy = nil
	dialer := &net.Dialer{Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return err
		}
		if ip := at.Addr().Unmap(); !public(ip) {
			return fmt.Errorf("%s is an address of the server's own network, from which an app fetches nothing: read it in the notebook and give the bytes", ip)
		}
		return nil
	}}
	t.DialContext = dialer.DialContext
	return t
}

// public says whether an address is one of the Internet's.
func public(ip netip.Addr) bool {
	return ip.IsGlobalUnicast() && !ip.IsPrivate() &&
		!slices.ContainsFunc(notPublic, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// notPublic are the other networks of RFC 6890 that lead to machines nearby, and those
// of IPv6 that stand for IPv4 addresses.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("2002::/16"),
}

// plainURLError is what went wrong, without what the caller knows: the link.
func plainURLError(err error) error {
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	if inner := errors.Unwrap(err); inner != nil {
		return inner
	}
	return err
}
