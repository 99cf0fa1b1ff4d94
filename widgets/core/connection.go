package core

import (
	"fmt"

	"stnb.dev/dataframe"
)

type connections struct{}

func (c *connections) close() {}

// Conn is a connection to a database.
type Conn struct {
	s    *Session
	name string
	err  error
}

// Connection returns the connection of that name.
func (c *Container) Connection(name string, opts ...Option) *Conn {
	s, _, _ := c.start(opts)
	if name == "duckdb" {
		return &Conn{s: s, name: name}
	}
	return &Conn{s: s, name: name, err: fmt.Errorf("there is no connection %q in .stnb/secrets.toml", name)}
}

// Err says why the connection cannot be used.
func (c *Conn) Err() error { return c.err }

// Query returns the frame of a query.
func (c *Conn) Query(query string, args ...any) (*dataframe.Frame, error) {
	if c.err != nil {
		return nil, c.err
	}
	return c.s.Space.Query(query, args...)
}

func (c *Conn) lazy(query string, args ...any) *dataframe.Frame { return c.s.Space.SQL(query, args...) }
