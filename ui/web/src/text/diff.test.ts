import { describe, expect, it } from "vitest";
import { diff, hunks } from "./diff";

const signs = (a: string, b: string) => diff(a, b).map((l) => l.sign + l.text);

describe("diff", () => {
  it("tells lines that came, went and stayed", () => {
    expect(signs("a\nb\nc", "a\nx\nc\nd")).toEqual([" a", "-b", "+x", " c", "+d"]);
    expect(signs("a", "a")).toEqual([" a"]);
    expect(signs("", "a")).toEqual(["-", "+a"]);
  });

  it("makes of the old text, by its signs, the new one", () => {
    const a = "one\ntwo\nthree\nfour\nfive";
    const b = "zero\none\nthree\nthree and a half\nfive";
    const all = diff(a, b);
    expect(
      all
        .filter((l) => l.sign !== "+")
        .map((l) => l.text)
        .join("\n"),
    ).toBe(a);
    expect(
      all
        .filter((l) => l.sign !== "-")
        .map((l) => l.text)
        .join("\n"),
    ).toBe(b);
  });

  it("leaves out what is far from any change", () => {
    const a = Array.from({ length: 30 }, (_, i) => `line ${i}`).join("\n");
    const out = hunks(diff(a, a.replace("line 15", "changed")));
    expect(out[0]).toEqual({ skipped: 12 });
    expect(out).toHaveLength(1 + 3 + 2 + 3 + 1);
    expect(hunks(diff(a, a))).toEqual([]);
  });
});
