package core

import (
	"encoding/json"
	"fmt"
	"math/big"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"stnb.dev/duckconn"
	"stnb.dev/widgets/element"
)

// ColumnKind says how a grid's column is shown and edited: NumberColumn and its
// like make them.
type ColumnKind func(*element.ColumnConfig)

// Column configures a column of a grid: st.Column("age", st.NumberColumn(st.Min(0))).
// Without a kind it is shown as its type says.
func Column(name string, kind ...ColumnKind) Option {
	return func(o *settings) {
		cc := element.ColumnConfig{Name: name}
		for _, k := range kind {
			if k != nil {
				k(&cc)
			}
		}
		o.columns = append(o.columns, cc)
	}
}

// HideColumn leaves a column out.
func HideColumn(name string) Option {
	return func(o *settings) {
		o.columns = append(o.columns, element.ColumnConfig{Name: name, Hidden: true})
	}
}

// Required keeps a new row back until the column is filled.
func Required() Option { return func(o *settings) { o.required = true } }

// Validate bounds a text column to what the regular expression matches.
func Validate(pattern string) Option { return func(o *settings) { o.validate = pattern } }

// Choices are the options of a selectbox or multiselect column.
func Choices(values ...any) Option { return func(o *settings) { o.choices = values } }

// Pinned keeps a column in view at the left.
func Pinned() Option { return func(o *settings) { o.pinned = true } }

// AnyColumn is a column of whatever kind its data is; for a heading, a width or
// Help.
func AnyColumn(opts ...Option) ColumnKind { return column("", opts) }

// TextColumn is text: MaxChars and Validate bound it.
func TextColumn(opts ...Option) ColumnKind { return column("text", opts) }

// NumberColumn is numbers: Min, Max, Step and Format. It takes whole numbers only
// when one of Min, Max, Step and Value is a whole number of Go.
func NumberColumn(opts ...Option) ColumnKind { return column("number", opts) }

// CheckboxColumn is true or false.
func CheckboxColumn(opts ...Option) ColumnKind { return column("checkbox", opts) }

// SelectboxColumn is one of Choices.
func SelectboxColumn(opts ...Option) ColumnKind { return column("select", opts) }

// MultiselectColumn is lists of texts: any number of Choices, with AcceptNew also
// others.
func MultiselectColumn(opts ...Option) ColumnKind { return column("multiselect", opts) }

// DateColumn is dates: Min, Max and Format.
func DateColumn(opts ...Option) ColumnKind { return column("date", opts) }

// TimeColumn is times of day.
func TimeColumn(opts ...Option) ColumnKind { return column("time", opts) }

// DatetimeColumn is dates with a time of day: Min, Max and Format.
func DatetimeColumn(opts ...Option) ColumnKind { return column("datetime", opts) }

// ListColumn is lists.
func ListColumn(opts ...Option) ColumnKind { return column("list", opts) }

// LinkColumn is links to click: MaxChars and Validate bound them.
func LinkColumn(opts ...Option) ColumnKind { return column("link", opts) }

// ImageColumn is images by their links.
func ImageColumn(opts ...Option) ColumnKind { return column("image", opts) }

// AudioColumn is sounds by their links; a cell that is opened plays.
func AudioColumn(opts ...Option) ColumnKind { return column("audio", opts) }

// VideoColumn is films by their links; a cell that is opened plays.
func VideoColumn(opts ...Option) ColumnKind { return column("video", opts) }

// JSONColumn is JSON, as text or as structs; a cell that is opened shows it as a tree.
func JSONColumn(opts ...Option) ColumnKind { return column("json", opts) }

// MarkdownColumn is Markdown; a cell that is opened shows it rendered, or in an
// editor its text: MaxChars and Validate bound it.
func MarkdownColumn(opts ...Option) ColumnKind { return column("markdown", opts) }

// LineChartColumn draws lists of numbers as lines between Min and Max.
func LineChartColumn(opts ...Option) ColumnKind { return column("lineChart", opts) }

// BarChartColumn draws lists of numbers as bars between Min and Max.
func BarChartColumn(opts ...Option) ColumnKind { return column("barChart", opts) }

