import {
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  completionStatus,
  prevSnippetField,
  startCompletion,
} from "@codemirror/autocomplete";
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentLess,
  indentWithTab,
  toggleComment,
} from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { type Diagnostic as Lint, lintKeymap, setDiagnostics } from "@codemirror/lint";
import {
  gotoLine,
  highlightSelectionMatches,
  selectNextOccurrence,
  selectSelectionMatches,
} from "@codemirror/search";
import {
  Annotation,
  Compartment,
  EditorState,
  type Extension,
  Prec,
  StateEffect,
  StateField,
} from "@codemirror/state";
import {
  crosshairCursor,
  Decoration,
  type DecorationSet,
  drawSelection,
  dropCursor,
  EditorView,
  keymap,
  placeholder,
  rectangularSelection,
  tooltips,
} from "@codemirror/view";
import { nonce } from "../../net/base";
import type { Kind } from "../../protocol/notebook";
import type { Diagnostic } from "../../protocol/source";
import { change } from "../../text/merge";
import { editor as messages } from "../../text/messages/editor";
import { toPosition } from "../../text/position";
import type { CodeHandle } from "../actions";
import { type Found, findIn } from "../find";
import type { Services } from "../services";
import type { CellText } from "../text";
import { highlighting, language } from "./language";
import { closeDocs, offsets, services, showDocs } from "./services";
import { theme } from "./theme";

export interface MountOptions {
  cell: string;
  kind: Kind;
  text: CellText;
  label: string;
  services: Services;
  /** The person began or ended to edit here. */
  onFocus: (focused: boolean) => void;
  /** Escape. */
  onLeave: () => void;
  /** The cursor wants to leave the cell's first (-1) or last (1) line. */
  onCross: (by: 1 | -1) => boolean;
  onDefinition: (cell: string, line: number, column: number) => void;
  onCommand: (name: CellCommand) => void;
  /** The name is not defined in a cell; outside is the place of one that is defined in a file. */
  notFound: (outside?: string) => void;
  /** Whether Vim's keys are at rest, so that Escape leaves the cell; absent without them. */
  vimRests?: (view: EditorView) => boolean;
}

/** What is done to a cell as a whole, outside its code editor. */
export type CellCommand = "rename" | "format" | "fix";

export interface Mounted extends CodeHandle {
  setKind: (kind: Kind) => void;
  /** Gives the editor keys of another kind (Vim's), or its own. */
  setKeys: (keys: Extension | undefined) => void;
  setDiagnostics: (diagnostics: Diagnostic[]) => void;
  /** Marks every match of what is looked for, or none. */
  setFound: (re: RegExp | undefined) => void;
  /** Takes the editor away; what it returns brings its history back when it is mounted again. */
  destroy: () => unknown;
}

const remote = Annotation.define<boolean>();

const setFound = StateEffect.define<RegExp | undefined>();
const foundMark = Decoration.mark({ class: "cm-searchMatch" });
const foundHere = Decoration.mark({ class: "cm-searchMatch cm-searchMatch-selected" });

/** What is looked for in all cells, and where it stands in this one. */
const found = StateField.define<{ re?: RegExp; marks: DecorationSet }>({
  create: () => ({ marks: Decoration.none }),
  update({ re, marks }, tr) {
    const asked = tr.effects.find((e) => e.is(setFound));
    if (asked) re = asked.value as RegExp | undefined;
    if (!re) return asked ? { marks: Decoration.none } : { marks };
    if (!asked && !tr.docChanged && !tr.selection) return { re, marks };
    const all = findIn("", tr.newDoc.toString(), re);
    const { from, to } = tr.newSelection.main;
    const mark = (f: Found) => (f.from === from && f.to === to ? foundHere : foundMark);
    return { re, marks: Decoration.set(all.map((f) => mark(f).range(f.from, f.to))) };
  },
  provide: (f) => EditorView.decorations.from(f, (value) => value.marks),
});

