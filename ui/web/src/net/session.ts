import type { Welcome } from "../protocol/protocol";
import type { Event, Interact, Op, RunState, Screen } from "../protocol/session";
import { Cell, Keyed } from "../screen/keyed";
import { Tree } from "../screen/tree";
import { Widgets } from "../screen/widgets";
import { socketAddress } from "./base";
import { randomID, Socket } from "./socket";

const idle: RunState = { running: false, run: 0 };

/** Elements older than the running run fade after this long, so that quick runs do not flicker. */
const fadeAfter = 500;

export interface SessionOptions {
  /** Path and query of the WebSocket below the base, e.g. "ws?notebook=a.md". */
  path: string;
  /** Name of the place in sessionStorage that keeps the session for a reload. */
  storage: string;
  /** Gets every event, after the screen and the run have taken theirs. */
  onEvent?: (event: Event) => void;
  onFailure?: (text: string, fatal: boolean) => void;
}

/** One page's session: the connection, the screen, the widgets' values. */
export class Session {
  readonly client = randomID();
  readonly tree = new Tree();
  readonly widgets: Widgets;
  readonly socket: Socket;
  readonly run = new Cell<RunState>(idle);
  /** The number of the run that what is older fades for; 0: nothing fades. */
  readonly fading = new Cell(0);
  /** Forms on the screen in which Enter submits. */
  readonly formsThatEnterSubmits = new Keyed<true>();
  readonly welcome = new Cell<Welcome | undefined>(undefined);
  private fadeTimer: ReturnType<typeof setTimeout> | undefined;
  private options: SessionOptions;

  constructor(options: SessionOptions) {
    this.options = options;
    this.widgets = new Widgets(this.tree, (interact) => this.interact(interact));
    this.socket = new Socket(socketAddress(options.path), {
      hello: () => ({
        client: this.client,
        session: this.stored(),
        query: location.search.replace(/^\?/, ""),
      }),
      welcome: (welcome) => this.welcomed(welcome),
      events: (events) => this.events(events),
      failure: (failure) => options.onFailure?.(failure.text, failure.fatal ?? false),
    });
  }

  get handle(): string {
    return this.welcome.get()?.handle ?? "";
  }

  open(): void {
    this.socket.open();
    // The last value typed must not be lost with the page.
    window.addEventListener("pagehide", () => this.widgets.flush());
  }

  /** Shows a screen that is there already: an exported page has no server. */
  show(screen: Screen): void {
    this.tree.batch(() => this.tree.apply({ ...screen, full: true }));
  }

  /** Shows another page of the app: its path goes into the address, and a run follows. */
  goToPage(page: string): void {
    const url = new URL(location.href);
    if (page) url.searchParams.set("page", page);
    else url.searchParams.delete("page");
    history.pushState(null, "", url);
    this.interact({ page });
  }

  do(op: Op): void {
    this.socket.do(op);
  }

  interact(interact: Interact): void {
    this.do({ interact });
  }

  private stored(): string | undefined {
    try {
      return sessionStorage.getItem(this.options.storage) ?? undefined;
    } catch {
      return undefined;
    }
  }

  private welcomed(welcome: Welcome): void {
    const before = this.welcome.get();
    if (before?.build && welcome.build && before.build !== welcome.build) {
      location.reload();
      return;
    }
    this.welcome.set(welcome);
    try {
      sessionStorage.setItem(this.options.storage, welcome.session);
    } catch {
      // Without storage a reload begins a new session.
    }
  }

  private events(events: Event[]): void {
    this.tree.batch(() => {
      for (const [i, event] of events.entries()) {
        if (event.document) {
          this.setRun(event.document.run);
          this.tree.apply({ ...event.document.screen, full: true });
        }
        if (event.run) this.setRun(event.run);
        if (event.screen) {
          this.beginUnheard(events.slice(i));
          this.tree.apply(event.screen);
        }
        this.options.onEvent?.(event);
      }
    });
  }

  /** Of a quick run only the end is told, or the next one's start, after what it set. */
  private beginUnheard(rest: Event[]): void {
    const { run, running } = this.run.get();
    if (running) return;
    const next = rest.find((event) => event.run)?.run;
    if (next && next.run > run) this.tree.begin(next.running ? next.run - 1 : next.run);
  }

  private setRun(run: RunState): void {
    const before = this.run.get();
    this.run.set(run);
    if (!run.running) {
      this.tree.end();
      clearTimeout(this.fadeTimer);
      this.fadeTimer = undefined;
      this.fading.set(0);
      return;
    }
    if (run.run !== before.run || !before.running) {
      this.tree.begin(run.run);
      clearTimeout(this.fadeTimer);
      this.fadeTimer = setTimeout(() => this.fading.set(run.run), fadeAfter);
    }
  }
}
