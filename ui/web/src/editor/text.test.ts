import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CellEvent } from "../protocol/session";
import { CellText } from "./text";

const event = (version: number, source: string, by = ""): CellEvent => ({
  id: "c",
  kind: "go",
  version,
  source,
  by,
});

function start(source = "") {
  const sent: { base: number; source: string }[] = [];
  const clash = vi.fn();
  const text = new CellText(event(1, source), {
    client: "me",
    send: (_, base, s) => sent.push({ base, source: s }),
    clash,
  });
  return { text, sent, clash };
}

describe("CellText", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("sends when typing pauses, one edit at a time, each on the version it grew from", () => {
    const { text, sent } = start();
    text.edit("a");
    text.edit("ab");
    vi.advanceTimersByTime(1000);
    expect(sent).toEqual([{ base: 1, source: "ab" }]);
    text.edit("abc");
    vi.advanceTimersByTime(1000);
    expect(sent).toHaveLength(1);
    text.receive(event(2, "ab", "me"));
    vi.advanceTimersByTime(1000);
    expect(sent[1]).toEqual({ base: 2, source: "abc" });
    text.receive(event(3, "abc", "me"));
    expect(text.settled).toBe(true);
  });

  it("sends at least twice a second while typing goes on", () => {
    const { text, sent } = start();
    let typed = "";
    for (let i = 0; i < 30; i++) {
      typed += "x";
      text.edit(typed);
      vi.advanceTimersByTime(40);
      if (sent.length > 0) break;
    }
    expect(sent).toHaveLength(1);
    expect(typed.length * 40).toBeLessThanOrEqual(560);
  });

  it("shows another's text at once, and keeps what is typed here", () => {
    const { text, sent, clash } = start("one\ntwo");
    const views = vi.fn();
    text.onRemote.add(views);
    text.edit("ONE\ntwo");
    text.receive(event(2, "one\nTWO", "other"));
    expect(text.text).toBe("ONE\nTWO");
    expect(views).toHaveBeenCalledTimes(1);
    expect(clash).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1000);
    expect(sent).toEqual([{ base: 2, source: "ONE\nTWO" }]);
  });

  it("sends again on the newer version after a refusal", () => {
    const { text, sent } = start("a\nb");
    text.edit("A\nb");
    text.flush();
    // The other's edit came first; ours was refused with the same text again.
    text.receive(event(2, "a\nB", "other"));
    text.receive(event(2, "a\nB", "other"));
    vi.advanceTimersByTime(1000);
    expect(sent).toEqual([
      { base: 1, source: "A\nb" },
      { base: 2, source: "A\nB" },
    ]);
    text.receive(event(3, "A\nB", "me"));
    expect(text.settled).toBe(true);
  });

  it("says when both changed the same text, and keeps mine", () => {
    const { text, clash } = start("x");
    text.edit("mine");
    text.receive(event(2, "theirs", "other"));
    expect(text.text).toBe("mine");
    expect(clash).toHaveBeenCalledTimes(1);
  });

  it("does not tell its own views of its own edits", () => {
    const { text } = start();
    const views = vi.fn();
    text.onRemote.add(views);
    text.edit("a");
    text.flush();
    text.receive(event(2, "a", "me"));
    expect(views).not.toHaveBeenCalled();
  });
});
