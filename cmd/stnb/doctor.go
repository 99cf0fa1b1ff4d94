package main

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"stnb.dev/notebook"
	"stnb.dev/notebook/build"
	"stnb.dev/ui"
)

func doctorCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "doctor [DIR]",
		Short: "Look for what is wrong with this installation",
		Args:  atMostOne,
		RunE: func(c *cobra.Command, args []string) error {
			dir := "."
			if len(args) == 1 {
				dir = args[0]
			}
			t, err := resolve(dir)
			if err != nil {
				return err
			}
			bad := false
			for _, f := range findings(c, t.root) {
				mark := "ok  "
				if f.err != nil {
					mark, bad = "FAIL", true
				}
				text := f.says
				if f.err != nil {
					text = oneLine(f.err.Error())
				}
				fmt.Fprintf(c.OutOrStdout(), "%s  %-12s %s\n", mark, f.what, text)
			}
			if bad {
				return failed
			}
			return nil
		},
	}
}

// finding is one thing doctor looked at.
type finding struct {
	what, says string
	err        error
}

func findings(c *cobra.Command, root string) []finding {
	list := []finding{{what: "version", says: fmt.Sprintf("%s, %s %s/%s", buildName(), runtime.Version(), runtime.GOOS, runtime.GOARCH)}}
	add := func(what, says string, err error) { list = append(list, finding{what, says, err}) }

	v, err := settings(c, root)
	add("settings", "readable", err)
	if err == nil {
		list = append(list, configured(v)...)
	}
	list = append(list, machine(root)...)
	_, err = ui.Embedded().Page("list")
	add("front end", "in the binary", err)

	snap := build.New(build.Options{}).Update(&notebook.Notebook{Cells: []notebook.Cell{
		{ID: "a", Kind: notebook.Go, Source: "import \"fmt\"\nx := fmt.Sprint(1)\nx"}}})
	err = nil
	if d := snap.Diagnostics("a"); len(d) > 0 {
		err = fmt.Errorf("a trivial cell has a problem: %s", d[0].Message)
	}
	add("checker", "knows the standard library", err)
	add("kernel", "starts and runs Go", tryKernel(c))

	probe := filepath.Join(root, ".stnb-doctor")
	err = os.WriteFile(probe, nil, 0o600)
	os.Remove(probe)
	if err != nil {
		err = fmt.Errorf("cannot write in %s: %w", root, reason(err))
	}
	add("folder", root+" can be written", err)
	dir, remove, err := uploadFolder()
	if err == nil {
		remove()
	}
	add("temporary", filepath.Dir(dir)+" can be written", err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		l.Close()
	}
	add("network", "can listen on loopback", err)
	for _, name := range []string{".stnb/secrets.toml", ".stnb/config.toml"} {
		if info, err := os.Stat(filepath.Join(root, name)); err == nil && runtime.GOOS != "windows" {
			var open error
			if strings.HasSuffix(name, "secrets.toml") && info.Mode().Perm()&0o077 != 0 {
				open = fmt.Errorf("%s can be read by others: chmod 600 it", name)
			}
			add("secrets", name+" is private", open)
		}
	}
	return list
}
