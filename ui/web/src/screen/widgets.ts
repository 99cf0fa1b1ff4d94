import { randomID } from "../net/socket";
import type { Element } from "../protocol/element";
import type { Interact } from "../protocol/session";
import { Keyed } from "./keyed";
import { afterClick } from "./pointer";
import type { Tree } from "./tree";

/** When a new value goes to the server. "hold" only keeps it, until a flush. */
export type Commit = "now" | "soon" | "live" | "hold";

interface Entry {
  value: unknown;
  /** The value as the server's element last had it, and its revision. */
  prop: string;
  rev: number;
  /** When the person changed it last, in ms. */
  touched: number;
}

const soonAfter = 400;
const liveEvery = 100;
/** An element that comes in this soon after the person's own change may be older than it. */
const ownChange = 3000;

/**
 * What the widgets show. A widget's own value leads: the person is always ahead
 * of the server. The server's value wins when the element is new, when its Rev
 * grew (the script set it), or when another tab moved it.
 */
export class Widgets {
  private entries = new Keyed<Entry>();
  /** Values not sent yet, by widget. */
  private pending = new Map<string, { element: Element; value: unknown }>();
  private timers = new Map<string, ReturnType<typeof setTimeout>>();
  private lastLive = new Map<string, number>();
  /** Values of forms, by form and widget, until submit. */
  private forms = new Keyed<ReadonlyMap<string, unknown>>();
  private tree: Tree;
  private send: (interact: Interact) => void;

  constructor(tree: Tree, send: (interact: Interact) => void) {
    this.tree = tree;
    this.send = send;
  }

  /** The value to show for an element whose props hold prop at revision rev. */
  value(element: Element, prop: unknown, rev: number): unknown {
    const id = element.id!;
    const text = JSON.stringify(prop ?? null);
    const entry = this.entries.get(id);
    if (!entry) {
      this.put(id, { value: prop, prop: text, rev, touched: 0 });
      return prop;
    }
    if (rev > entry.rev || (text !== entry.prop && Date.now() - entry.touched > ownChange)) {
      this.put(id, { value: prop, prop: text, rev, touched: 0 });
      this.drop(element);
      return prop;
    }
    if (text !== entry.prop || rev !== entry.rev) this.put(id, { ...entry, prop: text, rev });
    return entry.value;
  }

  subscribe(id: string, listener: () => void): () => void {
    return this.entries.subscribe(id, listener);
  }

  snapshot(id: string): Entry | undefined {
    return this.entries.get(id);
  }

  set(element: Element, value: unknown, commit: Commit): void {
    const id = element.id!;
    const entry = this.entries.get(id) ?? { prop: "", rev: 0, value: undefined, touched: 0 };
    this.entries.set(id, { ...entry, value, touched: Date.now() });
    if (element.form) {
      this.forms.set(element.form, new Map(this.forms.get(element.form)).set(id, value));
      return;
    }
    this.pending.set(id, { element, value });
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    switch (commit) {
      case "now":
        this.commit(id);
        break;
      case "soon":
        this.timers.set(
          id,
          setTimeout(() => this.commit(id), soonAfter),
        );
        break;
      case "live": {
        const wait = liveEvery - (Date.now() - (this.lastLive.get(id) ?? 0));
        if (wait <= 0) this.commit(id);
        else
          this.timers.set(
            id,
            setTimeout(() => this.commit(id), wait),
          );
        break;
      }
    }
  }

  /** Sends a widget's value that waits, if one does. */
  commit(id: string): void {
    const waiting = this.pending.get(id);
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    if (!waiting) return;
    this.pending.delete(id);
    this.lastLive.set(id, Date.now());
    this.send({ values: { [id]: waiting.value }, fragment: waiting.element.fragment });
  }

  /** Sends a field's value when the person leaves it. */
  leave(id: string): void {
    afterClick(() => this.commit(id));
  }

  /** Sends everything that waits, except in forms. */
  flush(): void {
    for (const id of [...this.pending.keys()]) this.commit(id);
  }

  /** A click. What was typed before it goes with it, so that the run sees it. */
  trigger(element: Element, value?: unknown): void {
    const values: Record<string, unknown> = {};
    for (const [id, waiting] of this.pending) {
      clearTimeout(this.timers.get(id));
      values[id] = waiting.value;
    }
    this.pending.clear();
    this.timers.clear();
    if (element.form) {
      for (const [id, v] of this.forms.get(element.form) ?? []) values[id] = v;
      this.forms.delete(element.form);
    }
    this.send({
      values: Object.keys(values).length > 0 ? values : undefined,
      trigger: { click: randomID(), widget: element.id!, value },
      fragment: element.fragment,
    });
  }

  /** True when a form holds values that were not submitted. */
  formChanged(form: string): boolean {
    return (this.forms.get(form)?.size ?? 0) > 0;
  }

  subscribeForm(form: string, listener: () => void): () => void {
    return this.forms.subscribe(form, listener);
  }

  /** The first enabled submit button of a form, in the order of the screen. */
  submitButton(form: string): Element | undefined {
    return this.submits(form).find((button) => !(button.props as { disabled?: boolean }).disabled);
  }

  /** Whether a form has a submit button at all. */
  hasSubmit(form: string): boolean {
    return this.submits(form).length > 0;
  }

  private submits(form: string): Element[] {
    const found: Element[] = [];
    const visit = (path: string): void => {
      const node = this.tree.nodes.get(path);
      const element = node?.element;
      if (
        element?.kind === "button" &&
        element.form === form &&
        (element.props as { submit?: boolean }).submit
      ) {
        found.push(element);
      }
      for (const child of node?.children ?? []) visit(child);
    };
    for (const root of ["main", "sidebar", "bottom", "event"]) visit(root);
    return found;
  }

  /** The server took a value over: what waits for this widget is out of date. */
  private drop(element: Element): void {
    const id = element.id!;
    this.pending.delete(id);
    clearTimeout(this.timers.get(id));
    this.timers.delete(id);
    const form = element.form && this.forms.get(element.form);
    if (form && form instanceof Map && form.has(id)) {
      const rest = new Map(form);
      rest.delete(id);
      this.forms.set(element.form!, rest);
    }
  }

  /** Changes an entry while rendering: readers are not woken, they are reading. */
  private put(id: string, entry: Entry): void {
    this.entries.quietly(id, entry);
  }
}
