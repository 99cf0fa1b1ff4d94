// Package page is the window of a frame that a browser asks for: a request that
// names columns only by their index, and the description of the reply whose rows
// are an Arrow IPC stream.
package page

// Request asks for rows [Offset, Offset+Limit) of the frame under an order and
// filters. Columns are indexes into Info.Columns, never text, so nothing a
// visitor sends becomes SQL.
type Request struct {
	Frame   string   `json:"frame"` // element.Frame.Ref
	Offset  int64    `json:"offset"`
	Limit   int      `json:"limit"` // at most 10,000
	Sort    []Sort   `json:"sort,omitempty"`
	Filters []Filter `json:"filters,omitempty"`
	Search  string   `json:"search,omitempty"` // rows with a cell that contains this, case folded
	Columns []int    `json:"columns,omitempty"`
	// Format of the blob: "arrow" (default), "csv", "parquet" for downloads.
	// "media" asks for the bytes of the media element, upload or HTML page
	// whose id is Frame, as they are; only the server asks for it.
	Format string `json:"format,omitempty"`
	// Summary asks for column summaries of these columns instead of rows.
	Summary []int `json:"summary,omitempty"`
}

// Sort orders by one column.
type Sort struct {
	Column int  `json:"column"`
	Desc   bool `json:"desc,omitempty"`
}

// Filter keeps the rows whose column passes. Op: "eq" "ne" "lt" "le" "gt" "ge"
// "contains" "in" "null" "notnull".
type Filter struct {
	Column int      `json:"column"`
	Op     string   `json:"op"`
	Values []string `json:"values,omitempty"` // as text; cast to the column's type
}

// Reply describes the blob.
type Reply struct {
	Offset  int64     `json:"offset"`
	Rows    int       `json:"rows"`  // in the blob
	Total   int64     `json:"total"` // after filters and search
	Summary []Summary `json:"summary,omitempty"`
	// Type and Name describe a reply to Format "media": the MIME type, and the
	// file name when it is a download.
	Type string `json:"type,omitempty"`
	Name string `json:"name,omitempty"`
}

// Summary describes one column.
type Summary struct {
	Column   int      `json:"column"`
	Type     string   `json:"type"`
	Nulls    int64    `json:"nulls"`
	Distinct int64    `json:"distinct"` // approximate above 10,000
	Min      string   `json:"min,omitempty"`
	Max      string   `json:"max,omitempty"`
	Bins     []Bin    `json:"bins,omitempty"`
	Top      []string `json:"top,omitempty"`
}

// Bin is one bar of a histogram.
type Bin struct {
	Low   string `json:"low"`
	High  string `json:"high"`
	Count int64  `json:"count"`
}

// Column describes one column of a frame.
type Column struct {
	Name string `json:"name"`
	Type string `json:"type"` // DuckDB's name of the type
	Kind string `json:"kind"` // "int" "float" "decimal" "text" "bool" "date" "time" "datetime" "list" "struct" "blob" "other"
}
