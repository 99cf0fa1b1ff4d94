package examples

import (
	"testing"

	"stnb.dev/appmode/apptest"
)

// thirty is an app of 30 widgets and a counter.
const thirty = "speed/thirty-widgets.md"

// BenchmarkClick is what the server does for a click in an app of 30 widgets: from
// the browser's op to the last change of the page.
func BenchmarkClick(b *testing.B) {
	for _, engine := range engines {
		b.Run(engine, func(b *testing.B) {
			at := apptest.Open(b, thirty, apptest.Engine(engine))
			for b.Loop() {
				at.Button("Add").Click()
			}
			b.StopTimer()
			at.MustWork()
		})
	}
}
