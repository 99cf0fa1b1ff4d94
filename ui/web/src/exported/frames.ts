import { columnsOf } from "../grid/arrow";
import type { LocalFrames } from "../grid/frames";
import type { Span } from "../grid/source";
import type { Column } from "../protocol/element";
import type { Filter, Request, Summary } from "../protocol/page";

/** The rows of one grid as they stand in the page: Arrow streams in base64. */
export interface StoredFrame {
  rows: number;
  total: number;
  columns: Column[];
  arrow: string[];
}

function bytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

const numeric = (v: unknown): v is number | bigint | boolean =>
  typeof v === "number" || typeof v === "bigint" || typeof v === "boolean";

/** Compares two values of one column; missing ones stand last, whatever the order. */
export function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : 1;
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  if (numeric(a) && numeric(b)) return a < b ? -1 : a > b ? 1 : 0;
  return String(a) < String(b) ? -1 : 1;
}

/** The text of a filter as a value like those of its column. */
function like(value: unknown, text: string): unknown {
  if (typeof value === "boolean") return text === "true";
  if (value instanceof Date) return new Date(instant(text));
  if (!numeric(value)) return text;
  const n = Number(text);
  return Number.isNaN(n) ? instant(text) : n;
}

/** A date or a time of a filter, in ms since 1970; without a zone it is UTC. */
function instant(text: string): number {
  const iso = text.trim().replace(" ", "T");
  return Date.parse(/T.*(Z|[+-]\d\d:?\d\d)$/.test(iso) || !iso.includes("T") ? iso : `${iso}Z`);
}

/** Whether a value passes a filter. */
export function passes(value: unknown, filter: Filter): boolean {
  const values = filter.values ?? [];
  if (filter.op === "null") return value == null;
  if (filter.op === "notnull") return value != null;
  if (value == null) return false;
  const is = (text: string) => compareValues(value, like(value, text));
  const first = values[0] ?? "";
  switch (filter.op) {
    case "eq":
      return is(first) === 0;
    case "ne":
      return is(first) !== 0;
    case "lt":
      return is(first) < 0;
    case "le":
      return is(first) <= 0;
    case "gt":
      return is(first) > 0;
    case "ge":
      return is(first) >= 0;
    case "contains":
      return String(value).toLowerCase().includes(first.toLowerCase());
    case "in":
      return values.some((text) => is(text) === 0);
  }
  throw new Error(`there is no filter ${filter.op}`);
}

/** What is known of a column's values. */
export function summarise(values: readonly unknown[], index: number, type: string): Summary {
  const counts = new Map<string, number>();
  const first = new Map<string, unknown>();
  let nulls = 0;
  let min: unknown;
  let max: unknown;
  for (const v of values) {
    if (v == null) {
      nulls++;
      continue;
    }
    const text = String(v);
    counts.set(text, (counts.get(text) ?? 0) + 1);
    if (!first.has(text)) first.set(text, v);
    if (min === undefined || compareValues(v, min) < 0) min = v;
    if (max === undefined || compareValues(v, max) > 0) max = v;
  }
  const top = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 10);
  return {
    column: index,
    type,
    nulls,
    distinct: counts.size,
    min: min === undefined ? undefined : String(min),
    max: max === undefined ? undefined : String(max),
    top: top.map(([text]) => text),
  };
}

/** Sorts, filters, searches and cuts the rows of frames in the browser, as the server does for live ones. */
export function localFrames(stored: Record<string, StoredFrame>): LocalFrames {
  const decoded = new Map<string, unknown[][]>();
  const orders = new Map<string, number[]>();

  const columns = (name: string): unknown[][] => {
    let all = decoded.get(name);
    if (!all) {
      all = [];
      for (const part of stored[name]?.arrow ?? []) {
        columnsOf(bytes(part)).forEach((values, i) => {
          const column = all![i];
          if (column) for (const v of values) column.push(v);
          else all![i] = values;
        });
      }
      decoded.set(name, all);
    }
    return all;
  };

  /** The rows of a request's view, in its order. */
  const order = (request: Request): number[] => {
    const { frame, sort = [], search = "", filters = [] } = request;
    const key = JSON.stringify([frame, sort, search, filters]);
    const known = orders.get(key);
    if (known) return known;
    const all = columns(frame);
    let rows = Array.from({ length: all[0]?.length ?? 0 }, (_, i) => i);
    for (const f of filters) rows = rows.filter((row) => passes(all[f.column]?.[row] ?? null, f));
    if (search) {
      const text = search.toLowerCase();
      rows = rows.filter((row) =>
        all.some((values) => values[row] != null && String(values[row]).toLowerCase().includes(text)),
      );
    }
    if (sort.length > 0) {
      rows.sort((a, b) => {
        for (const { column, desc } of sort) {
          const x = all[column]?.[a] ?? null;
          const y = all[column]?.[b] ?? null;
          if (x === null || y === null) {
            if (x !== y) return x === null ? 1 : -1;
            continue;
          }
          const d = compareValues(x, y);
          if (d !== 0) return desc ? -d : d;
        }
        return a - b;
      });
    }
    orders.set(key, rows);
    return rows;
  };

  return {
    window(request) {
      const all = columns(request.frame);
      const rows = order(request);
      const from = request.offset ?? 0;
      const shown = rows.slice(from, from + request.limit);
      const chosen = request.columns ? request.columns.map((i) => all[i] ?? []) : all;
      const values = chosen.map((column) => shown.map((row) => column[row]));
      if (request.find || request.numbers) {
        const inside = (spans: readonly Span[], n: number) => spans.some(([a, b]) => a <= n && n < b);
        const found = request.numbers
          ? rows.filter((_, at) => inside(request.numbers!, at)).sort((a, b) => a - b)
          : rows.flatMap((row, at) => (inside(request.find!, row) ? [at] : []));
        return {
          reply: { offset: 0, rows: 0, total: rows.length },
          columns: [found, found.map((n) => n + 1)],
        };
      }
      return {
        reply: {
          offset: from,
          rows: shown.length,
          total: rows.length,
          summary: request.summary?.map((i) =>
            summarise(all[i] ?? [], i, stored[request.frame]?.columns[i]?.type ?? ""),
          ),
        },
        columns: request.ids ? [...values, shown] : values,
      };
    },
    file(request) {
      const all = columns(request.frame);
      const quote = (v: unknown) => {
        const text = v == null ? "" : String(v);
        return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
      };
      const from = request.offset ?? 0;
      const rows = order(request).slice(from, request.limit > 0 ? from + request.limit : undefined);
      const lines = rows.map((row) => all.map((values) => quote(values[row])).join(","));
      if (from === 0)
        lines.unshift((stored[request.frame]?.columns ?? []).map((c) => quote(c.name)).join(","));
      const blob = new Blob(
        lines.map((line) => `${line}\r\n`),
        { type: "text/csv;charset=utf-8" },
      );
      return { reply: { offset: from, rows: rows.length, total: order(request).length }, blob };
    },
  };
}
