package check

// TestingPath is the package that cells get for "testing": Go's own runs each test
// on a goroutine of its own, where a panic ends the process.
const TestingPath = "stnb.dev/widgets/testing"

// ImportPath is the package that an import in a cell stands for.
func ImportPath(typed string) string {
	if typed == "testing" {
		return TestingPath
	}
	return typed
}
