import { address } from "../net/base";

const recentKey = "stnb.recent";

/** The notebooks opened last in this browser, the newest first. */
export function recentPaths(): string[] {
  try {
    return JSON.parse(localStorage.getItem(recentKey) ?? "[]") as string[];
  } catch {
    return [];
  }
}

export function remember(path: string): void {
  try {
    localStorage.setItem(
      recentKey,
      JSON.stringify([path, ...recentPaths().filter((p) => p !== path)].slice(0, 12)),
    );
  } catch {
    // The list of recent notebooks is a comfort, no more.
  }
}

/** The editor's address of a notebook. */
export function link(info: { path: string }): string {
  return address(`edit/${encodePath(info.path)}`);
}

export const encodePath = (path: string) => path.split("/").map(encodeURIComponent).join("/");
