import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  pickedCompletion,
  snippetCompletion,
} from "@codemirror/autocomplete";
import { type Extension, StateEffect, StateField } from "@codemirror/state";
import { EditorView, hoverTooltip, showTooltip, type Tooltip } from "@codemirror/view";
import { toOffset, toPosition } from "../../text/position";
import type { At, Range, Services } from "../services";

/** Completion, hover docs and signature help for one cell. */
export function services(cell: string, s: Services): Extension {
  return [
    autocompletion({
      override: [(context) => complete(cell, s, context)],
      icons: true,
      closeOnBlur: true,
      activateOnTypingDelay: 60,
    }),
    hoverTooltip((view, pos) => hover(cell, s, view, pos), { hoverTime: 350 }),
    docsField,
    EditorView.domEventHandlers({
      blur: (_, view) => {
        queueMicrotask(() => closeDocs(view));
      },
    }),
    signatureHelp(cell, s),
  ];
}

function at(cell: string, text: string, offset: number): At {
  return { cell, ...toPosition(text, offset) };
}

async function complete(
  cell: string,
  s: Services,
  context: CompletionContext,
): Promise<CompletionResult | null> {
  const before = context.matchBefore(/[\p{L}_][\p{L}\p{N}_]*/u);
  const after = context.state.sliceDoc(
    Math.max(0, (before?.from ?? context.pos) - 1),
    before?.from ?? context.pos,
  );
  if (
    !context.explicit &&
    !before &&
    after !== "." &&
    context.state.sliceDoc(context.pos - 1, context.pos) !== "."
  ) {
    return null;
  }
  const text = context.state.doc.toString();
  const answer = await s.complete(at(cell, text, context.pos));
  if (context.aborted || !answer || answer.items.length === 0) return null;
  const from = answer.range
    ? toOffset(text, answer.range.start.line, answer.range.start.column)
    : (before?.from ?? context.pos);
  const options = answer.items.map((item, i): Completion => {
    const base: Completion = {
      label: item.label,
      type: item.kind,
      detail: item.detail,
      boost: -i / 100,
      info: item.doc ? () => docNode(item.doc!) : undefined,
    };
    if (item.edits && item.edits.length > 0) {
      const insert = item.insert ?? item.label;
      const more = item.edits.flatMap((e) => {
        const place = offsets(text, e.range);
        return place ? [{ ...place, insert: e.text }] : [];
      });
      return { ...base, apply: (view, chosen, from, to) => applyAll(view, chosen, from, to, insert, more) };
    }
    if (item.snippet) return snippetCompletion(item.snippet, base);
    return item.insert && item.insert !== item.label ? { ...base, apply: item.insert } : base;
  });
  return { from, options, validFor: /^[\p{L}\p{N}_]*$/u };
}

/** Inserts a completion together with what it needs elsewhere in the cell. */
function applyAll(
  view: EditorView,
  chosen: Completion,
  from: number,
  to: number,
  insert: string,
  more: { from: number; to: number; insert: string }[],
): void {
  const changes = view.state.changes([{ from, to, insert }, ...more]);
  view.dispatch({
    changes,
    selection: { anchor: changes.mapPos(from, -1) + insert.length },
    annotations: pickedCompletion.of(chosen),
    userEvent: "input.complete",
    scrollIntoView: true,
  });
}

function docNode(doc: string): HTMLElement {
  const node = document.createElement("div");
  node.className = "code-doc";
  node.textContent = doc;
  return node;
}

async function hover(cell: string, s: Services, view: EditorView, pos: number): Promise<Tooltip | null> {
  const text = view.state.doc.toString();
  const answer = await s.hover(at(cell, text, pos));
  if (!answer || (!answer.signature && !answer.doc)) return null;
  const range = offsets(text, answer.range);
  return { pos: range?.from ?? pos, end: range?.to, above: true, create: () => ({ dom: docs(answer) }) };
}

