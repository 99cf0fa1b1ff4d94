package arch

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "stnb.dev/"

// A layer is packages that may import packages of layers above it in the list of
// their half, and those of "both"; a pattern with /... covers what is below it.
// Packages of one layer do not import each other, except inside one pattern.
type layer struct {
	half     string // "both", "server", "kernel", or "all" for what wires the halves
	packages []string
}

// layers, from the bottom up.
var layers = []layer{
	{"both", []string{"widgets/element", "dataframe/page", "kernel/idle"}},
	{"both", []string{"kernel/wire"}},
	{"both", []string{"kernel/modules"}},
	{"both", []string{"kernel/symbols/exports/..."}},
	{"both", []string{"widgets/markdown"}},

	{"kernel", []string{"duckconn/...", "widgets/run", "widgets/testing"}},
	{"kernel", []string{"dataframe"}},
	{"kernel", []string{"widgets/core/..."}},
	{"kernel", []string{"widgets", "widgets/internal/..."}},
	{"kernel", []string{"kernel/engine"}},
	{"kernel", []string{"kernel/display"}},
	{"kernel", []string{"kernel/symbols", "kernel/symbols/gen"}},
	{"kernel", []string{"kernel/symbols/api"}},
	{"kernel", []string{"kernel/engine/conformance/..."}},
	{"kernel", []string{"kernel/engine/yaegi/...", "kernel/engine/ssa/..."}},
	{"kernel", []string{"kernel/worker"}},
	{"kernel", []string{"kernel/internal/..."}},
	{"kernel", []string{"kernel/worker/standard"}},

	{"server", []string{"docs"}},
	{"server", []string{"notebook"}},
	{"server", []string{"notebook/source"}},
	{"server", []string{"notebook/file", "notebook/syntax", "notebook/output"}},
	{"server", []string{"notebook/graph"}},
	{"server", []string{"notebook/check"}},
	{"server", []string{"notebook/lower"}},
	{"server", []string{"notebook/build"}},
	{"server", []string{"notebook/editor", "notebook/params", "notebook/export"}},
	{"server", []string{"kernel"}},
	{"server", []string{"notebook/session"}},
	{"server", []string{"notebook/session/sessiontest"}},
	{"server", []string{"notebook/workspace", "notebook/jupyter/...", "appmode"}},
	{"server", []string{"ui", "ui/protocol/..."}},
	{"server", []string{"ui/uitest"}},
	{"server", []string{"ui/server/..."}},

	// conform pastes programs into notebooks and runs them, without the two processes.
	{"all", []string{"kernel/internal/conform"}},
	// The guide's text is in the binary, for the editor's tour.
	{"all", []string{"examples/guide"}},
	// apptest runs a worker in the test's own process: it is a whole small stnb.
	{"all", []string{"appmode/apptest"}},
	{"all", []string{"cmd/stnb/..."}},
	{"all", []string{"examples/..."}},
}

// owners are libraries that one place alone imports.
var owners = []struct {
	library string
	by      []string
	remedy  string
}{
	{"github.com/traefik/yaegi", []string{"kernel/engine/yaegi/...", "kernel/symbols", "kernel/symbols/gen"},
		"the kernel/engine interface says what an engine does; put what is missing there"},
	{"github.com/duckdb", []string{"duckconn/..."},
		"ask duckconn for a connection; it is linked with C++, which other tests need not wait for"},
	{"github.com/marcboeker", nil, "the driver moved to github.com/duckdb/duckdb-go; duckconn imports it"},
	{"github.com/gofiber", []string{"ui/server/..."}, "HTTP stays in ui/server; give it a func or an interface to call"},
	{"github.com/valyala/fasthttp", []string{"ui/server/..."}, "HTTP stays in ui/server"},
	{"github.com/fasthttp/websocket", []string{"ui/server/..."}, "the WebSocket library stays in ui/server; sessions know Subscribe and Do"},
	{"github.com/coreos/go-oidc", []string{"ui/server/provider"}, "who signs in with a provider is a provider.User to all others"},
	{"github.com/spf13/cobra", []string{"cmd/stnb/..."}, "commands are read in cmd/stnb; pass plain values on"},
	{"go.yaml.in/yaml", []string{"notebook/file"}, "front matter is read in notebook/file; take it from the Notebook"},
	{"github.com/go-zeromq", []string{"notebook/jupyter/..."}, "Jupyter's sockets stay in notebook/jupyter; sessions know Subscribe and Do"},
	{"github.com/fsnotify", []string{"notebook/workspace"}, "files are watched by notebook/workspace"},
}

// root is what may stand at the top of the repository.
var root = []string{
	"cmd", "kernel", "notebook", "appmode", "widgets", "dataframe", "duckconn", "ui", "examples", "docs",
	"go.mod", "go.sum", "Makefile", "README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md",
	"SECURITY.md", "LICENSE", "bin",
}

func TestRoot(t *testing.T) {
	entries, err := os.ReadDir("../../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); !strings.HasPrefix(name, ".") && !slices.Contains(root, name) {
			t.Errorf("%s stands at the root: a newcomer reads the root first, so put it into the package it belongs to, or docs/", name)
		}
	}
}

type pkg struct {
	ImportPath string
	Imports    []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-json=ImportPath,Imports", module+"...")
	cmd.Dir = "../../.."
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p pkg
		err := dec.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// matches says whether the package is that of the pattern, or below its /...
func matches(pattern, name string) bool {
	base, deep := strings.CutSuffix(pattern, "/...")
	return name == base || deep && strings.HasPrefix(name, base+"/")
}

// place finds a package's layer and pattern; the longest pattern wins.
func place(name string) (at int, pattern string) {
	at = -1
	for i, l := range layers {
		for _, p := range l.packages {
			if matches(p, name) && len(p) > len(pattern) {
				at, pattern = i, p
			}
		}
	}
	return at, pattern
}

func TestImports(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		at, pattern := place(name)
		if at < 0 {
			t.Errorf("%s has no place: say in cmd/stnb/arch (layers) which half it is of and what it stands on, and in ARCHITECTURE.md what its one job is", name)
			continue
		}
		for _, imp := range p.Imports {
			if dep, ours := strings.CutPrefix(imp, module); ours {
				checkLayer(t, name, at, pattern, dep)
			} else {
				checkOwner(t, name, imp)
			}
		}
	}
}

func checkLayer(t *testing.T, name string, at int, pattern, dep string) {
	t.Helper()
	to, toPattern := place(dep)
	switch {
	case to < 0 || toPattern == pattern:
		return
	case at == 0:
		t.Errorf("%s imports %s: what both halves share imports the standard library only; pass the value in", name, dep)
	case layers[at].half == "all" || layers[to].half == "both" && to < at:
		return
	case layers[to].half != layers[at].half:
		t.Errorf("%s (%s) imports %s (%s): the halves meet in kernel/wire, widgets/element and dataframe/page alone; send a message, or move the shared type there",
			name, layers[at].half, dep, layers[to].half)
	case to >= at:
		t.Errorf("%s imports %s, which stands above it: turn the dependency around with a func or a small interface, or move what both need down", name, dep)
	}
}

func checkOwner(t *testing.T, name, imp string) {
	t.Helper()
	for _, o := range owners {
		if imp != o.library && !strings.HasPrefix(imp, o.library+"/") {
			continue
		}
		if !slices.ContainsFunc(o.by, func(p string) bool { return matches(p, name) }) {
			t.Errorf("%s imports %s: %s", name, path.Clean(imp), o.remedy)
		}
	}
}
