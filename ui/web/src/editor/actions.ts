import { copyText } from "../elements/parts/copy";
import type { Session } from "../net/session";
import { randomID } from "../net/socket";
import type { Kind, Cell as NotebookCell } from "../protocol/notebook";
import { Cell } from "../screen/keyed";
import { editor } from "../text/messages/editor";
import { byteLength, toOffset } from "../text/position";
import type { Notebook } from "./notebook";
import { Sections } from "./sections";
import { Selection } from "./selection";
import { Services, type TextEdit } from "./services";

/** What a mounted code editor lets others do with it. */
export interface CodeHandle {
  focus: (offset?: number) => void;
  cursor: () => number;
  /** The text between two offsets becomes the selection, and comes into sight. */
  select: (from: number, to: number) => void;
  /** What is selected, "" when it is more than a line. */
  selected: () => string;
  /** Runs one of the editor's own commands by name: "find", "complete", "comment". */
  command: (name: string) => void;
}

/** The panels at the side: one at a time. */
export type SidePanel = "outline" | "variables" | "graph" | "history";
export type Panel = "none" | "preview" | SidePanel;
export type Overlay = "none" | "palette" | "keys" | "rename" | "name" | "references";

const vimKey = "stnb.vim";
const clipboardKey = "stnb.clipboard";

/** A new cell's id. */
export function cellID(): string {
  return randomID().slice(0, 8);
}

/**
 * What can be done in the editor. The keys, the palette and the buttons all call
 * these. Changes of the document go to the server as ops and come back as events.
 */
export class Actions {
  readonly selection: Selection;
  readonly panel = new Cell<Panel>("none");
  readonly overlay = new Cell<Overlay>("none");
  readonly hiddenOutputs = new Cell<ReadonlySet<string>>(new Set());
  /** A place in a cell that the page should go to, as soon as its editor is there. */
  readonly goal = new Cell<{ cell: string; offset?: number; show?: [number, number] } | undefined>(undefined);
  /** The find bar: what it begins with, undefined while it is closed. */
  readonly find = new Cell<{ text: string } | undefined>(undefined);
  /** The cell under the pointer. One at most: a cell that moves away from it is not told. */
  readonly hovered = new Cell("");
  /** What the find bar looks for: every cell marks it. */
  readonly looking = new Cell<RegExp | undefined>(undefined);
  /** The cell with the match that the find bar is at: its source shows, folded or rendered though it is. */
  readonly shownSource = new Cell("");
  /** The code editor has Vim's keys. */
  readonly vim = new Cell(stored(vimKey) === "on");
  readonly sections: Sections;
  private handles = new Map<string, CodeHandle>();
  private clipboard: NotebookCell[] = [];
  /** Cells that are being deleted: nothing is put behind them. */
  private going = new Set<string>();
  /** A cell that was asked for and is not there yet. */
  private coming: { id: string; edit: boolean } | undefined;
  readonly session: Session;
  readonly notebook: Notebook;
  readonly services: Services;

  constructor(session: Session, notebook: Notebook) {
    this.session = session;
    this.notebook = notebook;
    this.selection = new Selection(() => notebook.order.get());
    this.sections = new Sections(notebook);
    this.services = new Services(session, notebook);
    notebook.onOrder = (order) => this.ordered(order);
  }

  // Code editors say when they come and go.

  mounted(id: string, handle: CodeHandle): void {
    this.handles.set(id, handle);
    const goal = this.goal.get();
    if (goal?.cell === id) {
      this.goal.set(undefined);
      if (goal.show) handle.select(...goal.show);
      else handle.focus(goal.offset);
    }
  }

  unmounted(id: string): void {
    this.handles.delete(id);
  }

  handle(): CodeHandle | undefined {
    return this.handles.get(this.selection.active.get());
  }

  // Selecting and moving about.

  select(id: string, extend = false): void {
    this.sections.reveal(id);
    this.selection.select(id, "command", extend);
    this.focusCell(id);
  }

