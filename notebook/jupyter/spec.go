package jupyter

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
)

// Spec is what Jupyter is told of the kernel.
type Spec struct {
	Exe     string // the stnb binary
	Display string
}

//go:embed logo.svg
var logo []byte

// Install writes a kernelspec into dir, over one that is there.
func Install(dir string, spec Spec) error {
	text, err := json.MarshalIndent(map[string]any{
		"argv":           []string{spec.Exe, "kernel", "run", "{connection_file}"},
		"display_name":   spec.Display,
		"language":       "go",
		"interrupt_mode": "message",
		"metadata":       map[string]any{"debugger": false},
	}, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "logo-svg.svg"), logo, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "kernel.json"), append(text, '\n'), 0o644)
}

// Uninstall removes a kernelspec that Install wrote.
func Uninstall(dir string) error {
	data, err := os.ReadFile(filepath.Join(dir, "kernel.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("no kernel is installed in %s", dir)
	}
	if err != nil {
		return err
	}
	var spec struct {
		Argv []string `json:"argv"`
	}
	if json.Unmarshal(data, &spec) != nil || len(spec.Argv) < 3 || spec.Argv[1] != "kernel" || spec.Argv[2] != "run" {
		return fmt.Errorf("%s is another kernel's: it is left alone", dir)
	}
	return os.RemoveAll(dir)
}

// Place is where Jupyter looks for kernels.
type Place struct {
	OS     string // runtime.GOOS
	Home   string
	Env    func(string) string
	Prefix string // "" the user's, or all users'
	System bool   // all users'
}

var kernelName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// Kernel is the folder of a kernel of that name.
func (p Place) Kernel(name string) (string, error) {
	if !kernelName.MatchString(name) {
		return "", fmt.Errorf("%q is no kernel's name: it has letters, digits, dots, hyphens and underscores", name)
	}
	data, err := p.data()
	if err != nil {
		return "", err
	}
	return filepath.Join(data, "kernels", name), nil
}

// data is a Jupyter data folder, as jupyter_core finds it.
func (p Place) data() (string, error) {
	switch {
	case p.Prefix != "":
		abs, err := filepath.Abs(p.Prefix)
		return filepath.Join(abs, "share", "jupyter"), err
	case p.System && p.OS == "windows":
		return filepath.Join(p.Env("PROGRAMDATA"), "jupyter"), nil
	case p.System:
		return "/usr/local/share/jupyter", nil
	case p.Env("JUPYTER_DATA_DIR") != "":
		return p.Env("JUPYTER_DATA_DIR"), nil
	case p.Home == "":
		return "", errors.New("there is no home folder; use --prefix or --sys")
	case p.OS == "darwin":
		return filepath.Join(p.Home, "Library", "Jupyter"), nil
	case p.OS == "windows" && p.Env("APPDATA") != "":
		return filepath.Join(p.Env("APPDATA"), "jupyter"), nil
	case p.Env("XDG_DATA_HOME") != "":
		return filepath.Join(p.Env("XDG_DATA_HOME"), "jupyter"), nil
	}
	return filepath.Join(p.Home, ".local", "share", "jupyter"), nil
}
