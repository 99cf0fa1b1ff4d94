package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"stnb.dev/notebook/build"
	"stnb.dev/notebook/source"
)

func checkCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "check FILE...",
		Short: "Check notebooks without running them",
		Long: "Check notebooks and Go programs without running them: syntax, types, names\n" +
			"across cells. Prints one line a problem; the exit code is 1 if there is an error.",
		Args: atLeastOne("a notebook"),
		RunE: func(c *cobra.Command, args []string) error {
			bad := false
			for _, arg := range args {
				d, err := readDocument(arg)
				if err != nil {
					fmt.Fprintf(c.ErrOrStderr(), "stnb: %s\n", oneLine(err.Error()))
					bad = true
					continue
				}
				for _, p := range problems(d, build.New(build.Options{}).Update(d.nb)) {
					bad = bad || p.Severity == source.Error
					if asJSON {
						json.NewEncoder(c.OutOrStdout()).Encode(struct {
							File string `json:"file"`
							source.Diagnostic
						}{arg, p})
						continue
					}
					fmt.Fprintln(c.OutOrStdout(), problemLine(d, p))
					for _, n := range p.Notes {
						if n.Range.Start.Line > 0 {
							fmt.Fprintf(c.OutOrStdout(), "\t%s: %s\n", d.at(n.Range.Start), n.Message)
						} else {
							fmt.Fprintf(c.OutOrStdout(), "\t%s\n", n.Message)
						}
					}
				}
			}
			if bad {
				return failed
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print each problem as a line of JSON")
	return c
}

// problems are all diagnostics of a document, in its order.
func problems(d *document, snap *build.Snapshot) []source.Diagnostic {
	var list []source.Diagnostic
	for _, cell := range d.nb.Cells {
		list = append(list, snap.Diagnostics(cell.ID)...)
	}
	return list
}

func problemLine(d *document, p source.Diagnostic) string {
	text := d.at(p.Range.Start) + ": "
	if p.Severity != source.Error {
		text += string(p.Severity) + ": "
	}
	return text + oneLine(p.Message)
}
