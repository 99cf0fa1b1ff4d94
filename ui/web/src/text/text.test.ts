import { describe, expect, it } from "vitest";
import { spans } from "./ansi";
import { bytes, decimals, duration, formatSlider, printf } from "./format";
import { tokens } from "./highlight";
import { fromByteColumn, toByteColumn, toOffset, toPosition } from "./position";
import { parse } from "./shortcut";

describe("positions", () => {
  it.each([
    ["abc", 3, 2],
    ["äbc", 3, 1],
    ["日本x", 7, 2],
    ["😀x", 5, 2],
    ["abc", 9, 3],
  ])("%j: byte column %d is offset %d", (line, column, offset) => {
    expect(fromByteColumn(line, column)).toBe(offset);
    if (offset < line.length) expect(toByteColumn(line, offset)).toBe(column);
  });

  it("go there and back in text of several lines", () => {
    const text = "x := \"日本\"\ny := 'ä' + 😀\n\nz";
    for (let i = 0; i <= text.length; i++) {
      if (/[\udc00-\udfff]/.test(text[i] ?? "")) continue;
      const { line, column } = toPosition(text, i);
      expect(toOffset(text, line, column)).toBe(i);
    }
  });
});

describe("printf", () => {
  it.each([
    ["%d", 3.7, "4"],
    ["%.2f kg", 1.005, "1.00 kg"],
    ["%05.1f", 2.25, "002.3"],
    ["%,d", 1234567, "1,234,567"],
    ["%+d", 5, "+5"],
    ["%d%%", 50, "50%"],
    ["%x", 255, "ff"],
    ["%-5d|", 42, "42   |"],
    ["%e", 12345, "1.234500e+4"],
  ])("%s of %d", (format, value, want) => {
    expect(printf(format, value)).toBe(want);
  });
});

describe("format", () => {
  it("writes decimals as the step asks", () => {
    expect(decimals(0.25)).toBe(2);
    expect(decimals(1e-7)).toBe(7);
    expect(decimals(5)).toBe(0);
    expect(formatSlider(0.5, "float", undefined, 0.01)).toBe("0.50");
    expect(formatSlider(0.5, "float", "percent", 0.01)).toBe("50 %");
    expect(formatSlider(3, "int", undefined, 1)).toBe("3");
  });
  it("writes spans and sizes", () => {
    expect(duration(0.123)).toBe("0.12 ms");
    expect(duration(1534)).toBe("1.53 s");
    expect(duration(125_000)).toBe("2 min 5 s");
    expect(duration(3_780_000)).toBe("1 h 3 min");
    expect(bytes(999)).toBe("999 B");
    expect(bytes(3_200_000)).toBe("3.2 MB");
  });
});

describe("ansi", () => {
  it("styles, resets and drops what is no style", () => {
    expect(spans("a\x1b[1;31mb\x1b[0mc\x1b[2Kd\x1b]0;title\x07e")).toEqual([
      { text: "a", classes: "" },
      { text: "b", classes: "ansi-bold ansi-red" },
      { text: "cde", classes: "" },
    ]);
  });
  it("knows 256 and 24 bit colours", () => {
    expect(spans("\x1b[38;5;9ma\x1b[38;2;1;2;3mb\x1b[48;5;196mc")).toEqual([
      { text: "a", classes: "ansi-bright-red" },
      { text: "b", classes: "", color: "rgb(1 2 3)" },
      { text: "c", classes: "", color: "rgb(1 2 3)", background: "rgb(255 0 0)" },
    ]);
  });
  it("writes over a line after a carriage return", () => {
    expect(spans("10%\r20%\r100%\r\nnext")).toEqual([{ text: "100%\nnext", classes: "" }]);
  });
});

describe("highlight", () => {
  it("keeps the text whole, whatever it is", () => {
    for (const source of [
      'x := "a\\"b" // c',
      "`raw\nstring`",
      "select 'it''s'",
      '"open',
      "/* open",
      "日本 := 1_000",
    ]) {
      for (const language of ["go", "sql", "python", "nothing"]) {
        expect(
          tokens(source, language)
            .map((t) => t.text)
            .join(""),
        ).toBe(source);
      }
    }
  });
  it("tells keywords, types, calls, numbers and strings", () => {
    const kinds = tokens('func f(n int) { g(1, "s") }', "go")
      .filter((t) => t.kind)
      .map((t) => `${t.text}:${t.kind}`);
    expect(kinds).toEqual(["func:keyword", "f:func", "int:type", "g:func", "1:number", '"s":string']);
  });
});

describe("shortcuts", () => {
  it("are parsed from text", () => {
    expect(parse("Ctrl+Shift+P")).toEqual({ ctrl: true, shift: true, alt: false, meta: false, key: "p" });
    expect(parse("Esc").key).toBe("escape");
  });
});
