package notebook

import (
	"fmt"
	"strings"
	"testing"
)

// doc makes a notebook of Go cells from "id:text" words.
func doc(words string) *Notebook {
	n := &Notebook{}
	for w := range strings.FieldsSeq(words) {
		id, text, _ := strings.Cut(w, ":")
		n.Cells = append(n.Cells, Cell{ID: CellID(id), Kind: Go, Source: strings.ReplaceAll(text, "|", "\n")})
	}
	return n
}

// show is the inverse of doc.
func show(n *Notebook) string {
	var words []string
	for _, c := range n.Cells {
		word := string(c.ID)
		if c.Source != "" {
			word += ":" + strings.ReplaceAll(c.Source, "\n", "|")
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

func TestEdits(t *testing.T) {
	insert := func(after, id string) func(*Notebook) (*Notebook, error) {
		return func(n *Notebook) (*Notebook, error) { return n.Insert(CellID(after), Cell{ID: CellID(id), Kind: Go}) }
	}
	del := func(ids ...CellID) func(*Notebook) (*Notebook, error) {
		return func(n *Notebook) (*Notebook, error) { return n.Delete(ids...) }
	}
	move := func(after CellID, ids ...CellID) func(*Notebook) (*Notebook, error) {
		return func(n *Notebook) (*Notebook, error) { return n.Move(ids, after) }
	}
	split := func(id CellID, at int) func(*Notebook) (*Notebook, error) {
		return func(n *Notebook) (*Notebook, error) { return n.Split(id, at, "new") }
	}
	merge := func(ids ...CellID) func(*Notebook) (*Notebook, error) {
		return func(n *Notebook) (*Notebook, error) { return n.Merge(ids...) }
	}
	for _, test := range []struct {
		name, before string
		edit         func(*Notebook) (*Notebook, error)
		after        string // or the error
	}{
		{"insert first", "a b", insert("", "x"), "x a b"},
		{"insert between", "a b", insert("a", "x"), "a x b"},
		{"insert last", "a b", insert("b", "x"), "a b x"},
		{"insert into none", "", insert("", "x"), "x"},
		{"insert twice", "a b", insert("a", "b"), "error: cell b is there already"},
		{"insert after nothing", "a b", insert("z", "x"), "error: no cell z"},
		{"insert a bad id", "a", insert("a", "x y"), `error: "x y" is no cell id: 1 to 64 letters, digits, - and _`},
		{"delete", "a b c", del("a", "c"), "b"},
		{"delete nothing", "a b", del(), "a b"},
		{"delete unknown", "a b", del("a", "z"), "error: no cell z"},
		{"move up", "a b c d", move("a", "d"), "a d b c"},
		{"move down", "a b c d", move("d", "a", "b"), "c d a b"},
		{"move first", "a b c d", move("", "d", "b"), "b d a c"},
		{"move after itself", "a b c d", move("b", "b"), "a b c d"},
		{"move a block after its member", "a b c d", move("c", "b", "c"), "a b c d"},
		{"move scattered after a member", "a b c d", move("d", "b", "d"), "a c b d"},
		{"move unknown", "a b", move("a", "z"), "error: no cell z"},
		{"split at a line", "a:x|y b", split("a", 2), "a:x new:y b"},
		{"split before the line end", "a:x|y b", split("a", 1), "a:x new:y b"},
		{"split in a line", "a:xy", split("a", 1), "a:x new:y"},
		{"split at the ends", "a:xy", split("a", 0), "a new:xy"},
		{"split past the end", "a:xy", split("a", 3), "error: cell a has no offset 3"},
		{"merge", "a:x b:y c:z", merge("c", "a"), "a:x|z b:y"},
		{"split at blank lines", "a:x|||y b", split("a", 2), "a:x new:y b"},
		{"merge an empty one", "a b:y c:z", merge("a", "b", "c"), "a:y|z"},
		{"merge none", "a:x", merge(), "a:x"},
	} {
		t.Run(test.name, func(t *testing.T) {
			n := doc(test.before)
			out, err := test.edit(n)
			got := ""
			if err != nil {
				got = "error: " + err.Error()
			} else {
				got = show(out)
			}
			if got != test.after {
				t.Errorf("got  %s\nwant %s", got, test.after)
			}
			if show(n) != test.before {
				t.Errorf("the notebook edited became %s", show(n))
			}
		})
	}
}

func TestMergeKinds(t *testing.T) {
	n := doc("a:x b:y")
	n.Cells[0].Kind = Markdown
	out, err := n.Merge("a", "b")
	if err != nil || len(out.Cells) != 1 || out.Cells[0].Kind != Markdown || out.Cells[0].Source != "x\n\ny" {
		t.Errorf("a Markdown cell and a Go cell below it became %+v, %v", out, err)
	}
}

func TestNewID(t *testing.T) {
	seen := map[CellID]bool{}
	for range 1000 {
		id := NewID()
		if !id.Valid() || seen[id] {
			t.Fatalf("bad or repeated id %q", id)
		}
		seen[id] = true
	}
}

func TestReconcile(t *testing.T) {
	for _, test := range []struct{ name, old, next, want string }{
		{"nothing changed", "a:1 b:2", "p:1 q:2", "a:1 b:2"},
		{"one edited", "a:1 b:2 c:3", "p:1 q:9 r:3", "a:1 b:9 c:3"},
		{"one inserted", "a:1 c:3", "p:1 q:2 r:3", "a:1 q:2 c:3"},
		{"one deleted", "a:1 b:2 c:3", "p:1 r:3", "a:1 c:3"},
		{"moved", "a:1 b:2 c:3", "p:3 q:1 r:2", "c:3 a:1 b:2"},
		{"moved and one edited", "a:1 b:2 c:3", "p:3 q:1 r:9", "c:3 a:1 r:9"},
		{"equal texts keep their order", "a:x b:x c:x", "p:x q:x", "a:x b:x"},
		{"all new", "a:1", "p:2 q:3", "a:2 q:3"},
		{"from nothing", "", "p:2", "p:2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := show(Reconcile(doc(test.old), doc(test.next))); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	t.Run("an id of next that old uses elsewhere is made new", func(t *testing.T) {
		got := Reconcile(doc("b:1 a:2"), doc("a:1 b:7 c:2"))
		ids := map[CellID]bool{}
		for _, c := range got.Cells {
			if ids[c.ID] {
				t.Fatalf("id twice: %s", show(got))
			}
			ids[c.ID] = true
		}
	})
}

func FuzzMove(f *testing.F) {
	f.Add(uint8(5), uint8(3), uint16(0b10110))
	f.Fuzz(func(t *testing.T, size, after uint8, mask uint16) {
		n := &Notebook{}
		var ids []CellID
		for i := range int(size % 12) {
			id := CellID(fmt.Sprintf("c%d", i))
			n.Cells = append(n.Cells, Cell{ID: id, Kind: Go})
			if mask&(1<<i) != 0 {
				ids = append(ids, id)
			}
		}
		var to CellID
		if len(n.Cells) > 0 {
			to = n.Cells[int(after)%len(n.Cells)].ID
		}
		out, err := n.Move(ids, to)
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Cells) != len(n.Cells) {
			t.Fatalf("%d cells became %d", len(n.Cells), len(out.Cells))
		}
		for _, c := range n.Cells {
			if out.Index(c.ID) < 0 {
				t.Fatalf("lost %s", c.ID)
			}
		}
	})
}
