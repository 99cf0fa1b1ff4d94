import { describe, expect, it } from "vitest";
import { expression, findIn, type Query, replaceIn } from "./find";

const q = (text: string, more: Partial<Query> = {}): Query => ({
  text,
  regex: false,
  matchCase: false,
  word: false,
  ...more,
});
const count = (text: string, query: Query) => findIn("c", text, expression(query)!).length;

describe("find", () => {
  it("looks for text, words and expressions", () => {
    expect(count("x := X + xs", q("x"))).toBe(3);
    expect(count("x := X + xs", q("x", { matchCase: true }))).toBe(2);
    expect(count("x := X + xs", q("x", { word: true, matchCase: true }))).toBe(1);
    expect(count("a.b", q("."))).toBe(1);
    expect(count("größe größer", q("größe", { word: true }))).toBe(1);
    expect(count("a1 b22", q("\\d+", { regex: true }))).toBe(2);
    expect(expression(q("(", { regex: true }))).toBeUndefined();
    expect(expression(q(""))).toBeUndefined();
  });

  it("replaces, with groups where they are asked for", () => {
    const re = (query: Query) => replaceIn("a1 b22 a3", expression(query)!, query, "$1!");
    expect(re(q("a", {}))).toEqual({ text: "$1!1 b22 $1!3", count: 2 });
    expect(re(q("a(\\d)", { regex: true }))).toEqual({ text: "1! b22 3!", count: 2 });
  });
});
