package widgets

import "stnb.dev/widgets/core"

// anys is the options as the native half takes them.
func anys[T any](options []T) []any {
	list := make([]any, len(options))
	for i := range options {
		list[i] = options[i]
	}
	return list
}

// pick is the options at the indexes.
func pick[T any](options []T, indexes []int) []T {
	list := make([]T, len(indexes))
	for i, k := range indexes {
		list[i] = options[k]
	}
	return list
}

// Selectbox lets people choose one of the options, which may be values of any type;
// they read as fmt.Sprint writes them, by their String method if they have one.
// The first is chosen at first, or what Value says. Without options it is the
// zero value.
func Selectbox[T any](label string, options []T, opts ...Option) T {
	var zero T
	i := core.Main().SelectIndex(label, anys(options), false, opts...)
	if i < 0 {
		return zero
	}
	return options[i]
}

// SelectboxMaybe is Selectbox with nothing chosen at first; ok is false while
// nothing is.
func SelectboxMaybe[T any](label string, options []T, opts ...Option) (value T, ok bool) {
	i := core.Main().SelectIndex(label, anys(options), true, opts...)
	if i < 0 {
		return value, false
	}
	return options[i], true
}

// SelectboxText is a Selectbox of texts in which people can also type their own.
func SelectboxText(label string, options []string, opts ...Option) string {
	return core.Main().SelectText(label, options, opts...)
}

// Radio lets people choose one of a few options, all of them in view.
func Radio[T any](label string, options []T, opts ...Option) T {
	var zero T
	i := core.Main().RadioIndex(label, anys(options), false, opts...)
	if i < 0 {
		return zero
	}
	return options[i]
}

// RadioMaybe is Radio with nothing chosen at first; ok is false while nothing is.
func RadioMaybe[T any](label string, options []T, opts ...Option) (value T, ok bool) {
	i := core.Main().RadioIndex(label, anys(options), true, opts...)
	if i < 0 {
		return value, false
	}
	return options[i], true
}

// Multiselect lets people choose any number of the options. Value gives those that
// are chosen at first.
func Multiselect[T any](label string, options []T, opts ...Option) []T {
	return pick(options, core.Main().MultiIndexes(label, anys(options), opts...))
}

// Pills are options side by side, of which people choose one; ok is false while
// none is chosen.
func Pills[T any](label string, options []T, opts ...Option) (value T, ok bool) {
	list := core.Main().PillIndexes(label, anys(options), false, opts...)
	if len(list) == 0 {
		return value, false
	}
	return options[list[0]], true
}

// PillsMulti are Pills of which people choose any number.
func PillsMulti[T any](label string, options []T, opts ...Option) []T {
	return pick(options, core.Main().PillIndexes(label, anys(options), false, append(opts, core.Multi())...))
}

// SegmentedControl is a bar of options, of which people choose one; ok is false
// while none is chosen.
func SegmentedControl[T any](label string, options []T, opts ...Option) (value T, ok bool) {
	list := core.Main().PillIndexes(label, anys(options), true, opts...)
	if len(list) == 0 {
		return value, false
	}
	return options[list[0]], true
}

// SegmentedControlMulti is a bar of options of which people choose any number.
func SegmentedControlMulti[T any](label string, options []T, opts ...Option) []T {
	return pick(options, core.Main().PillIndexes(label, anys(options), true, append(opts, core.Multi())...))
}

// SelectSlider is a slider over a list of options.
func SelectSlider[T any](label string, options []T, opts ...Option) T {
	var zero T
	list := core.Main().SelectSliderIndexes(label, anys(options), false, opts...)
	if len(options) == 0 {
		return zero
	}
	return options[list[0]]
}

// SelectSliderRange is a slider over a list of options with two ends.
func SelectSliderRange[T any](label string, options []T, opts ...Option) (from, to T) {
	list := core.Main().SelectSliderIndexes(label, anys(options), true, opts...)
	if len(options) == 0 {
		return from, to
	}
	return options[list[0]], options[list[1]]
}

// MenuButton is a button that opens a menu of the options. In the run that choosing
// one causes, it returns that one and true; ok is false in every other.
func MenuButton[T any](label string, options []T, opts ...Option) (value T, ok bool) {
	i := core.Main().MenuIndex(label, anys(options), opts...)
	if i < 0 {
		return value, false
	}
	return options[i], true
}
