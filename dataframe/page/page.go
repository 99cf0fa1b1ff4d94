// Package page is the window of a frame that a browser asks for: a request that
// names columns only by their index, and the description of the reply whose rows
// are an Arrow IPC stream.
package page

// Request asks for rows [Offset, Offset+Limit) of the frame under an order and
// filters; of a Parquet file for bytes. Columns are indexes into Info.Columns, never text, so nothing a
// visitor sends becomes SQL.
type Request struct {
	Frame   string   `json:"frame"` // element.Frame.Ref
	Offset  int64    `json:"offset"`
	Limit   int      `json:"limit"` // at most 10,000; of CSV 0: all
	Sort    []Sort   `json:"sort,omitempty"`
	Filters []Filter `json:"filters,omitempty"`
	Search  string   `json:"search,omitempty"` // rows with a cell that contains this, case folded
	Columns []int    `json:"columns,omitempty"`
	// Format of the blob: "arrow" (default), "csv", "parquet" for downloads; "edits"
	// asks for none, "markdown" for Text as HTML, which the server answers by itself.
	// "media" asks for the bytes of the media element, upload or HTML page
	// whose id is Frame, as they are; only the server asks for it.
	Format string `json:"format,omitempty"`
	Text   string `json:"text,omitempty"`
	// Summary asks for column summaries of these columns instead of rows.
	Summary []int `json:"summary,omitempty"`
	// IDs asks for one more column, the last: the numbers the rows have in the
	// frame, whatever the order.
	IDs bool `json:"ids,omitempty"`
	// Edits are what a data editor changed: order, filters and search see it. They
	// are left in requests of Format "edits" under a name, the others name them.
	Edits *Edits `json:"edits,omitempty"`
	// Find asks where the rows of these numbers stand, Numbers which rows stand at
	// these places. The blob has the answer, two columns of it: the beginnings and
	// the ends of spans, in order.
	Find    []Span `json:"find,omitempty"`
	Numbers []Span `json:"numbers,omitempty"`
	// Progress asks how far the pass of View is, and for nothing else.
	Progress bool `json:"progress,omitempty"`
	// View names who asks. A new order or filter of a view cancels the pass for
	// the one before.
	View string `json:"view,omitempty"`
}

// Error is a reason that whoever asked may read, also a visitor of an app: it says
// nothing of the author's files, data and SQL, as what DuckDB says may.
type Error string

func (e Error) Error() string { return string(e) }

// Span is the numbers from the first to before the second.
type Span [2]int64

// Edits are cells with other values, as text, and rows that are not there.
type Edits struct {
	// Kept are the names under which they are, of a request of Format "edits" the
	// one name under which they come to be, with those that are there already.
	Kept    []string `json:"kept,omitempty"`
	Cells   []Cell   `json:"cells,omitempty"`
	Deleted []int64  `json:"deleted,omitempty"`
}

// Cell is a cell with another value; nil is none.
type Cell struct {
	Row    int64   `json:"row"`
	Column int     `json:"column"`
	Value  *string `json:"value,omitempty"`
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
	// Size is the size of a file that is asked for in parts, 0 while it is being
	// made; Made is how many bytes of it there are by then.
	Size int64 `json:"size,omitempty"`
	Made int64 `json:"made,omitempty"`
	// Done is how much of a pass is done, from 0 to 1, when that was asked for and
	// DuckDB can say.
	Done *float64 `json:"done,omitempty"`
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
