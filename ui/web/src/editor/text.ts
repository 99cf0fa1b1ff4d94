import type { CellEvent } from "../protocol/session";
import { merge } from "../text/merge";

/** What CellText asks of the page. */
export interface TextHost {
  client: string;
  /** Sends an edit of the cell's text that grew from version base. */
  send: (cell: string, base: number, source: string) => void;
  /** The text is another now. */
  changed?: () => void;
  /** Both sides changed the same lines, and mine were kept. */
  clash: (cell: string) => void;
}

/** What is typed goes out when typing pauses, and at the latest after sendAtLatest, in ms. */
const sendAfter = 200;
const sendAtLatest = 500;

/**
 * One cell's text, here and on the server. At most one edit is on its way; what is
 * typed meanwhile waits for its answer, so that every edit names the version it
 * grew from. Text that comes from elsewhere is merged into what is typed here.
 */
export class CellText {
  /** What the person sees. */
  text: string;
  /** Tells the views that the text changed from outside. */
  onRemote: Set<() => void> = new Set();
  private base: { version: number; source: string };
  private sent: string | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** When what is typed must go out, by Date.now(). */
  private due = 0;
  private cell: string;
  private host: TextHost;

  constructor(event: CellEvent, host: TextHost) {
    this.cell = event.id;
    this.text = event.source;
    this.base = { version: event.version, source: event.source };
    this.host = host;
  }

  /** The person changed the text. It is sent when typing pauses. */
  edit(text: string): void {
    if (text === this.text) return;
    this.text = text;
    this.host.changed?.();
    this.plan();
  }

  /** Sends what was not sent yet, before something that needs it (a run). */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.sent !== undefined || this.text === this.base.source) return;
    this.sent = this.text;
    this.host.send(this.cell, this.base.version, this.text);
  }

  /** The version of the text that the server told last. */
  get version(): number {
    return this.base.version;
  }

  /** True when the server has all that is typed here. */
  get settled(): boolean {
    return this.sent === undefined && this.text === this.base.source;
  }

  /** Waits until the server has what is typed here, though not for ever. */
  async settle(within = 3000): Promise<void> {
    const end = Date.now() + within;
    this.flush();
    while (!this.settled && Date.now() < end) {
      await new Promise((r) => setTimeout(r, 8));
      this.flush();
    }
  }

  receive(event: CellEvent): void {
    const own = event.by === this.host.client;
    if (!own && event.version <= this.base.version) {
      // A refusal that says what is known already: the edit on its way was from an older version.
      if (this.sent !== undefined && event.version === this.base.version && event.source === this.base.source)
        return;
      if (event.source === this.base.source) return;
    }
    const before = this.text;
    if (own) {
      // Typed since then: stays, and is sent next.
      this.base = { version: event.version, source: event.source };
      this.sent = undefined;
    } else {
      const { text, clash } = merge(this.base.source, this.text, event.source);
      this.text = text;
      this.base = { version: event.version, source: event.source };
      this.sent = undefined;
      if (clash) this.host.clash(this.cell);
    }
    if (this.text !== before) this.host.changed?.();
    if (this.text !== before) for (const listener of [...this.onRemote]) listener();
    if (this.text !== this.base.source) this.plan();
  }

  private plan(): void {
    const now = Date.now();
    if (this.timer === undefined) this.due = now + sendAtLatest;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), Math.max(0, Math.min(sendAfter, this.due - now)));
  }
}
