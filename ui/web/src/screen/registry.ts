import type { ComponentType } from "react";
import type { Element, Kind, PropsOf } from "../protocol/element";
import { containers, text } from "./eager";
import { Keyed } from "./keyed";

/** What the component of a kind gets. */
export interface ViewProps<K extends Kind = Kind> {
  path: string;
  element: Element;
  props: PropsOf[K];
  children: readonly string[];
}

export type View<K extends Kind = Kind> = ComponentType<ViewProps<K>>;

type Loader<K extends Kind> = () => Promise<View<K>>;

// Every kind that is not in the first bundle: one dynamic import each, so that a
// page loads what it shows. Kinds that share code share a module.
const loaders: { [K in Kind]?: Loader<K> } = {
  code: () => import("../elements/code").then((m) => m.Code),
  latex: () => import("../elements/latex").then((m) => m.Latex),
  html: () => import("../elements/html").then((m) => m.Html),
  iframe: () => import("../elements/iframe").then((m) => m.Iframe),
  doc: () => import("../elements/doc").then((m) => m.Doc),
  stdout: () => import("../elements/stdout").then((m) => m.Stdout),
  value: () => import("../elements/value").then((m) => m.Value),
  json: () => import("../elements/value").then((m) => m.Json),
  error: () => import("../elements/error").then((m) => m.ErrorBox),
  dataframe: () => import("../elements/dataframe").then((m) => m.Dataframe),
  dataEditor: () => import("../elements/dataEditor").then((m) => m.DataEditor),
  table: () => import("../elements/table").then((m) => m.Table),
  metric: () => import("../elements/metric").then((m) => m.Metric),
  chart: () => import("../elements/chart").then((m) => m.Chart),
  vegaLite: () => import("../elements/vegaLite").then((m) => m.VegaLite),
  plotly: () => import("../elements/plotly").then((m) => m.PlotlyChart),
  graphviz: () => import("../elements/graphviz").then((m) => m.Graphviz),
  mermaid: () => import("../elements/mermaid").then((m) => m.Mermaid),
  map: () => import("../elements/map").then((m) => m.MapView),
  button: () => import("../elements/button").then((m) => m.Button),
  downloadButton: () => import("../elements/button").then((m) => m.DownloadButton),
  menuButton: () => import("../elements/menuButton").then((m) => m.MenuButton),
  pagination: () => import("../elements/pagination").then((m) => m.Pagination),
  linkButton: () => import("../elements/button").then((m) => m.LinkButton),
  pageLink: () => import("../elements/button").then((m) => m.PageLink),
  checkbox: () => import("../elements/choice").then((m) => m.Checkbox),
  radio: () => import("../elements/choice").then((m) => m.Radio),
  pills: () => import("../elements/choice").then((m) => m.Pills),
  feedback: () => import("../elements/choice").then((m) => m.Feedback),
  selectbox: () => import("../elements/select").then((m) => m.Selectbox),
  multiselect: () => import("../elements/select").then((m) => m.Multiselect),
  slider: () => import("../elements/slider").then((m) => m.Slider),
  selectSlider: () => import("../elements/slider").then((m) => m.SelectSlider),
  numberInput: () => import("../elements/input").then((m) => m.NumberInput),
  textInput: () => import("../elements/input").then((m) => m.TextInput),
  textArea: () => import("../elements/input").then((m) => m.TextArea),
  dateInput: () => import("../elements/date").then((m) => m.DateInput),
  timeInput: () => import("../elements/date").then((m) => m.TimeInput),
  datetimeInput: () => import("../elements/date").then((m) => m.DatetimeInput),
  colorPicker: () => import("../elements/date").then((m) => m.ColorPicker),
  fileUploader: () => import("../elements/upload").then((m) => m.FileUploader),
  chatInput: () => import("../elements/chat").then((m) => m.ChatInput),
  chatMessage: () => import("../elements/chat").then((m) => m.ChatMessage),
  tabs: () => import("../elements/tabs").then((m) => m.Tabs),
  expander: () => import("../elements/expander").then((m) => m.Expander),
  popover: () => import("../elements/popover").then((m) => m.Popover),
  form: () => import("../elements/form").then((m) => m.Form),
  dialog: () => import("../elements/dialog").then((m) => m.Dialog),
  status: () => import("../elements/status").then((m) => m.Status),
  alert: () => import("../elements/status").then((m) => m.Alert),
  progress: () => import("../elements/status").then((m) => m.Progress),
  spinner: () => import("../elements/status").then((m) => m.Spinner),
  toast: () => import("../elements/toast").then((m) => m.Toast),
  balloons: () => import("../elements/balloons").then((m) => m.Balloons),
  image: () => import("../elements/media").then((m) => m.Image),
  audio: () => import("../elements/media").then((m) => m.Audio),
  video: () => import("../elements/media").then((m) => m.Video),
  pdf: () => import("../elements/media").then((m) => m.Pdf),
  space: () => import("../elements/room").then((m) => m.Space),
  skeleton: () => import("../elements/room").then((m) => m.Skeleton),
  logo: () => import("../elements/media").then((m) => m.Logo),
};

const nothing: View = () => null;

/** Components that are there, by kind; "failed" when the import failed. */
export const views = new Keyed<View | "failed">();

const eager: { [K in Kind]?: View<K> } = {
  ...text,
  ...containers,
  // These are read by the page itself and take no place.
  pageConfig: nothing as View<"pageConfig">,
  navigation: nothing as View<"navigation">,
};
for (const [kind, view] of Object.entries(eager)) views.set(kind, view as View);

const loading = new Set<string>();

/** Starts to load the component of a kind, once. */
export function load(kind: string): void {
  if (views.has(kind) || loading.has(kind)) return;
  const loader = loaders[kind as Kind] as Loader<Kind> | undefined;
  if (!loader) return;
  loading.add(kind);
  loader().then(
    (view) => views.set(kind, view as View),
    (error) => {
      console.error(error);
      loading.delete(kind);
      views.set(kind, "failed");
    },
  );
}

/** Tries a failed import again. */
export function reload(kind: string): void {
  views.delete(kind);
  load(kind);
}

export function known(kind: string): boolean {
  return views.has(kind) || kind in loaders;
}
