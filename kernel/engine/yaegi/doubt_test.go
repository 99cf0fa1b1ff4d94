package yaegi

import (
	"strings"
	"testing"
	"time"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

const own = `type T struct{ A int }
func (t T) String() string { return "tee" }
func (t T) Hello() string { return "hello" }
type E struct{}
func (E) Error() string { return "e" }
type R struct{ io.Reader }
func (R) WriteTo(w io.Writer) (int64, error) { fmt.Print("here"); return 0, nil }
func logger() *slog.Logger { return slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr { if a.Key == "time" { return slog.Attr{} }; return a }})) }
`

// TestDoubts: where a value of the program's own types may come to compiled code is
// known before; the run itself goes on when it is none, and ends when it is one.
func TestDoubts(t *testing.T) {
	const refusal = "not supported by the yaegi engine"
	for name, c := range map[string]struct {
		main, doubt, want string
	}{
		"an any that is one":           {`var x any = T{1}; logger().Info("m", "k", x)`, "slog.Logger.Info with a value that may be of your own type T", refusal},
		"an any that is none":          {`var x any = T{1}; fmt.Print(x, " "); x = 3; logger().Info("m", "k", x)`, "slog.Logger.Info", "tee level=INFO msg=m k=3"},
		"no type of the program's":     {`var x any = 3; logger().Info("m", "k", x)`, "", "level=INFO msg=m k=3"},
		"a spread slice":               {`xs := []any{"k", T{1}}; logger().Info("m", xs...)`, "slog.Logger.Info", refusal},
		"the results of another call":  {`f := func() (string, any) { return "k", T{1} }; fmt.Print(slog.Any(f()))`, "slog.Any", refusal},
		"a method as a value":          {`f := logger().Info; f("m", "k", T{1})`, "slog.Logger.Info", "level=INFO msg=m k=tee"},
		"an error that is none":        {`var x any = T{1}; fmt.Print(x, " "); logger().Info("m", "err", io.EOF)`, "", "tee level=INFO msg=m err=EOF"},
		"an error that may be one":     {`var err error = E{}; logger().Info("m", "err", err)`, "with a value that may be of your own type E", refusal},
		"a map that holds one":         {`template.Must(template.New("").Parse("{{.x.Hello}}")).Execute(os.Stdout, map[string]any{"x": T{1}})`, "template.Template.Execute", refusal},
		"a map that holds none":        {`fmt.Print(T{1}, " "); m := map[string]any{"x": 1}; m["m"] = m; template.Must(template.New("").Parse("{{.m.x}}")).Execute(os.Stdout, m)`, "template.Template.Execute", "tee 1"},
		"a reader with more to it":     {`var x any = R{strings.NewReader("x")}; io.Copy(io.Discard, x.(io.Reader))`, "may look for its method WriteTo", refusal},
		"the same by an interface":     {`var s interface{ Read([]byte) (int, error) } = R{strings.NewReader("x")}; io.Copy(io.Discard, s)`, "may look for its method WriteTo", refusal},
		"a reader as it should be":     {`var x any = strings.NewReader("x"); fmt.Print(T{1}); _, err := io.Copy(io.Discard, x.(io.Reader)); fmt.Print(err)`, "", "tee<nil>"},
		"an interface with an adapter": {`var x any = T{1}; fmt.Print(x.(fmt.Stringer).String())`, "", "tee"},
	} {
		t.Run(name, func(t *testing.T) {
			src := "package main\nimport (\"fmt\"; \"io\"; \"log/slog\"; \"os\"; \"strings\"; \"text/template\")\nvar _, _, _ = strings.Repeat, template.New, slog.String\n" + own + "func main() {" + c.main + "}\n"
			p, problems := New(nil).Compile(nil, []wire.Unit{{ID: "u", Cell: "c", Func: "main", Source: src}})
			if len(problems) > 0 {
				t.Fatal(problems)
			}
			doubts := p.(engine.Doubter).Doubts()
			if (len(doubts) > 0) != (c.doubt != "") || c.doubt != "" && (!strings.Contains(doubts[0].Message, c.doubt) || doubts[0].Line < 2) {
				t.Errorf("doubts %+v", doubts)
			}
			r := one(name, src, c.want, 30*time.Second)
			if c.want == refusal && r.kind == "wrong" && strings.Contains(r.detail, refusal) {
				return
			}
			if r.kind != "pass" {
				t.Errorf("%s: %s", r.kind, r.detail)
			}
		})
	}
}
