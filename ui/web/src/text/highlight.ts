// A small highlighter for source text that is only shown: code elements, and cells
// outside the view. What is edited is highlighted by the code editor's parsers.

export type Token = {
  text: string;
  kind: "" | "keyword" | "string" | "number" | "comment" | "type" | "func";
};

interface Language {
  line?: string;
  block?: [string, string];
  strings: string;
  keywords: Set<string>;
  types?: Set<string>;
  fold?: boolean;
}

const words = (s: string) => new Set(s.split(" "));

const go: Language = {
  line: "//",
  block: ["/*", "*/"],
  strings: "\"'`",
  keywords: words(
    "break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var nil true false iota",
  ),
  types: words(
    "any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint uint8 uint16 uint32 uint64 uintptr",
  ),
};

const sql: Language = {
  line: "--",
  block: ["/*", "*/"],
  strings: "'\"",
  fold: true,
  keywords: words(
    "select from where group by order having limit offset join left right inner outer full cross on using as and or not in is null like between case when then else end distinct union all insert into values update set delete create table view drop alter with recursive exists asc desc over partition window qualify copy describe summarize pivot unpivot true false cast",
  ),
};

const script: Language = {
  line: "//",
  block: ["/*", "*/"],
  strings: "\"'`",
  keywords: words(
    "async await break case catch class const continue default delete do else enum export extends false finally fn for from function if implements import in instanceof interface let loop match mod mut new null of pub return static struct super switch this throw true try type typeof use var void while yield",
  ),
};

const python: Language = {
  line: "#",
  strings: "\"'",
  keywords: words(
    "and as assert async await break class continue def del elif else except False finally for from global if import in is lambda None nonlocal not or pass raise return True try while with yield",
  ),
};

const shell: Language = {
  line: "#",
  strings: "\"'",
  keywords: words(
    "if then else elif fi for while do done case esac in function return export local set cd echo",
  ),
};

const data: Language = { line: "#", strings: "\"'", keywords: words("true false null yes no") };

const languages: Record<string, Language> = {
  go,
  golang: go,
  sql,
  duckdb: sql,
  python,
  py: python,
  javascript: script,
  js: script,
  typescript: script,
  ts: script,
  rust: script,
  java: script,
  c: script,
  cpp: script,
  bash: shell,
  sh: shell,
  shell,
  json: data,
  yaml: data,
  toml: data,
};

/** Splits source into tokens. Unknown languages are one plain token. */
export function tokens(source: string, language: string | undefined): Token[] {
  const lang = languages[(language ?? "").toLowerCase()];
  if (!lang) return [{ text: source, kind: "" }];
  const out: Token[] = [];
  const push = (text: string, kind: Token["kind"]) => {
    const last = out.at(-1);
    if (last && last.kind === kind) last.text += text;
    else out.push({ text, kind });
  };
  const word = /[\p{L}_$][\p{L}\p{N}_$]*/uy;
  const number = /(?:0[xXbBoO][0-9a-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?)\w*/y;
  let i = 0;
  while (i < source.length) {
    const c = source[i]!;
    if (lang.line && source.startsWith(lang.line, i)) {
      const end = source.indexOf("\n", i);
      const to = end < 0 ? source.length : end;
      push(source.slice(i, to), "comment");
      i = to;
    } else if (lang.block && source.startsWith(lang.block[0], i)) {
      const end = source.indexOf(lang.block[1], i + 2);
      const to = end < 0 ? source.length : end + 2;
      push(source.slice(i, to), "comment");
      i = to;
    } else if (lang.strings.includes(c)) {
      const to = stringEnd(source, i, c);
      push(source.slice(i, to), "string");
      i = to;
    } else {
      word.lastIndex = i;
      const w = word.exec(source)?.[0];
      number.lastIndex = i;
      const n = w ? undefined : number.exec(source)?.[0];
      if (w) {
        const key = lang.fold ? w.toLowerCase() : w;
        if (lang.keywords.has(key)) push(w, "keyword");
        else if (lang.types?.has(w)) push(w, "type");
        else push(w, source[i + w.length] === "(" ? "func" : "");
        i += w.length;
      } else if (n) {
        push(n, "number");
        i += n.length;
      } else {
        push(c, "");
        i++;
      }
    }
  }
  return out;
}

function stringEnd(source: string, start: number, quote: string): number {
  const multiline = quote === "`";
  for (let i = start + 1; i < source.length; i++) {
    const c = source[i];
    if (c === "\\" && !multiline) i++;
    else if (c === quote) return i + 1;
    else if (c === "\n" && !multiline) return i;
  }
  return source.length;
}
