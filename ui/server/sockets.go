package server

import (
	"context"
	"net"
	"sync"

	"github.com/fasthttp/websocket"
)

// Close codes, as RFC 6455 has them.
const (
	closeGoingAway = websocket.CloseGoingAway               // 1001
	closePolicy    = websocket.ClosePolicyViolation         // 1008
	closeTooBig    = websocket.CloseMessageTooBig           // 1009
	closeInternal  = websocket.CloseInternalServerErr       // 1011
	closeRestart   = websocket.CloseServiceRestart          // 1012
	closeTryLater  = websocket.CloseTryAgainLater           // 1013
	closeReplaced  = 4001                                   // the same page has connected again
	closeSignedOut = 4002                                   // in this tab, another, or everywhere
	closeProtocol  = websocket.CloseProtocolError           // 1002
	closeInvalid   = websocket.CloseInvalidFramePayloadData // 1007
)

// sockets knows every open socket.
type sockets struct {
	limits Limits

	mu      sync.Mutex
	open    map[*sock]struct{}
	address map[string]int // admitted sockets, by address
	admits  int
	closed  bool
	wg      sync.WaitGroup
}

func newSockets(limits Limits) *sockets {
	return &sockets{limits: limits, open: map[*sock]struct{}{}, address: map[string]int{}}
}

// admit counts a socket before it is upgraded. The caller calls done once, when
// the socket is gone or was never made.
func (s *sockets) admit(ip net.IP) (done func(), ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	address := neighbourhood(ip)
	if s.closed || s.admits >= s.limits.Sockets ||
		(address != "" && s.address[address] >= s.limits.SocketsPerAddress) {
		return nil, false
	}
	s.admits++
	s.address[address]++
	s.wg.Add(1)
	var once sync.Once
	return func() {
		once.Do(func() {
			s.mu.Lock()
			s.admits--
			if s.address[address]--; s.address[address] == 0 {
				delete(s.address, address)
			}
			s.mu.Unlock()
			s.wg.Done()
		})
	}, true
}

// add registers an upgraded socket. A socket of the same page and caller that is
// still here is a lost connection that has not noticed: it is closed.
func (s *sockets) add(k *sock) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[k] = struct{}{}
	if s.closed {
		k.close(closeGoingAway, "The server is shutting down.")
	}
}

func (s *sockets) remove(k *sock) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, k)
}

// replace closes other sockets of the same client of the same caller.
func (s *sockets) replace(k *sock, client string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k.client = client
	for other := range s.open {
		if other != k && other.client == client && other.caller.id == k.caller.id {
			other.close(closeReplaced, "This page has connected again.")
		}
	}
}

// closeOf closes the sockets that came in under one grant.
func (s *sockets) closeOf(id string, code int, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k := range s.open {
		if k.caller.grant == id {
			k.close(code, text)
		}
	}
}

// closeAll closes all sockets, and those still to come.
func (s *sockets) closeAll(code int, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for k := range s.open {
		k.close(code, text)
	}
}

func (s *sockets) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// wait returns when all sockets are gone, or ctx is done.
func (s *sockets) wait(ctx context.Context) error {
	done := make(chan struct{})
	go func() {
		s.wg.Wait()
		close(done)
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
