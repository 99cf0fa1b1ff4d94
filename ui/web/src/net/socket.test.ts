// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Client, Server } from "../protocol/protocol";
import { Socket, type Wire } from "./socket";

/** A server's end: what came, and ways to answer and to fail. */
class FakeWire implements Wire {
  onopen: (() => void) | null = null;
  onclose: ((e: { code: number }) => void) | null = null;
  onmessage: ((e: { data: unknown }) => void) | null = null;
  got: Client[] = [];
  send(data: string) {
    this.got.push(JSON.parse(data) as Client);
  }
  close() {
    this.onclose?.({ code: 1000 });
  }
  say(message: Server) {
    this.onmessage?.({ data: JSON.stringify(message) });
  }
  ops() {
    return this.got.filter((m) => m.op).map((m) => m.seq);
  }
}

function start() {
  const wires: FakeWire[] = [];
  const events = vi.fn();
  const failure = vi.fn();
  const socket = new Socket(
    "ws://test/ws",
    { hello: () => ({ client: "me" }), welcome: () => {}, events, failure },
    () => {
      const wire = new FakeWire();
      wires.push(wire);
      return wire;
    },
  );
  socket.open();
  return { socket, wires, events, failure };
}

const welcome = (seq = 0): Server => ({
  welcome: { session: "s", handle: "h", mode: "app", client: "me", seq },
});

describe("Socket", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("says hello first and sends ops after the welcome, in order", () => {
    const { socket, wires } = start();
    socket.do({ save: {} });
    wires[0]!.onopen?.();
    expect(wires[0]!.got).toEqual([{ hello: { client: "me" } }]);
    wires[0]!.say(welcome());
    socket.do({ save: {} });
    expect(wires[0]!.ops()).toEqual([1, 2]);
    expect(socket.link.get()).toBe("open");
  });

  it("sends again what was not taken before a loss, and nothing twice", () => {
    const { socket, wires } = start();
    wires[0]!.onopen?.();
    wires[0]!.say(welcome());
    for (let i = 0; i < 4; i++) socket.do({ interact: { rerun: true } });
    wires[0]!.say({ ack: 1, events: [] });
    wires[0]!.close();
    expect(socket.link.get()).toBe("lost");
    socket.do({ save: {} });
    vi.advanceTimersByTime(10_000);
    wires[1]!.onopen?.();
    wires[1]!.say(welcome(2));
    expect(wires[1]!.ops()).toEqual([3, 4, 5]);
    wires[1]!.say({ ack: 5, events: [] });
    expect(socket.unsent).toBe(0);
  });

  it("waits longer after each failure, up to ten seconds", () => {
    const { wires } = start();
    for (let i = 0; i < 12; i++) {
      wires.at(-1)!.close();
      vi.advanceTimersByTime(10_001);
      expect(wires).toHaveLength(i + 2);
    }
    wires.at(-1)!.close();
    vi.advanceTimersByTime(4000);
    expect(wires).toHaveLength(13);
  });

  it("does not connect again after a final refusal", () => {
    const { socket, wires } = start();
    wires[0]!.onopen?.();
    wires[0]!.say({ error: { text: "no", fatal: true }, events: [] });
    wires[0]!.close();
    vi.advanceTimersByTime(60_000);
    expect(wires).toHaveLength(1);
    expect(socket.link.get()).toBe("refused");
  });

  it("does not connect again once the person signed out, and says so", () => {
    const { socket, wires, failure } = start();
    wires[0]!.onopen?.();
    wires[0]!.say(welcome());
    wires[0]!.onclose?.({ code: 4002 });
    vi.advanceTimersByTime(60_000);
    expect(wires).toHaveLength(1);
    expect(socket.link.get()).toBe("refused");
    expect(failure).toHaveBeenCalledOnce();
  });

  it("answers requests, and fails those a loss cut off", async () => {
    const { socket, wires } = start();
    await expect(socket.request("hover", {})).rejects.toThrow();
    wires[0]!.onopen?.();
    wires[0]!.say(welcome());
    const first = socket.request("hover", {});
    const second = socket.request("hover", {});
    const third = socket.request("hover", {});
    wires[0]!.say({ res: { id: 2, error: "bad" }, events: [] });
    wires[0]!.say({ res: { id: 1, result: { doc: "x" } }, events: [] });
    await expect(first).resolves.toEqual({ doc: "x" });
    await expect(second).rejects.toThrow("bad");
    wires[0]!.close();
    await expect(third).rejects.toThrow("lost");
  });
});
