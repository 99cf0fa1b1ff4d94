package dataframe

import (
	"context"
	"sync"

	"stnb.dev/duckconn"
)

// The funcs of this file belong to a session: engines bind them to the session's
// space. In a plain Go program they share one space with a DuckDB of its own.

var shared = sync.OnceValue(func() *Space {
	open := sync.OnceValues(func() (*duckconn.DB, error) { return duckconn.Open(context.Background(), duckconn.Config{}) })
	get := func(context.Context) (*duckconn.DB, error) { return open() }
	return NewSpace(Config{Open: get, Shared: NewShared(get)})
})

// From makes a frame of Go data: a slice of structs, maps, slices or plain
// values, a map of slices, or a map. Its error stays with the frame.
func From(data any) *Frame { return shared().From(data) }

// Columns builds a frame of named slices of equal length.
func Columns(cols ...Named) *Frame { return shared().Columns(cols...) }

// Query returns the frame of a query; it is planned, not run. Values are given as
// parameters: Query("SELECT * FROM t WHERE x > $1", 5).
func Query(query string, args ...any) (*Frame, error) { return shared().Query(query, args...) }

// MustQuery is Query for a text that is known to be right; it panics otherwise.
func MustQuery(query string, args ...any) *Frame {
	return must(shared().Query(query, args...))
}

// Table returns a table or view of the database.
func Table(name string) (*Frame, error) { return shared().Table(name) }

// ReadCSV reads a CSV file. Types and separators are found by looking at it; the
// name may have * for many files, and may be compressed (.gz, .zst).
func ReadCSV(path string) (*Frame, error) { return shared().ReadCSV(path) }

// ReadParquet reads a Parquet file, or many by *.
func ReadParquet(path string) (*Frame, error) { return shared().ReadParquet(path) }

// ReadJSON reads a file of JSON: a list of objects, or an object a line.
func ReadJSON(path string) (*Frame, error) { return shared().ReadJSON(path) }

// MustReadCSV is ReadCSV that panics on an error.
func MustReadCSV(path string) *Frame { return must(shared().ReadCSV(path)) }

// MustReadParquet is ReadParquet that panics on an error.
func MustReadParquet(path string) *Frame { return must(shared().ReadParquet(path)) }

// MustReadJSON is ReadJSON that panics on an error.
func MustReadJSON(path string) *Frame { return must(shared().ReadJSON(path)) }

func must(f *Frame, err error) *Frame {
	if err != nil {
		panic(err)
	}
	return f
}

// Bindings are this file's funcs bound to the space.
func (sp *Space) Bindings() map[string]any {
	return map[string]any{
		"From": sp.From, "Columns": sp.Columns, "Query": sp.Query, "Table": sp.Table,
		"ReadCSV": sp.ReadCSV, "ReadParquet": sp.ReadParquet, "ReadJSON": sp.ReadJSON,
		"MustQuery":       func(q string, args ...any) *Frame { return must(sp.Query(q, args...)) },
		"MustReadCSV":     func(p string) *Frame { return must(sp.ReadCSV(p)) },
		"MustReadParquet": func(p string) *Frame { return must(sp.ReadParquet(p)) },
		"MustReadJSON":    func(p string) *Frame { return must(sp.ReadJSON(p)) },
	}
}
