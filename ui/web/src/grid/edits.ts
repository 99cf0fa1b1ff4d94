// What was edited in a data editor, as values: the original rows are never
// touched, and every function returns a new state.

import type { EditorState } from "../protocol/element";

export type Row = Record<string, unknown>;

/** EditorState without the nulls that empty Go slices and maps travel as. */
export interface Edits {
  editedRows: Record<string, Row>;
  addedRows: Row[];
  deletedRows: number[];
}

export function normal(state: EditorState | undefined): Edits {
  return {
    editedRows: (state?.editedRows ?? {}) as Record<string, Row>,
    addedRows: (state?.addedRows ?? []) as Row[],
    deletedRows: [...(state?.deletedRows ?? [])].sort((a, b) => a - b),
  };
}

/** Where a shown row comes from: an original row, or one that was added. */
export type Origin = { base: number } | { added: number };

/** How many rows are shown of an original number of rows. */
export function count(edits: Edits, rows: number): number {
  return rows - edits.deletedRows.length + edits.addedRows.length;
}

/** The origin of the shown row i. */
export function origin(edits: Edits, rows: number, i: number): Origin {
  const kept = rows - edits.deletedRows.length;
  if (i >= kept) return { added: i - kept };
  let base = i;
  for (const deleted of edits.deletedRows) {
    if (deleted > base) break;
    base++;
  }
  return { base };
}

/** The value an edit gave the cell, or undefined when it is the original. */
export function edited(edits: Edits, from: Origin, column: string): unknown {
  if ("added" in from) return edits.addedRows[from.added]?.[column] ?? null;
  return edits.editedRows[from.base]?.[column];
}

/** A cell's new value; the original one, where it is known. */
export interface Change {
  from: Origin;
  column: string;
  value: unknown;
  original?: unknown;
}

/** Sets cells. An edit back to the original value is no edit. */
export function setCells(edits: Edits, changes: readonly Change[]): Edits {
  const editedRows: Record<string, Row> = { ...edits.editedRows };
  const addedRows = [...edits.addedRows];
  for (const { from, column, value, original } of changes) {
    if ("added" in from) {
      if (addedRows[from.added]) addedRows[from.added] = { ...addedRows[from.added], [column]: value };
      continue;
    }
    const row: Row = { ...editedRows[from.base], [column]: value };
    if (original !== undefined && same(original, value)) delete row[column];
    if (Object.keys(row).length === 0) delete editedRows[from.base];
    else editedRows[from.base] = row;
  }
  return { ...edits, editedRows, addedRows };
}

function same(a: unknown, b: unknown): boolean {
  if (typeof a === "bigint" || typeof b === "bigint") return String(a) === String(b);
  return Object.is(a, b) || JSON.stringify(a) === JSON.stringify(b);
}

export function addRows(edits: Edits, rows: readonly Row[]): Edits {
  return { ...edits, addedRows: [...edits.addedRows, ...rows] };
}

/** Deletes rows. An added row vanishes; an original one is listed as deleted, and its edits go. */
export function deleteRows(edits: Edits, rows: readonly Origin[]): Edits {
  const deleted = new Set(edits.deletedRows);
  const added = new Set<number>();
  const editedRows: Record<string, Row> = { ...edits.editedRows };
  for (const from of rows) {
    if ("added" in from) added.add(from.added);
    else {
      deleted.add(from.base);
      delete editedRows[from.base];
    }
  }
  return {
    editedRows,
    addedRows: edits.addedRows.filter((_, i) => !added.has(i)),
    deletedRows: [...deleted].sort((a, b) => a - b),
  };
}

/** What the program gets: added rows only once every required column is filled. */
export function submitted(edits: Edits, required: readonly string[]): Edits {
  if (required.length === 0) return edits;
  const complete = (row: Row) =>
    required.every((name) => row[name] !== null && row[name] !== undefined && row[name] !== "");
  return { ...edits, addedRows: edits.addedRows.filter(complete) };
}
