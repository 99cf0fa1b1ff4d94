import { Cell, Keyed } from "../screen/keyed";
import { levels, section } from "./headings";
import type { Notebook } from "./notebook";

/** Which headings are collapsed, and which cells are not shown because of it. */
export class Sections {
  /** Collapsed headings, by cell: how many cells they hide. */
  readonly collapsed = new Keyed<number>();
  /** Cells that begin a section. */
  readonly heads = new Keyed<true>();
  readonly hidden = new Cell<ReadonlySet<string>>(new Set());
  private wanted = new Set<string>();
  private notebook: Notebook;

  constructor(notebook: Notebook) {
    this.notebook = notebook;
    notebook.outline.subscribe(() => this.renew());
  }

  toggle(cell: string): void {
    if (!this.heads.has(cell)) return;
    if (!this.wanted.delete(cell)) this.wanted.add(cell);
    this.renew();
  }

  all(collapse: boolean): void {
    this.wanted = new Set(collapse ? [...this.heads.keys()] : []);
    this.renew();
  }

  /** Shows a cell that a collapsed heading hides. */
  reveal(cell: string): void {
    if (!this.hidden.get().has(cell)) return;
    const order = this.notebook.order.get();
    const lv = levels(this.notebook);
    for (const head of [...this.wanted])
      if (section(order, lv, head).includes(cell)) this.wanted.delete(head);
    this.renew();
  }

  /** The cells that are shown, in order. */
  shown(): readonly string[] {
    const hidden = this.hidden.get();
    const order = this.notebook.order.get();
    return hidden.size === 0 ? order : order.filter((id) => !hidden.has(id));
  }

  private renew(): void {
    const order = this.notebook.order.get();
    const lv = levels(this.notebook);
    this.heads.batch(() => {
      for (const id of [...this.heads.keys()]) if (!lv.has(id)) this.heads.delete(id);
      for (const id of lv.keys()) this.heads.set(id, true);
    });
    const hidden = new Set<string>();
    this.collapsed.batch(() => {
      for (const id of [...this.collapsed.keys()]) if (!this.wanted.has(id)) this.collapsed.delete(id);
      for (const id of this.wanted) {
        const cells = section(order, lv, id);
        for (const cell of cells) hidden.add(cell);
        if (lv.has(id)) this.collapsed.set(id, cells.length);
      }
    });
    const before = this.hidden.get();
    if (hidden.size !== before.size || [...hidden].some((id) => !before.has(id))) this.hidden.set(hidden);
  }
}
