// Generated from the Go types by `go test ./ui/protocol -update`. Do not edit.

export interface Var {
  name: string;
  type: string;
  cell?: string;
  kind: string;
  preview: string;
  size?: number;
  len?: number;
}
