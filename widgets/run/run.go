// Package run is a session's current run: which cell emits, who a widget is and
// what value it has, session state, callbacks, triggers, forms, fragments, and
// the signals that end a run early.
//
// It knows nothing of the elements' look: package widgets/core builds them on top
// of it. It knows nothing of kernels either: a Host is all it asks of the process
// it lives in.
//
// The life of a run:
//
//	Begin      browser values are checked and written, triggers armed
//	Callbacks  of every widget whose value changed, then of the trigger
//	EnterCell  cell after cell; elements and widgets of each
//	End        state of widgets that were not shown again is dropped
package run

import (
	"encoding/json"
	"reflect"

	"stnb.dev/widgets/element"
)

// Host is the process a session lives in. Its methods may be called from any
// goroutine, and must not call back into the session.
type Host interface {
	// Emit hands over changes of the screen, in order.
	Emit(d ...element.Delta)
	// Display says how a Go value of user code is shown.
	Display(v any) element.Element
	// Label is a user value's String(), or its text.
	Label(v any) string
	// Value unwraps what user code handed to native code as an interface.
	Value(v any) reflect.Value
	// Fields lists the exported fields of a user's struct type, in order.
	Fields(t reflect.Type) []Field
}

// Field is one field of a struct type, by the name the user gave it.
type Field struct {
	Name  string
	Index []int // as reflect.Value.FieldByIndex wants it
	Tag   reflect.StructTag
	// Text, when not nil, is how a value of the field reads: its type says it by a
	// method that only the host can call.
	Text func(v reflect.Value) string
}

// Protector is what a Host may have to run user code whose panic ends no more than
// that: it is an element then. Signals pass.
type Protector interface {
	Protect(f func()) (fault element.Element, failed bool)
}

// Config is what a session is told at its start.
type Config struct {
	ID      string // the session's name in URLs of media and uploads
	App     bool   // a visitor's session; else the editor's
	Dir     string // the notebook's folder
	Uploads string // folder of uploaded files, one folder a session; "" refuses uploads
}

// Request asks for a run. It mirrors wire.Run.
type Request struct {
	Run       uint64
	Full      bool     // every cell runs
	Cells     []string // that will be entered
	Fragments []string // not empty: just these fragments
	Widgets   map[string]json.RawMessage
	Triggers  []Trigger
	Query     string
	Page      string
	User      User
}

// User is who is signed in; without a Subject, nobody is.
type User struct {
	Subject string // the provider's id of them, for ever the same
	Name    string
	Email   string // verified by the provider, in lower case
	Roles   []string
}

// Trigger is one click, submit or chat message.
type Trigger struct {
	Click  string
	Widget string
	Value  json.RawMessage
}

// Result is what a run leaves.
type Result struct {
	// Unseen are triggers that belong to the next run: those that neither a
	// callback nor the script saw, of a run that was ended from outside or by a
	// callback, and second clicks of a widget without a callback.
	Unseen []Trigger
	// Widgets are values the run set itself, by widget ID.
	Widgets map[string]json.RawMessage
	// State and Deleted are the encodable session state that changed; Taken are
	// the clicks whose effect it holds.
	State   map[string]json.RawMessage
	Deleted []string
	Taken   []string
	// Query is the query string the script set, nil when it did not.
	Query *string
	// Rerun asks for another run at once; Fragments limits it to these.
	Rerun     bool
	Fragments []string
	// Errors is the number of errors of use that were shown.
	Errors int
	// Rejected says which browser values were refused, and why.
	Rejected []string
}
