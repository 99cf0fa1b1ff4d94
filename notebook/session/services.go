package session

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"stnb.dev/notebook"
)

// Archive is a Store that keeps what was saved before.
type Archive interface {
	// Versions are what was saved, newest first; Version reads one.
	Versions() []Version
	Version(id string) (*notebook.Notebook, error)
	// Mark makes the next save a version that no later one takes the place of.
	Mark()
	// Snapshot keeps a version that stays without saving the file.
	Snapshot(nb *notebook.Notebook) error
	// Text is a document as people read and compare it; Readable makes the same
	// of a file's text.
	Text(nb *notebook.Notebook) (string, error)
	Readable(text string) string
}

// Version is one saved state of a notebook.
type Version struct {
	ID   string `json:"id"`
	At   int64  `json:"at"` // ms since 1970
	Size int64  `json:"size"`
}

// Graph is who depends on whom: the cells that take part, in document order.
type Graph struct {
	Nodes []GraphNode `json:"nodes"`
	Edges []GraphEdge `json:"edges"`
}

// GraphNode is one cell of the graph.
type GraphNode struct {
	Cell  notebook.CellID `json:"cell"`
	Label string          `json:"label"` // its name, or the first line of its text
}

// GraphEdge says that To uses Names of From.
type GraphEdge struct {
	From  notebook.CellID `json:"from"`
	To    notebook.CellID `json:"to"`
	Names []string        `json:"names"`
}

var errNoArchive = errors.New("this notebook has no file, so no versions of it are kept")

// own answers the services that are about the session itself.
func (s *Session) own(method string, params json.RawMessage) (answer any, known bool, err error) {
	archive, kept := s.cfg.Store.(Archive)
	var in struct {
		ID string `json:"id"`
	}
	switch method {
	case "history", "version", "restore", "text":
		if !kept {
			return nil, true, errNoArchive
		}
		if len(params) > 0 {
			if err := json.Unmarshal(params, &in); err != nil {
				return nil, true, fmt.Errorf("%s: %w", method, err)
			}
		}
	}
	switch method {
	case "graph":
		answer, err = s.graph()
	case "history":
		answer = archive.Versions()
	case "version":
		answer, err = s.versionText(archive, in.ID)
	case "restore":
		err = s.restore(archive, in.ID)
	case "text":
		answer, err = s.text(archive)
	default:
		return nil, false, nil
	}
	return answer, true, err
}

func (s *Session) graph() (Graph, error) {
	var p Program
	var nb *notebook.Notebook
	if err := s.call(func() { p, nb = s.state.program, s.state.notebook }); err != nil {
		return Graph{}, err
	}
	g := Graph{Nodes: []GraphNode{}, Edges: []GraphEdge{}}
	taking := map[notebook.CellID]bool{}
	for _, c := range nb.Cells {
		for _, dep := range p.Needs(c.ID) {
			taking[c.ID], taking[dep] = true, true
			names := p.Why(c.ID, dep)
			if names == nil {
				names = []string{}
			}
			g.Edges = append(g.Edges, GraphEdge{From: dep, To: c.ID, Names: names})
		}
	}
	for _, c := range nb.Cells {
		if taking[c.ID] || c.Kind == notebook.Go || c.Kind == notebook.SQL {
			g.Nodes = append(g.Nodes, GraphNode{Cell: c.ID, Label: label(c)})
		}
	}
	return g, nil
}

// label is what a cell is called where there is no room for it: its name, or its
// first line that is no import.
func label(c notebook.Cell) string {
	if c.Name != "" {
		return c.Name
	}
	first, importing := "", false
	for line := range strings.Lines(c.Source) {
		line = strings.TrimSpace(line)
		if first == "" {
			first = line
		}
		switch {
		case importing:
			importing = line != ")"
		case c.Kind == notebook.Go && strings.HasPrefix(line, "import "):
			importing = line == "import ("
		case line != "":
			return short(line)
		}
	}
	return short(first)
}

func short(line string) string {
	if r := []rune(line); len(r) > 60 {
		return string(r[:59]) + "…"
	}
	return line
}

// texts are what two documents say, as Markdown notebooks.
type texts struct {
	Mine   string `json:"mine"`             // the document as it is here
	Theirs string `json:"theirs,omitempty"` // of a conflict: the file's
	Old    string `json:"old,omitempty"`    // of a version
}

func (s *Session) text(a Archive) (texts, error) {
	var nb *notebook.Notebook
	var theirs string
	if err := s.call(func() { nb, theirs = s.state.notebook, s.state.file.theirs }); err != nil {
		return texts{}, err
	}
	mine, err := a.Text(nb)
	out := texts{Mine: mine}
	if theirs != "" {
		out.Theirs = a.Readable(theirs)
	}
	return out, err
}

func (s *Session) versionText(a Archive, id string) (texts, error) {
	out, err := s.text(a)
	if err != nil {
		return texts{}, err
	}
	old, err := a.Version(id)
	if err != nil {
		return texts{}, err
	}
	out.Old, err = a.Text(old)
	return out, err
}

// restore makes a saved version the document. What it was before stays as a
// version of its own.
func (s *Session) restore(a Archive, id string) error {
	nb, err := a.Version(id)
	if err != nil {
		return err
	}
	var now *notebook.Notebook
	if err := s.call(func() { now = s.state.notebook }); err != nil {
		return err
	}
	if err := a.Snapshot(now); err != nil {
		return err
	}
	var refused error
	nb, shown := s.adopt(nb)
	err = s.call(func() { refused = s.apply(Op{in: restored{nb, shown}}) })
	return errors.Join(err, refused)
}
