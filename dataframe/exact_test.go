package dataframe

import (
	"math"
	"math/big"
	"testing"

	"stnb.dev/duckconn"
)

// Decimal is what a library's type looks like from here.
type Decimal struct{ text string }

func (d Decimal) String() string { return d.text }

// TestExactNumbers: numbers that no float holds stay what they are on their way into a
// frame, through DuckDB and back, and are in the order of numbers.
func TestExactNumbers(t *testing.T) {
	sp := space(t)
	huge, _ := new(big.Int).SetString("-170141183460469231731687303715884105728", 10)
	for name, c := range map[string]struct {
		data        any
		typ, sorted string
	}{
		"decimals":           {[]duckconn.Decimal{"10.25", "12345678901234567.125", "9.5", "-0.001"}, "DECIMAL(38,3)", "value\n-0.001\n9.500\n10.250\n12345678901234567.125"},
		"short ones":         {[]duckconn.Decimal{"10.25", "9.5"}, "DECIMAL(18,2)", "value\n9.50\n10.25"},
		"of a library":       {[]Decimal{{"10.1"}, {"9"}}, "DECIMAL(18,1)", "value\n9.0\n10.1"},
		"with whole numbers": {[]any{duckconn.Decimal("0.5"), int64(9007199254740993), nil}, "DECIMAL(18,1)", "value\n0.5\n9007199254740993.0\n"},
		"too long for any":   {[]duckconn.Decimal{"1.5", duckconn.Decimal("1" + huge.String()[1:])}, "DOUBLE", ""},
		"none":               {[]duckconn.Decimal{"1.5", "NaN"}, "DOUBLE", ""},
		"unsigned":           {[]uint64{math.MaxUint64, 3}, "HUGEINT", "value\n3\n18446744073709551615"},
		"big":                {[]*big.Int{big.NewInt(7), nil, huge}, "DOUBLE", ""},
		"big rationals":      {[]*big.Rat{big.NewRat(5, 4), big.NewRat(1, 2)}, "DECIMAL(18,2)", "value\n0.50\n1.25"},
	} {
		f := sp.From(c.data)
		cols, err := f.Columns()
		if err != nil || cols[0].Type != c.typ {
			t.Errorf("%s: %v %v, want %s", name, cols, err, c.typ)
		}
		if got := text(t, f.Sort(cols[0].Name)); c.sorted != "" && got != c.sorted {
			t.Errorf("%s: %q, want %q", name, got, c.sorted)
		}
	}
	type row struct {
		Signed   int64
		Unsigned uint64
	}
	in := []row{{math.MaxInt64, math.MaxUint64}, {9007199254740993, 9007199254740995}, {math.MinInt64, 0}}
	var out []row
	if err := sp.From(in).Filter("true").Collect(&out); err != nil || len(out) != 3 || out[0] != in[0] || out[1] != in[1] || out[2] != in[2] {
		t.Error(out, err)
	}
}

// TestExactEdits: what an editor sends for such numbers arrives exactly, beside others
// that came as floats.
func TestExactEdits(t *testing.T) {
	sp := space(t)
	f := sp.SQL("SELECT range AS big, CAST(range AS HUGEINT) AS huge, CAST(range AS DECIMAL(30,2)) AS price FROM range(3)")
	shown, err := sp.Pin(f, "editor")
	if err != nil {
		t.Fatal(err)
	}
	huge, _ := new(big.Int).SetString("170141183460469231731687303715884105727", 10)
	e := Edits{Ref: shown.Ref, Cells: map[int64]map[string]any{
		0: {"big": int64(9007199254740993), "huge": huge, "price": duckconn.Decimal("12345678901234567890.25")},
		1: {"big": int64(5), "huge": 5.0, "price": 0.5},
	}, Added: []map[string]any{{"big": int64(math.MinInt64), "huge": 7.0, "price": duckconn.Decimal("0.01")}}}
	var edited *Frame
	if err := sp.Edit(f, e, &edited); err != nil {
		t.Fatal(err)
	}
	want := "big huge price\n9007199254740993 170141183460469231731687303715884105727 12345678901234567890.25\n5 5 0.50\n2 2 2.00\n-9223372036854775808 7 0.01"
	if got := text(t, edited); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	// The same over Go data.
	own := []struct {
		N uint64
		D duckconn.Decimal
	}{{1, "0.5"}, {2, "1.25"}}
	err = sp.Edit(own, Edits{Cells: map[int64]map[string]any{
		0: {"N": new(big.Int).SetUint64(math.MaxUint64), "D": duckconn.Decimal("12345678901234567.5")}, 1: {"N": 3.0, "D": 2.5},
	}}, &own)
	if err != nil || own[0].N != math.MaxUint64 || own[0].D != "12345678901234567.5" || own[1].N != 3 || own[1].D != "2.5" {
		t.Error(own, err)
	}
}
