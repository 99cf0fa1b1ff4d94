package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"stnb.dev/notebook/file"
)

func convertCommand() *cobra.Command {
	var output string
	var force bool
	c := &cobra.Command{
		Use:   "convert FILE",
		Short: "Make the .md of an .ipynb, or the other way round",
		Long: "Make the .md of an .ipynb, or the .ipynb of an .md, beside it. Nothing is lost:\n" +
			"what Markdown has no place for (outputs, attachments) is kept in .stnb/converted,\n" +
			"and taken from there on the way back. With --output - the notebook is printed.",
		Args: exactly(1, "a notebook"),
		RunE: func(c *cobra.Command, args []string) error {
			to := output
			if to == "" || to == "-" {
				to = otherFormat(args[0])
			}
			out, side, err := convert(args[0], to)
			if err != nil {
				return err
			}
			if output == "-" {
				_, err := c.OutOrStdout().Write(out)
				return err
			}
			if err := writeNew(to, out, force); err != nil {
				return err
			}
			if side != nil {
				if err := writeNew(sideName(to), side, true); err != nil {
					return err
				}
			}
			fmt.Fprintf(c.OutOrStdout(), "Made %s.\n", to)
			return nil
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "", "the file to make; its ending says the format")
	c.Flags().BoolVarP(&force, "force", "f", false, "overwrite a file that is there already")
	return c
}

// convert reads a notebook, and what is kept beside it, as the other format.
func convert(from, to string) (out, side []byte, err error) {
	if _, err := notebookFile(from); err != nil {
		return nil, nil, err
	}
	data, err := os.ReadFile(from)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", from, reason(err))
	}
	kept, err := os.ReadFile(sideName(from))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("%s: %w", sideName(from), reason(err))
	}
	return file.Convert(from, data, kept, to)
}

// otherFormat is the name with the other format's ending.
func otherFormat(name string) string {
	format, _ := file.FormatOf(name)
	base := strings.TrimSuffix(name, filepath.Ext(name))
	if format == file.IPYNB {
		return base + string(file.Markdown)
	}
	return base + string(file.IPYNB)
}

// sideName is where what a Markdown notebook has no place for is kept: not with the
// outputs that the editor keeps, which come and go.
func sideName(name string) string {
	return filepath.Join(filepath.Dir(name), ".stnb", "converted", filepath.Base(name)+".json")
}

// writeNew writes a file whole or not at all, and over another only by force.
func writeNew(name string, data []byte, force bool) error {
	if _, err := os.Lstat(name); err == nil && !force {
		return fmt.Errorf("%s is there already; --force overwrites it", name)
	}
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return fmt.Errorf("%s: %w", name, reason(err))
	}
	temp, err := os.CreateTemp(filepath.Dir(name), ".stnb-*")
	if err != nil {
		return fmt.Errorf("%s: %w", name, reason(err))
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(data)
	err = errors.Join(err, temp.Chmod(0o644), temp.Sync(), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), name)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", name, reason(err))
	}
	return nil
}
