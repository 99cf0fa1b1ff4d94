package conformance

import "regexp"

// TestingWhy is why programs that import testing are apart: cells get a package of
// stnb's, which a program run by itself is not linked with.
const TestingWhy = "imports testing, in whose place cells get a package of their own"

var testingImport = regexp.MustCompile(`(?m)^\s*(import )?(\. )?"testing"$`)

// ImportsTesting says whether a program imports package testing.
func ImportsTesting(src []byte) bool { return testingImport.Match(src) }

var reasons = []struct {
	why  string
	what *regexp.Regexp
}{
	{"runs the go tool, the compiler or itself", regexp.MustCompile(`"os/exec"`)},
	{"needs cgo, JavaScript or WebAssembly", regexp.MustCompile(`(?m)^//go:build.*[^!\w](cgo|js|wasm)\b`)},
	{"is about the stack as package runtime shows it", regexp.MustCompile(`runtime\.(Callers?|CallersFrames|FuncForPC|Stack)\b|debug\.(Stack|PrintStack)`)},
	{"is about the allocator and the collector", regexp.MustCompile(`runtime\.(ReadMemStats|MemProfile\w*|SetFinalizer|AddCleanup|KeepAlive)\b|AllocsPerRun|debug\.SetGCPercent`)},
	{"is about the system's memory and signals", regexp.MustCompile(`syscall\.(Mmap|Kill|Getpagesize)|SetPanicOnFault`)},
	{"uses go:linkname", regexp.MustCompile(`(?m)^//go:linkname`)},
	{TestingWhy, testingImport},
	{"is about the layout of huge variables", regexp.MustCompile(`(?m)^var dummy \[256 << 20\]byte`)},
}

// Apart says why a program of Go's own suite is about the compiler, the linker or the
// runtime and not about the language; "" when it is about the language.
func Apart(src []byte) string {
	for _, r := range reasons {
		if r.what.Match(src) {
			return r.why
		}
	}
	return ""
}
