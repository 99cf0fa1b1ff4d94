import type { Session } from "../net/session";
import type { Kind } from "../protocol/notebook";
import type {
  Ask,
  CellEvent,
  CellStatus,
  Event,
  KernelState,
  Notice,
  RunState,
  Saved,
} from "../protocol/session";
import type { Diagnostic } from "../protocol/source";
import { Cell, Keyed } from "../screen/keyed";
import { editor } from "../text/messages/editor";
import { type Group, grouped } from "./groups";
import { CellText } from "./text";

/** What is known of a cell beside its text, which CellText keeps. */
export interface CellInfo {
  id: string;
  kind: Kind;
  name: string;
  hideCode: boolean;
  disabled: boolean;
  once: boolean;
  connection: string;
  tags: readonly string[];
  meta?: Record<string, unknown>;
  html: string;
}

export interface Shown extends Notice {
  key: number;
  /** Takes back what the notice is about; absent: the last change of structure. */
  undo?: () => void;
}

let noticeKey = 0;

/** The document as the server last told it, with a subscription per cell. */
export class Notebook {
  readonly order = new Cell<readonly string[]>([]);
  /** The same cells, in groups. */
  readonly groups = new Cell<readonly Group[]>([]);
  readonly cells = new Keyed<CellInfo>();
  readonly status = new Keyed<CellStatus>();
  readonly problems = new Keyed<Diagnostic[]>();
  readonly texts = new Map<string, CellText>();
  readonly loaded = new Cell(false);
  readonly title = new Cell("");
  readonly path = new Cell("");
  readonly reactive = new Cell(false);
  readonly omitOutputs = new Cell(false);
  readonly kernel = new Cell<KernelState>({ state: "none" });
  readonly saved = new Cell<Saved>({ state: "saved" });
  readonly run = new Cell<RunState>({ running: false, run: 0 });
  readonly ask = new Cell<Ask | undefined>(undefined);
  /** Grows with every change of any cell's text, here or elsewhere. */
  readonly edited = new Cell(0);
  /** Grows when cells, their order or the text of Markdown cells change. */
  readonly outline = new Cell(0);
  readonly notices = new Cell<readonly Shown[]>([]);
  /** Called with the cells' new order, after an insert, delete or move. */
  onOrder: (order: readonly string[]) => void = () => {};
  private session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  apply(event: Event): void {
    if (event.document) {
      const d = event.document;
      this.title.set(d.title);
      this.path.set(d.path ?? "");
      this.reactive.set(d.reactive ?? false);
      this.omitOutputs.set(d.omitOutputs ?? false);
      this.kernel.set(d.kernel);
      this.saved.set(d.saved);
      this.run.set(d.run);
      const cells = d.cells ?? [];
      this.cells.batch(() => {
        const ids = new Set(cells.map((c) => c.id));
        for (const id of [...this.cells.keys()]) if (!ids.has(id)) this.forget(id);
        for (const cell of cells) this.cell(cell);
      });
      this.status.batch(() => {
        for (const status of d.status ?? []) this.status.set(status.cell, status);
      });
      this.problems.batch(() => {
        for (const id of [...this.problems.keys()]) this.problems.set(id, []);
        for (const p of d.problems ?? []) this.problems.set(p.cell, p.diagnostics ?? []);
      });
      this.setOrder(cells.map((c) => c.id));
      this.ask.set(d.ask);
      this.loaded.set(true);
    }
    if (event.cell) this.cell(event.cell);
    if (event.order) this.setOrder(event.order.cells ?? []);
    if (event.status) this.status.set(event.status.cell, event.status);
    if (event.problems) this.problems.set(event.problems.cell, event.problems.diagnostics ?? []);
    if (event.kernel) this.kernel.set(event.kernel);
    if (event.saved) this.saved.set(event.saved);
    if (event.run) {
      this.run.set(event.run);
      if (!event.run.running) this.ask.set(undefined);
    }
    if (event.ask) this.ask.set(event.ask.over ? undefined : event.ask);
    if (event.notice) this.notify(event.notice);
  }

  notify(notice: Notice, undo?: () => void): void {
    const shown = { ...notice, undo, key: ++noticeKey };
    this.notices.update((all) => [...all.filter((n) => n.text !== notice.text), shown].slice(-4));
    if (notice.level !== "error") setTimeout(() => this.dismiss(shown.key), 6000);
  }

  dismiss(key: number): void {
    this.notices.update((all) => all.filter((n) => n.key !== key));
  }

  /** A cell's text as it is here. */
  source(id: string): string {
    return this.texts.get(id)?.text ?? "";
  }

  /** Sends all that is typed and was not sent yet. */
  flush(): void {
    for (const text of this.texts.values()) text.flush();
  }

  private setOrder(order: readonly string[]): void {
    const there = new Set(order);
    for (const id of this.order.get()) if (!there.has(id)) this.forget(id);
    this.session.tree.setOrder(order);
    this.order.set(order);
    this.groups.set(grouped(order, this.groups.get()));
    this.outline.update((n) => n + 1);
    this.onOrder(order);
  }

  private outlined = false;

  /** Tells of headings that may be others, once for all that come together. */
  private outlineSoon(): void {
    if (this.outlined) return;
    this.outlined = true;
    queueMicrotask(() => {
      this.outlined = false;
      this.outline.update((n) => n + 1);
    });
  }

  private forget(id: string): void {
    this.cells.delete(id);
    this.status.delete(id);
    this.problems.delete(id);
    this.texts.delete(id);
  }

  private cell(event: CellEvent): void {
    const old = this.cells.get(event.id);
    const next: CellInfo = {
      id: event.id,
      kind: event.kind,
      name: event.name ?? "",
      hideCode: event.hideCode ?? false,
      disabled: event.disabled ?? false,
      once: event.once ?? false,
      connection: event.connection ?? "",
      tags: tagsOf(event.meta),
      meta: event.meta ?? undefined,
      html: event.html ?? "",
    };
    if (!old || JSON.stringify(old) !== JSON.stringify(next)) this.cells.set(event.id, next);
    const text = this.texts.get(event.id);
    if (event.kind === "markdown" || old?.kind === "markdown") this.outlineSoon();
    if (text) text.receive(event);
    else {
      this.texts.set(
        event.id,
        new CellText(event, {
          client: this.session.client,
          send: (cell, base, source) => this.session.do({ edit: { cell, base, source } }),
          changed: () => this.edited.update((n) => n + 1),
          clash: () => this.notify({ level: "warning", text: editor.merged }),
        }),
      );
    }
  }
}

/** A cell's tags, as Jupyter has them among its metadata. */
function tagsOf(meta: Record<string, unknown> | null | undefined): readonly string[] {
  const tags = meta?.tags;
  return Array.isArray(tags) ? tags.filter((t) => typeof t === "string") : [];
}