/** Mounts a code editor for a cell into a node. */
export function mount(parent: HTMLElement, o: MountOptions, saved?: unknown): Mounted {
  const lang = new Compartment();
  const modal = new Compartment();
  let { kind } = o;
  const extensions: Extension = [
    EditorView.cspNonce.of(nonce),
    Prec.highest(keymap.of(cellKeys(o))),
    modal.of([]),
    history(),
    drawSelection(),
    dropCursor(),
    // Beside the cells, not in one: the next cell would lie over what reaches out of it.
    tooltips({ parent: document.querySelector("main") ?? document.body }),
    EditorState.allowMultipleSelections.of(true),
    EditorState.tabSize.of(4),
    indentUnit.of("\t"),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    rectangularSelection(),
    crosshairCursor(),
    highlightSelectionMatches(),
    found,
    highlighting,
    theme,
    lang.of(languageFor(o, o.kind)),
    keymap.of([
      ...closeBracketsKeymap,
      ...defaultKeymap.filter((k) => k.key !== "Mod-Enter"),
      { key: "Mod-d", run: selectNextOccurrence, preventDefault: true },
      { key: "Mod-Shift-l", run: selectSelectionMatches },
      { key: "Mod-Alt-g", run: gotoLine },
      ...historyKeymap,
      ...completionKeymap,
      ...lintKeymap,
      indentWithTab,
    ]),
    EditorView.contentAttributes.of({ "aria-label": o.label, spellcheck: "false" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged && !update.transactions.some((tr) => tr.annotation(remote))) {
        o.text.edit(update.state.doc.toString());
      }
      // Vim's command line below the text is a part of it.
      if (update.focusChanged) o.onFocus(update.view.dom.contains(document.activeElement));
    }),
    EditorView.domEventHandlers({
      mousedown: (e, view) => {
        if (!(e.ctrlKey || e.metaKey) || e.button !== 0) return false;
        const pos = view.posAtCoords({ x: e.clientX, y: e.clientY });
        if (pos === null) return false;
        void goToDefinition(view, pos);
        return true;
      },
    }),
  ];
  const state = saved as EditorState | undefined;
  const view = new EditorView({
    parent,
    // The text may have changed while the editor was away; the kept state then brings only its history's end.
    state:
      state && state.doc.toString() === o.text.text
        ? state
        : EditorState.create({ doc: o.text.text, extensions }),
  });

  const pull = () => {
    const c = change(view.state.doc.toString(), o.text.text);
    if (c) view.dispatch({ changes: c, annotations: remote.of(true) });
  };
  o.text.onRemote.add(pull);

  async function goToDefinition(v: EditorView, pos: number) {
    const range = await o.services.definition({ cell: o.cell, ...toPosition(v.state.doc.toString(), pos) });
    if (range?.start?.cell) o.onDefinition(range.start.cell, range.start.line, range.start.column);
    else o.notFound(range?.start?.file && `${range.start.file}:${range.start.line}`);
  }

  return {
    focus: (offset) => {
      view.focus();
      if (offset !== undefined) {
        view.dispatch({
          selection: { anchor: Math.min(offset, view.state.doc.length) },
          scrollIntoView: true,
        });
      }
    },
    cursor: () => view.state.selection.main.head,
    select: (from, to) => {
      view.dispatch({ selection: { anchor: from, head: to }, scrollIntoView: true });
    },
    selected: () => {
      const { from, to } = view.state.selection.main;
      const text = view.state.sliceDoc(from, to);
      return text.includes("\n") ? "" : text;
    },
    command: (name) => {
      switch (name) {
        case "complete":
          startCompletion(view);
          break;
        case "comment":
          toggleComment(view);
          break;
        case "docs":
          if (prevSnippetField(view)) break;
          if (inIndent(view.state) || kind === "markdown") indentLess(view);
          else void showDocs(o.cell, o.services, view);
          break;
        case "definition":
          void goToDefinition(view, view.state.selection.main.head);
          break;
        case "rename":
        case "format":
        case "fix":
          o.onCommand(name);
          break;
      }
    },
    setKeys: (keys) => view.dispatch({ effects: modal.reconfigure(keys ? Prec.highest(keys) : []) }),
    setKind: (to) => {
      kind = to;
      view.dispatch({ effects: lang.reconfigure(languageFor(o, to)) });
    },
    setDiagnostics: (diagnostics) => {
      const text = view.state.doc.toString();
      view.dispatch(
        setDiagnostics(
          view.state,
          diagnostics.map((d) => lint(text, d)),
        ),
      );
    },
    setFound: (re) => {
      if (re !== view.state.field(found).re) view.dispatch({ effects: setFound.of(re) });
    },
    destroy: () => {
      o.text.onRemote.delete(pull);
      const kept = view.state;
      view.destroy();
      return kept;
    },
  };
}

/** Text is selected, or white space alone stands left of the cursor. */
function inIndent({ doc, selection: { main } }: EditorState): boolean {
  const line = doc.lineAt(main.head);
  return !main.empty || /^\s+$/.test(line.text.slice(0, main.head - line.from));
}

function languageFor(o: MountOptions, kind: Kind): Extension {
  const extensions: Extension[] = [language(kind)];
  if (kind === "go" || kind === "sql") extensions.push(services(o.cell, o.services));
  if (kind === "markdown") extensions.push(EditorView.lineWrapping, placeholder(messages.markdown));
  return extensions;
}

/** The cell's own keys: Escape leaves it, arrows at its ends go to its neighbours. */
function cellKeys(o: MountOptions) {
  const plain = (view: EditorView) =>
    completionStatus(view.state) === null && view.state.selection.main.empty;
  return [
    {
      key: "Escape",
      run: (view: EditorView) => {
        // An open list, search or selection of several takes the key first.
        if (completionStatus(view.state) === "active") return false;
        if (closeDocs(view)) return true;
        if (o.vimRests && !o.vimRests(view)) return false;
        if (view.state.selection.ranges.length > 1) return false;
        o.onLeave();
        return true;
      },
    },
    {
      key: "ArrowUp",
      run: (view: EditorView) => {
        const { head } = view.state.selection.main;
        if (!plain(view) || view.state.doc.lineAt(head).number > 1) return false;
        if (view.moveVertically(view.state.selection.main, false).head < head && head > 0) {
          const up = view.moveVertically(view.state.selection.main, false).head;
          if (up > 0) return false;
        }
        return o.onCross(-1);
      },
    },
    {
      key: "ArrowDown",
      run: (view: EditorView) => {
        const { doc, selection } = view.state;
        if (!plain(view) || doc.lineAt(selection.main.head).number < doc.lines) return false;
        const down = view.moveVertically(selection.main, true).head;
        if (down !== selection.main.head && down < doc.length) return false;
        return o.onCross(1);
      },
    },
  ];
}

function lint(text: string, d: Diagnostic): Lint {
  const range = offsets(text, d.range) ?? { from: 0, to: 0 };
  // A range of no length is drawn on the character before or after it.
  const to = range.to > range.from ? range.to : Math.min(text.length, range.from + 1);
  const notes = (d.notes ?? []).map((n) => n.message);
  return {
    from: Math.min(range.from, text.length),
    to: Math.min(to, text.length),
    severity: d.severity,
    message: [d.message, ...notes].join("\n"),
  };
}
