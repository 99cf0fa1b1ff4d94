import type { Extension } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { getCM, Vim, vim } from "@replit/codemirror-vim";

/** What Vim's commands ask of the page. */
export interface VimHost {
  save: () => void;
  run: () => void;
}

let host: VimHost | undefined;
Vim.defineEx("write", "w", () => host?.save());
Vim.defineEx("run", "run", () => host?.run());

/** Vim's keys for one code editor. */
export function vimKeys(h: VimHost): Extension {
  host = h;
  return vim({ status: true });
}

/** Whether Escape has nothing left to leave: it then leaves the cell. */
export function atRest(view: EditorView): boolean {
  const state = getCM(view)?.state.vim;
  return (
    !state || (!state.insertMode && !state.visualMode && (state.inputState?.keyBuffer?.length ?? 0) === 0)
  );
}
