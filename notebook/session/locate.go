package session

import (
	"encoding/json"

	"stnb.dev/notebook"
	"stnb.dev/widgets/element"
)

// locate looks up on the screen the widgets that an Interact names.
func locate(t *element.Tree, i *Interact) widgetAt {
	at := widgetAt{widgets: map[string]placed{}}
	find := func(id string) {
		path, e, ok := t.Widget(id)
		if !ok {
			return
		}
		var w element.Widget
		_ = json.Unmarshal(e.Props, &w) // what is no widget is not disabled
		at.widgets[id] = placed{
			cell: notebook.CellID(path.Cell()), fragment: e.Fragment, form: e.Form, disabled: w.Disabled,
		}
	}
	for id := range i.Values {
		find(id)
	}
	if i.Trigger != nil {
		find(i.Trigger.Widget)
	}
	at.gone = i.Tick && !t.HasFragment(i.Fragment)
	return at
}