  edit(id = this.selection.active.get(), offset?: number): void {
    if (!this.notebook.cells.has(id)) return;
    this.sections.reveal(id);
    this.selection.select(id, "edit");
    const handle = this.handles.get(id);
    if (handle) handle.focus(offset);
    else {
      this.goal.set({ cell: id, offset });
      document.getElementById(`cell-${id}`)?.scrollIntoView({ block: "nearest" });
    }
  }

  leave(): void {
    const id = this.selection.active.get();
    this.selection.setMode("command");
    this.focusCell(id);
  }

  step(by: number, extend = false): void {
    const order = this.sections.shown();
    const i = order.indexOf(this.selection.active.get());
    const to = order[Math.max(0, Math.min(order.length - 1, i + by))];
    if (to) this.select(to, extend);
  }

  selectAll(): void {
    const order = this.notebook.order.get();
    if (order.length > 0) this.selection.range(order[0]!, order.at(-1)!);
  }

  /** The text cursor left a cell's first or last line. */
  cross(by: 1 | -1): boolean {
    const order = this.sections.shown();
    const to = order[order.indexOf(this.selection.active.get()) + by];
    if (!to) return false;
    if (this.notebook.cells.get(to)?.kind === "markdown") this.select(to);
    else this.edit(to, by > 0 ? 0 : this.notebook.source(to).length);
    return true;
  }

  private focusCell(id: string): void {
    const node = document.getElementById(`cell-${id}`);
    node?.focus({ preventScroll: true });
    node?.scrollIntoView({ block: "nearest" });
  }

  // Running.

  run(cells = this.selection.cells()): void {
    this.notebook.flush();
    const live = cells.filter((id) => this.notebook.cells.get(id)?.kind !== "raw");
    if (live.length > 0) this.session.do({ run: { cells: live } });
    if (this.selection.mode.get() === "edit" && this.markdown(this.selection.active.get())) this.leave();
  }

  runAdvance(): void {
    const cells = this.selection.cells();
    this.run(cells);
    const order = this.sections.shown();
    const last = cells.at(-1) ?? "";
    const next = order[order.indexOf(last) + 1];
    if (next) this.select(next);
    else this.insert(last, "go", true);
  }

  runInsert(): void {
    const cells = this.selection.cells();
    this.run(cells);
    this.insert(cells.at(-1) ?? "", "go", true);
  }

  runWhat(what: "all" | "stale" | "above" | "below"): void {
    this.notebook.flush();
    const cells = what === "above" || what === "below" ? [this.selection.active.get()] : undefined;
    this.session.do({ run: { what, cells } });
  }

  interrupt(): void {
    this.session.do({ interrupt: {} });
  }

  restart(run: boolean): void {
    this.notebook.flush();
    this.session.do({ restart: { run } });
  }

  clear(all: boolean): void {
    this.session.do({ clear: all ? {} : { cells: this.selection.cells() } });
  }

  // Cells.

  insert(after: string, kind: Kind, edit = true, source = ""): string {
    const id = cellID();
    this.coming = { id, edit };
    this.session.do({ insert: { after, cell: { id, kind, source } } });
    return id;
  }

  insertBeside(below: boolean, kind: Kind = "go"): void {
    const order = this.notebook.order.get();
    const i = order.indexOf(this.selection.active.get());
    const after = below ? (order[i] ?? order.at(-1) ?? "") : (order[i - 1] ?? "");
    this.insert(after, kind, false);
  }

  remove(cells = this.selection.cells()): void {
    if (cells.length === 0) return;
    const order = this.notebook.order.get();
    const last = order.indexOf(cells.at(-1)!);
    const next = order[last + 1] ?? order[order.indexOf(cells[0]!) - 1];
    this.notebook.flush();
    this.session.do({ delete: { cells } });
    this.going = new Set(cells);
    this.notebook.notify({ level: "undo", text: editor.deleted(cells.length) });
    if (next) this.select(next);
  }

  undo(redo = false): void {
    for (const n of this.notebook.notices.get()) if (n.level === "undo") this.notebook.dismiss(n.key);
    this.session.do({ undo: redo ? { redo } : {} });
  }

