// An element's path is a root and then one "cell.index" per level, joined by "/"
// (package element). Children stand in the order of their cells, then by index.

export interface Segment {
  cell: string;
  index: number;
}

export function parent(path: string): string {
  const i = path.lastIndexOf("/");
  return i < 0 ? "" : path.slice(0, i);
}

export function segment(path: string): Segment {
  const last = path.slice(path.lastIndexOf("/") + 1);
  const dot = last.lastIndexOf(".");
  if (dot < 0) return { cell: last, index: 0 };
  return { cell: last.slice(0, dot), index: Number(last.slice(dot + 1)) || 0 };
}

/** The cell in whose output area a path stands: that of the first segment. */
export function outputCell(path: string): string {
  const start = path.indexOf("/");
  if (start < 0) return "";
  const end = path.indexOf("/", start + 1);
  return segment(end < 0 ? path : path.slice(0, end)).cell;
}

/** Compares children of one parent. Cells that have no rank (callbacks) stand first. */
export function compare(a: string, b: string, rank: (cell: string) => number): number {
  const x = segment(a);
  const y = segment(b);
  if (x.cell !== y.cell) {
    const d = rank(x.cell) - rank(y.cell);
    if (d !== 0) return d;
    return x.cell < y.cell ? -1 : 1;
  }
  return x.index - y.index;
}
