package yaegi

import (
	"fmt"
	"math"
	"reflect"
	"runtime"
	"strings"
)

// Faults of user code in Go's own words. yaegi and reflect panic with words of
// theirs; goPanic knows these, and statements test what they can before (bounds.go).

// runtimeError is a run-time error.
type runtimeError string

func (e runtimeError) Error() string { return "runtime error: " + string(e) }

// RuntimeError makes it a runtime.Error.
func (runtimeError) RuntimeError() {}

const errNil = runtimeError("invalid memory address or nil pointer dereference")

var _ runtime.Error = runtimeError("")

// typeError is a failed type assertion, or another run-time error whose text has
// no "runtime error: ".
type typeError string

func (e typeError) Error() string { return string(e) }

// RuntimeError makes it a runtime.Error.
func (typeError) RuntimeError() {}

// indexFault panics as an index does that is out of range. An unsigned one may be
// larger than any int.
func indexFault(at, n int, unsigned bool) {
	switch {
	case at < 0 && unsigned:
		panic(runtimeError(fmt.Sprintf("index out of range [%d] with length %d", uint(at), n)))
	case at < 0:
		panic(runtimeError(fmt.Sprintf("index out of range [%d]", at)))
	}
	panic(runtimeError(fmt.Sprintf("index out of range [%d] with length %d", at, n)))
}

// bounds are the operands of a slice expression; unsigned ones have their bit in
// the mask, 1 for the first.
type bounds struct {
	at       [3]int
	unsigned int
}

func (b bounds) beyond(n, limit int) bool { return b.at[n] < 0 || b.at[n] > limit }

// text is the n-th operand; negative says that it is, and so needs no limit named.
func (b bounds) text(n int) (s string, negative bool) {
	if b.unsigned>>n&1 == 1 {
		return fmt.Sprint(uint(b.at[n])), false
	}
	return fmt.Sprint(b.at[n]), b.at[n] < 0
}

func (b bounds) fault(format string, n int, limit string) {
	s, negative := b.text(n)
	s = fmt.Sprintf(format, s)
	if !negative {
		s += limit
	}
	panic(runtimeError("slice bounds out of range " + strings.Replace(s, "|", "", 1)))
}

// sliceFault panics as s[i:j] does: limit is the capacity of a slice, else the length.
func sliceFault(i, j, limit int, what string, unsigned int) {
	b := bounds{[3]int{i, j}, unsigned}
	if b.beyond(1, limit) {
		b.fault("[:%s]", 1, fmt.Sprintf(" with %s %d", what, limit))
	}
	hi, _ := b.text(1)
	lo, negative := b.text(0)
	if negative {
		hi = ""
	}
	panic(runtimeError("slice bounds out of range [" + lo + ":" + hi + "]"))
}

// slice3Fault panics as s[i:j:k] does.
func slice3Fault(i, j, k, limit int, what string, unsigned int) {
	b := bounds{[3]int{i, j, k}, unsigned}
	if b.beyond(2, limit) {
		b.fault("[::%s]", 2, fmt.Sprintf(" with %s %d", what, limit))
	}
	n, format := 0, "[%s:%s:]"
	if b.beyond(1, k) {
		n, format = 1, "[:%s:%s]"
	}
	at, negative := b.text(n)
	next, _ := b.text(n + 1)
	if negative {
		next = ""
	}
	panic(runtimeError("slice bounds out of range " + fmt.Sprintf(format, at, next)))
}

// stringAt is s[at] for an unsigned index.
func stringAt(s string, at uint) byte {
	if at >= uint(len(s)) {
		indexFault(int(at), len(s), true)
	}
	return s[at]
}

// substring is s[i:j]; without high, j means nothing.
func substring(s string, i, j int, high bool, unsigned int) string {
	if !high {
		j = len(s)
	}
	if i < 0 || i > j || j > len(s) {
		sliceFault(i, j, len(s), "length", unsigned)
	}
	return s[i:j]
}

// toArray stores a slice at p, a pointer to an array or to a pointer to one.
func toArray(s, p any) {
	v, d := reflect.ValueOf(s), reflect.ValueOf(p).Elem()
	n := 0
	if d.Kind() == reflect.Pointer {
		n = d.Type().Elem().Len()
	} else {
		n = d.Type().Len()
	}
	if v.Len() < n {
		panic(runtimeError(fmt.Sprintf("cannot convert slice with length %d to array or pointer to array with length %d", v.Len(), n)))
	}
	d.Set(v.Convert(d.Type()))
}

// makeSize checks an operand of make before reflect does: sizes that no machine has
// would be asked of the allocator, which cannot say no. An empty what is a hint.
func makeSize(n int64, what string, elem int64) int {
	if n >= 0 && (elem == 0 || n <= math.MaxInt64>>16/elem) {
		return int(n)
	}
	switch {
	case what == "":
		return 0
	case strings.HasPrefix(what, "makechan"):
		panic(typeError(what + " out of range"))
	}
	panic(runtimeError(what + " out of range"))
}

// words are the beginnings of texts that yaegi and reflect panic with, and what Go
// says in their place.
var words = []struct {
	prefix string
	is     runtimeError
}{
	{"reflect: slice index out of range", "index out of range"},
	{"reflect: array index out of range", "index out of range"},
	{"reflect: string index out of range", "index out of range"},
	{"reflect.Value.Slice: slice index out of bounds", "slice bounds out of range"},
	{"reflect.Value.Slice: string slice index out of bounds", "slice bounds out of range"},
	{"reflect.Value.Slice3: slice index out of bounds", "slice bounds out of range"},
	{"reflect.MakeSlice: negative len", "makeslice: len out of range"},
	{"reflect.MakeSlice: ", "makeslice: cap out of range"},
	{"reflect.Append: slice overflow", "growslice: len out of range"},
	{"reflect.Value.Grow: slice overflow", "growslice: len out of range"},
	{"reflect: Method on nil interface value", errNil},
	{"reflect: call of", errNil},
	{"reflect: Call using zero Value argument", errNil},
	{"reflect.Value.Call: call of nil function", errNil},
	{"reflect: nil func", errNil},
}

// goPanic turns what yaegi and reflect panic with into what Go would.
func goPanic(r any) any {
	if v, ok := r.(reflect.Value); ok && v.IsValid() && v.CanInterface() {
		r = v.Interface()
	}
	switch x := r.(type) {
	case string:
		for _, w := range words {
			if strings.HasPrefix(x, w.prefix) {
				return w.is
			}
		}
	case *reflect.ValueError:
		return errNil
	}
	return r
}
