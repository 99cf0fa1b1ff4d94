// Package core stands in for the real one where lowered text is compiled by the
// Go compiler: it prints what would be shown.
package core

import (
	"fmt"
	"strconv"
	"strings"

	"stnb.dev/dataframe"
)

func Show(v any) { fmt.Printf("show %v\n", v) }

func Preview(f *dataframe.Frame) { fmt.Println("preview", f.Text) }

func Err(err error) {
	if err != nil {
		fmt.Println("error", err)
	}
}

func Recovered(r any) any { return r }

func Said(code string, body func()) func() { return body }

func Known(about string, v any) any { return v }

func Markdown(text string, args ...any) {
	for i, a := range args {
		text = strings.ReplaceAll(text, "\x00"+strconv.Itoa(i)+"\x00", fmt.Sprint(a))
	}
	fmt.Println("markdown", text)
}

type SQLOptions struct {
	Connection     string
	Params, Tables map[string]any
}

func SQL(text string, o SQLOptions) *dataframe.Frame {
	fmt.Println("sql", text, o.Connection, o.Params, o.Tables)
	return &dataframe.Frame{Text: text}
}
