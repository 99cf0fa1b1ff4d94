import { columnsOf, type LocalFrames } from "../grid/frames";
import type { Request } from "../protocol/page";

/** The rows of one grid as they stand in the page: Arrow streams in base64. */
export interface StoredFrame {
  rows: number;
  total: number;
  arrow: string[];
}

function bytes(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}

/** Compares two values of one column; missing ones stand last, whatever the order. */
export function compareValues(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (typeof a === "string" && typeof b === "string") return a < b ? -1 : 1;
  if (a instanceof Date && b instanceof Date) return a.getTime() - b.getTime();
  const numeric = (v: unknown) => typeof v === "number" || typeof v === "bigint" || typeof v === "boolean";
  if (numeric(a) && numeric(b)) {
    const x = a as number;
    const y = b as number;
    return x < y ? -1 : x > y ? 1 : 0;
  }
  return String(a) < String(b) ? -1 : 1;
}

/** Sorts, searches and cuts the rows of frames in the browser, as the server does for live ones. */
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
          if (column) column.push(...values);
          else all![i] = values;
        });
      }
      decoded.set(name, all);
    }
    return all;
  };

  /** The rows of a request's view, in its order. */
  const order = (request: Request): number[] => {
    const key = JSON.stringify([request.frame, request.sort ?? [], request.search ?? ""]);
    const known = orders.get(key);
    if (known) return known;
    const all = columns(request.frame);
    let rows = Array.from({ length: all[0]?.length ?? 0 }, (_, i) => i);
    const search = (request.search ?? "").toLowerCase();
    if (search) {
      rows = rows.filter((row) =>
        all.some((values) => values[row] != null && String(values[row]).toLowerCase().includes(search)),
      );
    }
    const sorts = request.sort ?? [];
    if (sorts.length > 0) {
      rows.sort((a, b) => {
        for (const { column, desc } of sorts) {
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
      const rows = order(request);
      const from = request.offset ?? 0;
      const shown = rows.slice(from, from + request.limit);
      return {
        reply: { offset: from, rows: shown.length, total: rows.length },
        columns: columns(request.frame).map((values) => shown.map((row) => values[row])),
      };
    },
    file(request) {
      const all = columns(request.frame);
      const quote = (v: unknown) => {
        const text = v == null ? "" : String(v);
        return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
      };
      const lines = order(request).map((row) => all.map((values) => quote(values[row])).join(","));
      return new Blob([`${lines.join("\r\n")}\r\n`], { type: "text/csv;charset=utf-8" });
    },
  };
}
