package jupyter

import (
	"encoding/json"
	"fmt"
	"os"
)

// Connection is what a connection file says: where to listen, and the key that
// messages are signed with.
type Connection struct {
	Transport string `json:"transport"` // "tcp" or "ipc"
	IP        string `json:"ip"`
	Shell     int    `json:"shell_port"`
	IOPub     int    `json:"iopub_port"`
	Stdin     int    `json:"stdin_port"`
	Control   int    `json:"control_port"`
	Heartbeat int    `json:"hb_port"`
	Scheme    string `json:"signature_scheme"` // "hmac-sha256"
	Key       string `json:"key"`              // "": messages are not signed
}

// ReadConnection reads a connection file.
func ReadConnection(name string) (Connection, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return Connection{}, fmt.Errorf("the connection file: %w", err)
	}
	var c Connection
	if err := json.Unmarshal(data, &c); err != nil {
		return c, fmt.Errorf("%s is no connection file: %w", name, err)
	}
	if err := c.check(); err != nil {
		return c, fmt.Errorf("%s: %w", name, err)
	}
	return c, nil
}

func (c Connection) check() error {
	if c.Key != "" && c.Scheme != "" && c.Scheme != "hmac-sha256" {
		return fmt.Errorf("signature_scheme is %q; only hmac-sha256 is known", c.Scheme)
	}
	switch c.Transport {
	case "", "tcp":
		if c.IP == "" {
			return fmt.Errorf("has no ip")
		}
		for _, p := range []int{c.Shell, c.IOPub, c.Stdin, c.Control, c.Heartbeat} {
			if p < 0 || p > 65535 {
				return fmt.Errorf("%d is no port", p)
			}
		}
	case "ipc":
	default:
		return fmt.Errorf("transport is %q; tcp and ipc are known", c.Transport)
	}
	return nil
}

// endpoint is a socket's address.
func (c Connection) endpoint(port int) string {
	if c.Transport == "ipc" {
		return fmt.Sprintf("ipc://%s-%d", c.IP, port)
	}
	return fmt.Sprintf("tcp://%s:%d", c.IP, port)
}
