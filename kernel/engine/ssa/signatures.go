package ssa

import (
	"reflect"
	"strings"
)

// The way between user and native code through reflect costs half a microsecond
// and several allocations. Most signatures need not go that way: Go passes values
// in registers by what they are made of, so one Go func type stands for all that
// have the same kinds of values in the same places. The kinds, by letter:
//
//	w  8 bytes: int, uint, int64, uint64, uintptr
//	p  one pointer: pointers, maps, channels, funcs
//	s  string      l  slice      e  interface
//	f  float64     b  1 byte     u  4 bytes, not a float
//
// A signature is the letters of its parameters, ">", and those of its results.

// signature is the letters of a func type, or "" when it has others.
func signature(ft reflect.Type) string {
	var b strings.Builder
	for i := range ft.NumIn() {
		c := letter(ft.In(i))
		if c == 0 {
			return ""
		}
		b.WriteByte(c)
	}
	b.WriteByte('>')
	for i := range ft.NumOut() {
		c := letter(ft.Out(i))
		if c == 0 {
			return ""
		}
		b.WriteByte(c)
	}
	return b.String()
}

func letter(t reflect.Type) byte {
	switch t.Kind() {
	case reflect.Int, reflect.Int64, reflect.Uint, reflect.Uint64, reflect.Uintptr:
		return 'w'
	case reflect.Pointer, reflect.Map, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return 'p'
	case reflect.String:
		return 's'
	case reflect.Slice:
		return 'l'
	case reflect.Interface:
		return 'e'
	case reflect.Float64:
		return 'f'
	case reflect.Bool, reflect.Int8, reflect.Uint8:
		return 'b'
	case reflect.Int32, reflect.Uint32:
		return 'u'
	}
	return 0
}

// The forms of a signature: how user code calls a native func of it, how a
// closure becomes a func value of it, and how native code enters a method.
type forms struct {
	call  func(args, res []uintptr) caller
	adapt func(c *closure) ptr
	enter func(m *userMethod) ptr
}

var signatures = map[string]*forms{}

func typedCaller(ft reflect.Type, args, res []uintptr) caller {
	if f := signatures[signature(ft)]; f != nil && f.call != nil {
		return f.call(args, res)
	}
	return nil
}

func typedAdapter(t reflect.Type, _ *layout) func(c *closure) ptr {
	if f := signatures[signature(t)]; f != nil {
		return f.adapt
	}
	return nil
}

// typedEntry is the func value behind a method's address, for a func type whose
// first parameter is the receiver's word.
func typedEntry(m *userMethod, ft reflect.Type) ptr {
	if f := signatures[signature(ft)]; f != nil && f.enter != nil {
		return f.enter(m)
	}
	return nil
}

type (
	word  = uint64
	slice = []byte
)

func init() {
	results0()
	params1[word]("w")
	params1[ptr]("p")
	params1[string]("s")
	params1[slice]("l")
	params1[any]("e")
	params1[float64]("f")
	params1[uint8]("b")
	params1[uint32]("u")
	rest()
}

func set(key string, f forms) {
	old := signatures[key]
	if old == nil {
		signatures[key] = &f
		return
	}
	// A method without parameters but its receiver is a func of one, too.
	if f.call != nil {
		old.call = f.call
	}
	if f.adapt != nil {
		old.adapt = f.adapt
	}
	if f.enter != nil {
		old.enter = f.enter
	}
}

func results0() {
	set(">", forms{call: call00, adapt: adapt00})
	set("p>", forms{enter: enter00})
	r := func(k string, f, m forms) {
		set(">"+k, f)
		set("p>"+k, m)
	}
	r("w", form01[word](), meth01[word]())
	r("p", form01[ptr](), meth01[ptr]())
	r("s", form01[string](), meth01[string]())
	r("l", form01[slice](), meth01[slice]())
	r("e", form01[any](), meth01[any]())
	r("f", form01[float64](), meth01[float64]())
	r("b", form01[uint8](), meth01[uint8]())
	r("u", form01[uint32](), forms{})
	r("we", form02[word, any](), meth02[word, any]())
	r("pe", form02[ptr, any](), meth02[ptr, any]())
	r("se", form02[string, any](), meth02[string, any]())
	r("le", form02[slice, any](), meth02[slice, any]())
	r("ee", form02[any, any](), forms{})
	r("be", form02[uint8, any](), forms{})
	r("wb", form02[word, uint8](), forms{})
	r("sb", form02[string, uint8](), forms{})
}

