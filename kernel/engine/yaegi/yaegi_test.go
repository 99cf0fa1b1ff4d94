package yaegi

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"stnb.dev/kernel/engine"
	"stnb.dev/kernel/wire"
)

// runMain compiles one unit and calls its func; what it prints comes back.
func runMain(t testing.TB, src string) (string, []wire.Problem, error) {
	t.Helper()
	g := New(nil)
	p, problems := g.Compile(nil, []wire.Unit{{ID: "u", Cell: "c", Func: "main", Source: src}})
	if len(problems) > 0 {
		return "", problems, nil
	}
	if os.Getenv("DUMP") != "" {
		for _, c := range p.(*program).chunks {
			fmt.Println(c.text)
		}
	}
	var out bytes.Buffer
	i, err := p.NewInstance(engine.Bindings{"fmt": {"Print": reflect.ValueOf(func(a ...any) (int, error) { return fmt.Fprint(&out, a...) })}})
	if err != nil {
		return "", nil, err
	}
	defer i.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	err = i.Call(ctx, "u")
	return out.String(), nil, err
}

func TestFile(t *testing.T) {
	name := os.Getenv("SRC")
	if name == "" {
		return
	}
	b, _ := os.ReadFile(name)
	dump = func(text string, err any) {
		for n, l := range strings.Split(text, "\n") {
			fmt.Printf("%4d %s\n", n+1, l)
		}
		fmt.Println(err)
	}
	out, problems, err := runMain(t, string(b))
	fmt.Print(out)
	fmt.Println("PROBLEMS", problems)
	fmt.Printf("ERR %v\n", err)
	if f, ok := err.(*engine.Fault); ok {
		for _, fr := range f.Frames {
			fmt.Printf("  %+v\n", fr)
		}
	}
}
