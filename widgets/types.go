package widgets

import (
	"stnb.dev/dataframe"
	"stnb.dev/widgets/core"
)

// Option is what Python calls a keyword argument: st.Key("age").
type Option = core.Option

// Block is a container: somewhere on the page that takes elements. Its methods are
// the funcs of this package.
type Block = core.Container

// Element is a handle of something shown, with which it can be changed: AddRows
// and Empty.
type Element = core.Element

// ProgressBar is a bar that can move.
type ProgressBar = core.ProgressBar

// StatusBox is a status: a block whose label and state can change.
type StatusBox = core.StatusBox

// ToastMessage is a message that can change.
type ToastMessage = core.ToastMessage

// UploadedFile is a file that a visitor sent.
type UploadedFile = core.UploadedFile

// QueryParameters are the parameters of the page's address.
type QueryParameters = core.QueryParams

// PageDef is one page of an app with several.
type PageDef = core.PageDef

// Menu is the pages of an app and which one is shown.
type Menu = core.Navigation

// UserInfo is who uses the app.
type UserInfo = core.UserInfo

// RunContext is what is known of the visitor's page.
type RunContext = core.RunContext

// GridSelection is what people selected in a grid.
type GridSelection = core.Selected

// ChartSelection is what people selected in a chart.
type ChartSelection = core.ChartSelection

// ChartRange is a stretch of a chart's axis.
type ChartRange = core.ChartRange

// Frame is a lazy table; package dataframe makes and changes frames.
type Frame = dataframe.Frame

// Conn is a connection to a database.
type Conn = core.Conn

// Edits is what people changed in a data editor: editedRows, addedRows and
// deletedRows, by the original row numbers from 0.
type Edits = core.Edits

// ColumnKind says how a grid's column is shown and edited.
type ColumnKind = core.ColumnKind

// Tx is a transaction of a connection.
type Tx = core.Tx

// ConnSettings are the settings of a connection of the author's own.
type ConnSettings = core.ConnSettings

// Sidebar is the page's sidebar.
var Sidebar = core.Sidebar()

// Bottom is the foot of the page, which does not scroll away.
var Bottom = core.Bottom()
