package workspace

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/file"
	"stnb.dev/notebook/session"
	"stnb.dev/notebook/session/sessiontest"
	"stnb.dev/widgets/element"
)

// jupyterNotebook has outputs that Jupyter wrote: a stream, a table with a script, an
// image, an error of another language, a type nobody shows.
const jupyterNotebook = `{
 "cells": [
  {
   "cell_type": "code",
   "execution_count": 3,
   "id": "one",
   "metadata": {},
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "show 1\n",
      "again\n"
     ]
    }
   ],
   "source": [
    "show 1"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 4,
   "id": "two",
   "metadata": {
    "tags": [
     "x"
    ]
   },
   "outputs": [
    {
     "data": {
      "text/html": [
       "<table><tr><td>7</td></tr></table><script>alert(1)</script>"
      ],
      "text/plain": [
       "7"
      ]
     },
     "execution_count": 4,
     "metadata": {},
     "output_type": "execute_result"
    },
    {
     "data": {
      "application/vnd.other+json": {
       "a": 1
      }
     },
     "metadata": {
      "isolated": true
     },
     "output_type": "display_data"
    }
   ],
   "source": [
    "x = 7"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 5,
   "id": "three",
   "metadata": {},
   "outputs": [
    {
     "ename": "ZeroDivisionError",
     "evalue": "division by zero",
     "output_type": "error",
     "traceback": [
      "\u001b[0;31mZeroDivisionError\u001b[0m"
     ]
    }
   ],
   "source": [
    "show x"
   ]
  }
 ],
 "metadata": {
  "kernelspec": {
   "display_name": "Python 3",
   "language": "python",
   "name": "python3"
  }
 },
 "nbformat": 4,
 "nbformat_minor": 5
}
`