// AreaChartColumn draws lists of numbers as areas between Min and Max.
func AreaChartColumn(opts ...Option) ColumnKind { return column("areaChart", opts) }

// ProgressColumn draws numbers as bars from Min to Max.
func ProgressColumn(opts ...Option) ColumnKind { return column("progress", opts) }

func column(kind string, opts []Option) ColumnKind {
	o := apply(opts)
	return func(cc *element.ColumnConfig) {
		cc.Kind, cc.Label, cc.Help, cc.Format = kind, o.label, o.help, o.format
		cc.Disabled, cc.Required, cc.Pinned = o.disabled, o.required, o.pinned
		cc.MaxChars, cc.Validate, cc.AcceptNew = o.maxChars, o.validate, o.acceptNew
		switch o.width {
		case "small":
			cc.Width = 75
		case "medium":
			cc.Width = 200
		case "large":
			cc.Width = 400
		default:
			cc.Width, _ = strconv.Atoi(o.width)
		}
		whole := false
		number := func(v any) *float64 {
			if v == nil {
				return nil
			}
			r := reflect.ValueOf(v)
			switch {
			case r.CanInt():
				whole = true
				return ptr(float64(r.Int()))
			case r.CanUint():
				whole = true
				return ptr(float64(r.Uint()))
			case r.CanFloat():
				return ptr(r.Float())
			}
			return nil
		}
		cc.Min, cc.Max, cc.Step = number(o.min), number(o.max), number(o.step)
		text := func(v any) string {
			t, ok := v.(time.Time)
			switch {
			case !ok:
				return ""
			case kind == "date":
				return t.Format(dayForm)
			case kind == "time":
				return t.Format("15:04")
			}
			return t.Format(minuteForm)
		}
		cc.MinText, cc.MaxText = text(o.min), text(o.max)
		for _, c := range o.choices {
			cc.Options = append(cc.Options, fmt.Sprint(c))
		}
		if len(o.value) > 0 {
			number(o.value[0])
			cc.Default, _ = json.Marshal(o.value[0])
			if kind == "multiselect" {
				cc.Default, _ = json.Marshal(o.value)
			}
		}
		if kind == "number" && whole && cc.Step == nil {
			cc.Step = ptr(1.0)
		}
	}
}

// cell checks one value that a browser sends for a column and makes it a plain
// value.
type cellCheck struct {
	kind     string // of the data, as dataframe.Column
	cc       element.ColumnConfig
	re       *regexp.Regexp
	editable bool
}

func newCellCheck(kind string, cc element.ColumnConfig, readOnly bool) (cellCheck, error) {
	c := cellCheck{kind: kind, cc: cc}
	switch cc.Kind {
	case "", "text", "number", "checkbox", "select", "multiselect", "date", "time", "datetime", "link", "markdown":
		c.editable = !readOnly && !cc.Disabled
	}
	switch kind {
	case "struct", "blob", "other":
		c.editable = false
	}
	if (kind == "list") != (cc.Kind == "multiselect") {
		c.editable = false
	}
	if cc.Validate != "" {
		re, err := regexp.Compile(cc.Validate)
		if err != nil {
			return c, fmt.Errorf("has st.Validate(%q), which is no regular expression: %v", cc.Validate, err)
		}
		c.re = re
	}
	return c, nil
}

// takes says whether the column can be edited and takes the value.
func (c cellCheck) takes(v any) bool {
	_, err := c.check(v)
	return c.editable && err == nil
}

// exact reads a number that has more digits than a float holds, and so comes as text.
func (c cellCheck) exact(text, kind string) (any, error) {
	r, ok := new(big.Rat).SetString(text)
	if !ok || len(text) > 80 || strings.ContainsAny(text, "eE/_xXpP") {
		return nil, fmt.Errorf("is no number")
	}
	if x, _ := r.Float64(); c.cc.Min != nil && x < *c.cc.Min || c.cc.Max != nil && x > *c.cc.Max {
		return nil, fmt.Errorf("%s is out of bounds", text)
	}
	switch {
	case kind != "int" && !r.IsInt():
		return duckconn.Decimal(text), nil
	case !r.IsInt():
		return nil, fmt.Errorf("%s is no whole number", text)
	case r.Num().IsInt64():
		return r.Num().Int64(), nil
	case kind == "int" || r.Num().BitLen() > 127:
		return nil, fmt.Errorf("%s is too large", text)
	}
	return new(big.Int).Set(r.Num()), nil
}

