import { Cell, Keyed } from "../screen/keyed";

/** "edit": keys type into the cell's text. "command": keys are commands. */
export type Mode = "edit" | "command";

/** What a cell shows of the selection. */
export type Mark = "selected" | "active" | "editing";

/** Which cells are selected, and whether their text is being edited. */
export class Selection {
  readonly active = new Cell("");
  readonly mode = new Cell<Mode>("command");
  readonly marks = new Keyed<Mark>();
  private anchor = "";
  private order: () => readonly string[];

  constructor(order: () => readonly string[]) {
    this.order = order;
  }

  /** The selected cells, in document order. */
  cells(): string[] {
    const order = this.order();
    const a = order.indexOf(this.anchor);
    const b = order.indexOf(this.active.get());
    if (b < 0) return [];
    if (a < 0) return [this.active.get()];
    return order.slice(Math.min(a, b), Math.max(a, b) + 1);
  }

  select(id: string, mode: Mode = "command", extend = false): void {
    if (!extend) this.anchor = id;
    this.active.set(id);
    this.mode.set(mode);
    this.renew();
  }

  /** Selects all from one cell to another. */
  range(from: string, to: string): void {
    this.anchor = from;
    this.active.set(to);
    this.mode.set("command");
    this.renew();
  }

  setMode(mode: Mode): void {
    this.mode.set(mode);
    this.renew();
  }

  /** Keeps the selection on cells that are there. */
  renew(): void {
    const cells = this.cells();
    this.marks.batch(() => {
      for (const key of [...this.marks.keys()]) if (!cells.includes(key)) this.marks.delete(key);
      for (const id of cells) {
        const active = id === this.active.get();
        this.marks.set(id, active ? (this.mode.get() === "edit" ? "editing" : "active") : "selected");
      }
    });
  }
}
