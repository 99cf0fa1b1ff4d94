package widgets_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"stnb.dev/dataframe"
	"stnb.dev/widgets/core"
	"stnb.dev/widgets/internal/harness"

	st "stnb.dev/widgets"
)

type record struct {
	Name  string
	tags  []string
	inner *record
}

func TestCacheData(t *testing.T) {
	app := core.NewApp(core.AppConfig{Dir: t.TempDir()})
	calls := 0
	var got []record
	body := func() {
		load := st.CacheData("load", func(n int) ([]record, error) {
			calls++
			st.Write(fmt.Sprintf("loading %d", n))
			return []record{{"a", []string{"x"}, &record{Name: "in"}}}, nil
		})
		var err error
		if got, err = load.Get(1); err != nil {
			st.Error(err.Error())
		}
		if st.Button("clear one") {
			load.ClearFor(1)
		}
		if st.Button("clear") {
			load.Clear()
		}
	}
	a := harness.NewIn(t, app, body).Run()
	got[0].Name, got[0].tags[0], got[0].inner.Name = "changed", "changed", "changed" // the first one, too, is a copy
	a.Run()
	if calls != 1 || got[0].Name != "a" || got[0].tags[0] != "x" || got[0].inner.Name != "in" {
		t.Error(calls, got[0])
	}
	a.Contains("loading 1") // shown again with the hit
	b := harness.NewIn(t, app, body).Run()
	if b.Contains("loading 1"); calls != 1 {
		t.Error("sessions do not share")
	}
	a.Click("clear one").Run().Click("clear").Run()
	if calls != 3 {
		t.Error(calls)
	}
	harness.New(t, body).Run()
	if calls != 4 {
		t.Error("apps share")
	}
}

func TestCacheLimits(t *testing.T) {
	calls := map[int]int{}
	ttl := 20 * time.Millisecond
	a := harness.New(t, func() {
		c := st.CacheData("c", func(n int) (int, error) { calls[n]++; return n, nil }, st.MaxEntries(2))
		for _, n := range []int{1, 2, 1, 3, 1, 2} { // 2 is out when 3 comes
			c.Must(n)
		}
		d := st.CacheData("d", func(n int) (int, error) { calls[n]++; return n, nil }, st.TTL(ttl))
		d.Must(10)
		time.Sleep(ttl + 5*time.Millisecond)
		d.Must(10)
		e := st.CacheData("e", func(n int) (int, error) { calls[n]++; return 0, errors.New("no") })
		e.Get(20)
		e.Get(20)
	}).Run()
	if a.Panic != nil || fmt.Sprint(calls) != "map[1:1 2:2 3:1 10:2 20:2]" {
		t.Error(calls, a.Panic)
	}
}

func TestCacheOnDisk(t *testing.T) {
	dir := t.TempDir()
	calls := 0
	var got record
	body := func() {
		c := st.CacheData("c", func(k string) (record, error) { calls++; return record{Name: k}, nil }, st.OnDisk())
		got = c.Must("k")
	}
	for range 2 { // another process
		harness.NewIn(t, core.NewApp(core.AppConfig{Dir: dir}), body).Run()
	}
	if calls != 1 || got.Name != "k" {
		t.Error(calls, got)
	}
	files, _ := filepath.Glob(filepath.Join(dir, ".stnb", "cache", "*", "*.json"))
	if len(files) != 1 {
		t.Fatal(files)
	}
	os.WriteFile(files[0], []byte("{broken"), 0o600)
	harness.NewIn(t, core.NewApp(core.AppConfig{Dir: dir}), body).Run()
	if calls != 2 {
		t.Error("a broken file was taken")
	}
}

type resource struct{ closed *int }

func (r *resource) Close() error { *r.closed++; return nil }

func TestCacheResource(t *testing.T) {
	closed := 0
	var one, two *resource
	a := harness.New(t, func() {
		c := st.CacheResource("r", func(string) (*resource, error) { return &resource{&closed}, nil })
		one, two = c.Must("url"), c.Must("url")
		if st.Button("clear") {
			c.Clear()
		}
	}).Run()
	if one != two || one == nil {
		t.Error("not the same object")
	}
	if a.Click("clear"); closed != 1 {
		t.Error(closed)
	}
}

