package core

import (
	"encoding/json"
	"fmt"

	"stnb.dev/dataframe"
)

// Selected is what people selected in a grid, by row number from 0 and column
// name. Rows are in the order of their numbers.
//
// In JSON rows that follow each other are a pair, the first and the one after the
// last, and cells may be a rectangle: {"rows": [[0, 10]], "columns": ["a"]}.
type Selected struct {
	Rows    []int64
	Columns []string
	Cells   []Cell
}

// Cell is one cell of a grid.
type Cell struct {
	Row    int64  `json:"row"`
	Column string `json:"column"`
}

// What one selection may hold: these come to the program one by one.
const (
	maxSelectedRows  = 10_000_000
	maxSelectedCells = 1_000_000
)

// UnmarshalJSON also reads [row, column], as browsers send it.
func (c *Cell) UnmarshalJSON(raw []byte) error {
	var pair [2]json.RawMessage
	if json.Unmarshal(raw, &pair) == nil {
		if err := json.Unmarshal(pair[0], &c.Row); err != nil {
			return err
		}
		return json.Unmarshal(pair[1], &c.Column)
	}
	type plain Cell
	return json.Unmarshal(raw, (*plain)(c))
}

var gridModes = []string{"single-row", "multi-row", "single-column", "multi-column", "multi-cell"}

// gridSelection is what can be selected in a grid, "" for nothing.
func (o *settings) gridSelection() string {
	if o.selection == nil {
		return ""
	}
	for _, m := range o.selection {
		return m
	}
	return "multi-row"
}

// span is a row number, or a pair of the first and the one after the last.
type span struct{ from, to int64 }

func (s *span) UnmarshalJSON(raw []byte) error {
	if json.Unmarshal(raw, &s.from) == nil {
		s.to = s.from + 1
		return nil
	}
	var pair [2]int64
	if err := json.Unmarshal(raw, &pair); err != nil {
		return err
	}
	s.from, s.to = pair[0], pair[1]
	return nil
}

func (s span) MarshalJSON() ([]byte, error) {
	if s.to == s.from+1 {
		return fmt.Append(nil, s.from), nil
	}
	return fmt.Appendf(nil, "[%d,%d]", s.from, s.to), nil
}

// numbers are the rows of spans, at most limit of them.
func numbers(spans []span, limit int64) ([]int64, error) {
	n := int64(0)
	for _, s := range spans {
		if s.from < 0 || s.to < s.from || s.to-s.from > limit {
			return nil, fmt.Errorf("rows %d to %d are too many, or none", s.from, s.to)
		}
		if n += s.to - s.from; n > limit {
			return nil, fmt.Errorf("at most %d rows can be selected", limit)
		}
	}
	rows := make([]int64, 0, n)
	for _, s := range spans {
		for i := s.from; i < s.to; i++ {
			rows = append(rows, i)
		}
	}
	return rows, nil
}

// UnmarshalJSON reads what MarshalJSON writes, and what browsers send.
func (v *Selected) UnmarshalJSON(raw []byte) error {
	var in struct {
		Rows    []span          `json:"rows"`
		Columns []string        `json:"columns"`
		Cells   json.RawMessage `json:"cells"`
	}
	if err := json.Unmarshal(raw, &in); err != nil {
		return err
	}
	rows, err := numbers(in.Rows, maxSelectedRows)
	if err != nil {
		return err
	}
	out := Selected{Rows: rows, Columns: in.Columns}
	var rect struct {
		Rows    []span   `json:"rows"`
		Columns []string `json:"columns"`
	}
	if len(in.Cells) > 0 && json.Unmarshal(in.Cells, &out.Cells) != nil {
		if err := json.Unmarshal(in.Cells, &rect); err != nil {
			return err
		}
		rows, err := numbers(rect.Rows, maxSelectedCells/max(int64(len(rect.Columns)), 1))
		if err != nil {
			return err
		}
		out.Cells = make([]Cell, 0, len(rows)*len(rect.Columns))
		for _, r := range rows {
			for _, c := range rect.Columns {
				out.Cells = append(out.Cells, Cell{r, c})
			}
		}
	}
	*v = out
	return nil
}

// MarshalJSON writes rows as spans: a million of them are one.
func (v Selected) MarshalJSON() ([]byte, error) {
	out := struct {
		Rows    []span   `json:"rows"`
		Columns []string `json:"columns"`
		Cells   []Cell   `json:"cells"`
	}{[]span{}, v.Columns, v.Cells}
	for _, r := range v.Rows {
		if n := len(out.Rows); n > 0 && out.Rows[n-1].to == r {
			out.Rows[n-1].to++
			continue
		}
		out.Rows = append(out.Rows, span{r, r + 1})
	}
	return json.Marshal(out)
}

// within says what of the selection is not in the grid.
func (v Selected) within(shown dataframe.Shown) error {
	known := map[string]bool{}
	for _, c := range shown.Columns {
		known[c.Name] = true
	}
	for _, r := range v.Rows {
		if r < 0 || r >= shown.Rows {
			return fmt.Errorf("row %d is not there", r)
		}
	}
	for _, c := range v.Columns {
		if !known[c] {
			return fmt.Errorf("column %q is not there", c)
		}
	}
	for _, c := range v.Cells {
		if c.Row < 0 || c.Row >= shown.Rows || !known[c.Column] {
			return fmt.Errorf("cell %d, %q is not there", c.Row, c.Column)
		}
	}
	return nil
}
