// Generated from the Go types by `go test ./ui/protocol -update`. Do not edit.

export interface Delta {
  op: Op;
  path: Path;
  element?: Element;
  data?: unknown;
}

export type Op = "set" | "remove" | "append" | "clear" | "update";

export type Path = string;

export interface Element {
  kind: string;
  id?: string;
  key?: string;
  fragment?: string;
  form?: string;
  props?: unknown;
}

export interface Widget {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
}

export interface Markdown {
  html: string;
  style?: string;
  anchor?: string;
  help?: string;
  divider?: string;
  math?: boolean;
}

export interface Text {
  text: string;
}

export interface Code {
  text: string;
  language?: string;
  lineNumbers?: boolean;
}

export interface Latex {
  text: string;
}

export interface Divider {
}

export interface Badge {
  label: string;
  color?: string;
  icon?: string;
}

export interface Html {
  src: string;
  height?: number;
}

export interface Iframe {
  src: string;
  link: string;
  title?: string;
  height?: number;
}

export interface Doc {
  name: string;
  type: string;
  text?: string;
  value?: string;
  fields?: DocItem[];
  methods?: DocItem[];
}

export interface DocItem {
  name: string;
  type: string;
  text?: string;
}

export interface Stdout {
  stream: string;
  text: string;
  cut?: number;
}

export interface Value {
  type: string;
  text: string;
  tree?: Node;
}

export interface Node {
  name?: string;
  type?: string;
  text?: string;
  nodes?: Node[];
  more?: number;
}

export interface Json {
  value: unknown;
  expanded: number;
}

export interface Error {
  errorKind?: string;
  message: string;
  errorId?: string;
  frames?: Frame[];
  topic?: string;
}

export interface Frame {
  func: string;
  cell: string;
  line: number;
  column: number;
  file?: string;
}

export interface Dataframe {
  data: FrameRef;
  height?: number;
  hideIndex?: boolean;
  order?: string[];
  config?: ColumnConfig[];
  selection?: string;
}

export interface FrameRef {
  ref: string;
  rows: number;
  columns: Column[] | null;
}

export interface Column {
  name: string;
  type: string;
  kind: string;
}

export interface ColumnConfig {
  name: string;
  label?: string;
  kind?: string;
  width?: number;
  help?: string;
  hidden?: boolean;
  disabled?: boolean;
  required?: boolean;
  pinned?: boolean;
  format?: string;
  min?: number;
  max?: number;
  step?: number;
  minText?: string;
  maxText?: string;
  maxChars?: number;
  validate?: string;
  options?: string[];
  acceptNew?: boolean;
  default?: unknown;
}

export interface DataEditor {
  data: FrameRef;
  height?: number;
  hideIndex?: boolean;
  order?: string[];
  config?: ColumnConfig[];
  dynamic?: boolean;
  disabled?: boolean;
  state: EditorState;
  rev?: number;
}

export interface EditorState {
  editedRows: Record<string, Record<string, unknown>> | null;
  addedRows: (Record<string, unknown> | null)[] | null;
  deletedRows: number[] | null;
}

export interface Table {
  columns: Column[] | null;
  rows: (string[] | null)[] | null;
  more?: number;
}

export interface Metric {
  label: string;
  value: string;
  delta?: string;
  deltaColor?: string;
  help?: string;
  border?: boolean;
}

export interface Chart {
  type: string;
  xType: string;
  x: unknown[] | null;
  series: Series[] | null;
  xLabel?: string;
  yLabel?: string;
  stack?: boolean;
  horizontal?: boolean;
  height?: number;
  sampled?: number;
  title?: string;
  selection?: Selection;
}

export interface Series {
  name: string;
  color?: string;
  y: (number | null)[] | null;
  size?: (number | null)[];
}

export interface Selection {
  modes: string[] | null;
  data: string;
  value: Picked;
  rev?: number;
}

export interface Picked {
  data: string;
  points?: ([number, number])[];
  rows?: (Record<string, unknown> | null)[];
  x?: unknown[];
  y?: unknown[];
  params?: Record<string, PickedParam>;
}

export interface PickedParam {
  points?: (Record<string, unknown> | null)[];
  ranges?: PickedRange[];
  times?: string[];
  init?: unknown;
}

export interface PickedRange {
  field: string;
  channel: string;
  values: unknown[] | null;
  exact?: boolean;
}

export interface VegaLite {
  spec: unknown;
  data?: unknown;
  height?: number;
  selection?: Selection;
}

