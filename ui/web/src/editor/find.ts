/** What to look for. */
export interface Query {
  text: string;
  regex: boolean;
  matchCase: boolean;
  word: boolean;
}

/** Where it was found: UTF-16 offsets in a cell's text. */
export interface Found {
  cell: string;
  from: number;
  to: number;
}

/** More matches than this are not listed: who looks for "e" wants to narrow it. */
export const mostFound = 5000;

/** The query as an expression; undefined when there is nothing to look for, or it is no expression. */
export function expression(q: Query): RegExp | undefined {
  if (q.text === "") return undefined;
  let source = q.regex ? q.text : q.text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  if (q.word) source = `(?<![\\p{L}\\p{N}_])(?:${source})(?![\\p{L}\\p{N}_])`;
  try {
    return new RegExp(source, q.matchCase ? "gmu" : "gimu");
  } catch {
    return undefined;
  }
}

/** Every match in one text. */
export function findIn(cell: string, text: string, re: RegExp): Found[] {
  const out: Found[] = [];
  for (const match of text.matchAll(re)) {
    if (match[0] === "") continue;
    out.push({ cell, from: match.index, to: match.index + match[0].length });
    if (out.length >= mostFound) break;
  }
  return out;
}

/** The text with every match replaced, and how many there were. An expression's $1 is its group. */
export function replaceIn(text: string, re: RegExp, q: Query, by: string): { text: string; count: number } {
  let count = 0;
  const out = text.replace(re, (...args: unknown[]) => {
    const match = args[0] as string;
    if (match === "") return match;
    count++;
    return replacement(match, re, q, by);
  });
  return { text: out, count };
}

/** What one match becomes. */
export function replacement(match: string, re: RegExp, q: Query, by: string): string {
  if (!q.regex) return by;
  // The match alone has no neighbours: the words' edges are known to be there.
  const alone = expression({ ...q, word: false }) ?? re;
  return match.replace(new RegExp(alone.source, alone.flags.replace("g", "")), by);
}
