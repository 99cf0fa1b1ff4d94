package server

import (
	"strings"
	"testing"
)

func TestTheme(t *testing.T) {
	theme := Theme{Accent: "#ff0000", Font: "Inter, 'Noto Sans', sans-serif"}
	if err := theme.Check(); err != nil {
		t.Fatal(err)
	}
	h := startApp(t, func(c *AppConfig) { c.Theme = theme })
	res := h.visitor().get("/")
	if !strings.Contains(res.body, ":root:root{--accent:#ff0000;") || !strings.Contains(res.body, "--font:Inter, 'Noto Sans', sans-serif;}</style></head>") {
		t.Errorf("the page: %s", res.body)
	}
	for _, bad := range []Theme{
		{Accent: "red"}, {Text: "#12345"}, {Background: "#fff;}body{"}, {Font: "x;}</style><script>"}, {Surface: "url(//evil)"}, {Font: `a\b`},
	} {
		if err := bad.Check(); err == nil || strings.Contains(err.Error(), "\n") {
			t.Errorf("%+v: %v", bad, err)
		}
	}
	if (Theme{}).css() != "" {
		t.Error("no theme has a style sheet")
	}
}
