package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is the release; builds between releases add their commit.
const version = "0.1.0"

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  exactly(0, "no argument"),
		Run: func(c *cobra.Command, _ []string) {
			fmt.Fprintf(c.OutOrStdout(), "stnb %s (%s %s/%s)\n", buildName(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
		},
	}
}

// buildName tells builds apart.
func buildName() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return version
	}
	name := version
	var commit, dirty string
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			commit = "+" + s.Value[:min(12, len(s.Value))]
		case "vcs.modified":
			if s.Value == "true" {
				dirty = ".dirty"
			}
		}
	}
	return name + commit + dirty
}
