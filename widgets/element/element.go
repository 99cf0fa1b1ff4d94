// Package element is what can be on a screen: elements as data, their place, and
// the changes from one screen to the next. It imports nothing of stnb, so that
// the kernel which makes elements and the server which keeps them share it.
package element

import "encoding/json"

// Path is an element's place: a root, then one segment per level, joined by "/".
// A segment is "cell.index": the cell that emitted the child and the number of
// the child among those that this cell put into this parent. Within a parent,
// children stand in the order of their cells in the document, then by index. So
// running one cell again replaces what that cell put anywhere, and nothing else.
// A segment with an empty cell (".0") was emitted by a callback and stands first.
type Path string

// The roots.
const (
	Main    Path = "main"
	Sidebar Path = "sidebar"
	Bottom  Path = "bottom" // chat input that sticks to the page's foot
	Event   Path = "event"  // toasts, dialogs, balloons
)

// Element is one thing on the screen.
type Element struct {
	Kind string `json:"kind"`
	// ID is a widget's identity, by which the browser sends its value; "" for
	// what has no value.
	ID string `json:"id,omitempty"`
	// Key is the author's key, shown as a CSS class "st-key-<key>".
	Key string `json:"key,omitempty"`
	// Fragment the element belongs to; an interaction with it reruns just that.
	Fragment string `json:"fragment,omitempty"`
	// Form the widget belongs to (its container's ID); its value waits for submit.
	Form  string          `json:"form,omitempty"`
	Props json.RawMessage `json:"props,omitempty"` // of the struct named like the kind
}

// Op is what a delta does.
type Op string

// The ops.
const (
	// Set puts an element at a path, new or in place of what is there. A
	// container that stays a container keeps its children, unless it was
	// already set in this run: then it starts empty again.
	Set Op = "set"
	// Remove takes the element and all below it away.
	Remove Op = "remove"
	// Append adds Data to what the element at the path shows: text of a stream,
	// rows of a table or chart. Appends are never merged away.
	Append Op = "append"
	// Clear removes the children of a container, keeping it.
	Clear Op = "clear"
	// Update gives a container other props and keeps its children, also in the
	// run that set it. A browser gets it as Set.
	Update Op = "update"
)

// Delta is one change of a screen.
type Delta struct {
	Op      Op              `json:"op"`
	Path    Path            `json:"path"`
	Element *Element        `json:"element,omitempty"` // of Set and Update
	Data    json.RawMessage `json:"data,omitempty"`    // of Append
}
