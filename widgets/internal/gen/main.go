// Gen writes the generated files of package widgets; go generate runs it.
package main

import (
	"fmt"
	"os"

	"stnb.dev/widgets/internal/veneer"
)

func main() {
	funcs, options, err := veneer.Generate(os.DirFS("core"))
	if err == nil {
		err = os.WriteFile("funcs.go", funcs, 0o644)
	}
	if err == nil {
		err = os.WriteFile("options.go", options, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
