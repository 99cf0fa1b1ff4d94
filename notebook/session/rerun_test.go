package session

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
)

func click(id string) wire.Trigger { return wire.Trigger{Click: id, Widget: "b"} }

func (r Request) String() string {
	var parts []string
	parts = append(parts, []string{"nothing", "fragments", "body"}[r.want])
	parts = append(parts, strs(r.Cells)...)
	parts = append(parts, r.Fragments...)
	var ws []string
	for id, v := range r.Widgets {
		ws = append(ws, id+"="+string(v))
	}
	slices.Sort(ws)
	parts = append(parts, ws...)
	for _, t := range r.Triggers {
		parts = append(parts, "!"+t.Click)
	}
	return strings.Join(parts, " ")
}

func widgets(pairs ...any) map[string]json.RawMessage {
	m := map[string]json.RawMessage{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i].(string)] = json.RawMessage(fmt.Sprint(pairs[i+1]))
	}
	return m
}

// Every pair of states of the machine, and what merging must keep.
func TestMerge(t *testing.T) {
	nothing := Request{}
	frag := Request{want: wantFragments, Fragments: []string{"f"}, Widgets: widgets("w", 1, "v", 1), Triggers: []wire.Trigger{click("1")}, Touch: true}
	other := Request{want: wantFragments, Fragments: []string{"f", "g"}, Widgets: widgets("w", 2), Triggers: []wire.Trigger{click("2")}, Touch: true}
	body := Request{want: wantBody, Widgets: widgets("w", 3), Triggers: []wire.Trigger{click("3")}, Touch: true}
	cells := Request{want: wantBody, Cells: []notebook.CellID{"a", "b"}}
	cells2 := Request{want: wantBody, Cells: []notebook.CellID{"b", "c"}, Touch: true}
	unseen := Request{Triggers: []wire.Trigger{click("0")}}
	for _, tt := range []struct {
		name         string
		older, newer Request
		want         string
		touch        bool
	}{
		{"nothing nothing", nothing, nothing, "nothing", false},
		{"nothing fragments", nothing, frag, "fragments f v=1 w=1 !1", true},
		{"nothing body", nothing, body, "body w=3 !3", true},
		{"fragments nothing", frag, nothing, "fragments f v=1 w=1 !1", true},
		{"fragments fragments: deduped, newest value wins, both clicks", frag, other, "fragments f g v=1 w=2 !1 !2", true},
		{"fragments body: fragment queue wiped, click kept", frag, body, "body v=1 w=3 !1 !3", true},
		{"body nothing", body, nothing, "body w=3 !3", true},
		{"body fragments", body, frag, "body v=1 w=1 !3 !1", true},
		{"body body", body, body, "body w=3 !3", true},
		{"cells united; by hand and by touch is by hand", cells, cells2, "body a b c", false},
		{"clicks a superseded run did not see come first", unseen, body, "body w=3 !0 !3", true},
		{"values without a wish are kept", Request{Widgets: widgets("w", 9)}, frag, "fragments f v=1 w=1 !1", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := tt.older.String() + "|" + tt.newer.String()
			got := tt.older.Merge(tt.newer)
			if got.String() != tt.want || got.Touch != tt.touch {
				t.Errorf("got %s (touch %v), want %s (touch %v)", got, got.Touch, tt.want, tt.touch)
			}
			if tt.older.String()+"|"+tt.newer.String() != before {
				t.Error("Merge changed what it was given")
			}
		})
	}
}

func TestSupersedes(t *testing.T) {
	body := Request{want: wantBody, Touch: true}
	byHand := Request{want: wantBody}
	f := Request{want: wantFragments, Fragments: []string{"f"}, Touch: true}
	g := Request{want: wantFragments, Fragments: []string{"g"}, Touch: true}
	for _, tt := range []struct {
		name           string
		newer, running Request
		want           bool
	}{
		{"body over body", body, body, true},
		{"body over fragment", body, f, true},
		{"fragment waits for body", f, body, false},
		{"fragment over itself", f, f, true},
		{"fragment waits for another", g, f, false},
		{"nothing over body", Request{}, body, false},
		{"touch waits for what was started by hand", body, byHand, false},
	} {
		if got := tt.newer.Supersedes(tt.running); got != tt.want {
			t.Errorf("%s: %v", tt.name, got)
		}
	}
}

// A click is given up when the kernel died under it twice; those that came after
// the first death are not.
func TestMergeTellsClicksThatSurvivedADeath(t *testing.T) {
	again := Request{want: wantBody, Triggers: []wire.Trigger{click("1")}, survived: []string{"1"}}
	m := again.Merge(Request{want: wantBody, Triggers: []wire.Trigger{click("2")}})
	if !slices.Equal(m.survived, []string{"1"}) || len(m.Triggers) != 2 {
		t.Errorf("%s survived %v", m, m.survived)
	}
}
