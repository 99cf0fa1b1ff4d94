// Generated from the Go types by `go test ./ui/protocol -update`. Do not edit.
import type * as notebook from "./notebook";

export interface Diagnostic {
  range: Range;
  severity: Severity;
  code: string;
  message: string;
  notes?: Note[];
}

export interface Range {
  start: Position;
  end: Position;
}

export interface Position {
  cell: notebook.CellID;
  line: number;
  column: number;
  file?: string;
}

export type Severity = "error" | "warning" | "info";

export interface Note {
  range?: Range;
  message: string;
}
