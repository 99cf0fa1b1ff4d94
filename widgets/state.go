package widgets

import "stnb.dev/widgets/core"

// Var is a variable of session state: it keeps its value from run to run, for one
// visitor.
type Var[T any] struct {
	ref     *core.Ref
	initial T
}

// State is the variable of that name; initial is its value at first, and its type.
// The value of a widget with that Key is here too: setting it before the widget,
// or in a callback, sets the widget; setting it after the widget is an error.
func State[T any](key string, initial T) *Var[T] {
	return &Var[T]{ref: core.Main().StateRef(key, initial), initial: initial}
}

// Get returns the value.
func (v *Var[T]) Get() T {
	held := v.ref.Get()
	x, ok := held.(T)
	if ok {
		v.ref.Touch()
		return x
	}
	var y T
	if v.ref.Convert(&y) {
		v.ref.Replace(y)
		return y
	}
	if !v.ref.Has() || held != nil {
		return v.initial
	}
	return y
}

// Set sets the value.
func (v *Var[T]) Set(x T) { v.ref.Set(x) }

// Update sets the value to what f makes of it.
func (v *Var[T]) Update(f func(T) T) { v.ref.Set(f(v.Get())) }

// Delete removes the variable; it starts anew with its initial value.
func (v *Var[T]) Delete() { v.ref.Delete() }
