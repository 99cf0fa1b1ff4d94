import { Cell } from "../screen/keyed";

/** What the person chose; "system" follows the machine. */
export type Theme = "light" | "dark" | "system";

const key = "stnb.theme";
const query = window.matchMedia("(prefers-color-scheme: dark)");

function stored(): Theme {
  try {
    const theme = localStorage.getItem(key);
    return theme === "light" || theme === "dark" ? theme : "system";
  } catch {
    return "system";
  }
}

export const theme = new Cell<Theme>(stored());
/** What is shown now. Canvases (grid, charts) draw anew when it changes. */
export const dark = new Cell(isDark());

function isDark(): boolean {
  return theme.get() === "dark" || (theme.get() === "system" && query.matches);
}

query.addEventListener("change", () => dark.set(isDark()));

export function setTheme(next: Theme): void {
  theme.set(next);
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  try {
    if (next === "system") localStorage.removeItem(key);
    else localStorage.setItem(key, next);
  } catch {
    // The choice then holds for this page only.
  }
  dark.set(isDark());
}

/** The present value of a CSS token, for what is drawn on a canvas. */
export function token(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
