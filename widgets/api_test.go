package widgets_test

import (
	"bytes"
	"flag"
	"go/token"
	"io/fs"
	"os"
	"strings"
	"testing"

	"stnb.dev/widgets/internal/veneer"

	st "stnb.dev/widgets"
)

var update = flag.Bool("update", false, "write testdata/api.txt anew")

// The public API is one file that is read in reviews: a change of it is meant.
func TestAPI(t *testing.T) {
	lines, undocumented, err := veneer.API(token.NewFileSet(), map[string]fs.FS{
		"st": os.DirFS("."), "core": os.DirFS("core"), "dataframe": os.DirFS("../dataframe"),
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range undocumented {
		t.Errorf("no doc comment: %s", u)
	}
	got := []byte(strings.Join(lines, "\n") + "\n")
	const golden = "testdata/api.txt"
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("the API is not what %s says; if that is meant, run go test ./widgets -run TestAPI -update and read the diff", golden)
	}
}

// Every method of a block has a func, and the other way round.
func TestGeneratedIsFresh(t *testing.T) {
	funcs, options, err := veneer.Generate(os.DirFS("core"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]byte{"funcs.go": funcs, "options.go": options} {
		if got, err := os.ReadFile(name); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not what package core says: run go generate ./widgets", name)
		}
	}
}

func TestSource(t *testing.T) {
	src := st.Source()
	if len(src["funcs.go"]) == 0 || len(src["choose.go"]) == 0 || src["source.go"] != "" {
		t.Error("the engines do not get the source")
	}
	for name := range src {
		if strings.HasSuffix(name, "_test.go") {
			t.Error(name)
		}
	}
}
