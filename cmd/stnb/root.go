package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"stnb.dev/cmd/stnb/config"
)

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "stnb",
		Short: "Notebooks and apps in Go",
		Long: "stnb edits notebooks of Go, SQL and Markdown, serves them as apps,\n" +
			"and runs them headless.",
		SilenceUsage:      true,
		SilenceErrors:     true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		// Without a command stnb says what there is; another word is a mistake.
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return c.Help()
			}
			hint := ""
			if near := c.SuggestionsFor(args[0]); len(near) > 0 {
				hint = fmt.Sprintf(" (did you mean %s?)", strings.Join(near, " or "))
			}
			return usage("there is no command %q%s; see stnb help", args[0], hint)
		},
	}
	root.SuggestionsMinimumDistance = 2
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage("%v; see stnb help %s", err, nameOf(c))
	})
	root.AddCommand(
		execCommand(), checkCommand(), testCommand(), convertCommand(), exportCommand(), newCommand(), editCommand(), runCommand(),
		configCommand(), passwordCommand(), doctorCommand(), versionCommand(), kernelCommand(),
	)
	root.AddCommand(topicCommands()...)
	return root
}

// addSettings gives a command the flags of the settings that mean something to it.
func addSettings(c *cobra.Command) {
	for _, s := range config.For(c.Name()) {
		if s.Flag == "" {
			continue
		}
		if s.Kind == config.Bool {
			c.Flags().Bool(s.Flag, s.Default == "true", s.Help)
			continue
		}
		c.Flags().String(s.Flag, s.Default, s.Help)
	}
}

// settings loads the values for a command whose notebooks are in dir, and drops
// secrets from the environment.
func settings(c *cobra.Command, dir string) (config.Values, error) {
	v, err := config.Load(config.Sources{
		Dir: dir, Home: homeDir(), Env: lookupEnv,
		Flag: func(name string) (string, bool) {
			var text string
			given := false
			c.Flags().Visit(func(f *pflag.Flag) {
				if f.Name == name {
					text, given = f.Value.String(), true
				}
			})
			return text, given
		},
	})
	if err != nil {
		return nil, &status{code: 2, err: err}
	}
	return v, nil
}

// nameOf is a command as it is typed behind stnb.
func nameOf(c *cobra.Command) string { return strings.TrimPrefix(c.CommandPath(), "stnb ") }

// exactly, atLeast and atMost are cobra's argument checks in one clear line.
func exactly(n int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != n {
			return usage("%s needs %s; see stnb help %s", nameOf(c), what, nameOf(c))
		}
		return nil
	}
}

func atLeastOne(what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return usage("%s needs %s; see stnb help %s", nameOf(c), what, nameOf(c))
		}
		return nil
	}
}

func atMostOne(c *cobra.Command, args []string) error {
	if len(args) > 1 {
		return usage("%s takes one argument at most; see stnb help %s", nameOf(c), nameOf(c))
	}
	return nil
}
