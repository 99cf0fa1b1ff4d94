package core

import (
	"slices"
	"strconv"
	"strings"

	"stnb.dev/dataframe"
)

func quote(s string) string { return strconv.Quote(s) }

// grouped writes a whole number with commas between thousands.
func grouped(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

func ptr[T any](v T) *T { return &v }

var namedColors = map[string]bool{
	"red": true, "orange": true, "yellow": true, "green": true, "blue": true, "violet": true, "purple": true,
	"gray": true, "grey": true, "black": true, "white": true, "pink": true, "brown": true, "cyan": true, "magenta": true,
}

// isColor says whether the text is a colour: "#rgb", "#rrggbb" or a common name.
func isColor(s string) bool {
	if namedColors[s] {
		return true
	}
	if len(s) != 4 && len(s) != 7 && len(s) != 9 || s[0] != '#' {
		return false
	}
	for _, r := range s[1:] {
		if !strings.ContainsRune("0123456789abcdefABCDEF", r) {
			return false
		}
	}
	return true
}

func columnNames(cols []dataframe.Column) string {
	out := make([]string, len(cols))
	for i, c := range cols {
		out[i] = c.Name
	}
	return strings.Join(out, ", ")
}

func hasColumn(cols []dataframe.Column, name string) bool {
	return slices.ContainsFunc(cols, func(c dataframe.Column) bool { return c.Name == name })
}