export interface Plotly {
  data: unknown;
  layout?: unknown;
  config?: unknown;
  height?: number;
  selection?: Selection;
}

export interface Graphviz {
  text: string;
  height?: number;
}

export interface Mermaid {
  text: string;
  height?: number;
}

export interface Map {
  lat: number[] | null;
  lon: number[] | null;
  size?: number[];
  color?: string[];
  zoom?: number;
  height?: number;
  selection?: Selection;
}

export interface Button {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  type?: string;
  icon?: string;
  submit?: boolean;
  shortcut?: string;
}

export interface DownloadButton {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  type?: string;
  icon?: string;
  url: string;
  file: string;
  quiet?: boolean;
}

export interface MenuButton {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  type?: string;
  icon?: string;
  options: string[] | null;
}

export interface Pagination {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  pages: number;
  value: number;
  rev?: number;
}

export interface LinkButton {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  type?: string;
  icon?: string;
  url: string;
}

export interface PageLink {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  icon?: string;
  page: string;
  current?: boolean;
}

export interface Checkbox {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  value: boolean;
  toggle?: boolean;
  rev?: number;
}

export interface Radio {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  options: string[] | null;
  captions?: string[];
  value: number;
  horizontal?: boolean;
  rev?: number;
}

export interface Selectbox {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  options: string[] | null;
  value: number;
  text?: string;
  placeholder?: string;
  clearable?: boolean;
  acceptNew?: boolean;
  rev?: number;
}

export interface Multiselect {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  options: string[] | null;
  value: number[] | null;
  placeholder?: string;
  max?: number;
  rev?: number;
}

export interface Pills {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  options: string[] | null;
  value: number[] | null;
  multi?: boolean;
  segmented?: boolean;
  required?: boolean;
  rev?: number;
}

export interface Feedback {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  type: string;
  value: number;
  rev?: number;
}

export interface Slider {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  min: number;
  max: number;
  step: number;
  value: number[] | null;
  format?: string;
  type: string;
  rev?: number;
}

export interface SelectSlider {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  options: string[] | null;
  value: number[] | null;
  rev?: number;
}

export interface NumberInput {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  min?: number;
  max?: number;
  step: number;
  value: number | null;
  int?: boolean;
  format?: string;
  placeholder?: string;
  icon?: string;
  rev?: number;
}

export interface TextInput {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  value: string;
  placeholder?: string;
  maxChars?: number;
  password?: boolean;
  autocomplete?: string;
  icon?: string;
  rev?: number;
}

export interface TextArea {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  value: string;
  placeholder?: string;
  maxChars?: number;
  height?: number;
  rev?: number;
}

export interface DateInput {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  value: string[] | null;
  min?: string;
  max?: string;
  range?: boolean;
  format?: string;
  rev?: number;
}

export interface TimeInput {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  value: string;
  step?: number;
  rev?: number;
}

export interface DatetimeInput {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  value: string;
  min?: string;
  max?: string;
  step?: number;
  rev?: number;
}

export interface ColorPicker {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  value: string;
  rev?: number;
}

export interface FileUploader {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  types?: string[];
  multiple?: boolean;
  maxBytes: number;
  url: string;
  capture?: string;
  value: Upload[] | null;
  rev?: number;
}

export interface Upload {
  id: string;
  name: string;
  size: number;
  type: string;
}

export interface ChatInput {
  label: string;
  labelHtml?: string;
  help?: string;
  disabled?: boolean;
  hideLabel?: string;
  width?: string;
  placeholder?: string;
  maxChars?: number;
}

export interface Container {
  border?: boolean;
  height?: number;
  horizontal?: boolean;
  gap?: string;
  autoScroll?: boolean;
}

export interface Empty {
}

export interface Columns {
  weights: number[] | null;
  gap?: string;
  align?: string;
  border?: boolean;
}

export interface ColumnBox {
}

export interface Tabs {
  labels: string[] | null;
  default?: number;
  value?: number;
  rev?: number;
}

export interface TabBox {
}

export interface Expander {
  label: string;
  expanded?: boolean;
  icon?: string;
  rev?: number;
}

export interface Popover {
  label: string;
  icon?: string;
  disabled?: boolean;
  type?: string;
  open?: boolean;
  rev?: number;
}

export interface Space {
  height: number;
}

export interface Skeleton {
  height: number;
}

export interface Form {
  border: boolean;
  clearOnSubmit?: boolean;
  enterSubmits: boolean;
}