  copy(): void {
    this.clipboard = this.selection.cells().flatMap((id) => this.asCell(id) ?? []);
    // For other notebooks of this browser, and as text for other programs.
    store(clipboardKey, JSON.stringify(this.clipboard));
    void copyText(this.clipboard.map((c) => c.source).join("\n\n"));
  }

  cut(): void {
    this.copy();
    this.remove();
  }

  paste(above = false): void {
    const other = stored(clipboardKey);
    if (other) this.clipboard = JSON.parse(other) as NotebookCell[];
    this.insertAll(this.clipboard, above);
  }

  private insertAll(all: NotebookCell[], above = false): void {
    const order = this.notebook.order.get().filter((id) => !this.going.has(id));
    const cells = this.selection.cells().filter((id) => !this.going.has(id));
    let after = above
      ? (order[order.indexOf(cells[0] ?? "") - 1] ?? "")
      : (cells.at(-1) ?? order.at(-1) ?? "");
    for (const [i, cell] of all.entries()) {
      const id = cellID();
      this.coming = { id, edit: false };
      this.session.do({ insert: { after, cell: { ...cell, id }, of: cell.id, along: i > 0 } });
      after = id;
    }
  }

  duplicate(): void {
    this.insertAll(this.selection.cells().flatMap((id) => this.asCell(id) ?? []));
  }

  move(by: 1 | -1): void {
    const order = this.notebook.order.get();
    const cells = this.selection.cells();
    if (cells.length === 0) return;
    const first = order.indexOf(cells[0]!);
    const last = order.indexOf(cells.at(-1)!);
    if (by < 0 && first === 0) return;
    if (by > 0 && last === order.length - 1) return;
    this.moveAfter(cells, by < 0 ? (order[first - 2] ?? "") : order[last + 1]!);
  }

  moveAfter(cells: string[], after: string): void {
    if (cells.includes(after)) return;
    this.session.do({ move: { cells, after } });
  }

  convert(kind: Kind): void {
    for (const cell of this.selection.cells()) this.session.do({ setCell: { cell, kind } });
  }

  toggle(what: "hideCode" | "disabled" | "once"): void {
    for (const cell of this.selection.cells()) {
      const info = this.notebook.cells.get(cell);
      if (info) this.session.do({ setCell: { cell, [what]: !info[what] } });
    }
  }

  toggleOutput(): void {
    const hidden = new Set(this.hiddenOutputs.get());
    for (const cell of this.selection.cells()) if (!hidden.delete(cell)) hidden.add(cell);
    this.hiddenOutputs.set(hidden);
  }

  setName(cell: string, name: string, tags: string[]): void {
    this.session.do({ setCell: { cell, name, tags } });
  }

  /** Opens a panel at the side, or closes it. */
  show(panel: Panel): void {
    this.panel.set(this.panel.get() === panel ? "none" : panel);
  }

  openFind(): void {
    this.find.set({ text: this.handle()?.selected() ?? "" });
  }

  /** Selects a stretch of a cell's text, as soon as its editor is there. */
  reach(cell: string, from: number, to: number): void {
    this.edit(cell, from);
    this.handles.get(cell)?.select(from, to);
  }

  /** Marks a part of a cell's text and leaves the keys where they are. */
  mark(cell: string, from: number, to: number): void {
    this.sections.reveal(cell);
    this.selection.select(cell);
    this.shownSource.set(cell);
    const handle = this.handles.get(cell);
    if (handle) handle.select(from, to);
    else this.goal.set({ cell, show: [from, to] });
    document.getElementById(`cell-${cell}`)?.scrollIntoView({ block: "nearest" });
  }

  /** Collapses the section that the cell begins, or is in. */
  fold(): void {
    const order = this.notebook.order.get();
    let i = order.indexOf(this.selection.active.get());
    while (i >= 0 && !this.sections.heads.has(order[i]!)) i--;
    if (i < 0) return;
    this.sections.toggle(order[i]!);
    this.select(order[i]!);
  }

  /** Formats every Go cell that can be formatted. */
  async formatAll(): Promise<void> {
    for (const id of this.notebook.order.get()) {
      if (this.notebook.cells.get(id)?.kind !== "go") continue;
      const formatted = await this.services.format(id).catch(() => undefined);
      if (formatted !== undefined) this.setText(id, formatted);
    }
  }

