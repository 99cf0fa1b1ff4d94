// Bringing two versions of a cell's text together.

/** The smallest single replacement that makes one text of another. */
export interface Change {
  from: number;
  to: number;
  insert: string;
}

/** The replacement that turns a into b, or undefined when they are equal. */
export function change(a: string, b: string): Change | undefined {
  if (a === b) return undefined;
  const most = Math.min(a.length, b.length);
  let from = 0;
  while (from < most && a.charCodeAt(from) === b.charCodeAt(from)) from++;
  // A surrogate pair is one character: not cut in two.
  if (from > 0 && isHigh(a.charCodeAt(from - 1))) from--;
  let tail = 0;
  while (tail < most - from && a.charCodeAt(a.length - 1 - tail) === b.charCodeAt(b.length - 1 - tail))
    tail++;
  if (tail > 0 && isLow(a.charCodeAt(a.length - tail))) tail--;
  return { from, to: a.length - tail, insert: b.slice(from, b.length - tail) };
}

const isHigh = (c: number) => c >= 0xd800 && c < 0xdc00;
const isLow = (c: number) => c >= 0xdc00 && c < 0xe000;

/**
 * Merges two changes of one base. Lines that only one side changed take that
 * side's text; where both changed the same lines, mine stays and clash is true.
 */
export function merge(base: string, mine: string, theirs: string): { text: string; clash: boolean } {
  if (mine === base || mine === theirs) return { text: theirs, clash: false };
  if (theirs === base) return { text: mine, clash: false };
  const b = base.split("\n");
  const m = matches(b, mine.split("\n"));
  const t = matches(b, theirs.split("\n"));
  const mineLines = mine.split("\n");
  const theirLines = theirs.split("\n");
  const out: string[] = [];
  let clash = false;
  let i = 0;
  let im = 0;
  let it = 0;
  while (true) {
    // The next line of the base that both still have: what stands before it is one region.
    let j = i;
    while (j < b.length && !(m[j] !== undefined && t[j] !== undefined)) j++;
    const jm = j < b.length ? m[j]! : mineLines.length;
    const jt = j < b.length ? t[j]! : theirLines.length;
    const was = b.slice(i, j).join("\n");
    const my = mineLines.slice(im, jm);
    const their = theirLines.slice(it, jt);
    const myText = my.join("\n");
    const theirText = their.join("\n");
    const mineSame = myText === was && my.length === j - i;
    const theirsSame = theirText === was && their.length === j - i;
    if (mineSame) out.push(...their);
    else if (theirsSame || (myText === theirText && my.length === their.length)) out.push(...my);
    else {
      const inner = within(was, myText, theirText);
      if (inner !== undefined && my.length > 0 && their.length > 0) out.push(...inner.split("\n"));
      else {
        clash = true;
        out.push(...my);
      }
    }
    if (j >= b.length) break;
    out.push(b[j]!);
    i = j + 1;
    im = jm + 1;
    it = jt + 1;
  }
  return { text: out.join("\n"), clash };
}

/** Merges inside a region when the two changes touch different characters of it. */
function within(base: string, mine: string, theirs: string): string | undefined {
  const a = change(base, mine);
  const b = change(base, theirs);
  if (!a) return theirs;
  if (!b) return mine;
  if (a.to < b.from)
    return base.slice(0, a.from) + a.insert + base.slice(a.to, b.from) + b.insert + base.slice(b.to);
  if (b.to < a.from)
    return base.slice(0, b.from) + b.insert + base.slice(b.to, a.from) + a.insert + base.slice(a.to);
  return undefined;
}

/** For each line of a, the line of b that is the same, by a longest common subsequence. */
export function matches(a: string[], b: string[]): (number | undefined)[] {
  const out: (number | undefined)[] = new Array(a.length).fill(undefined);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) {
    out[start] = start;
    start++;
  }
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--;
    endB--;
    out[endA] = endB;
  }
  const n = endA - start;
  const m = endB - start;
  // Very long changed regions are one region: the table would be too large.
  if (n === 0 || m === 0 || n * m > 4_000_000) return out;
  const table = new Uint16Array((n + 1) * (m + 1));
  const at = (i: number, j: number) => i * (m + 1) + j;
  for (let i = n - 1; i >= 0; i--) {
    for (let j = m - 1; j >= 0; j--) {
      table[at(i, j)] =
        a[start + i] === b[start + j]
          ? table[at(i + 1, j + 1)]! + 1
          : Math.max(table[at(i + 1, j)]!, table[at(i, j + 1)]!);
    }
  }
  let i = 0;
  let j = 0;
  while (i < n && j < m) {
    if (a[start + i] === b[start + j]) {
      out[start + i] = start + j;
      i++;
      j++;
    } else if (table[at(i + 1, j)]! >= table[at(i, j + 1)]!) i++;
    else j++;
  }
  return out;
}
