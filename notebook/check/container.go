package check

import (
	"fmt"
	"go/types"
	"regexp"
)

// notOnContainer is what go/types says of a container that lacks a method.
var notOnContainer = regexp.MustCompile(`^(.+)\.(\w+) undefined \(type \*(?:core\.Container|widgets\.Block) has no field or method`)

// inContainer says how a generic func of the widgets, which Go cannot have as a
// method, puts its element into a container; "" when the message is about another
// thing.
func inContainer(message string, imp types.Importer) string {
	m := notOnContainer.FindStringSubmatch(message)
	if m == nil {
		return ""
	}
	pkg, err := imp.Import("stnb.dev/widgets")
	if err != nil {
		return ""
	}
	if f, ok := pkg.Scope().Lookup(m[2]).(*types.Func); !ok || f.Signature().TypeParams().Len() == 0 {
		return ""
	}
	return fmt.Sprintf("; st.%s with the option st.In(%s) is that", m[2], m[1])
}
