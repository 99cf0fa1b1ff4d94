package protocol

import (
	"reflect"

	"stnb.dev/dataframe/page"
	"stnb.dev/kernel/wire"
	"stnb.dev/notebook"
	"stnb.dev/notebook/session"
	"stnb.dev/notebook/source"
	"stnb.dev/widgets/element"
)

// Types are written to TypeScript, with every type they are made of.
var Types = append([]reflect.Type{
	reflect.TypeFor[Client](),
	reflect.TypeFor[Server](),
	reflect.TypeFor[FrameRequest](),
	reflect.TypeFor[page.Reply](),
	reflect.TypeFor[page.Column](),
	reflect.TypeFor[Listing](),
	reflect.TypeFor[Folder](),
	reflect.TypeFor[Hits](),
	reflect.TypeFor[Trash](),
	reflect.TypeFor[Restore](),
	reflect.TypeFor[Restored](),
	reflect.TypeFor[NewNotebook](),
	reflect.TypeFor[RenameNotebook](),
	reflect.TypeFor[At](),
	reflect.TypeFor[Rename](),
	reflect.TypeFor[Format](),
	reflect.TypeFor[wire.Var](),
	reflect.TypeFor[session.VariableAt](),
	reflect.TypeFor[session.VariableShown](),
	reflect.TypeFor[session.Graph](),
	reflect.TypeFor[session.Version](),
	reflect.TypeFor[session.Op](),
	reflect.TypeFor[session.Event](),
	reflect.TypeFor[element.Delta](),
	reflect.TypeFor[element.Widget](),
	reflect.TypeFor[element.Path](),
}, Kinds...)

// Kinds are the props of all kinds of element. A test compares the list with
// what package element declares.
var Kinds = []reflect.Type{
	reflect.TypeFor[element.Markdown](),
	reflect.TypeFor[element.Text](),
	reflect.TypeFor[element.Code](),
	reflect.TypeFor[element.Latex](),
	reflect.TypeFor[element.Divider](),
	reflect.TypeFor[element.Badge](),
	reflect.TypeFor[element.Html](),
	reflect.TypeFor[element.Iframe](),
	reflect.TypeFor[element.Doc](),
	reflect.TypeFor[element.Stdout](),
	reflect.TypeFor[element.Value](),
	reflect.TypeFor[element.Json](),
	reflect.TypeFor[element.Error](),
	reflect.TypeFor[element.Dataframe](),
	reflect.TypeFor[element.DataEditor](),
	reflect.TypeFor[element.Table](),
	reflect.TypeFor[element.Metric](),
	reflect.TypeFor[element.Chart](),
	reflect.TypeFor[element.VegaLite](),
	reflect.TypeFor[element.Plotly](),
	reflect.TypeFor[element.Graphviz](),
	reflect.TypeFor[element.Mermaid](),
	reflect.TypeFor[element.Map](),
	reflect.TypeFor[element.Button](),
	reflect.TypeFor[element.DownloadButton](),
	reflect.TypeFor[element.MenuButton](),
	reflect.TypeFor[element.Pagination](),
	reflect.TypeFor[element.LinkButton](),
	reflect.TypeFor[element.PageLink](),
	reflect.TypeFor[element.Checkbox](),
	reflect.TypeFor[element.Radio](),
	reflect.TypeFor[element.Selectbox](),
	reflect.TypeFor[element.Multiselect](),
	reflect.TypeFor[element.Pills](),
	reflect.TypeFor[element.Feedback](),
	reflect.TypeFor[element.Slider](),
	reflect.TypeFor[element.SelectSlider](),
	reflect.TypeFor[element.NumberInput](),
	reflect.TypeFor[element.TextInput](),
	reflect.TypeFor[element.TextArea](),
	reflect.TypeFor[element.DateInput](),
	reflect.TypeFor[element.TimeInput](),
	reflect.TypeFor[element.DatetimeInput](),
	reflect.TypeFor[element.ColorPicker](),
	reflect.TypeFor[element.FileUploader](),
	reflect.TypeFor[element.ChatInput](),
	reflect.TypeFor[element.Container](),
	reflect.TypeFor[element.Empty](),
	reflect.TypeFor[element.Columns](),
	reflect.TypeFor[element.ColumnBox](),
	reflect.TypeFor[element.Tabs](),
	reflect.TypeFor[element.TabBox](),
	reflect.TypeFor[element.Expander](),
	reflect.TypeFor[element.Popover](),
	reflect.TypeFor[element.Space](),
	reflect.TypeFor[element.Skeleton](),
	reflect.TypeFor[element.Form](),
	reflect.TypeFor[element.FragmentBox](),
	reflect.TypeFor[element.Dialog](),
	reflect.TypeFor[element.ChatMessage](),
	reflect.TypeFor[element.Status](),
	reflect.TypeFor[element.Alert](),
	reflect.TypeFor[element.Progress](),
	reflect.TypeFor[element.Spinner](),
	reflect.TypeFor[element.Toast](),
	reflect.TypeFor[element.Balloons](),
	reflect.TypeFor[element.Image](),
	reflect.TypeFor[element.Audio](),
	reflect.TypeFor[element.Video](),
	reflect.TypeFor[element.Pdf](),
	reflect.TypeFor[element.Logo](),
	reflect.TypeFor[element.PageConfig](),
	reflect.TypeFor[element.Navigation](),
}

// Enums are the values of string types.
var Enums = map[reflect.Type][]string{
	reflect.TypeFor[element.Op]():      {string(element.Set), string(element.Remove), string(element.Append), string(element.Clear), string(element.Update)},
	reflect.TypeFor[notebook.Kind]():   {string(notebook.Go), string(notebook.SQL), string(notebook.Markdown), string(notebook.Raw)},
	reflect.TypeFor[source.Severity](): {string(source.Error), string(source.Warning), string(source.Info)},
}
