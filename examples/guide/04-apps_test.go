package guide

import (
	"testing"

	"stnb.dev/appmode/apptest"
)

func TestWaves(t *testing.T) {
	at := apptest.Open(t, "04-apps.md")
	at.MustWork()
	if got := at.Metric("Primes").Value(); got != "168" {
		t.Errorf("%s primes up to 1,000", got)
	}
	at.NumberInput("Primes up to").Set(10)
	if got := at.Metric("Primes").Value(); got != "4" {
		t.Errorf("%s primes up to 10", got)
	}

	// Another visitor has values of their own.
	other := at.Visit()
	if got := other.Metric("Primes").Value(); got != "168" {
		t.Errorf("another visitor sees %s primes", got)
	}
}

func TestSliders(t *testing.T) {
	at := apptest.Open(t, "04-apps.md")
	for _, waves := range []float64{1, 10} {
		at.Slider("Waves").Set(waves).MustWork()
		if got := at.Slider("Waves").Value(); got != waves {
			t.Errorf("the slider stands at %g, not %g", got, waves)
		}
	}
}
