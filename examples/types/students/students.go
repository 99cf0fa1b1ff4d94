// Package students stands beside the notebook that imports it.
package students

// Student is one of a school's.
type Student struct {
	ID   int
	Name string
}
