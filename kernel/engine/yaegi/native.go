package yaegi

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// Calls of compiled code that takes an interface see a Box where the program has a
// value of its own type. Some funcs only keep it, some are replaced by ours, some
// may look at what is inside the Box; all others are refused when a Box can come.

// keeps are funcs that pass interface values on without looking inside.
var keeps = map[string]bool{
	"container/list.List.PushBack": true, "container/list.List.PushFront": true,
	"container/list.List.InsertBefore": true, "container/list.List.InsertAfter": true,
	"container/heap.Push": true, "container/heap.Init": true, "container/heap.Pop": true, "container/heap.Fix": true, "container/heap.Remove": true,
	"sync.Map.Store": true, "sync.Map.Load": true, "sync.Map.LoadOrStore": true, "sync.Map.Delete": true, "sync.Map.LoadAndDelete": true, "sync.Map.Swap": true, "sync.Map.CompareAndSwap": true,
	"sync.Pool.Put": true, "sync/atomic.Value.Store": true, "sync/atomic.Value.Swap": true,
	"context.WithValue": true, "context.Context.Value": true,
	"errors.Is": true, "errors.Join": true, "errors.Unwrap": true,
	"sort.Sort": true, "sort.Stable": true, "sort.Reverse": true, "sort.IsSorted": true,
	"context.WithCancelCause": true, "runtime.KeepAlive": true,
}

// replaced are funcs whose binding is ours (contain.go): they know boxes.
var replaced = map[string]bool{
	"fmt.Print": true, "fmt.Println": true, "fmt.Printf": true, "fmt.Sprint": true, "fmt.Sprintln": true, "fmt.Sprintf": true,
	"fmt.Fprint": true, "fmt.Fprintln": true, "fmt.Fprintf": true, "fmt.Errorf": true, "fmt.Append": true, "fmt.Appendf": true, "fmt.Appendln": true,
	"log.Print": true, "log.Println": true, "log.Printf": true, "log.Fatal": true, "log.Fatalln": true, "log.Fatalf": true, "log.Panic": true, "log.Panicln": true, "log.Panicf": true,
	"errors.As":             true,
	"reflect.DeepEqual":     true,
	"encoding/json.Marshal": true, "encoding/json.MarshalIndent": true, "encoding/json.Unmarshal": true,
}

// opens are funcs that may look inside: they are given what is in the box, when
// the type has no methods that they would look for.
var opens = map[string]bool{
	"sort.Slice": true, "sort.SliceStable": true, "sort.SliceIsSorted": true,
	"fmt.Sscan": true, "fmt.Sscanf": true, "fmt.Sscanln": true, "fmt.Scan": true, "fmt.Scanf": true, "fmt.Scanln": true, "fmt.Fscan": true, "fmt.Fscanf": true, "fmt.Fscanln": true,
	"runtime.SetFinalizer":  true,
	"encoding/binary.Write": true, "encoding/binary.Read": true, "encoding/binary.Size": true,
}

// trusted packages are ours and know boxes through the instance.
func trusted(full string) bool { return strings.HasPrefix(full, "stnb.dev/") }

// guardNative refuses a call of compiled code that would be given boxes it cannot
// handle.
func (e *emitter) guardNative(x *ast.CallExpr, sig *types.Signature, full string) {
	if full == "encoding/json.Unmarshal" || full == "encoding/json.Decoder.Decode" {
		a := x.Args[len(x.Args)-1]
		t := e.typeOf(a)
		if isInterface(t) {
			return
		}
		e.typ(t, a.Pos())
		if why := e.l.decodable(t, map[string]bool{}); why != "" {
			e.refuse(a.Pos(), "native-any", fmt.Sprintf("%s into %s: %s", short(full), types.TypeString(t, func(*types.Package) string { return "" }), why))
		}
		return
	}
	if knowsBoxes(full) || opens[full] || methodSpecial[full] != "" {
		return
	}
	for i, a := range x.Args {
		var pt types.Type
		n := sig.Params().Len()
		if sig.Variadic() && i >= n-1 {
			pt = sig.Params().At(n - 1).Type()
			if s, ok := pt.Underlying().(*types.Slice); ok && !x.Ellipsis.IsValid() {
				pt = s.Elem()
			}
		} else if i < n {
			pt = sig.Params().At(i).Type()
		}
		if pt == nil || !e.canHoldBox(pt) {
			continue
		}
		at := e.typeOf(a)
		if isInterface(at) {
			if e.l.nativeInterface(at) || !looksInside(full) || !e.l.ownTypes() {
				continue // a doubt
			}
			e.refuse(a.Pos(), "native-any", fmt.Sprintf("%s with a value that may be of your own type", short(full)))
		}
		if b, ok := at.(*types.Basic); ok && b.Info()&types.IsUntyped != 0 || e.l.faithful(at) {
			continue
		}
		e.refuse(a.Pos(), "native-any", fmt.Sprintf("%s with a value of your own type %s", short(full), types.TypeString(at, func(*types.Package) string { return "" })))
	}
}