func params1[A any](a string) {
	set(a+">", form10[A]())
	set("p"+a+">", meth10[A]())
	set(a+">w", form11[A, word]())
	set(a+">p", form11[A, ptr]())
	set(a+">s", form11[A, string]())
	set(a+">l", form11[A, slice]())
	set(a+">e", form11[A, any]())
	set(a+">f", form11[A, float64]())
	set(a+">b", form11[A, uint8]())
	set(a+">u", call11[A, uint32]())
	set(a+">we", call12[A, word, any]())
	set(a+">pe", call12[A, ptr, any]())
	set(a+">se", call12[A, string, any]())
	set(a+">le", call12[A, slice, any]())
	set(a+">ee", call12[A, any, any]())
	set(a+">fe", call12[A, float64, any]())
	set(a+">be", call12[A, uint8, any]())
	set(a+">sb", call12[A, string, uint8]())
	set(a+">eb", call12[A, any, uint8]())
	set("p"+a+">e", meth11[A, any]())
	set("p"+a+">b", meth11[A, uint8]())
	switch a {
	case "l", "s", "p":
		set("p"+a+">we", meth12[A, word, any]())
		set("p"+a+">se", meth12[A, string, any]())
	case "b", "u":
		return
	}
	params2[A, word](a + "w")
	params2[A, ptr](a + "p")
	params2[A, string](a + "s")
	params2[A, slice](a + "l")
	params2[A, any](a + "e")
}

func params2[A, B any](k string) {
	set(k+">", form20[A, B]())
	set(k+">b", form21[A, B, uint8]())
	if k[0] == k[1] {
		set(k+">w", form21[A, B, word]())
	} else {
		set(k+">w", call21[A, B, word]())
	}
	set(k+">p", call21[A, B, ptr]())
	set(k+">s", call21[A, B, string]())
	set(k+">l", call21[A, B, slice]())
	set(k+">e", call21[A, B, any]())
	set(k+">we", call22[A, B, word, any]())
	set(k+">se", call22[A, B, string, any]())
	set(k+">pe", call22[A, B, ptr, any]())
	set(k+">le", call22[A, B, slice, any]())
}

// rest has signatures that are frequent but of no pattern.
func rest() {
	set("ff>f", form21[float64, float64, float64]())
	set("ff>w", form21[float64, float64, word]())
	set("ff>b", form21[float64, float64, uint8]())
	set("pww>", meth20[word, word]())
	set("pww>b", meth21[word, word, uint8]())
	set("pep>", meth20[any, ptr]())
	set("peu>", meth20[any, uint32]())
	set("pb>e", call21[ptr, uint8, any]())
	set("pb>", form20[ptr, uint8]())
	set("pu>we", call22[ptr, uint32, word, any]())
	set("pu>", form20[ptr, uint32]())
	set("lww>l", call31[slice, word, word, slice]())
	set("lb>w", call21[slice, uint8, word]())
	set("ww>f", call21[word, word, float64]())
	set("sw>we", call22[string, word, word, any]())
	set("su>w", call21[string, uint32, word]())
	set("su>b", call21[string, uint32, uint8]())
	set("sb>w", call21[string, uint8, word]())
	set("pf>", form20[ptr, float64]())
	set("wf>b", form21[word, float64, uint8]())
	set("sf>b", form21[string, float64, uint8]())
	set("sss>s", call31[string, string, string, string]())
	set("ssw>l", call31[string, string, word, slice]())
	set("sww>s", call31[string, word, word, string]())
	set("sww>we", call32[string, word, word, word, any]())
	set("pww>", meth20[word, word]())
	set("psl>we", call32[ptr, string, slice, word, any]())
	set("esl>we", call32[any, string, slice, word, any]())
	set("ell>we", call32[any, slice, slice, word, any]())
	set("pwl>we", call32[ptr, word, slice, word, any]())
	set("psl>", call30[ptr, string, slice]())
	set("pss>", call30[ptr, string, string]())
	set("pee>", call30[ptr, any, any]())
	set("pse>", call30[ptr, string, any]())
	set("pww>", call30[ptr, word, word]())
	set("psw>", call30[ptr, string, word]())
}

// fnAs reads a func value as a func of type F.
