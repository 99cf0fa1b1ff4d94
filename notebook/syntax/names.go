package syntax

import (
	"go/ast"
	"strings"
)

// Def is a name the cell defines at its top level.
type Def struct {
	Name  string
	Ident *ast.Ident
	Kind  Kind
	// Whole: the name means this in the whole cell, as in a Go package;
	// otherwise from behind its statement on, as in a func.
	Whole bool
}

// Private names stay in their cell.
func (d *Def) Private() bool { return strings.HasPrefix(d.Name, "_") }

// Kind is what a name is.
type Kind int

// The kinds of names.
const (
	Var Kind = iota
	Const
	Type
	Func
	ImportName
)

func (k Kind) String() string {
	return [...]string{"variable", "constant", "type", "func", "import"}[k]
}

// Ref is a use of a name that is not local to a func or block: one the cell
// defines itself, or one from above, or a predeclared one.
type Ref struct {
	Ident *ast.Ident
	// Def is the definition in this cell, nil when the name is from elsewhere.
	Def *Def
	// Assign: the name as such gets a new value here (x = 1, x++, for x = range).
	Assign bool
	// Mutate: what the name holds is changed in place, or its address taken.
	Mutate bool
	// InFunc: the use is in the body of a declared func, which runs when called.
	InFunc bool
	// Embedded: the name is a struct's embedded type, so it also names a field.
	Embedded bool
	// Key, when not nil, is the literal the name is a key of; it is a field's
	// name, and then no use at all, when that literal is a struct's.
	Key *ast.CompositeLit
	// Table: the name is a table's in SQL, and a use only if there is a Go
	// value of that name.
	Table bool
}
