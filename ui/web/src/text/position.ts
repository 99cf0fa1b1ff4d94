// Columns on the wire count UTF-8 bytes from 1; the browser counts UTF-16 units
// from 0. They are converted here and nowhere else.

/** The number of UTF-8 bytes of a string. */
export function byteLength(s: string): number {
  let n = 0;
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i);
    if (c < 0x80) n += 1;
    else if (c < 0x800) n += 2;
    else if (c >= 0xd800 && c < 0xdc00 && i + 1 < s.length) {
      n += 4;
      i++;
    } else n += 3;
  }
  return n;
}

/** A byte column (from 1) in a line as an offset in UTF-16 units (from 0). */
export function fromByteColumn(line: string, column: number): number {
  let left = column - 1;
  let i = 0;
  while (left > 0 && i < line.length) {
    const c = line.codePointAt(i)!;
    left -= c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    if (left < 0) break;
    i += c > 0xffff ? 2 : 1;
  }
  return i;
}

/** An offset in UTF-16 units (from 0) in a line as a byte column (from 1). */
export function toByteColumn(line: string, offset: number): number {
  return byteLength(line.slice(0, offset)) + 1;
}

/** The line (from 1) and byte column of an offset into a text. */
export function toPosition(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const start = before.lastIndexOf("\n") + 1;
  let line = 1;
  for (let i = before.indexOf("\n"); i >= 0; i = before.indexOf("\n", i + 1)) line++;
  return { line, column: toByteColumn(text.slice(start), offset - start) };
}

/** The offset into a text of a line (from 1) and byte column; the end when it is past it. */
export function toOffset(text: string, line: number, column: number): number {
  let start = 0;
  for (let n = 1; n < line; n++) {
    const next = text.indexOf("\n", start);
    if (next < 0) return text.length;
    start = next + 1;
  }
  const end = text.indexOf("\n", start);
  return start + fromByteColumn(text.slice(start, end < 0 ? undefined : end), column);
}
