package engine

import "strings"

// WakesOutside says whether a symbol of a native package may wake user code later,
// on its own: by a timer, a signal, the network. A program that uses none of them and
// whose goroutines all wait for each other is deadlocked.
func WakesOutside(path, name string) bool {
	switch path {
	case "time":
		switch name {
		case "After", "AfterFunc", "NewTimer", "NewTicker", "Tick":
			return true
		}
	case "runtime":
		return name == "SetFinalizer" || name == "AddCleanup"
	case "context":
		switch name {
		case "AfterFunc", "WithDeadline", "WithDeadlineCause", "WithTimeout", "WithTimeoutCause":
			return true
		}
	case "net", "net/http", "net/rpc", "net/smtp", "os/signal", "os/exec", "testing", "crypto/tls":
		return true
	}
	return strings.HasPrefix(path, "net/http/")
}
