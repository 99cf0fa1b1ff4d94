package source

import "testing"

func TestMap(t *testing.T) {
	cell := "x := 1\n\n  x + y // sum"
	lowered := "func c() {\n\txʹ2 = 1\n\tShow(xʹ2 + y)\n}\n"
	at := func(text, sub string, n int) int {
		for i := range len(text) {
			if len(text)-i >= len(sub) && text[i:i+len(sub)] == sub {
				if n == 0 {
					return i
				}
				n--
			}
		}
		t.Fatal(sub)
		return 0
	}
	m := NewMap(lowered, cell, []Piece{
		{at(lowered, "xʹ2", 0), 4, 0, 1},
		{at(lowered, "=", 0), 1, at(cell, ":=", 0), 2},
		{at(lowered, "1", 0), 1, at(cell, "1", 0), 1},
		{at(lowered, "xʹ2", 1), 4, at(cell, "x", 1), 1},
		{at(lowered, "+", 0), 1, at(cell, "+", 0), 1},
		{at(lowered, "y)", 0), 1, at(cell, "y", 0), 1},
	})
	for _, test := range []struct {
		line, col   int // lowered
		wantL, want int // cell, 0 for none
	}{
		{1, 1, 0, 0},
		{2, 2, 1, 1},
		{2, 4, 1, 1}, // inside the name
		{2, 7, 1, 3},
		{3, 2, 3, 3}, // Show( maps to what it shows
		{3, 7, 3, 3},
		{3, 14, 3, 7},
		{3, 15, 3, 7}, // behind it
		{4, 1, 0, 0},
		{99, 1, 0, 0},
	} {
		l, c, ok := m.ToCell(test.line, test.col)
		if l != test.wantL || c != test.want || ok != (test.wantL > 0) {
			t.Errorf("ToCell(%d, %d) = %d, %d, %v; want %d, %d", test.line, test.col, l, c, ok, test.wantL, test.want)
		}
	}
	for _, test := range []struct{ line, col, wantL, want int }{
		{1, 1, 2, 2}, {1, 6, 2, 9}, {3, 3, 3, 7}, {3, 7, 3, 14}, {2, 1, 0, 0}, {3, 12, 0, 0},
	} {
		l, c, ok := m.ToLowered(test.line, test.col)
		if l != test.wantL || c != test.want || ok != (test.wantL > 0) {
			t.Errorf("ToLowered(%d, %d) = %d, %d, %v; want %d, %d", test.line, test.col, l, c, ok, test.wantL, test.want)
		}
	}
	if got, want := m.Lines(), "0:0 11:1 10:3 16:0"; got != want {
		t.Errorf("Lines() = %q, want %q", got, want)
	}
}