func (c cellCheck) check(v any) (any, error) {
	if v == nil {
		return nil, nil
	}
	kind := c.kind
	switch c.cc.Kind {
	case "multiselect":
		return c.several(v)
	case "number":
		if kind != "int" && kind != "decimal" {
			kind = "float"
			if s := c.cc.Step; s != nil && *s == float64(int64(*s)) {
				kind = "int"
			}
		}
	case "checkbox":
		kind = "bool"
	case "date", "time", "datetime":
		kind = c.cc.Kind
	case "text", "link":
		if kind == "text" || kind == "" {
			kind = "text"
		}
	}
	switch kind {
	case "int", "float", "decimal":
		if t, ok := v.(string); ok && kind != "float" {
			return c.exact(t, kind)
		}
		x, ok := v.(float64)
		if !ok {
			return nil, fmt.Errorf("is no number")
		}
		if c.cc.Min != nil && x < *c.cc.Min || c.cc.Max != nil && x > *c.cc.Max {
			return nil, fmt.Errorf("%s is out of bounds", num(x))
		}
		if kind == "int" {
			if x != float64(int64(x)) {
				return nil, fmt.Errorf("%s is no whole number", num(x))
			}
			return int64(x), nil
		}
		return x, nil
	case "bool":
		b, ok := v.(bool)
		if !ok {
			return nil, fmt.Errorf("is neither true nor false")
		}
		return b, nil
	case "date", "datetime", "time":
		t, ok := v.(string)
		if !ok {
			return nil, fmt.Errorf("is no %s", kind)
		}
		forms := map[string][]string{
			"date":     {dayForm},
			"time":     {"15:04", "15:04:05"},
			"datetime": {minuteForm, "2006-01-02T15:04:05", "2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05.999Z07:00", "2006-01-02 15:04:05", dayForm},
		}[kind]
		for _, f := range forms {
			at, err := time.Parse(f, t)
			if err != nil {
				continue
			}
			cmp := at.Format(map[string]string{"date": dayForm, "time": "15:04", "datetime": minuteForm}[kind])
			if c.cc.MinText != "" && cmp < c.cc.MinText || c.cc.MaxText != "" && cmp > c.cc.MaxText {
				return nil, fmt.Errorf("%s is out of bounds", t)
			}
			if kind == "time" {
				return clockOf(at), nil
			}
			return at, nil
		}
		return nil, fmt.Errorf("%q is no %s", t, kind)
	}
	t, ok := v.(string)
	if !ok {
		return nil, fmt.Errorf("is no text")
	}
	if c.cc.MaxChars > 0 && len([]rune(t)) > c.cc.MaxChars {
		return nil, fmt.Errorf("has more than %d characters", c.cc.MaxChars)
	}
	if c.re != nil && !c.re.MatchString(t) {
		return nil, fmt.Errorf("%q does not match %s", t, c.cc.Validate)
	}
	if c.cc.Kind == "select" && !slices.Contains(c.cc.Options, t) {
		return nil, fmt.Errorf("%q is not among the choices", t)
	}
	return t, nil
}

// several is a list of texts, each once.
func (c cellCheck) several(v any) (any, error) {
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("is no list")
	}
	for i, x := range list {
		t, ok := x.(string)
		if !ok {
			return nil, fmt.Errorf("is no list of texts")
		}
		if slices.Contains(list[:i], x) {
			return nil, fmt.Errorf("%q is there twice", t)
		}
		if !c.cc.AcceptNew && !slices.Contains(c.cc.Options, t) {
			return nil, fmt.Errorf("%q is not among the choices", t)
		}
	}
	if len(list) == 0 && c.cc.Required {
		return nil, nil
	}
	return slices.Clone(list), nil
}
