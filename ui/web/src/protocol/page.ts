// Generated from the Go types by `go test ./ui/protocol -update`. Do not edit.

export interface Request {
  frame: string;
  offset: number;
  limit: number;
  sort?: Sort[];
  filters?: Filter[];
  search?: string;
  columns?: number[];
  format?: string;
  text?: string;
  summary?: number[];
  ids?: boolean;
  edits?: Edits;
  find?: ([number, number])[];
  numbers?: ([number, number])[];
  progress?: boolean;
  view?: string;
}

export interface Sort {
  column: number;
  desc?: boolean;
}

export interface Filter {
  column: number;
  op: string;
  values?: string[];
}

export interface Edits {
  kept?: string[];
  cells?: Cell[];
  deleted?: number[];
}

export interface Cell {
  row: number;
  column: number;
  value?: string;
}

export interface Reply {
  offset: number;
  rows: number;
  total: number;
  summary?: Summary[];
  size?: number;
  made?: number;
  done?: number;
  type?: string;
  name?: string;
}

export interface Summary {
  column: number;
  type: string;
  nulls: number;
  distinct: number;
  min?: string;
  max?: string;
  bins?: Bin[];
  top?: string[];
}

export interface Bin {
  low: string;
  high: string;
  count: number;
}

export interface Column {
  name: string;
  type: string;
  kind: string;
}
