package server

import (
	"fmt"
	"regexp"
	"strings"
)

// Theme replaces colours and font of the front end; "" leaves what it has.
type Theme struct {
	Accent, Background, Surface, Text string // "#rrggbb"
	Font                              string // CSS names, separated by commas
}

var (
	isColor = regexp.MustCompile(`^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$`)
	isFont  = regexp.MustCompile(`^[-A-Za-z0-9 ,"']{1,200}$`)
)

// Check says what is wrong with a theme, in one line.
func (t Theme) Check() error {
	for name, value := range map[string]string{
		"primary_color": t.Accent, "background_color": t.Background, "secondary_background_color": t.Surface, "text_color": t.Text,
	} {
		if value != "" && !isColor.MatchString(value) {
			return fmt.Errorf("theme.%s: %q is no colour such as #0b6e87", name, value)
		}
	}
	if t.Font != "" && !isFont.MatchString(t.Font) {
		return fmt.Errorf("theme.font: %q is no list of font names", t.Font)
	}
	return nil
}

// css is a style sheet for the page's head, "" for a theme that replaces nothing.
// The properties are those of ui/web/src/style/base.css; the shades that stand
// beside a colour there are mixed from it.
func (t Theme) css() string {
	var b strings.Builder
	set := func(value string, properties ...string) {
		if value == "" {
			return
		}
		for _, p := range properties {
			b.WriteString(strings.ReplaceAll(p, "$", value) + ";")
		}
	}
	set(t.Accent, "--accent:$", "--focus:$", "--accent-hover:color-mix(in srgb,$ 85%,black)", "--accent-soft:color-mix(in srgb,$ 14%,transparent)")
	set(t.Background, "--bg:$", "--raised:color-mix(in srgb,$ 96%,white)")
	set(t.Surface, "--surface:$", "--sunken:$", "--code-bg:$")
	set(t.Text, "--text:$", "--muted:color-mix(in srgb,$ 72%,transparent)")
	set(t.Font, "--font:$")
	if b.Len() == 0 {
		return ""
	}
	return ":root:root{" + b.String() + "}"
}