function docs({ signature, doc }: { signature?: string; doc?: string }): HTMLElement {
  const dom = document.createElement("div");
  dom.className = "code-hover";
  if (signature) {
    const pre = document.createElement("pre");
    pre.textContent = signature;
    dom.append(pre);
  }
  if (doc) dom.append(docNode(doc));
  return dom;
}

const setDocs = StateEffect.define<Tooltip | null>();

/** What was asked for by key stands until the text or the cursor is another, or the editor is left. */
const docsField = StateField.define<Tooltip | null>({
  create: () => null,
  update(value, tr) {
    for (const effect of tr.effects) if (effect.is(setDocs)) return effect.value;
    return tr.docChanged || tr.selection ? null : value;
  },
  provide: (f) => showTooltip.from(f),
});

/** Shows what the name at the cursor is, or else the call that the cursor is in. */
export async function showDocs(cell: string, s: Services, view: EditorView): Promise<void> {
  const { doc, selection } = view.state;
  const pos = selection.main.head;
  let tooltip = await hover(cell, s, view, pos);
  if (!tooltip) {
    const call = await s.signature(at(cell, doc.toString(), pos));
    if (call?.label) {
      const dom = () => docs({ signature: call.label, doc: call.doc });
      tooltip = { pos, above: true, create: () => ({ dom: dom() }) };
    }
  }
  if (view.state.doc === doc && view.hasFocus) view.dispatch({ effects: setDocs.of(tooltip) });
}

/** Takes away what showDocs shows; false when there is nothing. */
export function closeDocs(view: EditorView): boolean {
  if (!view.state.field(docsField, false)) return false;
  view.dispatch({ effects: setDocs.of(null) });
  return true;
}

export function offsets(text: string, range: Range | undefined): { from: number; to: number } | undefined {
  if (!range?.start?.line) return undefined;
  const from = toOffset(text, range.start.line, range.start.column);
  return { from, to: Math.max(from, toOffset(text, range.end.line, range.end.column)) };
}

const setSignature = StateEffect.define<Tooltip | null>();

/** Shows the parameters of the call the cursor is in, from "(" on. */
function signatureHelp(cell: string, s: Services): Extension {
  const field = StateField.define<Tooltip | null>({
    create: () => null,
    update(value, tr) {
      for (const effect of tr.effects) if (effect.is(setSignature)) return effect.value;
      return value && tr.docChanged ? { ...value, pos: tr.changes.mapPos(value.pos) } : value;
    },
    provide: (f) => showTooltip.from(f),
  });
  let asked = 0;
  const listen = EditorView.updateListener.of((update) => {
    const shown = update.state.field(field) !== null;
    const typed = update.transactions.some((tr) => tr.isUserEvent("input"));
    if (!update.docChanged && !update.selectionSet && !update.focusChanged) return;
    if (!update.view.hasFocus) {
      if (shown) hide(update.view);
      return;
    }
    const head = update.state.selection.main.head;
    const last = update.state.sliceDoc(head - 1, head);
    if (!shown && !(typed && (last === "(" || last === ","))) return;
    const id = ++asked;
    const text = update.state.doc.toString();
    void s.signature(at(cell, text, head)).then((answer) => {
      if (id !== asked) return;
      update.view.dispatch({
        effects: setSignature.of(answer?.label ? signatureTooltip(head, answer) : null),
      });
    });
  });
  const hide = (view: EditorView) =>
    queueMicrotask(() => {
      asked++;
      view.dispatch({ effects: setSignature.of(null) });
    });
  return [field, listen];
}

function signatureTooltip(
  pos: number,
  answer: { label: string; active?: [number, number]; doc?: string },
): Tooltip {
  return {
    pos,
    above: true,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "code-hover";
      const pre = document.createElement("pre");
      const [from, to] = answer.active ?? [0, 0];
      pre.append(answer.label.slice(0, from));
      if (to > from) {
        const strong = document.createElement("strong");
        strong.textContent = answer.label.slice(from, to);
        pre.append(strong);
      }
      pre.append(answer.label.slice(Math.max(from, to)));
      dom.append(pre);
      return { dom };
    },
  };
}
