import type { Edits, Filter, Reply, Request, Sort } from "../protocol/page";
import { fetchWindow } from "./frames";

/** Numbers from the first to before the second. */
export type Span = [number, number];

type Fetch = (
  session: string,
  request: Request,
  signal?: AbortSignal,
) => Promise<{ reply: Reply; columns: unknown[][] }>;

const pageRows = 256;
/** Pages kept before the ones not seen for longest are dropped. */
const keep = 120;
const together = 3;

/** The order, the filters and the search a grid shows. */
export interface View {
  sort: Sort[];
  filters: Filter[];
  search: string;
  /** What was edited when the view was set: order and filters go by it. */
  edits?: Edits;
}

export const asIs: View = { sort: [], filters: [], search: "" };

/** Whether rows stand elsewhere than in the frame. */
export function moved(view: View): boolean {
  return view.sort.length > 0 || view.filters.length > 0 || view.search !== "";
}

/** The part of a request that says which rows, and in which order. */
export function viewOf(view: View): Pick<Request, "sort" | "filters" | "search" | "edits"> {
  return {
    sort: view.sort,
    filters: view.filters,
    search: view.search || undefined,
    edits: moved(view) ? view.edits : undefined,
  };
}

/**
 * The rows of one frame under one view, fetched by pages as they come into sight.
 * The newest wish is served first: who scrolls past a thousand pages waits for the
 * one where the scrolling ends.
 */
export class Source {
  total: number;
  failed = "";
  private pages = new Map<number, unknown[][]>();
  private wanted: number[] = [];
  private running = new Map<number, AbortController>();
  private waiters = new Map<number, (() => void)[]>();
  private session: string;
  private frame: string;
  /** Who asks: a new view of the same grid ends the pass for the one before. */
  private asker: string;
  readonly view: View;
  private changed: () => void;
  private fetch: Fetch;

  constructor(
    session: string,
    frame: string,
    rows: number,
    view: View,
    changed: () => void,
    fetch: Fetch = fetchWindow,
    asker = "",
  ) {
    this.session = session;
    this.frame = frame;
    this.total = rows;
    this.view = view;
    this.changed = changed;
    this.fetch = fetch;
    this.asker = asker;
  }

  /** The value of a cell, or undefined while its page is not there. A missing value is null. */
  value(row: number, column: number): unknown {
    const page = Math.floor(row / pageRows);
    const columns = this.pages.get(page);
    if (!columns) return undefined;
    return columns[column]?.[row - page * pageRows] ?? null;
  }

  has(row: number): boolean {
    return this.pages.has(Math.floor(row / pageRows));
  }

  /** The number in the frame of the row that stands there, or undefined while it is not known. */
  id(row: number): number | undefined {
    if (!moved(this.view)) return row;
    const page = Math.floor(row / pageRows);
    const numbers = this.pages.get(page)?.at(-1);
    const id = numbers?.[row - page * pageRows];
    return id === undefined || id === null ? undefined : Number(id);
  }

  /** Where the rows of these numbers stand; those that the view leaves out are nowhere. */
  find(rows: readonly Span[]): Promise<Span[]> {
    return this.translate(rows, { find: [...rows] });
  }

  /** The numbers of the rows that stand at these places, in order. */
  numbers(places: readonly Span[]): Promise<Span[]> {
    return this.translate(places, { numbers: [...places] });
  }

  private async translate(spans: readonly Span[], ask: Partial<Request>): Promise<Span[]> {
    const { filters, search } = this.view;
    const all = spans.length === 1 && spans[0]![0] === 0 && spans[0]![1] === this.total;
    const every = all && filters.length === 0 && search === "" && !this.view.edits?.deleted?.length;
    if (!moved(this.view) || every || spans.length === 0) return [...spans];
    const { columns } = await this.fetch(this.session, { ...this.request(0, 0), ...ask });
    const [from = [], to = []] = columns;
    return from.map((n, i): Span => [Number(n), Number(to[i])]);
  }

  private request(offset: number, limit: number): Request {
    return {
      frame: this.frame,
      offset,
      limit,
      ...viewOf(this.view),
      ids: moved(this.view) || undefined,
      view: this.asker || undefined,
    };
  }

  /** Asks for the pages of the rows [from, to) and, after them, their neighbours. */
  want(from: number, to: number): void {
    const first = Math.max(0, Math.floor(from / pageRows));
    const last = Math.max(first, Math.floor(Math.max(from, to - 1) / pageRows));
    const pages: number[] = [];
    for (let p = first; p <= last; p++) pages.push(p);
    if ((last + 1) * pageRows < this.total) pages.push(last + 1);
    if (first > 0) pages.push(first - 1);
    for (const p of pages) this.touch(p);
    this.wanted = pages.filter((p) => !this.pages.has(p) && !this.running.has(p));
    for (const [p, abort] of this.running) {
      if (!pages.includes(p) && !this.waiters.has(p)) abort.abort();
    }
    this.pump();
  }

  /** Waits until the rows [from, to) are there, for copying. */
  async all(from: number, to: number): Promise<void> {
    for (let p = Math.floor(from / pageRows); p * pageRows < to; p++) {
      if (this.pages.has(p)) continue;
      await new Promise<void>((resolve) => {
        this.waiters.set(p, [...(this.waiters.get(p) ?? []), resolve]);
        this.wanted.unshift(p);
        this.pump();
      });
    }
  }

  close(): void {
    this.wanted = [];
    for (const abort of this.running.values()) abort.abort();
  }

  private touch(page: number): void {
    const columns = this.pages.get(page);
    if (!columns) return;
    this.pages.delete(page);
    this.pages.set(page, columns);
  }

  private pump(): void {
    while (this.running.size < together) {
      const page = this.wanted.shift();
      if (page === undefined) return;
      if (this.pages.has(page) || this.running.has(page)) continue;
      void this.load(page);
    }
  }

  private async load(page: number): Promise<void> {
    const abort = new AbortController();
    this.running.set(page, abort);
    try {
      const request = this.request(page * pageRows, pageRows);
      const { reply, columns } = await this.fetch(this.session, request, abort.signal);
      this.pages.set(page, columns);
      for (const old of this.pages.keys()) {
        if (this.pages.size <= keep) break;
        this.pages.delete(old);
      }
      if (typeof reply.total === "number") this.total = reply.total;
      this.failed = "";
      this.changed();
    } catch (error) {
      if (!abort.signal.aborted) {
        this.failed = error instanceof Error ? error.message : String(error);
        this.changed();
      }
    } finally {
      this.running.delete(page);
      for (const done of this.waiters.get(page) ?? []) done();
      this.waiters.delete(page);
      this.pump();
    }
  }
}