  setVim(on: boolean): void {
    store(vimKey, on ? "on" : "off");
    this.vim.set(on);
  }

  /** Cuts the cell at the cursor: what follows it becomes a cell below. */
  async split(): Promise<void> {
    const cell = this.selection.active.get();
    const text = this.notebook.texts.get(cell);
    const at = this.handle()?.cursor();
    if (!text || at === undefined) return;
    await text.settle();
    const rest = cellID();
    this.coming = { id: rest, edit: true };
    const offset = byteLength(text.text.slice(0, at));
    this.session.do({ split: { cell, base: text.version, offset, rest } });
  }

  /** Joins the selected cells, or the cell and the one below, into the first. */
  async merge(): Promise<void> {
    const order = this.notebook.order.get();
    let cells = this.selection.cells();
    if (cells.length === 1) cells = order.slice(order.indexOf(cells[0]!), order.indexOf(cells[0]!) + 2);
    const [first, ...rest] = cells;
    if (!first || rest.length === 0) return;
    await Promise.all(cells.map((id) => this.notebook.texts.get(id)?.settle()));
    this.session.do({ merge: { cells } });
    this.select(first);
  }

  /** Changes a cell's text as if it came from elsewhere: views show it. */
  setText(id: string, source: string): void {
    const text = this.notebook.texts.get(id);
    if (!text) return;
    text.edit(source);
    for (const listener of [...text.onRemote]) listener();
  }

  /** Applies edits from the last to the first of each cell, so that places stay right. */
  apply(edits: TextEdit[]): void {
    const cells = new Map<string, TextEdit[]>();
    for (const e of edits) cells.set(e.range.start.cell, [...(cells.get(e.range.start.cell) ?? []), e]);
    for (const [cell, list] of cells) {
      let source = this.notebook.source(cell);
      const placed = list.map((e) => ({
        from: toOffset(source, e.range.start.line, e.range.start.column),
        to: toOffset(source, e.range.end.line, e.range.end.column),
        text: e.text,
      }));
      for (const e of placed.sort((a, b) => b.from - a.from))
        source = source.slice(0, e.from) + e.text + source.slice(e.to);
      this.setText(cell, source);
      this.notebook.texts.get(cell)?.flush();
    }
  }

  save(): void {
    this.notebook.flush();
    this.session.do({ save: {} });
  }

  setReactive(reactive: boolean): void {
    this.notebook.reactive.set(reactive);
    this.session.do({ settings: { reactive } });
  }

  setOmitOutputs(omitOutputs: boolean): void {
    if (!this.notebook.path.get().endsWith(".ipynb")) {
      this.notebook.notify({ level: "info", text: editor.outputsBeside });
      return;
    }
    this.notebook.omitOutputs.set(omitOutputs);
    this.session.do({ settings: { omitOutputs } });
    this.notebook.notify({ level: "info", text: omitOutputs ? editor.outputsOmitted : editor.outputsKept });
  }

  markdown(id: string): boolean {
    return this.notebook.cells.get(id)?.kind === "markdown";
  }

  private asCell(id: string): NotebookCell | undefined {
    const info = this.notebook.cells.get(id);
    if (!info) return undefined;
    return {
      id,
      kind: info.kind,
      source: this.notebook.source(id),
      name: info.name || undefined,
      hideCode: info.hideCode || undefined,
      disabled: info.disabled || undefined,
      once: info.once || undefined,
      connection: info.connection || undefined,
      meta: info.meta,
    };
  }

  private ordered(order: readonly string[]): void {
    const { coming } = this;
    this.going.clear();
    if (coming && order.includes(coming.id)) {
      this.coming = undefined;
      // Its node is there after the next render.
      requestAnimationFrame(() => (coming.edit ? this.edit(coming.id) : this.select(coming.id)));
    } else if (!order.includes(this.selection.active.get())) {
      const first = order[0];
      if (first) this.selection.select(first);
    }
    this.selection.renew();
  }
}

function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It then holds for this page only.
  }
}
