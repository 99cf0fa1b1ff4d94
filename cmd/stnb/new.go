package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func newCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "new FILE",
		Short: "Make a new notebook",
		Long:  "Make a new notebook. The name's ending, .md or .ipynb, chooses the format.",
		Args:  exactly(1, "the name of a file"),
		RunE: func(c *cobra.Command, args []string) error {
			if err := createNotebook(args[0]); err != nil {
				return err
			}
			fmt.Fprintf(c.OutOrStdout(), "Made %s. Edit it with: stnb edit %s\n", args[0], args[0])
			return nil
		},
	}
}
