// Keys as text: "Ctrl+Shift+P". "Mod" is Command on a Mac and Ctrl elsewhere.

export const mac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.userAgent);

interface Key {
  ctrl: boolean;
  shift: boolean;
  alt: boolean;
  meta: boolean;
  key: string;
}

export function parse(shortcut: string): Key {
  const parts = shortcut.split("+").map((p) => p.trim().toLowerCase());
  const key = parts.at(-1) ?? "";
  const has = (...names: string[]) => parts.slice(0, -1).some((p) => names.includes(p));
  const mod = has("mod", "cmdorctrl");
  return {
    ctrl: has("ctrl", "control") || (mod && !mac),
    meta: has("meta", "cmd", "command") || (mod && mac),
    shift: has("shift"),
    alt: has("alt", "option"),
    key: key === "esc" ? "escape" : key === "space" ? " " : key,
  };
}

const parsed = new Map<string, Key>();

export function matches(e: KeyboardEvent, shortcut: string): boolean {
  // Asked for a hundred shortcuts at each key press.
  let want = parsed.get(shortcut);
  if (!want) {
    want = parse(shortcut);
    parsed.set(shortcut, want);
  }
  if (e.key.toLowerCase() !== want.key) return false;
  // Shift is part of keys like "?" already.
  const shift = want.key.length === 1 && !/[a-z0-9]/.test(want.key) ? true : e.shiftKey === want.shift;
  return shift && e.ctrlKey === want.ctrl && e.altKey === want.alt && e.metaKey === want.meta;
}

/** How a shortcut is written for the person. */
export function shown(shortcut: string): string {
  if (!mac) return shortcut.replace(/\bMod\b/, "Ctrl");
  return shortcut
    .replace(/\bMod\b|\bCmd\b/, "⌘")
    .replace(/\bShift\b/, "⇧")
    .replace(/\bAlt\b/, "⌥")
    .replace(/\bCtrl\b/, "⌃")
    .replace(/\+/g, "");
}
