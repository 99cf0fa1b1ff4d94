// Generated from the Go types by `go test ./ui/protocol -update`. Do not edit.

export type CellID = string;

export interface Cell {
  id: CellID;
  kind: Kind;
  source: string;
  name?: string;
  hideCode?: boolean;
  disabled?: boolean;
  once?: boolean;
  connection?: string;
  meta?: Record<string, unknown>;
}

export type Kind = "go" | "sql" | "markdown" | "raw";
