package file

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestOthers opens notebooks that other programs wrote: those in testdata/others
// (its README says whose), and whatever lies below the folder that STNB_NOTEBOOKS
// names. They come back byte for byte, and nothing is lost on the way to Markdown
// and back.
func TestOthers(t *testing.T) {
	roots := []string{filepath.Join("testdata", "others")}
	if more := os.Getenv("STNB_NOTEBOOKS"); more != "" {
		roots = append(roots, more)
	}
	count := 0
	for _, root := range roots {
		err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(name, ".ipynb") {
				return err
			}
			count++
			t.Run(filepath.Base(name), func(t *testing.T) {
				data, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				opens(t, data)
			})
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if count < 4 {
		t.Errorf("%d notebooks were tried", count)
	}
}

func opens(t *testing.T, data []byte) {
	nb, err := Read("a.ipynb", data)
	if err != nil {
		if strings.Contains(string(data), `"nbformat"`) {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	same, err := Write("a.ipynb", nb)
	if err != nil || string(same) != string(data) {
		t.Errorf("it is not written as it was: %v", err)
	}
	md, side, err := Convert("a.ipynb", data, nil, "a.md")
	if err != nil {
		t.Fatal(err)
	}
	back, _, err := Convert("a.md", md, side, "a.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	again, err := Read("a.ipynb", back)
	if err != nil {
		t.Fatal(err)
	}
	withoutDefaults(again, nb) // kernelspec and language are added where there are none
	if got, want := dump(again), dump(nb); got != want {
		t.Errorf("through Markdown it became\n%s\nfrom\n%s", got, want)
	}
	for i, c := range nb.Cells {
		was, is := membersOf(c.Origin), membersOf(again.Cells[i].Origin)
		for _, key := range []string{"outputs", "execution_count", "attachments"} {
			if a, b := canonical(was[key]), canonical(is[key]); a != b && !(a == "" && (b == "[]" || b == "null")) {
				t.Errorf("cell %d: %s became %.200s, was %.200s", i+1, key, b, a)
			}
		}
	}
}

// membersOf are what a cell has in its file.
func membersOf(origin any) map[string]json.RawMessage {
	out := map[string]json.RawMessage{}
	if o, ok := origin.(*ipCell); ok {
		for _, m := range o.members {
			out[m.key] = m.raw
		}
	}
	return out
}

// canonical is JSON in one form, whatever its layout.
func canonical(raw json.RawMessage) string {
	if raw == nil {
		return ""
	}
	var v any
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if dec.Decode(&v) != nil {
		return string(raw)
	}
	b, _ := json.Marshal(v)
	return string(b)
}
