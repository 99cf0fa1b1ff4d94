package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
	"stnb.dev/notebook/output"
	"stnb.dev/notebook/source"
	"stnb.dev/widgets/element"
)

// tryKernel runs a cell in a fresh kernel and looks at the answer.
func tryKernel(c *cobra.Command) error {
	ctx, cancel := context.WithTimeout(c.Context(), 30*time.Second)
	defer cancel()
	nb := &notebook.Notebook{Cells: []notebook.Cell{{ID: "a", Kind: notebook.Go, Source: "x := 40\nx + 2"}}}
	var shown []string
	var fault string
	h := &headless{
		doc: &document{name: "doctor", nb: nb}, snap: build.New(build.Options{}).Update(nb),
		output: func(_ string, d element.Delta) {
			if d.Element != nil {
				shown = append(shown, output.Text(d.Element))
			}
		},
		ended: func(_ string, end *wire.CellEnd, _ source.Position) {
			if end.Fault != nil {
				fault = end.Fault.Message
			}
		},
		input: func() (string, bool) { return "", true },
	}
	if err := h.run(ctx); err != nil {
		return fmt.Errorf("%w %s", err, fault)
	}
	if got := strings.Join(shown, " "); got != "42" {
		return fmt.Errorf("40 + 2 gave %q", got)
	}
	return nil
}