func TestCacheComputesOnce(t *testing.T) {
	var calls atomic.Int64
	a := harness.New(t, func() {
		c := st.CacheData("c", func(int) (int, error) {
			calls.Add(1)
			time.Sleep(20 * time.Millisecond)
			return 7, nil
		})
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if c.Must(1) != 7 {
					t.Error("wrong")
				}
			})
		}
		wg.Wait()
	}).Run()
	if calls.Load() != 1 || a.Panic != nil {
		t.Error(calls.Load(), a.Panic)
	}
}

func TestCacheFrames(t *testing.T) {
	app := core.NewApp(core.AppConfig{Dir: t.TempDir()})
	calls := 0
	body := func() {
		c := st.CacheData("c", func(f *dataframe.Frame) (*dataframe.Frame, error) {
			calls++
			return f.With("y", "x + random()"), nil
		})
		f := c.Must(st.SQL("SELECT range AS x FROM range(3)"))
		v, err := f.Agg("sum(y) AS s").Value()
		if err != nil {
			st.Error(err.Error())
		}
		st.Write(fmt.Sprint(v))
	}
	a := harness.NewIn(t, app, body).Run()
	first := a.Text()
	a.Session.Close()
	b := harness.NewIn(t, app, body).Run()
	if b.Text() != first || calls != 1 {
		t.Error(calls, first, b.Text())
	}
}

func TestCacheKeys(t *testing.T) {
	var calls int
	a := harness.New(t, func() {
		c := st.CacheData("any", func(any) (int, error) { calls++; return 0, nil })
		big := make([]float64, 2_000_000)
		for _, k := range []any{1, int64(1), "1", 1.0, []int{1}, [1]int{1}, map[string]int{"a": 1}, map[string]int{"a": 2}, record{tags: []string{"a"}}, record{tags: []string{"b"}}, &record{}, nil, "", []string{"a", "bc"}, []string{"ab", "c"}, big} {
			c.Must(k)
			c.Must(k)
		}
		big[1_234_567] = 1 // no sampling: one changed number of two million counts
		c.Must(big)
		c.Must(func() {})
	}).Run()
	if calls != 18 {
		t.Error(calls)
	}
	a.Contains(`ERROR st.CacheData("any") cannot tell keys apart: a func() has no content to compare`)
}

func TestCacheMisuse(t *testing.T) {
	a := harness.New(t, func() {
		st.CacheData("c", func(int) (int, error) {
			st.Checkbox("no")
			st.Toast("no")
			return 1, nil
		}).Must(1)
	}).Run()
	a.Contains(`ERROR st.Checkbox("no") is in a cached func: a hit would not show it; call it outside and hand its value in`)
	a.Contains(`ERROR st.Toast cannot be shown by a cached func: it would come again with every hit`)
}

func TestCacheSurvivesSupersededRun(t *testing.T) {
	var a *harness.App
	calls := 0
	a = harness.New(t, func() {
		c := st.CacheData("c", func(int) (int, error) {
			calls++
			if calls == 1 {
				a.Interrupt()
			}
			st.Write("in")
			return calls, nil
		})
		st.Write(fmt.Sprint(c.Must(1)))
	}).Run()
	a.Run().Contains("2")
	if a.Panic != nil {
		t.Error(a.Panic)
	}
}

func TestCacheDirective(t *testing.T) {
	calls := 0
	a := harness.New(t, func() {
		load := func(n int, s string) (int, error) {
			r := core.CacheCall("load", core.CacheOptions{Code: "v1"}, []any{n, s}, func() []any {
				calls++
				if n == 0 {
					return []any{0, errors.New("zero")}
				}
				return []any{n * 2, nil}
			})
			err, _ := r[1].(error)
			return r[0].(int), err
		}
		load(1, "a")
		x, err := load(1, "a")
		_, zero := load(0, "")
		load(0, "")
		st.Write(fmt.Sprint(x, err == nil, zero))
	}).Run()
	a.Contains("2 true zero")
	if calls != 3 {
		t.Error(calls)
	}
}

func TestCacheMissesChangedCode(t *testing.T) {
	calls := 0
	a := harness.New(t, func() {
		st.CacheData("c", func(int) (int, error) { calls++; return 0, nil }).Must(1)
	}).Run().Run()
	a.Source = "edited"
	if a.Run(); calls != 2 {
		t.Error(calls)
	}
}
