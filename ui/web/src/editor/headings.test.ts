import { describe, expect, it } from "vitest";
import { headingsOf, section } from "./headings";

describe("headings", () => {
  it("finds headings, and none in code", () => {
    const found = headingsOf("c", "# One\n\n```go\n# no\n```\n## *Two* ##\n#no\n####### no");
    expect(found.map((h) => [h.level, h.title])).toEqual([
      [1, "One"],
      [2, "Two"],
    ]);
  });

  it("knows what a heading covers", () => {
    const order = ["a", "b", "c", "d", "e"];
    const levels = new Map([
      ["a", 1],
      ["c", 2],
      ["e", 1],
    ]);
    expect(section(order, levels, "a")).toEqual(["b", "c", "d"]);
    expect(section(order, levels, "c")).toEqual(["d"]);
    expect(section(order, levels, "e")).toEqual([]);
    expect(section(order, levels, "b")).toEqual([]);
  });
});
