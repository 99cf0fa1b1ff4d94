// Every kind of element, with props as the server would send them.

import type { Element, PropsOf } from "../src/protocol/element";

type Sample = { [K in keyof PropsOf]?: (PropsOf[K] & object)[] };

const tiny = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
const cities = ["Amsterdam", "Berlin", "Copenhagen", "Dublin", "Edinburgh"];
const days = Array.from({ length: 40 }, (_, i) => Date.UTC(2026, 0, 1 + i));

export const frame = {
  ref: "f",
  rows: 1000,
  columns: [
    { name: "id", type: "BIGINT", kind: "int" },
    { name: "name", type: "VARCHAR", kind: "text" },
    { name: "price", type: "DOUBLE", kind: "float" },
    { name: "ok", type: "BOOLEAN", kind: "bool" },
    { name: "day", type: "DATE", kind: "date" },
  ],
};

export const samples: Sample = {
  markdown: [
    { html: "A <strong>title</strong>", style: "title", anchor: "a-title" },
    { html: "A header with a line", style: "header", divider: "blue" },
    { html: "A subheader", style: "subheader", help: "What it is about" },
    {
      html: '<p>Text with <span class="st-red">red</span>, <span class="st-green-background">green behind</span>, <span class="st-blue-badge">a badge</span>, <code>code</code>, <a href="https://example.com">a link</a> and <span class="math inline">\\sqrt{a^2+b^2}</span>.</p><ul><li>one</li><li>two</li></ul><blockquote><p>Quoted.</p></blockquote><table><thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>',
      math: true,
    },
    { html: "<p>A caption, small and quiet.</p>", style: "caption" },
  ],
  text: [{ text: "preformatted\n  text" }],
  code: [{ text: 'func main() {\n\tfmt.Println("hi", 42) // say it\n}', language: "go", lineNumbers: true }],
  latex: [{ text: "\\int_0^1 x^2\\,dx = \\tfrac13" }],
  divider: [{}],
  badge: [{ label: "New", color: "green", icon: "✨" }],
  stdout: [
    { stream: "stdout", text: "plain \u001b[1;32mgreen\u001b[0m \u001b[31mred\u001b[0m\n" },
    { stream: "stderr", text: "something went wrong\n" },
  ],
  value: [
    { type: "int", text: "42" },
    {
      type: "[]main.Point",
      text: "[{1 2} {3 4}]",
      tree: {
        nodes: [
          { name: "0", type: "main.Point", nodes: [{ name: "X", text: "1", type: "int" }] },
          { name: "1", type: "main.Point", text: "{3 4}" },
        ],
        more: 3,
      },
    },
  ],
  json: [{ value: { name: "Ada", tags: ["a", "b"], born: 1815, ok: true, none: null }, expanded: 2 }],
  error: [
    {
      errorKind: "panic",
      message: "runtime error: index out of range [5] with length 3",
      frames: [{ func: "load", cell: "c", line: 3, column: 9 }],
    },
  ],
  metric: [
    { label: "Temperature", value: "21 °C", delta: "1.2 °C", help: "Outside", border: true },
    { label: "Wind", value: "9 m/s", delta: "-3 m/s", deltaColor: "inverse", border: true },
  ],
  table: [
    {
      columns: [
        { name: "city", type: "VARCHAR", kind: "text" },
        { name: "people", type: "BIGINT", kind: "int" },
      ],
      rows: cities.map((c, i) => [c, String(1000 * (i + 1))]),
      more: 12,
    },
  ],
  dataframe: [{ data: frame }],
  dataEditor: [
    {
      data: frame,
      dynamic: true,
      config: [{ name: "price", required: true, min: 0 }],
      state: { editedRows: { 1: { name: "edited" } }, addedRows: [{ name: "added" }], deletedRows: [0] },
    },
  ],
  chart: [
    {
      type: "line",
      xType: "time",
      x: days,
      series: ["north", "south"].map((name, k) => ({
        name,
        y: days.map((_, i) => Math.sin(i / 4 + k) * 10 + i),
      })),
      yLabel: "sales",
      title: "Sales",
    },
    { type: "bar", xType: "category", x: cities, series: [{ name: "people", y: [5, 3, 4, 2, 6] }] },
    {
      type: "scatter",
      xType: "number",
      x: [1, 2, 3, 4],
      series: [{ name: "s", y: [4, 1, 3, 2], size: [1, 2, 3, 4] }],
    },
    {
      type: "area",
      xType: "number",
      x: [1, 2, 3, 4],
      stack: true,
      series: [
        { name: "a", y: [4, 1, 3, 2] },
        { name: "b", y: [1, 2, 1, 2] },
      ],
    },
  ],
  vegaLite: [
    {
      spec: {
        mark: "bar",
        encoding: { x: { field: "a", type: "nominal" }, y: { field: "b", type: "quantitative" } },
        height: 160,
      },
      data: cities.map((a, i) => ({ a, b: i + 1 })),
    },
  ],
  plotly: [
    {
      data: [
        { type: "bar", x: cities, y: [5, 3, 4, 2, 6] },
        { type: "scatter", x: cities, y: [2, 4, 3, 5, 1] },
      ],
      layout: { title: { text: "Two series" } },
      height: 300,
    },
  ],
  graphviz: [
    {
      text: 'digraph { rankdir=LR; node [shape=box]; a [label="First\nof all"]; a -> b [label=goes]; b -> c [style=dashed]; subgraph cluster_x { label="Together"; c; d } a -> d; e [shape=diamond, style=filled, fillcolor=gold]; d -> e }',
    },
  ],
  mermaid: [{ text: "flowchart LR\n  a[First] -->|goes| b(Second)\n  b --> c{Third?}" }],
  iframe: [{ src: "html/h/x", link: "https://example.com", title: "example.com", height: 60 }],
  doc: [
    {
      name: "rex",
      type: "Pet",
      value: "{Rex 4}",
      text: "Pet is an animal with a name.",
      fields: [{ name: "Name", type: "string", text: "Name is what it hears." }],
      methods: [{ name: "Speak", type: "(times int) string", text: "Speak says the name." }],
    },
  ],
  map: [{ lat: [52.37, 52.52, 55.68], lon: [4.9, 13.4, 12.57], height: 240 }],
  button: [
    { label: "Primary", type: "primary" },
    { label: "Secondary", help: "What it does" },
    { label: "Tertiary", type: "tertiary", icon: "🚀" },
    { label: "Disabled", disabled: true },
  ],
  downloadButton: [{ label: "Download", url: "media/h/x", file: "x.csv" }],
  menuButton: [{ label: "Export", options: ["As CSV", "As Parquet"] }],
  pagination: [{ label: "", pages: 12, value: 5 }],
  space: [{ height: 20 }],
  skeleton: [{ height: 40 }],
  linkButton: [{ label: "Open the docs", url: "https://example.com" }],
  pageLink: [{ label: "Another page", page: "two", current: true }],
  checkbox: [
    { label: "A checkbox", value: true },
    { label: "A toggle", value: true, toggle: true },
  ],
  radio: [
    { label: "Radio", options: ["one", "two"], captions: ["the first", "the second"], value: 0 },
    { label: "Side by side", options: ["one", "two", "three"], value: 1, horizontal: true },
  ],
  selectbox: [
    { label: "City", options: cities, value: 1, clearable: true },
    { label: "None chosen", options: cities, value: -1 },
  ],
  multiselect: [{ label: "Cities", options: cities, value: [0, 2] }],
  pills: [
    { label: "Pills", options: cities, value: [1], multi: true },
    { label: "Segments", options: ["day", "week", "month"], value: [0], segmented: true },
  ],
  feedback: [
    { label: "Stars", type: "stars", value: 3 },
    { label: "Thumbs", type: "thumbs", value: 1 },
    { label: "Faces", type: "faces", value: 4 },
  ],
  slider: [
    { label: "Age", min: 0, max: 122, step: 1, value: [30], type: "int", help: "In years" },
    { label: "Range", min: 0, max: 1, step: 0.01, value: [0.25, 0.75], type: "float" },
  ],
  selectSlider: [{ label: "Size", options: ["S", "M", "L", "XL"], value: [1] }],
  numberInput: [{ label: "Number", min: 0, max: 10, step: 0.5, value: 2.5 }],
  textInput: [
    { label: "Name", value: "Ada", maxChars: 40 },
    { label: "Password", value: "secret", password: true },
  ],
  textArea: [{ label: "About", value: "Some lines\nof text" }],
  dateInput: [
    { label: "Day", value: ["2026-01-31"] },
    { label: "Period", value: ["2026-01-01", "2026-01-31"], range: true },
  ],
  timeInput: [{ label: "Time", value: "12:30" }],
  datetimeInput: [{ label: "Moment", value: "2026-01-31T12:30" }],
  colorPicker: [{ label: "Colour", value: "#0b7285" }],
  fileUploader: [
    {
      label: "Files",
      types: [".csv"],
      multiple: true,
      maxBytes: 200_000_000,
      url: "uploads/h/w",
      value: [{ id: "1", name: "data.csv", size: 12_345, type: "text/csv" }],
    },
    { label: "Say something", capture: "audio", maxBytes: 1, url: "uploads/h/w", value: [] },
    { label: "Smile", capture: "camera", maxBytes: 1, url: "uploads/h/w", value: [] },
  ],
  chatInput: [{ label: "Message", placeholder: "Say something" }],
  alert: ["success", "info", "warning", "error"].map((type) => ({ type, html: `<p>This is ${type}.</p>` })),
  progress: [{ value: 0.62, html: "<p>Loading</p>" }],
  spinner: [{ html: "<p>Wait…</p>", showTime: true }],
  image: [{ url: tiny, alt: "a dot", caption: "A dot", width: 80 }],
  audio: [{ url: "data:audio/wav;base64,UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=" }],
  video: [{ url: "data:video/mp4;base64,", muted: true }],
  logo: [{ url: tiny }],
};

