import type { Notebook } from "./notebook";

/** A heading of a Markdown cell. */
export interface Heading {
  cell: string;
  level: number;
  title: string;
}

/** The headings of one Markdown text; what looks like one in a code block is none. */
export function headingsOf(cell: string, source: string): Heading[] {
  const out: Heading[] = [];
  let fenced = false;
  for (const line of source.split("\n")) {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    const match = fenced ? null : /^(#{1,6})\s+(.+?)\s*#*$/.exec(line);
    if (match) out.push({ cell, level: match[1]!.length, title: match[2]!.replace(/[*_`]/g, "") });
  }
  return out;
}

/** All headings of the notebook, in order. */
export function allHeadings(notebook: Notebook): Heading[] {
  return notebook.order
    .get()
    .flatMap((cell) =>
      notebook.cells.get(cell)?.kind === "markdown" ? headingsOf(cell, notebook.source(cell)) : [],
    );
}

/**
 * The cells below a heading, down to the next heading of its level or above: those
 * that go away when it is collapsed. A cell's first heading counts.
 */
export function section(order: readonly string[], levels: Map<string, number>, cell: string): string[] {
  const level = levels.get(cell);
  if (level === undefined) return [];
  const from = order.indexOf(cell) + 1;
  let to = from;
  while (to < order.length && (levels.get(order[to]!) ?? 99) > level) to++;
  return order.slice(from, to);
}

/** The level of each Markdown cell that begins a section. */
export function levels(notebook: Notebook): Map<string, number> {
  const out = new Map<string, number>();
  for (const h of allHeadings(notebook)) if (!out.has(h.cell)) out.set(h.cell, h.level);
  return out;
}
