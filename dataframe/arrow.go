package dataframe

import (
	"bytes"
	"math/big"
	"strings"
	"time"

	"github.com/apache/arrow-go/v18/arrow"
	"github.com/apache/arrow-go/v18/arrow/array"
	"github.com/apache/arrow-go/v18/arrow/ipc"
	"github.com/apache/arrow-go/v18/arrow/memory"

	"stnb.dev/duckconn"
)

// encodeArrow writes rows as an Arrow IPC stream of one batch. Integers are
// int64, floats float64, dates date32, date-times timestamps in microseconds
// without a zone, lists of numbers lists of float64 and other lists lists of text;
// what these cannot hold exactly (decimals, 128-bit integers) and everything else
// is text as a person reads it.
func encodeArrow(cols []Column, rows [][]any) ([]byte, error) {
	fields := make([]arrow.Field, len(cols))
	for i, c := range cols {
		fields[i] = arrow.Field{Name: c.Name, Type: arrowType(c), Nullable: true}
	}
	schema := arrow.NewSchema(fields, nil)
	b := array.NewRecordBuilder(memory.DefaultAllocator, schema)
	defer b.Release()
	b.Reserve(len(rows))
	for i := range cols {
		fill(b.Field(i), rows, i)
	}
	rec := b.NewRecordBatch()
	defer rec.Release()
	var out bytes.Buffer
	w := ipc.NewWriter(&out, ipc.WithSchema(schema))
	if err := w.Write(rec); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func arrowType(c Column) arrow.DataType {
	switch c.Kind {
	case "list":
		item, _, _ := strings.Cut(c.Type, "[")
		if strings.Count(c.Type, "[") == 1 && isNumber(Kind(item)) {
			return arrow.ListOf(arrow.PrimitiveTypes.Float64)
		}
		return arrow.ListOf(arrow.BinaryTypes.String)
	case "int":
		return arrow.PrimitiveTypes.Int64
	case "float":
		return arrow.PrimitiveTypes.Float64
	case "bool":
		return arrow.FixedWidthTypes.Boolean
	case "date":
		return arrow.FixedWidthTypes.Date32
	case "datetime":
		return &arrow.TimestampType{Unit: arrow.Microsecond}
	}
	return arrow.BinaryTypes.String
}

func fill(b array.Builder, rows [][]any, col int) {
	for _, row := range rows {
		v := row[col]
		if v == nil {
			b.AppendNull()
			continue
		}
		switch x := b.(type) {
		case *array.ListBuilder:
			items, ok := v.([]any)
			if !ok {
				x.AppendNull()
				continue
			}
			x.Append(true)
			for _, item := range items[:min(len(items), maxItems)] {
				fill(x.ValueBuilder(), [][]any{{item}}, 0)
			}
		case *array.Int64Builder:
			if n, ok := v.(int64); ok {
				x.Append(n)
			} else if n, ok := v.(*big.Int); ok && n.IsInt64() {
				x.Append(n.Int64())
			} else {
				x.AppendNull()
			}
		case *array.Float64Builder:
			n, _ := Number(v)
			x.Append(n)
		case *array.BooleanBuilder:
			t, _ := v.(bool)
			x.Append(t)
		case *array.Date32Builder:
			if t, ok := v.(time.Time); ok {
				x.Append(arrow.Date32FromTime(t))
			} else {
				x.AppendNull() // infinity
			}
		case *array.TimestampBuilder:
			if t, ok := v.(time.Time); ok {
				x.Append(arrow.Timestamp(t.UnixMicro()))
			} else {
				x.AppendNull()
			}
		case *array.StringBuilder:
			x.Append(cut(duckconn.Text(v)))
		}
	}
}

// maxCell bounds the text of one cell in a window, bytes. The whole of it comes
// with a download.
const maxCell = 64 << 10

// maxItems bounds the items of one list in a window.
const maxItems = 2000

func cut(s string) string {
	if len(s) <= maxCell {
		return s
	}
	end := maxCell
	for end > 0 && s[end]&0xC0 == 0x80 {
		end--
	}
	return s[:end] + "…"
}
