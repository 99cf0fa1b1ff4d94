package widgets_test

import (
	"context"
	"encoding/json"
	"fmt"
	"image"
	"strings"
	"testing"

	"stnb.dev/dataframe/page"
	"stnb.dev/widgets/core"
	"stnb.dev/widgets/element"
	"stnb.dev/widgets/internal/harness"

	st "stnb.dev/widgets"
)

// What a cached func showed is shown by each hit, wherever that is and whoever's:
// containers with what is in them, changes in place, the sidebar, media.
func TestCacheReplaysContainers(t *testing.T) {
	app := core.NewApp(core.AppConfig{Dir: t.TempDir()})
	calls := 0
	picture := image.NewGray(image.Rect(0, 0, 200, 200))
	for i := range picture.Pix { // too much to travel in an element
		picture.Pix[i] = uint8(i*i>>7 ^ i*13)
	}
	body := func() {
		outside := st.Container()
		report := st.CacheData("report", func(n int) (int, error) {
			calls++
			cols := st.Columns(2)
			cols[0].Write("left")
			cols[1].Expander("More").Write("inside")
			place := st.Empty()
			place.Write("first")
			place.Write("second")
			bar := st.Progress(10)
			bar.Progress(100)
			table := st.Table([]int{1})
			table.AddRows([]int{2})
			st.Sidebar.Write("aside")
			st.Image(picture)
			outside.Write("not of the func")
			return n, nil
		})
		st.Write("before")
		box := st.Container()
		box.With(func() { report.Must(1) })
		st.Write("after")
	}
	first := harness.NewIn(t, app, body).Run()
	want := first.Text()
	for _, line := range []string{"left", "  expander(More)", "inside", "second", "progress: 1", "sidebar: aside"} {
		first.Contains(strings.TrimSpace(line))
	}
	first.Lacks("first")
	first.Run()
	if got := first.Text(); got != strings.Replace(want, "\n  not of the func", "", 1) {
		t.Errorf("a hit shows\n%s\nthe first run showed\n%s", got, want)
	}
	other := harness.NewIn(t, app, body)
	other.Session.Cfg.ID = "other"
	other.Run()
	if got := other.Text(); got != strings.Replace(want, "\n  not of the func", "", 1) || calls != 1 {
		t.Errorf("%d calls; another session's hit shows\n%s\nthe first run showed\n%s", calls, got, want)
	}
	for _, d := range other.Tree.All() {
		if d.Element == nil || d.Element.Kind != "image" {
			continue
		}
		var p element.Image
		if err := json.Unmarshal(d.Element.Props, &p); err != nil {
			t.Fatal(err)
		}
		id, ok := strings.CutPrefix(p.URL, "media/other/")
		if !ok {
			t.Fatalf("the picture is another session's: %s", p.URL)
		}
		if _, data, err := other.Session.Page(context.Background(), page.Request{Frame: id, Format: "media"}); err != nil || len(data) == 0 {
			t.Error("the picture cannot be read:", err)
		}
	}
}

func TestCacheReplaysInItsCaller(t *testing.T) {
	twice := true
	a := harness.New(t, func() {
		f := st.CacheData("f", func(n int) (string, error) {
			st.Container().Write(fmt.Sprint("number ", n))
			return "", nil
		})
		f.Must(1)
		if twice {
			f.Must(1)
			f.Must(2)
		}
	}).Run()
	a.Expect("container", "  number 1", "container", "  number 1", "container", "  number 2")
	twice = false
	a.Run().Expect("container", "  number 1")
}

func TestCacheRefusesGrids(t *testing.T) {
	a := harness.New(t, func() {
		f := st.CacheData("f", func(int) (int, error) { st.Dataframe([]int{1}); return 1, nil })
		f.Must(1)
	}).Run()
	a.Contains("ERROR st.Dataframe is in a cached func: its rows are kept for one session, a hit is for all; return the data and show it outside")
}
