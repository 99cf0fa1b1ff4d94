import { describe, expect, it } from "vitest";
import { change, merge } from "./merge";

describe("change", () => {
  it.each([
    ["abc", "abXc", { from: 2, to: 2, insert: "X" }],
    ["abc", "ac", { from: 1, to: 2, insert: "" }],
    ["aaa", "aaaa", { from: 3, to: 3, insert: "a" }],
    ["", "x", { from: 0, to: 0, insert: "x" }],
    ["a😀b", "a😁b", { from: 1, to: 3, insert: "😁" }],
  ])("%j to %j", (a, b, want) => {
    const c = change(a, b)!;
    expect(c).toEqual(want);
    expect(a.slice(0, c.from) + c.insert + a.slice(c.to)).toBe(b);
  });

  it("is nothing for equal texts", () => {
    expect(change("x", "x")).toBeUndefined();
  });
});

describe("merge", () => {
  it.each([
    ["only theirs", "a\nb", "a\nb", "a\nc", "a\nc", false],
    ["only mine", "a\nb", "x\nb", "a\nb", "x\nb", false],
    ["both the same", "a", "b", "b", "b", false],
    ["different lines", "a\nb\nc", "A\nb\nc", "a\nb\nC", "A\nb\nC", false],
    ["lines added at both ends", "a\nb", "0\na\nb", "a\nb\n9", "0\na\nb\n9", false],
    ["different words of a line", "one two three", "ONE two three", "one two THREE", "ONE two THREE", false],
    ["the same words", "one", "mine", "theirs", "mine", true],
    ["deleted and changed", "a\nb\nc", "a\nc", "a\nB\nc", "a\nc", true],
    ["mine deleted elsewhere", "a\nb\nc", "b\nc", "a\nb\nC", "b\nC", false],
  ])("%s", (_, base, mine, theirs, text, clash) => {
    expect(merge(base, mine, theirs)).toEqual({ text, clash });
  });

  it("never loses a side's only change, for random edits", () => {
    let seed = 7;
    const random = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % n;
    };
    for (let i = 0; i < 500; i++) {
      const base = Array.from({ length: 1 + random(8) }, () => "abc"[random(3)]).join("\n");
      const lines = base.split("\n");
      const at = random(lines.length);
      const theirs = [...lines.slice(0, at), `t${i}`, ...lines.slice(at)].join("\n");
      expect(merge(base, base, theirs).text).toBe(theirs);
      expect(merge(base, theirs, base).text).toBe(theirs);
      const far = merge(`${base}\n===\nend`, `${theirs}\n===\nend`, `${base}\n===\nEND`);
      expect(far).toEqual({ text: `${theirs}\n===\nEND`, clash: false });
    }
  });
});
