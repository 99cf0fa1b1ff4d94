// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import type { ColumnConfig } from "../protocol/element";
import type { Shown } from "./columns";
import { addRows, count, deleteRows, type Edits, edited, normal, origin, setCells, submitted } from "./edits";
import { parse } from "./parse";
import { display, items, plain } from "./values";

const none = normal(undefined);

const deleteShown = (e: Edits, rows: number, shown: number[]) =>
  deleteRows(
    e,
    shown.map((i) => origin(e, rows, i)),
  );

describe("edits", () => {
  it("map shown rows to original and added ones", () => {
    let e = deleteShown(none, 5, [1, 3]);
    e = addRows(e, [{ a: 1 }]);
    expect(count(e, 5)).toBe(4);
    expect([0, 1, 2, 3].map((i) => origin(e, 5, i))).toEqual([
      { base: 0 },
      { base: 2 },
      { base: 4 },
      { added: 0 },
    ]);
  });

  it("delete again by what is shown, and forget the edits of what is deleted", () => {
    let e = setCells(none, [{ from: { base: 2 }, column: "a", value: 9 }]);
    e = deleteShown(e, 5, [0]);
    e = deleteShown(e, 5, [1]);
    expect(e).toEqual({ editedRows: {}, addedRows: [], deletedRows: [0, 2] });
    e = addRows(e, [{ a: 1 }]);
    e = deleteShown(e, 5, [3]);
    expect(e.addedRows).toEqual([]);
  });

  it("an edit back to the original is none", () => {
    let e = setCells(none, [{ from: { base: 1 }, column: "a", value: 2, original: 1n }]);
    expect(edited(e, { base: 1 }, "a")).toBe(2);
    e = setCells(e, [{ from: { base: 1 }, column: "a", value: 1, original: 1n }]);
    expect(e.editedRows).toEqual({});
  });

  it("hold back added rows that lack something required", () => {
    let e = addRows(none, [{ a: null, b: "x" }]);
    expect(submitted(e, ["a"]).addedRows).toEqual([]);
    e = setCells(e, [{ from: { added: 0 }, column: "a", value: 1 }]);
    expect(submitted(e, ["a"]).addedRows).toEqual([{ a: 1, b: "x" }]);
  });
});

function column(kind: string, columnKind = "text", config: Partial<ColumnConfig> = {}): Shown {
  return {
    index: 0,
    name: "c",
    title: "c",
    kind,
    columnKind,
    config: { name: "c", ...config },
    pinned: false,
  };
}

describe("parse", () => {
  it.each([
    [column("number", "float"), "1,234.5", 1234.5],
    [column("number", "float"), "1.234,5", 1234.5],
    [column("number", "float"), "3,5", 3.5],
    [column("number", "int"), "2.6", 3],
    [column("number", "float", { min: 0, max: 10 }), "11", undefined],
    [column("number", "int"), "9007199254740993", "9007199254740993"],
    [column("number", "int"), "-9 223 372 036 854 775 808", "-9223372036854775808"],
    [column("number", "int"), "9007199254740991", 9007199254740991],
    [column("number", "int", { max: 5 }), "9007199254740993", undefined],
    [
      column("number", "decimal"),
      "170141183460469231731687303715884105727",
      "170141183460469231731687303715884105727",
    ],
    [column("number", "decimal"), "12345678901234567.25", "12345678901234567.25"],
    [column("number", "decimal"), "12.50", 12.5],
    [column("number", "float"), "9007199254740993", 9007199254740992],
    [column("number", "float"), "abc", undefined],
    [column("number", "float"), "", null],
    [column("number", "float", { required: true }), "", undefined],
    [column("number", "float"), "12 %", 0.12],
    [column("checkbox", "bool"), "yes", true],
    [column("checkbox", "bool"), "maybe", undefined],
    [column("select", "text", { options: ["a", "b"] }), "b", "b"],
    [column("select", "text", { options: ["a", "b"] }), "c", undefined],
    [column("multiselect", "list", { options: ["a", "b"] }), "b, a", ["b", "a"]],
    [column("multiselect", "list", { options: ["a", "b"] }), '["a"]', ["a"]],
    [column("multiselect", "list", { options: ["a", "b"] }), "a, c", undefined],
    [column("multiselect", "list", { acceptNew: true }), "c", ["c"]],
    [column("multiselect", "list", { required: true }), "[]", undefined],
    [column("date", "date"), "31.1.2026", "2026-01-31"],
    [column("date", "date"), "2026-02-30", undefined],
    [column("datetime", "datetime"), "2026-01-31 15:04", "2026-01-31T15:04:00"],
    [column("time", "time"), "7:05", "07:05:00"],
    [column("time", "time"), "25:00", undefined],
    [column("text", "text", { maxChars: 3 }), "abcd", undefined],
    [column("text", "text", { validate: "^[a-z]+$" }), "Abc", undefined],
    [column("text"), "  kept ", "  kept "],
  ])("%#: %j", (c, text, want) => {
    expect(parse(c, text)?.value).toEqual(want);
  });
});

describe("values", () => {
  it("are shown by kind", () => {
    expect(display(1234567.5, "number", "float")).toBe("1234567.5");
    expect(display(9007199254740993n, "number", "int")).toBe("9007199254740993");
    expect(display("12345678901234567.250", "number", "decimal")).toBe("12345678901234567.250");
    expect(display(0.5, "number", "float", { name: "c", format: "percent" })).toBe("50 %");
    expect(display(Date.UTC(2026, 0, 31), "date", "date")).toBe("2026-01-31");
    expect(display(Date.UTC(2026, 0, 31, 15, 4), "datetime", "datetime")).toBe("2026-01-31 15:04:00");
    expect(display(Date.UTC(2026, 0, 31), "date", "date", { name: "c", format: "DD.MM.YYYY" })).toBe(
      "31.01.2026",
    );
    expect(display(null, "number", "int")).toBe("");
    // Dates that JavaScript's do not reach, or only with a longer year.
    expect(display((2 ** 31 - 1) * 86_400_000, "date", "date")).toBe("∞");
    expect(display(-(2 ** 31 - 1) * 86_400_000, "datetime", "datetime")).toBe("-∞");
    expect(display(Date.UTC(-6187, 4, 4), "date", "date")).toBe("-006187-05-04");
    expect(display(Date.UTC(-6187, 4, 4, 3), "datetime", "datetime")).toBe("-006187-05-04 03:00:00");
  });
  it("of lists and structs are JSON", () => {
    expect(plain({ a: 1n, b: new Float64Array([1, 2]) })).toBe('{"a":1,"b":[1,2]}');
    expect(items(new Int32Array([1, 2]))).toEqual([1, 2]);
  });
});
