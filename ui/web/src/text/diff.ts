import { matches } from "./merge";

/** One line of a comparison: in both, only in the old text, only in the new. */
export interface DiffLine {
  sign: " " | "-" | "+";
  text: string;
}

/** Equal lines between two changes that are left out, and how many they are. */
export interface Skipped {
  skipped: number;
}

/** The lines of two texts side by side as one list. */
export function diff(before: string, after: string): DiffLine[] {
  const a = before.split("\n");
  const b = after.split("\n");
  const pairs = matches(a, b);
  const out: DiffLine[] = [];
  let j = 0;
  for (let i = 0; i < a.length; i++) {
    const pair = pairs[i];
    if (pair === undefined) {
      out.push({ sign: "-", text: a[i]! });
      continue;
    }
    for (; j < pair; j++) out.push({ sign: "+", text: b[j]! });
    out.push({ sign: " ", text: a[i]! });
    j++;
  }
  for (; j < b.length; j++) out.push({ sign: "+", text: b[j]! });
  return out;
}

/** The comparison with only so many equal lines around each change. */
export function hunks(lines: DiffLine[], around = 3): (DiffLine | Skipped)[] {
  const near = new Array<boolean>(lines.length).fill(false);
  lines.forEach((line, i) => {
    if (line.sign === " ") return;
    for (let k = Math.max(0, i - around); k <= Math.min(lines.length - 1, i + around); k++) near[k] = true;
  });
  const out: (DiffLine | Skipped)[] = [];
  let skipped = 0;
  lines.forEach((line, i) => {
    if (!near[i]) {
      skipped++;
      return;
    }
    if (skipped > 0) out.push({ skipped });
    skipped = 0;
    out.push(line);
  });
  if (skipped > 0 && out.length > 0) out.push({ skipped });
  return out;
}
