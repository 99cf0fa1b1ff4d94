// Text with ANSI escape sequences, as terminals know them, to styled spans.

export interface Span {
  text: string;
  /** Class names: "ansi-red", "ansi-bg-blue", "ansi-bold". */
  classes: string;
  /** Colours that no class names: 256 and 24 bit. */
  color?: string;
  background?: string;
}

const names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];

interface State {
  fg: string;
  bg: string;
  color?: string;
  background?: string;
  flags: Set<string>;
}

const fresh = (): State => ({ fg: "", bg: "", flags: new Set() });

/**
 * Splits text into spans. Colours and styles are kept, other sequences dropped. A
 * carriage return writes over the line from its beginning, as progress bars want.
 */
export function spans(text: string): Span[] {
  const out: Span[] = [];
  const state = fresh();
  const source = overwrite(text);
  // CSI sequences, OSC sequences (titles, links), other two-character ones.
  const sequence = /\x1b(?:\[([0-9;:?]*)([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])/g;
  let at = 0;
  for (const match of source.matchAll(sequence)) {
    push(out, source.slice(at, match.index), state);
    at = match.index + match[0].length;
    if (match[2] === "m") style(state, match[1] ?? "");
  }
  push(out, source.slice(at), state);
  return out;
}

function push(out: Span[], raw: string, state: State): void {
  const text = raw.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, "");
  if (text === "") return;
  const classes = [...state.flags].map((f) => `ansi-${f}`);
  if (state.fg) classes.push(`ansi-${state.fg}`);
  if (state.bg) classes.push(`ansi-bg-${state.bg}`);
  const span: Span = { text, classes: classes.join(" ") };
  if (state.color) span.color = state.color;
  if (state.background) span.background = state.background;
  const last = out.at(-1);
  if (
    last &&
    last.classes === span.classes &&
    last.color === span.color &&
    last.background === span.background
  ) {
    last.text += text;
  } else out.push(span);
}

function style(state: State, parameters: string): void {
  const codes = parameters.split(/[;:]/).map((p) => Number(p || 0));
  for (let i = 0; i < codes.length; i++) {
    const c = codes[i]!;
    if (c === 0) Object.assign(state, fresh(), { color: undefined, background: undefined });
    else if (c === 1) state.flags.add("bold");
    else if (c === 2) state.flags.add("dim");
    else if (c === 3) state.flags.add("italic");
    else if (c === 4) state.flags.add("underline");
    else if (c === 7) state.flags.add("inverse");
    else if (c === 9) state.flags.add("strike");
    else if (c === 22) {
      state.flags.delete("bold");
      state.flags.delete("dim");
    } else if (c === 23) state.flags.delete("italic");
    else if (c === 24) state.flags.delete("underline");
    else if (c === 27) state.flags.delete("inverse");
    else if (c === 29) state.flags.delete("strike");
    else if (c >= 30 && c <= 37) set(state, false, names[c - 30]!);
    else if (c >= 40 && c <= 47) set(state, true, names[c - 40]!);
    else if (c >= 90 && c <= 97) set(state, false, `bright-${names[c - 90]!}`);
    else if (c >= 100 && c <= 107) set(state, true, `bright-${names[c - 100]!}`);
    else if (c === 39) set(state, false, "");
    else if (c === 49) set(state, true, "");
    else if (c === 38 || c === 48) {
      const background = c === 48;
      if (codes[i + 1] === 5) {
        indexed(state, background, codes[i + 2] ?? 0);
        i += 2;
      } else if (codes[i + 1] === 2) {
        colour(
          state,
          background,
          `rgb(${clamp(codes[i + 2])} ${clamp(codes[i + 3])} ${clamp(codes[i + 4])})`,
        );
        i += 4;
      }
    }
  }
}

const clamp = (n: number | undefined) => Math.max(0, Math.min(255, n ?? 0));

function set(state: State, background: boolean, name: string): void {
  if (background) {
    state.bg = name;
    state.background = undefined;
  } else {
    state.fg = name;
    state.color = undefined;
  }
}

function colour(state: State, background: boolean, value: string): void {
  set(state, background, "");
  if (background) state.background = value;
  else state.color = value;
}

function indexed(state: State, background: boolean, n: number): void {
  if (n < 8) set(state, background, names[n]!);
  else if (n < 16) set(state, background, `bright-${names[n - 8]!}`);
  else if (n < 232) {
    const level = (v: number) => (v === 0 ? 0 : 55 + v * 40);
    const i = n - 16;
    colour(
      state,
      background,
      `rgb(${level(Math.floor(i / 36))} ${level(Math.floor(i / 6) % 6)} ${level(i % 6)})`,
    );
  } else {
    const g = 8 + (n - 232) * 10;
    colour(state, background, `rgb(${g} ${g} ${g})`);
  }
}

/** Lines with a lone carriage return show what was written last. Sequences between are kept simple: the rest wins. */
function overwrite(text: string): string {
  if (!text.includes("\r")) return text;
  return text
    .replace(/\r+\n/g, "\n")
    .split("\n")
    .map((line) => {
      const parts = line.split("\r");
      let shown = "";
      for (const part of parts) {
        if (part === "") continue;
        shown = part.length >= shown.length ? part : part + shown.slice(part.length);
      }
      return shown;
    })
    .join("\n");
}
