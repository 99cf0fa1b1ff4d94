import type { Client, Failure, Hello, Server, Welcome } from "../protocol/protocol";
import type { Event, Op } from "../protocol/session";
import { Cell } from "../screen/keyed";
import { text } from "../text/messages";

/** "refused" is final: the server said that it will not take this page. */
export type Link = "connecting" | "open" | "lost" | "refused";

export interface Handlers {
  /** What to say first on every connection. */
  hello: () => Hello;
  welcome: (welcome: Welcome) => void;
  events: (events: Event[]) => void;
  failure: (failure: Failure) => void;
}

interface Waiting {
  seq: number;
  op: Op;
}

/** The parts of WebSocket this file needs, so that tests can bring their own. */
export interface Wire {
  send(data: string): void;
  close(): void;
  onopen: (() => void) | null;
  onclose: ((e: { code: number }) => void) | null;
  onmessage: ((e: { data: unknown }) => void) | null;
}

const firstDelay = 250;
const longestDelay = 10_000;
/** The close code of a page whose person signed out, here or elsewhere. */
const signedOut = 4002;

/**
 * One connection to the server that survives the loss of its socket. Ops are
 * numbered and kept until the server has taken them; what the server did not take
 * before a loss is sent again after it, in order, and nothing is sent twice.
 */
export class Socket {
  readonly link = new Cell<Link>("connecting");
  private wire: Wire | undefined;
  private waiting: Waiting[] = [];
  private seq = 0;
  private welcomed = false;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private requests = new Map<number, { resolve: (v: unknown) => void; reject: (e: Error) => void }>();
  private requestID = 0;
  private url: string;
  private on: Handlers;
  private make: (url: string) => Wire;

  constructor(url: string, on: Handlers, make: (url: string) => Wire = (u) => new WebSocket(u) as Wire) {
    this.url = url;
    this.on = on;
    this.make = make;
  }

  open(): void {
    window.addEventListener("online", this.hurry);
    document.addEventListener("visibilitychange", this.hurry);
    this.connect();
  }

  close(): void {
    window.removeEventListener("online", this.hurry);
    document.removeEventListener("visibilitychange", this.hurry);
    clearTimeout(this.timer);
    this.link.set("refused");
    this.wire?.close();
  }

  /** Sends an op now, or as soon as there is a connection. */
  do(op: Op): void {
    const waiting = { seq: ++this.seq, op };
    this.waiting.push(waiting);
    if (this.welcomed) this.write(waiting);
  }

  /** How many ops the server has not taken yet. */
  get unsent(): number {
    return this.waiting.length;
  }

  /** Calls a service. It fails when the connection is not there or is lost on the way. */
  request<T>(method: string, params: unknown): Promise<T> {
    if (!this.welcomed) return Promise.reject(new Error("not connected"));
    const id = ++this.requestID;
    const answer = new Promise<T>((resolve, reject) => {
      this.requests.set(id, { resolve: resolve as (v: unknown) => void, reject });
    });
    this.post({ req: { id, method, params } });
    return answer;
  }

  private hurry = () => {
    if (this.link.get() === "lost" && document.visibilityState === "visible") {
      clearTimeout(this.timer);
      this.connect();
    }
  };

  private connect(): void {
    const wire = this.make(this.url);
    this.wire = wire;
    wire.onopen = () => this.post({ hello: this.on.hello() });
    wire.onmessage = (e) => {
      if (wire === this.wire && typeof e.data === "string") this.receive(JSON.parse(e.data) as Server);
    };
    wire.onclose = ({ code }) => {
      if (wire !== this.wire) return;
      if (code === signedOut) {
        this.link.set("refused");
        this.on.failure({ text: text.app.signedOut, fatal: true });
      }
      this.lost();
    };
  }

  private lost(): void {
    this.wire = undefined;
    this.welcomed = false;
    for (const { reject } of this.requests.values()) reject(new Error("connection lost"));
    this.requests.clear();
    if (this.link.get() === "refused") return;
    this.link.set("lost");
    // Jitter keeps a restarted server from being met by all its pages at once.
    const delay = Math.min(longestDelay, firstDelay * 2 ** this.attempt) * (0.5 + Math.random() / 2);
    this.attempt++;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.connect(), delay);
  }

  private receive(message: Server): void {
    if (message.welcome) {
      this.welcomed = true;
      this.attempt = 0;
      this.on.welcome(message.welcome);
      this.taken(message.welcome.seq ?? 0);
      this.link.set("open");
      for (const waiting of this.waiting) this.write(waiting);
    }
    if (message.ack) this.taken(message.ack);
    if (message.events) this.on.events(message.events);
    if (message.res) {
      const request = this.requests.get(message.res.id);
      this.requests.delete(message.res.id);
      if (message.res.error) request?.reject(new Error(message.res.error));
      else request?.resolve(message.res.result);
    }
    if (message.error) {
      const { seq, fatal } = message.error;
      if (seq) this.waiting = this.waiting.filter((w) => w.seq !== seq);
      if (fatal) this.link.set("refused");
      this.on.failure(message.error);
    }
  }

  private taken(seq: number): void {
    this.waiting = this.waiting.filter((w) => w.seq > seq);
  }

  private write(waiting: Waiting): void {
    this.post({ op: waiting.op, seq: waiting.seq });
  }

  private post(message: Client): void {
    this.wire?.send(JSON.stringify(message));
  }
}

/** A short random id. It works on plain http too, where crypto.randomUUID is missing. */
export function randomID(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
