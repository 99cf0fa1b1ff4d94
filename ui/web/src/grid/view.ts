// The order and the filters a person set, as values: every function returns a new view.

import type { Cell, Filter, Edits as Overlay } from "../protocol/page";
import type { Shown } from "./columns";
import type { Edits } from "./edits";
import type { View } from "./source";

/** A click on a heading: up, down, not. With another column in front, it comes after it. */
export function sortBy(view: View, column: number, also: boolean): View {
  const now = view.sort.find((s) => s.column === column);
  const others = also ? view.sort.filter((s) => s.column !== column) : [];
  if (!now) return { ...view, sort: [...others, { column }] };
  if (now.desc) return { ...view, sort: others };
  return {
    ...view,
    sort: also
      ? view.sort.map((s) => (s.column === column ? { column, desc: true } : s))
      : [{ column, desc: true }],
  };
}

/** Sets one kind of filter of a column; without values it goes. */
export function filterBy(view: View, column: number, op: string, values: string[] | undefined): View {
  const rest = view.filters.filter((f) => f.column !== column || f.op !== op);
  return { ...view, filters: values ? [...rest, { column, op, values }] : rest };
}

export function filtersOf(view: View, column: number): Filter[] {
  return view.filters.filter((f) => f.column === column);
}

/** What stands in a heading beside its title. */
export function markOf(view: View, column: number): string {
  const at = view.sort.findIndex((s) => s.column === column);
  const by = view.sort[at];
  const arrow = by ? (by.desc ? "↓" : "↑") + (view.sort.length > 1 ? at + 1 : "") : "";
  return arrow + (filtersOf(view, column).length > 0 ? "•" : "");
}

/** Edits as order and filters see them: the same object for the same edits. */
export function overlay(edits: Edits, columns: Shown[], all: readonly { name: string }[]): Overlay {
  const known = overlays.get(edits.editedRows);
  const cells = known ?? editedCells(edits, columns, all);
  overlays.set(edits.editedRows, cells);
  return { cells, deleted: edits.deletedRows };
}

const overlays = new WeakMap<Edits["editedRows"], Cell[]>();

function editedCells(edits: Edits, columns: Shown[], all: readonly { name: string }[]): Cell[] {
  const index = new Map(all.map((c, i) => [c.name, i]));
  for (const c of columns) index.set(c.name, c.index);
  const cells: Cell[] = [];
  for (const [row, values] of Object.entries(edits.editedRows)) {
    for (const [name, value] of Object.entries(values)) {
      const column = index.get(name);
      if (column === undefined) continue;
      cells.push({
        row: Number(row),
        column,
        value:
          value === null || value === undefined
            ? undefined
            : Array.isArray(value)
              ? `[${value.join(", ")}]` // as DuckDB writes lists
              : String(value),
      });
    }
  }
  return cells;
}
