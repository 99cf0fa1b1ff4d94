// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Event } from "../protocol/session";
import { Session } from "./session";

class Wire {
  onopen?: () => void;
  onmessage?: (e: { data: string }) => void;
  constructor() {
    wire = this;
  }
  send() {}
  close() {}
}

let wire: Wire;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("WebSocket", Wire);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const drawn: Event = {
  screen: { deltas: [{ op: "set", path: "main/c.0", element: { kind: "text", props: { text: "old" } } }] },
} as Event;

it.each([
  [
    "its end alone was told",
    [drawn, { run: { running: false, run: 1 } }, { run: { running: true, run: 2 } }],
  ],
  ["nothing of it was told", [drawn, { run: { running: true, run: 2 } }]],
])("what a quick run set is old in the next one, though %s", (_, events) => {
  const session = new Session({ path: "ws", storage: "s" });
  session.open();
  wire.onopen?.();
  const say = (message: unknown) => wire.onmessage?.({ data: JSON.stringify(message) });
  say({ welcome: { session: "s", handle: "h", mode: "app", client: "c", build: "b" } });
  say({
    events: [
      {
        document: {
          title: "",
          screen: { order: ["c"] },
          kernel: { state: "none" },
          run: { running: false, run: 0 },
        },
      },
    ],
  });
  say({ events });
  vi.advanceTimersByTime(1000);
  expect(session.fading.get()).toBe(2);
  expect(session.tree.nodes.get("main/c.0")?.run).toBe(1);
});
