import type { Delta, Element, PropsOf } from "../protocol/element";
import type { Screen } from "../protocol/session";
import { Keyed } from "./keyed";
import { compare, outputCell, parent } from "./path";

/** One element on the screen, as an immutable snapshot. */
export interface Node {
  path: string;
  /** Undefined of a root, and of a place whose children came before itself. */
  element?: Element;
  /** Paths, in the order they are shown. */
  children: readonly string[];
  /** The run that set the element last; infinite when none did. */
  run: number;
}

const containers = new Set<string>([
  "container",
  "empty",
  "columns",
  "columnBox",
  "tabs",
  "tabBox",
  "expander",
  "popover",
  "form",
  "fragmentBox",
  "dialog",
  "chatMessage",
  "status",
] satisfies (keyof PropsOf)[]);

const none: readonly string[] = [];

/**
 * The screen as the server last told it. Readers subscribe to a path and are woken
 * only when that element or its list of children changes. The children of a root
 * are also kept by cell ("main#cell"), which is what an editor's output area reads.
 */
export class Tree {
  readonly nodes = new Keyed<Node>();
  /** Children of a root by cell, "main#cell". */
  readonly outputs = new Keyed<readonly string[]>();
  /** Kinds that came in; the registry starts to load them before they are rendered. */
  onKind: (kind: string) => void = () => {};

  private ranks = new Map<string, number>();
  private run = Number.POSITIVE_INFINITY;

  /** Applies one Screen event. */
  apply(screen: Screen): void {
    this.batch(() => {
      if (screen.full) this.reset();
      if (screen.order) this.setOrder(screen.order);
      for (const delta of screen.deltas ?? []) this.delta(delta);
      for (const path of screen.fresh ?? []) this.freshen(path);
    });
  }

  /** Runs change and wakes the readers once, after it. */
  batch(change: () => void): void {
    this.nodes.batch(() => this.outputs.batch(change));
  }

  /** Sets the order of the cells, by which children stand. */
  setOrder(cells: readonly string[]): void {
    const same = cells.length === this.ranks.size && cells.every((cell, i) => this.ranks.get(cell) === i);
    if (same) return;
    this.ranks = new Map(cells.map((cell, i) => [cell, i]));
    this.nodes.batch(() => {
      for (const node of [...this.nodes.entries()].map(([, n]) => n)) {
        if (node.children.length < 2) continue;
        const children = [...node.children].sort(this.order);
        if (children.some((path, i) => path !== node.children[i])) {
          this.nodes.set(node.path, { ...node, children });
        }
      }
    });
  }

  /** A run goes on: what it does not set again counts as old. */
  begin(run: number): void {
    this.run = run;
  }

  /** No run goes on: what is set now was set by none (text between the cells), and is never old. */
  end(): void {
    this.run = Number.POSITIVE_INFINITY;
  }

  private rank = (cell: string): number => (cell === "" ? -1 : (this.ranks.get(cell) ?? this.ranks.size));

  private order = (a: string, b: string): number => compare(a, b, this.rank);

  private reset(): void {
    for (const key of [...this.nodes.keys()]) this.nodes.delete(key);
    for (const key of [...this.outputs.keys()]) this.outputs.delete(key);
  }

  private delta(delta: Delta): void {
    const { path } = delta;
    switch (delta.op) {
      case "set":
      case "update":
        if (delta.element) this.set(path, delta.element);
        break;
      case "remove":
        this.remove(path);
        break;
      case "clear":
        this.removeChildren(path);
        break;
      case "append":
        this.append(path, delta.data);
        break;
    }
  }

  private set(path: string, element: Element): void {
    this.onKind(element.kind);
    const old = this.nodes.get(path);
    if (old && !(containers.has(element.kind) && old.element?.kind === element.kind)) {
      if (old.element) this.removeChildren(path);
    }
    const children = this.nodes.get(path)?.children ?? none;
    this.nodes.set(path, { path, element, children, run: this.run });
    if (!old) this.attach(path);
  }

  private freshen(path: string): void {
    const node = this.nodes.get(path);
    if (node && node.run !== this.run) this.nodes.set(path, { ...node, run: this.run });
  }

  /** Puts a new path into its parent's list, making the parent when it is not there yet. */
  private attach(path: string): void {
    const up = parent(path);
    if (up === "") return;
    const node = this.nodes.get(up);
    if (!node) {
      this.nodes.set(up, { path: up, children: [path], run: this.run });
      this.attach(up);
    } else {
      const children = [...node.children];
      let i = children.length;
      while (i > 0 && this.order(children[i - 1]!, path) > 0) i--;
      children.splice(i, 0, path);
      this.nodes.set(up, { ...node, children });
    }
    this.list(path, true);
  }

  private remove(path: string): void {
    if (!this.nodes.has(path)) return;
    this.removeChildren(path);
    this.nodes.delete(path);
    const up = this.nodes.get(parent(path));
    if (up) {
      this.nodes.set(up.path, { ...up, children: up.children.filter((child) => child !== path) });
      this.list(path, false);
    }
  }

  private removeChildren(path: string): void {
    const node = this.nodes.get(path);
    if (!node || node.children.length === 0) return;
    for (const child of node.children) {
      this.removeChildren(child);
      this.nodes.delete(child);
    }
    this.nodes.set(path, { ...node, children: none });
    for (const child of node.children) this.list(child, false);
  }

  /** Keeps the lists by cell, of a path that stands directly under a root. */
  private list(path: string, present: boolean): void {
    const root = parent(path);
    if (root === "" || root.includes("/")) return;
    const key = `${root}#${outputCell(path)}`;
    const others = (this.outputs.get(key) ?? none).filter((child) => child !== path);
    const paths = present ? [...others, path].sort(this.order) : others;
    if (paths.length > 0) this.outputs.set(key, paths);
    else this.outputs.delete(key);
  }

  private append(path: string, data: unknown): void {
    const node = this.nodes.get(path);
    if (!node?.element) return;
    const props = appended(node.element, data);
    if (props) this.nodes.set(path, { ...node, element: { ...node.element, props }, run: this.run });
  }
}

/** The props after an append. Long arrays grow in place; the props object is new. */
function appended(element: Element, data: unknown): unknown {
  switch (element.kind) {
    case "stdout":
    case "text":
    case "code": {
      const props = element.props as PropsOf["text"];
      return { ...props, text: props.text + (data as { text: string }).text };
    }
    case "table": {
      const props = element.props as PropsOf["table"];
      const rows = props.rows ?? [];
      rows.push(...((data as { rows: string[][] }).rows ?? []));
      return { ...props, rows };
    }
    case "chart": {
      const props = element.props as PropsOf["chart"];
      const more = data as { x: unknown[]; series: (number | null)[][] };
      const x = props.x ?? [];
      for (const v of more.x) x.push(v);
      const series = (props.series ?? []).map((s, i) => {
        const y = s.y ?? [];
        for (const v of more.series[i] ?? []) y.push(v);
        return { ...s, y };
      });
      return { ...props, x, series };
    }
    case "vegaLite": {
      const props = element.props as PropsOf["vegaLite"];
      const rows = (data as { rows: unknown[] }).rows ?? [];
      return { ...props, data: [...((props.data as unknown[]) ?? []), ...rows] };
    }
    case "dataframe": {
      const props = element.props as PropsOf["dataframe"];
      const more = data as Partial<PropsOf["dataframe"]["data"]>;
      return { ...props, data: { ...props.data, ...more } };
    }
  }
  return undefined;
}