// bench is a workspace whose notebooks have the fake kernel.
func bench(t *testing.T, dir string) *Workspace {
	t.Helper()
	kernels := &sessiontest.Launcher{}
	w, err := Open(Config{Root: dir, Program: program, Launch: func(string) session.Launch {
		return func(ctx context.Context, engine string, receive func(wire.Message), exited func(string)) (session.Kernel, error) {
			return kernels.Start(ctx, engine, receive, exited)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	return w
}

func ipynb(t *testing.T, text string) (dir string, read func() string) {
	t.Helper()
	dir = t.TempDir()
	name := filepath.Join(dir, "a.ipynb")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir, func() string { return readFile(t, name) }
}

// run runs cells and waits until all is saved.
func run(t *testing.T, nb *Notebook, cells ...notebook.CellID) {
	t.Helper()
	do(t, nb, session.Op{Run: &session.Run{Cells: cells}})
	if err := nb.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// screen is what each cell shows, kinds and props.
func screen(t *testing.T, nb *Notebook) map[string]string {
	t.Helper()
	d, err := nb.Document()
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for _, d := range d.Screen.Deltas {
		out[d.Path.Cell()] += d.Element.Kind + " " + string(d.Element.Props) + "\n"
	}
	return out
}

func outputsOf(t *testing.T, text string, id notebook.CellID) file.Outputs {
	t.Helper()
	nb, err := file.Read("a.ipynb", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	c, _ := nb.Cell(id)
	return file.OutputsOf(c)
}

func TestOutputsOfAFileAreShown(t *testing.T) {
	dir, read := ipynb(t, jupyterNotebook)
	w := bench(t, dir)
	nb := open(t, w, "a.ipynb")
	got := screen(t, nb)
	for cell, want := range map[string]string{"one": `show 1\nagain\n`, "two": "<td>7</td>", "three": "division by zero"} {
		if !strings.Contains(strings.ReplaceAll(strings.ReplaceAll(got[cell], `\u003c`, "<"), `\u003e`, ">"), want) {
			t.Errorf("cell %s shows %q, not %q", cell, got[cell], want)
		}
	}
	if strings.Contains(got["two"], "alert") || !strings.Contains(got["two"], "vnd.other+json") {
		t.Errorf("the second cell shows %q", got["two"])
	}
	d, _ := nb.Document()
	for _, s := range d.Status {
		if s.State != "stale" || s.Why == "" {
			t.Errorf("cell %s is %s: %s", s.Cell, s.State, s.Why)
		}
	}
	// Opening, showing and closing leave the file alone.
	w.Close()
	if read() != jupyterNotebook {
		t.Error("the file was changed")
	}
}

func TestOutputsGoIntoTheFile(t *testing.T) {
	dir, read := ipynb(t, jupyterNotebook)
	w := bench(t, dir)
	nb := open(t, w, "a.ipynb")
	run(t, nb, "three") // and "two", which it needs
	until(t, "the output to be in the file", func() bool { return !strings.Contains(read(), "division by zero") })
	after := read()
	if o := outputsOf(t, after, "three"); len(o.List) != 1 || !strings.Contains(string(o.List[0]), `"7"`) || o.Count == 0 {
		t.Errorf("the third cell has %d %s", o.Count, o.List)
	}
	if o := outputsOf(t, after, "two"); len(o.List) != 0 {
		t.Errorf("the second cell has %s", o.List)
	}
	// The cell that did not run keeps its bytes; so does all else but outputs.
	first := jupyterNotebook[:strings.Index(jupyterNotebook, `"id": "two"`)]
	if !strings.HasPrefix(after, first[:strings.LastIndex(first, "{")]) {
		t.Errorf("the first cell was written anew:\n%s", after)
	}

	// What shows the same is not written again, here or after a restart.
	run(t, nb, "three")
	w.Close()
	if read() != after {
		t.Errorf("a run that shows the same changed the file:\n%s", read())
	}
	w = bench(t, dir)
	nb = open(t, w, "a.ipynb")
	if got := screen(t, nb)["three"]; !strings.Contains(got, "7") {
		t.Errorf("after a restart the third cell shows %q", got)
	}
	run(t, nb, "three")
	w.Close()
	if read() != after {
		t.Errorf("a run after a restart changed the file:\n%s", read())
	}
}

func TestOutputsAreLeftOut(t *testing.T) {
	dir, read := ipynb(t, jupyterNotebook)
	w := bench(t, dir)
	nb := open(t, w, "a.ipynb")
	yes := true
	do(t, nb, session.Op{Settings: &session.Settings{OmitOutputs: &yes}})
	until(t, "the outputs to go", func() bool { return !strings.Contains(read(), "division by zero") })
	if o := outputsOf(t, read(), "one"); len(o.List) != 0 || o.Count != 0 {
		t.Errorf("the first cell has %d %s", o.Count, o.List)
	}
	run(t, nb, "three")
	w.Close()
	if text := read(); strings.Contains(text, "output_type") || !strings.Contains(text, `"outputs": false`) {
		t.Errorf("there are outputs:\n%s", text)
	}
	// The side file has them.
	w = bench(t, dir)
	nb = open(t, w, "a.ipynb")
	if got := screen(t, nb); !strings.Contains(got["three"], "7") || !strings.Contains(got["one"], "again") {
		t.Errorf("the screen is %v", got)
	}
	no := false
	do(t, nb, session.Op{Settings: &session.Settings{OmitOutputs: &no}})
	until(t, "the outputs to come back", func() bool { return len(outputsOf(t, read(), "one").List) == 1 })
}

func TestOutputsThatOthersMake(t *testing.T) {
	dir, read := ipynb(t, jupyterNotebook)
	w := bench(t, dir)
	nb := open(t, w, "a.ipynb")
	run(t, nb, "three")
	until(t, "the output to be in the file", func() bool { return len(outputsOf(t, read(), "two").List) == 0 })

	// Another program runs the first cell: its output is shown, the others stay.
	theirs := strings.Replace(read(), "again", "theirs", 1)
	if err := os.WriteFile(filepath.Join(dir, "a.ipynb"), []byte(theirs), 0o644); err != nil {
		t.Fatal(err)
	}
	until(t, "their output to be shown", func() bool { return strings.Contains(screen(t, nb)["one"], "theirs") })
	if got := screen(t, nb)["three"]; !strings.Contains(got, "7") {
		t.Errorf("the third cell shows %q", got)
	}
	w.Close()
	if read() != theirs {
		t.Errorf("their file was changed:\n%s", read())
	}

	// And while the server is down.
	theirs = strings.Replace(theirs, "theirs", "later", 1)
	if err := os.WriteFile(filepath.Join(dir, "a.ipynb"), []byte(theirs), 0o644); err != nil {
		t.Fatal(err)
	}
	nb = open(t, bench(t, dir), "a.ipynb")
	if got := screen(t, nb); !strings.Contains(got["one"], "later") || !strings.Contains(got["three"], "7") {
		t.Errorf("the screen is %v", got)
	}
}

func TestClearedOutputsLeaveTheFile(t *testing.T) {
	dir, read := ipynb(t, jupyterNotebook)
	nb := open(t, bench(t, dir), "a.ipynb")
	do(t, nb, session.Op{Clear: &session.Clear{Cells: []notebook.CellID{"one"}}})
	until(t, "the output to go", func() bool { return len(outputsOf(t, read(), "one").List) == 0 })
	if o := outputsOf(t, read(), "one"); o.Count != 0 {
		t.Errorf("its count is %d", o.Count)
	}
	if o := outputsOf(t, read(), "two"); len(o.List) != 2 || o.Count != 4 {
		t.Errorf("the second cell has %d %s", o.Count, o.List)
	}
}

// TestOutputsAndAConflict: a change by another program between a run and the save
// of its outputs is a conflict as any other, and nothing of either is lost.
func TestOutputsAndAConflict(t *testing.T) {
	dir, _ := ipynb(t, jupyterNotebook)
	w, err := Open(Config{Root: dir, Program: program})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.Close)
	st := newStore(w, "a.ipynb")
	doc, _, err := st.Read()
	if err != nil {
		t.Fatal(err)
	}
	st.found(doc)
	k := session.Kept{Seq: 1}
	for _, c := range doc.Cells {
		k.Cells = append(k.Cells, session.KeptCell{Cell: c, State: "done", Count: 1, At: 1})
	}
	k.Deltas = []element.Delta{{Op: element.Set, Path: "main/one.0", Element: &element.Element{Kind: "text", Props: json.RawMessage(`{"text":"mine"}`)}}}
	if toFile, err := st.KeepOutputs(t.Context(), k, nil); err != nil || !toFile {
		t.Fatal(toFile, err)
	}
	if err := os.WriteFile(filepath.Join(dir, "a.ipynb"), []byte(strings.Replace(jupyterNotebook, "again", "theirs", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	var clash *session.Clash
	if err := st.Write(doc, false); !errors.As(err, &clash) || !strings.Contains(clash.Theirs, "theirs") {
		t.Fatalf("the write says %v", err)
	}
	if err := st.Write(doc, true); err != nil {
		t.Fatal(err)
	}
	if text := readFile(t, dir, "a.ipynb"); !strings.Contains(text, "mine") || strings.Contains(text, "theirs") {
		t.Errorf("the file is\n%s", text)
	}
}

// TestNotebooksOfOthers opens what other programs wrote, and whatever lies below the
// folder that STNB_NOTEBOOKS names: each output is shown, and the file stays as it is.
func TestNotebooksOfOthers(t *testing.T) {
	var all []string
	for _, root := range []string{"../file/testdata/others", os.Getenv("STNB_NOTEBOOKS")} {
		if root == "" {
			continue
		}
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if strings.HasSuffix(name, ".ipynb") {
				all = append(all, name)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(all) < 10 {
		t.Fatalf("there are %d notebooks", len(all))
	}
	for _, name := range all {
		t.Run(filepath.Base(name), func(t *testing.T) {
			text := readFile(t, name)
			nb, err := file.Read("a.ipynb", []byte(text))
			if err != nil {
				t.Skip(err)
			}
			dir, read := ipynb(t, text)
			w := bench(t, dir)
			shown := screen(t, open(t, w, "a.ipynb"))
			for _, c := range nb.Cells {
				if n := len(file.OutputsOf(c).List); n > 0 && shown[string(c.ID)] == "" {
					t.Errorf("cell %s has %d outputs and shows nothing", c.ID, n)
				}
			}
			w.Close()
			if read() != text {
				t.Error("the file was changed")
			}
		})
	}
}
