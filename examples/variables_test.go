package examples

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"stnb.dev/notebook/session"
	"stnb.dev/widgets/element"
)

// engines are those a notebook can be run by.
var engines = []string{"yaegi", "ssa"}

// TestVariables is what the variable explorer tells, on a real kernel.
func TestVariables(t *testing.T) {
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			e := editOn(t, engine, "n := 20", "n++", `import "time"
type Celsius float64
func (c Celsius) String() string { return "warm" }
type Reading struct { At Celsius; Wait time.Duration }
readings := []Reading{{1, time.Second}, {2, time.Minute}}
words := map[string][]string{"a": {"x", "y"}}
double := func(x int) int { return 2 * x }
big := make([]float64, 1000000)
_hidden := 1`, `import st "stnb.dev/widgets"
flights := st.SQL("select 1 as a, 'x' as b")
flights`, "never := 1")
			e.run("d", "c", "b")
			list, err := e.Variables(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, v := range list {
				size := "-"
				if v.Size > 0 {
					size = fmt.Sprint(v.Size)
				}
				got = append(got, fmt.Sprintf("%s %s %s %s %s %d %.60s", v.Name, v.Cell, v.Kind, v.Type, size, v.Len, v.Preview))
			}
			want := `big c value []float64 8000024 1000000 [0, 0, 0,
double c func func(x int) int - 0 func(x int) int
flights d frame *widgets.Frame - 0 2 columns: a, b
n b value int 8 0 21
readings c value []Reading 56 2 [{At: warm, Wait: 1s}, {At: warm, Wait: 1m
words c value map[string][]string 84 1 {a: ["x", "y"]}`
			for i, line := range strings.Split(want, "\n") {
				if i >= len(got) || !strings.HasPrefix(got[i], line) {
					t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), want)
					break
				}
			}
			if len(got) != 6 {
				t.Errorf("%d variables: %q", len(got), got)
			}
			for name, kind := range map[string]string{"readings": "dataframe", "flights": "dataframe", "words": "value", "n": "value"} {
				shown, err := e.Variable(context.Background(), name)
				if err != nil || shown.Element.Kind != kind {
					t.Errorf("%s shows as %s %s: %v", name, shown.Element.Kind, shown.Element.Props, err)
				}
				var frame element.Dataframe
				if kind == "dataframe" {
					if json.Unmarshal(shown.Element.Props, &frame) != nil || len(frame.Data.Columns) != 2 || frame.Data.Rows == 0 {
						t.Errorf("%s: %s", name, shown.Element.Props)
					}
				}
			}
			if _, err := e.Variable(context.Background(), "never"); err == nil {
				t.Error("a variable of a cell that never ran is shown")
			}
		})
	}
}

// While a cell runs, values are told as they were: nobody reads what it writes.
func TestVariablesWhileRunning(t *testing.T) {
	e := edit(t, "m := map[int]int{1: 1}", "for i := 0; ; i++ { m[i%1000] = i }")
	e.run("a")
	before, err := e.Variables(context.Background())
	if err != nil || len(before) != 1 {
		t.Fatalf("%v %v", before, err)
	}
	e.do(session.Op{Run: &session.Run{Cells: ids("b")}})
	e.until("b runs", func() bool { return strings.Contains(e.status(), "b:running") })
	for range 50 {
		if _, err := e.Variables(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	e.do(session.Op{Interrupt: &session.Interrupt{}})
	e.rest()
}
