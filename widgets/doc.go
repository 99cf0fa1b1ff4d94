// Package widgets is what a notebook shows and asks with; it is imported as st.
//
//	import st "stnb.dev/widgets"
//
//	st.Title("Animal shelter")
//	animal := st.TextInput("Type an animal")
//	if st.Button("Check availability") {
//		st.Write("We have that ", animal)
//	}
//
// In an app the notebook runs from top to bottom whenever somebody uses a widget,
// and a widget's func returns the widget's value as it is then. What must outlive
// a run is kept by State. Funcs put their element in the main area, or where In
// says; a Block, which Container, Columns, Sidebar and others give, has the same
// funcs as methods.
//
// The funcs are a thin veneer over package core, which engines bind to a session:
// user code finds its session by itself, and nothing is shared between visitors
// but what Cache, CacheResource and Connection share.
package widgets

//go:generate go run ./internal/gen
