package widgets_test

import (
	"fmt"
	"testing"
	"time"

	"stnb.dev/widgets/internal/harness"

	st "stnb.dev/widgets"
)

func TestTimeSliders(t *testing.T) {
	day := func(d int) time.Time { return time.Date(2026, 3, d, 0, 0, 0, 0, time.UTC) }
	var at, from, to time.Time
	var wait time.Duration
	a := harness.New(t, func() {
		at = st.TimeSlider("Day", day(1), day(20), st.Value(day(4)), st.Key("day"))
		from, to = st.TimeSliderRange("Shift", day(1).Add(8*time.Hour), day(1).Add(18*time.Hour))
		wait = st.DurationSlider("Wait", 0, time.Hour, st.Value(5*time.Minute))
		st.Button("Last", st.OnClick(func() { st.State("day", time.Time{}).Set(day(20)) }))
	}).Run()
	if at != day(4) || from.Hour() != 8 || to.Hour() != 18 || wait != 5*time.Minute {
		t.Error(at, from, to, wait)
	}
	a.Set("Day", []int64{day(7).UnixMilli()}).Set("Wait", []int64{60_000})
	if at != day(7) || wait != time.Minute {
		t.Error(at, wait)
	}
	if a.Click("Last"); at != day(20) {
		t.Error("session state does not set it:", at)
	}
	a.Raw(a.ID("Day"), "[0]")
	if at != day(20) || len(a.Result.Rejected) != 1 {
		t.Error("a date out of bounds was taken", at)
	}
	bad := harness.New(t, func() {
		st.TimeSlider("Day", day(9), day(1))
		st.DurationSlider("Wait", 0, time.Hour, st.Value(2*time.Hour))
	}).Run()
	bad.Contains(`ERROR st.TimeSlider("Day") has the range 2026-03-09 00:00:00 to 2026-03-01 00:00:00; the first must be the earlier`)
	bad.Contains(`ERROR st.DurationSlider("Wait") has a st.Value that is not within 0s to 1h0m0s`)
}

func TestMenuButton(t *testing.T) {
	var got string
	var ok bool
	a := harness.New(t, func() { got, ok = st.MenuButton("Export", []string{"CSV", "Parquet"}) }).Run()
	if ok {
		t.Error("chosen before it was opened")
	}
	if a.Send("Export", 1); !ok || got != "Parquet" {
		t.Error(got, ok)
	}
	if a.Run(); ok {
		t.Error("the choice lasts longer than its run")
	}
	if a.Send("Export", 2); ok {
		t.Error("an option that is not there was chosen")
	}
}

func TestPagination(t *testing.T) {
	pages, got := 9, 0
	a := harness.New(t, func() { got = st.Pagination(pages, st.Key("p")) }).Run()
	if got != 1 {
		t.Error(got)
	}
	if a.Set("p", 8); got != 8 {
		t.Error(got)
	}
	if a.Raw(a.ID("p"), "10"); got != 8 {
		t.Error("a page that is not there", got)
	}
	pages = 3
	if a.Run(); got != 3 {
		t.Error("with fewer pages it stays behind the last:", got)
	}
	pages = 0
	a.Run().Contains("ERROR st.Pagination has 0 pages; it needs at least one")
}

func TestTracked(t *testing.T) {
	var open, second bool
	calls := 0
	a := harness.New(t, func() {
		e := st.Expander("More", st.Key("more"), st.OnChange(func() { calls++ }))
		open = e.IsOpen()
		tabs := st.TabsWith([]string{"One", "Two"}, st.Key("tab"), st.Tracked())
		second = tabs[1].IsOpen()
		if tabs[0].IsOpen() == second {
			t.Error("two tabs at once, or none")
		}
		if !st.Expander("Free").IsOpen() {
			t.Error("what is not tracked counts as open")
		}
		st.Button("Show", st.OnClick(func() { st.State("tab", "").Set("Two") }))
	}).Run()
	if open || second {
		t.Error(open, second)
	}
	if a.Set("more", true); !open || calls != 1 {
		t.Error(open, calls)
	}
	if a.Set("tab", 1); !second {
		t.Error("the tab did not reach the app")
	}
	a.Set("tab", 0)
	if a.Click("Show"); !second {
		t.Error("session state does not open a tab")
	}
}

func TestQueryParamOption(t *testing.T) {
	var n int
	var city string
	var tags []string
	body := func() {
		n = st.Slider("N", 0, 10, st.QueryParam("n"))
		city = st.Selectbox("City", []string{"Bern", "Rome"}, st.QueryParam("city"))
		tags = st.Multiselect("Tags", []string{"a", "b", "c"}, st.QueryParam("tag"))
		st.TextInput("Q", st.QueryParam("q"))
	}
	a := harness.New(t, body)
	a.Goto("", "n=4&city=Rome&tag=c&tag=a&q=5")
	if n != 4 || city != "Rome" || len(tags) != 2 || tags[0] != "c" {
		t.Error("the address is not taken:", n, city, tags)
	}
	a.Contains(`textInput(Q)="5"`)
	if a.Result.Query != nil {
		t.Error("the address was written though nothing changed:", *a.Result.Query)
	}
	a.Set("N", []int{7})
	if a.Result.Query == nil || *a.Result.Query != "city=Rome&n=7&q=5&tag=c&tag=a" {
		t.Errorf("address %v", a.Result.Query)
	}
	a.Set("City", 0).Set("Tags", []int{}).Set("Q", "").Set("N", []int{0})
	if a.Result.Query == nil || *a.Result.Query != "" {
		t.Errorf("defaults stand in the address: %v", *a.Result.Query)
	}
	a.Goto("", "n=99&city=Oslo") // not to be had
	if n != 0 || city != "Bern" {
		t.Error(n, city)
	}
	b := harness.New(t, func() { st.FileUploader("F", st.QueryParam("f")) }).Run()
	b.Contains(`ERROR st.FileUploader("F") has st.QueryParam("f"), but its value does not fit into an address`)
}

// What is selected is never beyond the data, which may have become less.
func TestSelectionStaysWithinTheData(t *testing.T) {
	n := 5
	var state, picked []int64
	a := harness.New(t, func() {
		rows := make([]int, n)
		st.Dataframe(rows, st.Key("d"), st.Selection("multi-row"))
		picked = st.Selected(rows, st.Key("s")).Rows
		state = st.State("d", st.GridSelection{}).Get().Rows
	}).Run()
	a.Set("d", map[string]any{"rows": [][]int{{1, 4}}}).Set("s", map[string]any{"rows": []int{4}})
	if fmt.Sprint(state, picked) != "[1 2 3] [4]" {
		t.Error(state, picked)
	}
	n = 2
	if a.Run(); len(state)+len(picked) != 0 || a.Panic != nil {
		t.Error(state, picked, a.Panic)
	}
}
