package check

import (
	"go/types"
	"strings"

	"stnb.dev/kernel/symbols/exports"
)

// Docs finds a library object's comment: its package's, and the key there.
func Docs(obj types.Object) (map[string]string, string) {
	path, key := DocKey(obj)
	return exports.Default().Docs(path), key
}

// DocKey is where an object's comment is: the package's path, and the key there.
func DocKey(obj types.Object) (path, key string) {
	if obj.Pkg() == nil {
		return "builtin", obj.Name()
	}
	key = obj.Name()
	if fn, ok := obj.(*types.Func); ok {
		if recv := fn.Signature().Recv(); recv != nil {
			t := recv.Type()
			if p, ok := types.Unalias(t).(*types.Pointer); ok {
				t = p.Elem()
			}
			if named, ok := types.Unalias(t).(*types.Named); ok {
				key = named.Obj().Name() + "." + key
			}
		}
	}
	return obj.Pkg().Path(), key
}

// CommentAbove is the comment on the lines right above an offset.
func CommentAbove(text string, at int) string {
	lines := strings.Split(text[:at], "\n")
	var doc []string
	for i := len(lines) - 2; i >= 0; i-- {
		line, ok := strings.CutPrefix(strings.TrimSpace(lines[i]), "//")
		if !ok {
			break
		}
		doc = append([]string{strings.TrimPrefix(line, " ")}, doc...)
	}
	return strings.Join(doc, "\n")
}
