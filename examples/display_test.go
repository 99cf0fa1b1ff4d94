package examples

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"stnb.dev/dataframe/page"
	"stnb.dev/notebook"
	"stnb.dev/widgets/element"
)

// Values say by String and Error how they read, wherever they stand, in trees and
// in tables, on both engines.
func TestDisplay(t *testing.T) {
	const defs = `import ("errors"; "fmt"; "time")
type Celsius float64
func (c Celsius) String() string { return fmt.Sprintf("%.1f°C", float64(c)) }
type Oops struct { Code int }
func (o *Oops) Error() string { return fmt.Sprint("oops ", o.Code) }
type Level int
func (l Level) String() string { return [...]string{"low", "high"}[l] }
type Reading struct { At time.Time; Temp Celsius; Err error; Level Level; Took time.Duration; tags map[string]Level }
type Node struct { Name string; Next *Node }
rs := []Reading{{time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), 21.5, &Oops{3}, 1, 1500 * time.Millisecond, map[string]Level{"a": 1}}, {Temp: 3, Err: errors.New("bad")}}
n := &Node{Name: "a"}
n.Next = n`
	cases := []struct{ source, want string }{
		{"rs[0]", "{At: 2026-01-02 03:04:05 +0000 UTC, Temp: 21.5°C, Err: oops 3, Level: high, Took: 1.5s, tags: {a: high}}"},
		{"n", `&{Name: "a", Next: …}`},
		{"[]Level{0, 1}", "[low, high]"},
		{"map[Level]Celsius{1: 2}", "{high: 2.0°C}"},
		{"[]error{&Oops{1}, nil}", "[oops 1, nil]"},
		{"struct{ T Celsius; P *Celsius }{T: 4}", "{T: 4.0°C, P: nil}"},
		{"[2]any{Level(1), &Oops{2}}", "[high, oops 2]"},
		{"Level(1)", "high"},
	}
	for _, engine := range engines {
		t.Run(engine, func(t *testing.T) {
			sources := []string{defs, "rs"}
			for _, c := range cases {
				sources = append(sources, c.source)
			}
			e := editOn(t, engine, sources...)
			e.runAll()
			for i, c := range cases {
				e.want(c.source, e.shows(notebook.CellID(rune('c'+i))), c.want)
			}
			for _, d := range e.document().Screen.Deltas {
				var p element.Dataframe
				if d.Path.Cell() != "b" || json.Unmarshal(d.Element.Props, &p) != nil || p.Data.Ref == "" {
					continue
				}
				_, data, err := e.Page(context.Background(), page.Request{Frame: p.Data.Ref, Limit: 10, Format: "csv"})
				if err != nil {
					t.Fatal(err)
				}
				rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff"))).ReadAll()
				if err != nil || len(rows) != 3 {
					t.Fatalf("%v %q", err, data)
				}
				e.want("columns", strings.Join(rows[0], "|"), "At|Temp|Err|Level|Took")
				e.want("first row", strings.Join(rows[1][1:], "|"), "21.5°C|oops 3|high|1.5s")
				e.want("second row", strings.Join(rows[2][1:], "|"), "3.0°C|bad|low|0s")
				return
			}
			t.Error("the slice of structs is no table")
		})
	}
}
