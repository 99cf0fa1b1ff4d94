package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"
)

// target is the folder or notebook that a command was given.
type target struct {
	root string // the folder
	file string // the notebook's name within root; "" for a folder
}

// resolve looks at what a command was given. Its errors are one clear line.
func resolve(arg string) (target, error) {
	info, err := os.Stat(arg)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return target{}, fmt.Errorf("%s: there is no such file or folder", arg)
	case err != nil:
		return target{}, fmt.Errorf("%s: %w", arg, reason(err))
	}
	abs, err := filepath.Abs(arg)
	if err != nil {
		return target{}, err
	}
	switch {
	case info.IsDir():
		return target{root: abs}, nil
	case !info.Mode().IsRegular():
		return target{}, fmt.Errorf("%s is no regular file", arg)
	}
	return target{root: filepath.Dir(abs), file: filepath.Base(abs)}, nil
}

// notebook resolves an argument that must be a notebook file.
func notebookFile(arg string) (target, error) {
	t, err := resolve(arg)
	if err == nil && t.file == "" {
		err = fmt.Errorf("%s is a folder: name a notebook in it", arg)
	}
	return t, err
}

// reason takes the operation and the path off an error that will name the path.
func reason(err error) error {
	var pe *fs.PathError
	if errors.As(err, &pe) {
		return pe.Err
	}
	var se syscall.Errno
	if errors.As(err, &se) {
		return se
	}
	return err
}

// readPassword asks for a line. It is not shown where somebody types it.
func readPassword(c *cobra.Command) (string, error) {
	if f, ok := c.InOrStdin().(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprint(c.ErrOrStderr(), "Password (it is not shown): ")
		line, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(c.ErrOrStderr())
		return string(line), err
	}
	return readLine(c.InOrStdin(), 1024)
}

// readLine reads a line of at most limit bytes.
func readLine(r io.Reader, limit int64) (string, error) {
	line, err := bufio.NewReader(io.LimitReader(r, limit+1)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if int64(len(line)) > limit {
		return "", fmt.Errorf("the line is longer than %d bytes", limit)
	}
	return strings.TrimRight(line, "\r\n"), nil
}