// looksInside says whether a func is there to look at what its argument is made of,
// so that an interface given to it may well hold a type of the program. Others that
// take an any mostly pass it on.
func looksInside(full string) bool {
	for _, p := range []string{"reflect.", "encoding/", "text/template.", "html/template."} {
		if strings.HasPrefix(full, p) {
			return true
		}
	}
	return false
}

// ownTypes says whether the program declares types, or has values of its own types
// in interfaces.
func (l *lineage) ownTypes() bool {
	if len(l.boxed) > 0 {
		return true
	}
	for _, o := range l.info.Defs {
		if t, ok := o.(*types.TypeName); ok && !t.IsAlias() && !isTypeParam(t.Type()) {
			return true
		}
	}
	return false
}

// guardSpread is guardNative for a call whose arguments are another's results.
func (e *emitter) guardSpread(x *ast.CallExpr, sig *types.Signature, full string) {
	if knowsBoxes(full) {
		return
	}
	tu := e.typeOf(x.Args[0]).(*types.Tuple)
	for i := range tu.Len() {
		t := e.subst(tu.At(i).Type())
		if opens[full] || methodSpecial[full] != "" || e.canHoldBox(e.spreadParam(sig, i)) && !isInterface(t) && !e.l.faithful(t) {
			e.refuse(x.Pos(), "native-any", short(full)+" with the results of another call")
		}
	}
}

func short(full string) string {
	if i := strings.LastIndexByte(full, '/'); i >= 0 {
		return full[i+1:]
	}
	return full
}

// canHoldBox says whether a parameter is an empty interface: a named one with
// methods gets boxes that have them.
func (e *emitter) canHoldBox(t types.Type) bool {
	t = e.subst(t)
	return isInterface(t) && t.Underlying().(*types.Interface).NumMethods() == 0
}

// methodSpecial are methods of compiled types that our run time does instead.
var methodSpecial = map[string]string{
	"encoding/json.Encoder.Encode": "JSONEncode",
	"encoding/json.Decoder.Decode": "JSONDecode",
	"log.Logger.Print":             "LogPrint",
	"log.Logger.Println":           "LogPrintln",
	"log.Logger.Printf":            "LogPrintf",
	"sync.WaitGroup.Wait":          "WaitGroupWait",
	"sync.WaitGroup.Go":            "WaitGroupGo",
	"sync.Mutex.Lock":              "MutexLock",
	"sync.RWMutex.Lock":            "RWMutexLock",
	"sync.RWMutex.RLock":           "RWMutexRLock",
}

// special writes calls that do not go to the func itself.
func (e *emitter) special(x *ast.CallExpr, sig *types.Signature, full string, fn func([]string) string, h hold) (string, bool) {
	if name, ok := methodSpecial[full]; ok {
		sel := ast.Unparen(x.Fun).(*ast.SelectorExpr)
		m := e.method(sel)
		recv := h(m.recv, m.recvType)
		args := []string{recv}
		for i, a := range x.Args {
			pt := sig.Params().At(min(i, sig.Params().Len()-1)).Type()
			if sig.Variadic() && i >= sig.Params().Len()-1 && !x.Ellipsis.IsValid() {
				pt = pt.Underlying().(*types.Slice).Elem()
			}
			v := h(e.arg(a, e.subst(pt), true), e.typ(pt, a.Pos()))
			if x.Ellipsis.IsValid() && i == len(x.Args)-1 {
				v += "..."
			}
			args = append(args, v)
		}
		return "rtǁ." + name + "(" + strings.Join(args, ", ") + ")", true
	}
	if opens[full] {
		var args []string
		for i, a := range x.Args {
			pt := sig.Params().At(min(i, sig.Params().Len()-1)).Type()
			if sig.Variadic() && i >= sig.Params().Len()-1 && !x.Ellipsis.IsValid() {
				pt = pt.Underlying().(*types.Slice).Elem()
			}
			v := h(e.arg(a, e.subst(pt), true), e.typ(pt, a.Pos()))
			if e.canHoldBox(pt) {
				v = "rtǁ.Open(" + v + ")"
			}
			if x.Ellipsis.IsValid() && i == len(x.Args)-1 {
				v += "..."
			}
			args = append(args, v)
		}
		return fn(args), true
	}
	return "", false
}

// boxAs checks that boxes of a type have the methods a native interface wants.
func (e *emitter) boxAs(t, iface types.Type, at token.Pos) {
	id := e.l.typeID(t)
	if name := e.l.hides(t, iface); name != "" {
		e.refuse(at, "native-interface", fmt.Sprintf("a value of your own type as %s (whose users may look for its method %s)", types.TypeString(iface, nil), name))
	}
	if missing := e.l.class(id).lacks(iface); missing != "" && !e.l.adapts(iface) {
		e.refuse(at, "native-interface", fmt.Sprintf("a value of your own type as %s (it would have no method %s there)", types.TypeString(iface, nil), missing))
	}
}
