package widgets

import "stnb.dev/widgets/core"

// Cached is a func whose results are kept.
type Cached[K, V any] struct {
	ref *core.CacheRef
	f   func(K) (V, error)
}

// CacheData keeps what f returns for each key: the next call with an equal key gets
// a copy, in this session or another of the app, so that nobody's changes are seen
// by others. name tells the app's caches apart. TTL, MaxEntries and OnDisk are its
// options. Errors are not kept. What f shows is shown again with every hit.
//
//	load := st.CacheData("load", func(path string) ([]Row, error) { ... }, st.TTL(time.Hour))
//	rows, err := load.Get("rows.csv")
func CacheData[K, V any](name string, f func(K) (V, error), opts ...Option) *Cached[K, V] {
	return &Cached[K, V]{ref: core.Main().CacheRef(name, false, opts...), f: f}
}

// CacheResource keeps what f returns for each key and hands out that itself, to all
// sessions of the app: a connection, a model. When it leaves the cache, OnRelease
// is called with it, or else its Close method.
func CacheResource[K, V any](name string, f func(K) (V, error), opts ...Option) *Cached[K, V] {
	return &Cached[K, V]{ref: core.Main().CacheRef(name, true, opts...), f: f}
}

// Get returns the result for the key. Of calls at the same time for one key one
// computes, and the others wait for it.
func (c *Cached[K, V]) Get(key K) (V, error) {
	var x V
	err := c.ref.Do(key, &x, func() (any, error) {
		v, err := c.f(key)
		return v, err
	})
	return x, err
}

// Must is Get that panics on an error.
func (c *Cached[K, V]) Must(key K) V {
	x, err := c.Get(key)
	if err != nil {
		panic(err)
	}
	return x
}

// Clear forgets all results.
func (c *Cached[K, V]) Clear() { c.ref.Clear() }

// ClearFor forgets the result of one key.
func (c *Cached[K, V]) ClearFor(key K) { c.ref.ClearFor(key) }

// Connect makes a connection of your own, once for the app: connect gets the
// settings of the section [connections.name] of the secrets, and over them what
// Param gives. TTL makes it anew after a time. When it is dropped, its Close
// method is called.
//
//	db, err := st.Connect("lake", func(c st.ConnSettings) (*Lake, error) { return OpenLake(c.Text("url")) })
func Connect[T any](name string, connect func(ConnSettings) (T, error), opts ...Option) (T, error) {
	settings, err := core.Main().ConnectionSettings(name, opts...)
	if err != nil {
		var zero T
		return zero, err
	}
	kept := CacheResource("connection "+settings.Name, func(core.ConnSettings) (T, error) { return connect(settings) }, opts...)
	return kept.Get(settings)
}