/** Kinds with children, each around a line of text. */
export const boxes: Sample = {
  container: [{ border: true }, { height: 90, border: true }],
  expander: [{ label: "More", expanded: true }],
  popover: [{ label: "Settings" }],
  form: [{ border: true, enterSubmits: true }],
  chatMessage: [{ name: "user" }, { name: "assistant", avatar: "🤖" }],
  status: [
    { label: "Working", state: "running", expanded: true },
    { label: "Done", state: "complete", expanded: false },
    { label: "Failed", state: "error", expanded: false },
  ],
  empty: [{}],
  fragmentBox: [{}],
};

let n = 0;

function element(kind: string, props: unknown, more: Partial<Element> = {}): Element {
  return { kind, id: `${kind}-${n++}`, props, ...more };
}

/** All of it as deltas of one screen. */
export function gallery() {
  n = 0;
  const deltas: { op: "set"; path: string; element: Element }[] = [];
  let at = 0;
  const put = (path: string, e: Element) => deltas.push({ op: "set", path, element: e });
  for (const [kind, list] of Object.entries(samples)) {
    for (const props of list) put(`main/c.${at++}`, element(kind, props));
  }
  for (const [kind, list] of Object.entries(boxes)) {
    for (const props of list) {
      const path = `main/c.${at++}`;
      const e = element(kind, props);
      put(path, e);
      put(`${path}/c.0`, element("text", { text: `inside ${kind}` }));
      if (kind === "form")
        put(`${path}/c.1`, element("button", { label: "Submit", submit: true }, { form: e.id }));
    }
  }
  const columns = `main/c.${at++}`;
  put(columns, element("columns", { weights: [1, 2] }));
  for (const i of [0, 1]) {
    put(`${columns}/c.${i}`, element("columnBox", {}));
    put(`${columns}/c.${i}/c.0`, element("text", { text: `column ${i}` }));
  }
  const tabs = `main/c.${at++}`;
  put(tabs, element("tabs", { labels: ["First", "Second"] }));
  for (const i of [0, 1]) {
    put(`${tabs}/c.${i}`, element("tabBox", {}));
    put(`${tabs}/c.${i}/c.0`, element("text", { text: `tab ${i}` }));
  }
  put("sidebar/c.0", element("markdown", { html: "Sidebar", style: "subheader" }));
  put("sidebar/c.1", element("checkbox", { label: "In the sidebar", value: false }));
  put("event/c.0", element("toast", { html: "<p>Saved.</p>", icon: "✅", seconds: 600 }));
  put("event/page", element("pageConfig", { title: "Gallery", layout: "wide" }));
  return deltas;
}
