package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"stnb.dev/ui/server"
)

func configCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "config",
		Short: "Explain the settings",
		Args:  exactly(0, "a command: show"),
		RunE:  func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	c.AddCommand(&cobra.Command{
		Use:   "show [DIR]",
		Short: "List every setting with its value and where that is from",
		Long: "List every setting with its value and where that is from: a flag, the\n" +
			"environment (STNB_...), DIR/.stnb/config.toml, ~/.stnb/config.toml, or the default.",
		Args: atMostOne,
		RunE: func(c *cobra.Command, args []string) error {
			dir := "."
			if len(args) == 1 {
				dir = args[0]
			}
			t, err := resolve(dir)
			if err != nil {
				return err
			}
			v, err := settings(c, t.root)
			if err != nil {
				return err
			}
			fmt.Fprint(c.OutOrStdout(), v.Show())
			return nil
		},
	})
	return c
}

func passwordCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "password",
		Short: "Read a password and print its hash for the configuration",
		Long: "Read one line, the password, from standard input and print the line that\n" +
			"[edit] or [app] in .stnb/config.toml takes.",
		Args: exactly(0, "no argument"),
		RunE: func(c *cobra.Command, _ []string) error {
			password, err := readPassword(c)
			if err != nil {
				return err
			}
			if len(password) < 8 {
				return usage("a password has at least 8 characters")
			}
			fmt.Fprintf(c.OutOrStdout(), "password_hash = %q\n", server.HashPassword(password))
			return nil
		},
	}
}
