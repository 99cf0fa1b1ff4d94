//go:build unix

package main

import (
	"fmt"
	"net"
	"os"
	"strconv"
	"syscall"
)

// The first descriptor that a service manager hands over, as systemd's
// sd_listen_fds(3) has it.
const firstHanded = 3

// handed is the listener that a service manager opened for us: the port is never
// closed while one version of stnb gives way to the next, so that nobody is
// refused. nil: none was handed over.
func handed() (net.Listener, error) {
	pid, count := os.Getenv("LISTEN_PID"), os.Getenv("LISTEN_FDS")
	for _, name := range []string{"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"} {
		os.Unsetenv(name) // kernels are not meant
	}
	if count == "" || pid != strconv.Itoa(os.Getpid()) {
		return nil, nil
	}
	n, err := strconv.Atoi(count)
	if err != nil || n != 1 {
		return nil, fmt.Errorf("the service manager handed over %q sockets (LISTEN_FDS); stnb takes one", count)
	}
	syscall.CloseOnExec(firstHanded)
	f := os.NewFile(firstHanded, "socket of the service manager")
	defer f.Close()
	l, err := net.FileListener(f)
	if err != nil {
		return nil, fmt.Errorf("the socket of the service manager: %w", err)
	}
	if _, ok := l.Addr().(*net.TCPAddr); !ok {
		l.Close()
		return nil, fmt.Errorf("the socket of the service manager is no TCP socket but %s", l.Addr().Network())
	}
	return l, nil
}
