package widgets

import "stnb.dev/widgets/core"

// DataEditor shows data in a grid that can be edited and returns it as it is after
// the edits, in its own type: a slice of structs, maps, slices or plain values, a
// map, or a frame. Dynamic lets people add and delete rows; Column says how columns
// are shown and what they take; ReadOnly keeps columns as they are.
//
//	edited := st.DataEditor(people, st.Dynamic(), st.Column("Age", st.NumberColumn(st.Min(0), st.Max(122))))
//
// With a Key, State(key, st.Edits{}) is what was edited, in its three parts.
func DataEditor[T any](data T, opts ...Option) T {
	var edited T
	if core.Main().EditRows(data, &edited, opts...) {
		return edited
	}
	return data
}
