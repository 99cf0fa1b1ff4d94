// Generated from the Go types by `go test ./ui/protocol -update`. Do not edit.
import type * as element from "./element";
import type * as notebook from "./notebook";
import type * as source from "./source";

export interface Op {
  edit?: Edit;
  insert?: Insert;
  delete?: Delete;
  move?: Move;
  split?: Split;
  merge?: Merge;
  setCell?: SetCell;
  undo?: Undo;
  settings?: Settings;
  save?: Save;
  resolve?: Resolve;
  run?: Run;
  interrupt?: Interrupt;
  restart?: Restart;
  clear?: Clear;
  input?: Input;
  interact?: Interact;
}

export interface Edit {
  cell: notebook.CellID;
  base: number;
  source: string;
}

export interface Insert {
  after: notebook.CellID;
  cell: notebook.Cell;
  of?: notebook.CellID;
  along?: boolean;
}

export interface Delete {
  cells: notebook.CellID[] | null;
}

export interface Move {
  cells: notebook.CellID[] | null;
  after: notebook.CellID;
}

export interface Split {
  cell: notebook.CellID;
  base: number;
  offset: number;
  rest: notebook.CellID;
}

export interface Merge {
  cells: notebook.CellID[] | null;
}

export interface SetCell {
  cell: notebook.CellID;
  kind?: notebook.Kind;
  name?: string;
  hideCode?: boolean;
  disabled?: boolean;
  once?: boolean;
  connection?: string;
  tags?: string[];
}

export interface Undo {
  redo?: boolean;
}

export interface Settings {
  title?: string;
  reactive?: boolean;
  omitOutputs?: boolean;
  engine?: string;
}

export interface Save {
}

export interface Resolve {
  keep: string;
}

export interface Run {
  cells?: notebook.CellID[];
  what?: string;
}

export interface Interrupt {
}

export interface Restart {
  run?: boolean;
}

export interface Clear {
  cells?: notebook.CellID[];
}

export interface Input {
  text: string;
  eof?: boolean;
}

export interface Interact {
  values?: Record<string, unknown>;
  trigger?: Trigger;
  fragment?: string;
  tick?: boolean;
  query?: string;
  page?: string;
  rerun?: boolean;
}

export interface Trigger {
  click: string;
  widget: string;
  value?: unknown;
}

export interface Event {
  document?: Document;
  cell?: CellEvent;
  order?: Order;
  status?: CellStatus;
  problems?: Problems;
  screen?: Screen;
  run?: RunState;
  kernel?: KernelState;
  saved?: Saved;
  notice?: Notice;
  ask?: Ask;
  query?: QueryEvent;
}

export interface Document {
  title: string;
  path?: string;
  reactive?: boolean;
  omitOutputs?: boolean;
  engine?: string;
  cells?: CellEvent[];
  status?: CellStatus[];
  problems?: Problems[];
  screen: Screen;
  kernel: KernelState;
  saved: Saved;
  run: RunState;
  ask?: Ask;
}

export interface CellEvent {
  id: notebook.CellID;
  kind: notebook.Kind;
  source: string;
  name?: string;
  hideCode?: boolean;
  disabled?: boolean;
  once?: boolean;
  connection?: string;
  meta?: Record<string, unknown>;
  version: number;
  by?: string;
  html?: string;
}

export interface CellStatus {
  cell: notebook.CellID;
  state: string;
  why?: string;
  millis?: number;
  count?: number;
  at?: number;
  goroutines?: number;
}

export interface Problems {
  cell: notebook.CellID;
  diagnostics: source.Diagnostic[] | null;
}

export interface Screen {
  full?: boolean;
  order?: string[];
  deltas?: element.Delta[];
  fresh?: element.Path[];
}

export interface KernelState {
  state: string;
  engine?: string;
  reason?: string;
  rss?: number;
  cpu?: number;
}

export interface Saved {
  state: string;
  at?: number;
  reason?: string;
  theirs?: string;
}

export interface RunState {
  running: boolean;
  run: number;
  status?: string;
  applied?: string[];
  queue?: number;
  fragments?: string[];
}

export interface Ask {
  cell?: notebook.CellID;
  over?: boolean;
}

export interface Order {
  cells: notebook.CellID[] | null;
}

export interface Notice {
  level: string;
  text: string;
}

export interface QueryEvent {
  query: string;
}

export interface VariableAt {
  name: string;
}

export interface VariableShown {
  element: element.Element;
}

export interface Graph {
  nodes: GraphNode[] | null;
  edges: GraphEdge[] | null;
}

export interface GraphNode {
  cell: notebook.CellID;
  label: string;
}

export interface GraphEdge {
  from: notebook.CellID;
  to: notebook.CellID;
  names: string[] | null;
}

export interface Version {
  id: string;
  at: number;
  size: number;
}