export interface FragmentBox {
  runEvery?: number;
}

export interface Dialog {
  title: string;
  width?: string;
  dismissible: boolean;
}

export interface ChatMessage {
  name: string;
  avatar?: string;
}

export interface Status {
  label: string;
  state: string;
  expanded: boolean;
}

export interface Alert {
  type: string;
  html: string;
  icon?: string;
}

export interface Progress {
  value: number;
  html?: string;
}

export interface Spinner {
  html: string;
  showTime?: boolean;
}

export interface Toast {
  html: string;
  icon?: string;
  seconds?: number;
}

export interface Balloons {
  snow?: boolean;
  n: number;
}

export interface Image {
  url: string;
  alt?: string;
  caption?: string;
  width?: number;
}

export interface Audio {
  url: string;
  type?: string;
  autoplay?: boolean;
  loop?: boolean;
  start?: number;
}

export interface Video {
  url: string;
  type?: string;
  autoplay?: boolean;
  loop?: boolean;
  muted?: boolean;
  start?: number;
}

export interface Pdf {
  url: string;
  height?: number;
}

export interface Logo {
  url: string;
  link?: string;
  size?: string;
}

export interface PageConfig {
  title?: string;
  icon?: string;
  layout?: string;
  sidebar?: string;
}

export interface Navigation {
  pages: NavPage[] | null;
  current: string;
  position?: string;
}

export interface NavPage {
  path: string;
  title: string;
  icon?: string;
  section?: string;
}

/** The props of every kind of element. */
export interface PropsOf {
  markdown: Markdown;
  text: Text;
  code: Code;
  latex: Latex;
  divider: Divider;
  badge: Badge;
  html: Html;
  iframe: Iframe;
  doc: Doc;
  stdout: Stdout;
  value: Value;
  json: Json;
  error: Error;
  dataframe: Dataframe;
  dataEditor: DataEditor;
  table: Table;
  metric: Metric;
  chart: Chart;
  vegaLite: VegaLite;
  plotly: Plotly;
  graphviz: Graphviz;
  mermaid: Mermaid;
  map: Map;
  button: Button;
  downloadButton: DownloadButton;
  menuButton: MenuButton;
  pagination: Pagination;
  linkButton: LinkButton;
  pageLink: PageLink;
  checkbox: Checkbox;
  radio: Radio;
  selectbox: Selectbox;
  multiselect: Multiselect;
  pills: Pills;
  feedback: Feedback;
  slider: Slider;
  selectSlider: SelectSlider;
  numberInput: NumberInput;
  textInput: TextInput;
  textArea: TextArea;
  dateInput: DateInput;
  timeInput: TimeInput;
  datetimeInput: DatetimeInput;
  colorPicker: ColorPicker;
  fileUploader: FileUploader;
  chatInput: ChatInput;
  container: Container;
  empty: Empty;
  columns: Columns;
  columnBox: ColumnBox;
  tabs: Tabs;
  tabBox: TabBox;
  expander: Expander;
  popover: Popover;
  space: Space;
  skeleton: Skeleton;
  form: Form;
  fragmentBox: FragmentBox;
  dialog: Dialog;
  chatMessage: ChatMessage;
  status: Status;
  alert: Alert;
  progress: Progress;
  spinner: Spinner;
  toast: Toast;
  balloons: Balloons;
  image: Image;
  audio: Audio;
  video: Video;
  pdf: Pdf;
  logo: Logo;
  pageConfig: PageConfig;
  navigation: Navigation;
}

export type Kind = keyof PropsOf;

/** The icons that a page can draw, :material/name:. */
export type MaterialIcon =
  | "add"
  | "bar_chart"
  | "bolt"
  | "calendar_month"
  | "check"
  | "check_circle"
  | "close"
  | "dark_mode"
  | "delete"
  | "description"
  | "download"
  | "edit"
  | "error"
  | "favorite"
  | "folder"
  | "help"
  | "home"
  | "info"
  | "light_mode"
  | "link"
  | "list"
  | "lock"
  | "mail"
  | "menu"
  | "person"
  | "play_arrow"
  | "redo"
  | "refresh"
  | "remove"
  | "restart_alt"
  | "search"
  | "send"
  | "settings"
  | "star"
  | "stop"
  | "table_chart"
  | "thumb_down"
  | "thumb_up"
  | "undo"
  | "upload"
  | "visibility"
  | "warning";
