import { matches } from "../text/shortcut";
import type { Actions } from "./actions";
import type { Command } from "./commands";

/** How long the second key of a pair ("d d") may take, in ms. */
const pairWithin = 900;

/** Listens for the commands' keys on the whole page. Returns what ends it. */
export function listen(actions: Actions, commands: Command[]): () => void {
  let first: { key: string; at: number } | undefined;
  const handler = (e: KeyboardEvent) => {
    if (e.defaultPrevented || e.isComposing || actions.overlay.get() !== "none") return;
    if (inDialog(e.target)) return;
    const editing = inCode(e.target);
    const commanding = !editing && onCell(e.target);
    for (const command of commands) {
      for (const { keys, when } of command.keys) {
        if (when === "edit" ? !editing : when === "command" ? !commanding : false) continue;
        const [a = "", b] = keys.split(/ (?=.)/);
        if (b === undefined) {
          if (!matches(e, a)) continue;
        } else {
          if (!matches(e, b) || first?.key !== a || e.timeStamp - first.at > pairWithin) continue;
        }
        // Plain typing in a widget or a search box is no command.
        if (when === "always" && !editing && !commanding && inField(e.target) && !strong(e)) continue;
        first = undefined;
        e.preventDefault();
        e.stopPropagation();
        command.run();
        return;
      }
    }
    first = commanding && e.key.length === 1 ? { key: e.key.toLowerCase(), at: e.timeStamp } : undefined;
  };
  // Before the code editor's own keys, which would take Shift+Enter as a line.
  window.addEventListener("keydown", handler, { capture: true });
  return () => window.removeEventListener("keydown", handler, { capture: true });
}

const strong = (e: KeyboardEvent) => (e.ctrlKey || e.metaKey) && e.shiftKey;

/** A dialog has the keys to itself. (Looking for one in the whole page at each key is slow in a long notebook.) */
function inDialog(target: EventTarget | null): boolean {
  if (target === document.body) return document.querySelector("dialog[open]") !== null;
  return target instanceof Element && target.closest("dialog") !== null;
}

function inCode(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(".cm-content") !== null;
}

/** Command keys work while the focus is on a cell itself, or nowhere. */
function onCell(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof Element && target.classList.contains("cell"));
}

function inField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
