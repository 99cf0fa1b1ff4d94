package main

import (
	"github.com/spf13/cobra"

	"stnb.dev/docs"
)

// topicCommands are the pages of the manual: `stnb help TOPIC` prints one.
func topicCommands() []*cobra.Command {
	var all []*cobra.Command
	for _, t := range docs.Topics() {
		all = append(all, &cobra.Command{Use: t.Name, Short: t.Title, Long: t.Text})
	}
	return all
}
