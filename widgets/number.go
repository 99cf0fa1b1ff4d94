package widgets

import (
	"math"

	"stnb.dev/widgets/core"
)

// Number is what sliders and number fields take: whole and broken numbers.
type Number interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~float32 | ~float64
}

// whole says whether the type has no broken numbers.
func whole[T Number]() bool {
	var one T = 1
	return one/2 == 0
}

// limits are the least and the greatest whole number of the type; of broken numbers
// there are none.
func limits[T Number]() (least, most float64) {
	if !whole[T]() {
		return math.Inf(-1), math.Inf(1)
	}
	var half T = 1
	for {
		next := half * 2
		if next <= half { // it has no room
			break
		}
		half = next
	}
	most = 2*float64(half) - 1
	var below T
	below--
	if below < 0 {
		least = -most - 1
	}
	return least, most
}

// Slider lets people choose a number from min to max. It starts at min, or at
// Value.
func Slider[T Number](label string, min, max T, opts ...Option) T {
	return T(core.Main().SliderValues(label, float64(min), float64(max), whole[T](), false, opts...)[0])
}

// SliderRange is a slider with two ends. They start at min and max, or at the two
// of Value.
func SliderRange[T Number](label string, min, max T, opts ...Option) (from, to T) {
	list := core.Main().SliderValues(label, float64(min), float64(max), whole[T](), true, opts...)
	return T(list[0]), T(list[1])
}

// NumberInput is a field for a number, which starts as value; its type is the
// result's, and bounds it as Min and Max do.
func NumberInput[T Number](label string, value T, opts ...Option) T {
	least, most := limits[T]()
	x, _ := core.Main().NumberValue(label, float64(value), least, most, whole[T](), false, opts...)
	return T(x)
}

// NumberInputMaybe is a field for a number that starts empty; ok is false while it
// is.
func NumberInputMaybe[T Number](label string, opts ...Option) (value T, ok bool) {
	least, most := limits[T]()
	x, ok := core.Main().NumberValue(label, 0, least, most, whole[T](), true, opts...)
	return T(x), ok
}
