package worker

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync"

	"stnb.dev/kernel/engine"
)

// requests are the HTTP calls of a session's code. A stop of the run that made
// them ends them, also when the code gave no context along; the end of the run
// does not, as a later cell may read what is left of a response.
type requests struct {
	s         *session
	client    *http.Client
	transport http.RoundTripper
}

func newRequests(s *session) *requests {
	r := &requests{s: s}
	r.transport = r
	r.client = &http.Client{Transport: r}
	return r
}

// plainTransport is http.DefaultTransport before a kernel process puts sole in its
// place.
var plainTransport = http.DefaultTransport

// bindings are what of net/http uses the default client.
func (r *requests) bindings() engine.Bindings {
	return engine.Bindings{"net/http": {
		"DefaultClient":    reflect.ValueOf(&r.client).Elem(),
		"DefaultTransport": reflect.ValueOf(&r.transport).Elem(),
		"Get":              reflect.ValueOf(func(url string) (*http.Response, error) { return r.client.Get(url) }),
		"Head":             reflect.ValueOf(func(url string) (*http.Response, error) { return r.client.Head(url) }),
		"Post": reflect.ValueOf(func(url, contentType string, body io.Reader) (*http.Response, error) {
			return r.client.Post(url, contentType, body)
		}),
		"PostForm": reflect.ValueOf(func(to string, data url.Values) (*http.Response, error) {
			return r.client.Post(to, "application/x-www-form-urlencoded", strings.NewReader(data.Encode()))
		}),
	}}
}

// RoundTrip makes the request, to be ended by a stop of the run that is on.
func (r *requests) RoundTrip(req *http.Request) (*http.Response, error) {
	run := r.s.running()
	if run == nil {
		return plainTransport.RoundTrip(req)
	}
	ctx, cancel := context.WithCancelCause(req.Context())
	unhook := context.AfterFunc(run, func() {
		var why stopCause
		if errors.As(context.Cause(run), &why) {
			cancel(why)
		}
	})
	res, err := plainTransport.RoundTrip(req.WithContext(ctx))
	if err != nil {
		unhook()
		cancel(nil)
		return nil, err
	}
	if _, both := res.Body.(io.Writer); both {
		return res, nil // a connection of another protocol, which its new owner closes
	}
	res.Body = &body{ReadCloser: res.Body, closed: sync.OnceFunc(func() { unhook(); cancel(nil) })}
	return res, nil
}

// body lets go of the run when it is closed.
type body struct {
	io.ReadCloser
	closed func()
}

func (b *body) Close() error {
	defer b.closed()
	return b.ReadCloser.Close()
}

// sole is the one session of a kernel in edit mode.
type sole struct{ wk *worker }

// RoundTrip is for clients that user code makes itself: without a transport they
// use the process's own, which cannot know whose they are unless there is but one.
func (t sole) RoundTrip(req *http.Request) (*http.Response, error) {
	t.wk.mu.Lock()
	var one *session
	for _, s := range t.wk.sessions {
		one = s
	}
	if len(t.wk.sessions) != 1 {
		one = nil
	}
	t.wk.mu.Unlock()
	if one == nil {
		return plainTransport.RoundTrip(req)
	}
	return one.http.RoundTrip(req)
}
