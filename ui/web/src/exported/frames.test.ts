import { tableFromArrays, tableToIPC } from "@uwdata/flechette";
import { expect, test } from "vitest";
import type { Filter, Request } from "../protocol/page";
import { compareValues, localFrames, passes } from "./frames";

test("values of one column compare by their type", () => {
  const sorted = (values: unknown[]) => [...values].sort(compareValues);
  expect(sorted([10, 9, 2.5])).toEqual([2.5, 9, 10]);
  expect(sorted([10n, 9n, 100n])).toEqual([9n, 10n, 100n]);
  expect(sorted(["b", "a", "B"])).toEqual(["B", "a", "b"]);
  expect(sorted([true, false])).toEqual([false, true]);
  expect(sorted([new Date(2), new Date(1)])).toEqual([new Date(1), new Date(2)]);
  expect(compareValues(1, 1)).toBe(0);
});

// Two columns, n and name, of rows (2, b), (1, null), (3, B).
const frame = () => {
  const table = tableFromArrays({ n: [2, 1, 3], name: ["b", null, "B"] });
  const arrow = btoa(String.fromCharCode(...tableToIPC(table, { format: "stream" })!));
  const columns = [
    { name: "n", type: "DOUBLE", kind: "float" },
    { name: "na,me", type: "VARCHAR", kind: "text" },
  ];
  return localFrames({ f: { rows: 3, total: 3, columns, arrow: [arrow] } });
};

const view = (request: Partial<Request>) => frame().window({ frame: "f", offset: 0, limit: 10, ...request });

test("rows are sorted, by several columns, and missing values stand last", () => {
  expect(view({ sort: [{ column: 0 }] }).columns[0]).toEqual([1, 2, 3]);
  expect(view({ sort: [{ column: 1, desc: true }], ids: true }).columns).toEqual([
    [2, 3, 1],
    ["b", "B", null],
    [0, 2, 1],
  ]);
  expect(view({ sort: [{ column: 1 }, { column: 0 }], offset: 1, limit: 1 }).columns[0]).toEqual([2]);
});

test("rows are filtered and searched", () => {
  const kept = (filters: Filter[]) => view({ filters }).columns[0];
  expect(kept([{ column: 0, op: "ge", values: ["2"] }])).toEqual([2, 3]);
  expect(kept([{ column: 1, op: "null" }])).toEqual([1]);
  expect(kept([{ column: 1, op: "contains", values: ["b"] }])).toEqual([2, 3]);
  expect(kept([{ column: 1, op: "in", values: ["B", "x"] }])).toEqual([3]);
  expect(
    kept([
      { column: 0, op: "gt", values: ["1"] },
      { column: 1, op: "eq", values: ["b"] },
    ]),
  ).toEqual([2]);
  expect(view({ search: "B" }).reply.total).toBe(2);
  expect(view({ sort: [{ column: 0 }], find: [[0, 1]] }).columns).toEqual([[1], [2]]);
  expect(view({ sort: [{ column: 0 }], numbers: [[0, 1]] }).columns).toEqual([[1], [2]]);
  expect(view({ filters: [{ column: 0, op: "lt", values: ["2"] }], find: [[0, 1]] }).columns[0]).toEqual([]);
});

test("a date is compared with the text of a filter", () => {
  const day = Date.UTC(2026, 0, 2);
  expect(passes(day, { column: 0, op: "eq", values: ["2026-01-02"] })).toBe(true);
  expect(passes(day, { column: 0, op: "lt", values: ["2026-01-02 00:00:01"] })).toBe(true);
  expect(passes(new Date(day), { column: 0, op: "gt", values: ["2026-01-01"] })).toBe(true);
});

test("a column has a summary, a download a heading", async () => {
  expect(view({ limit: 0, summary: [1] }).reply.summary).toEqual([
    { column: 1, type: "VARCHAR", nulls: 1, distinct: 2, min: "B", max: "b", top: ["b", "B"] },
  ]);
  const { blob } = frame().file({ frame: "f", offset: 0, limit: 0, format: "csv", sort: [{ column: 0 }] });
  expect(await blob.text()).toBe('n,"na,me"\r\n1,\r\n2,b\r\n3,B\r\n');
});
