// @vitest-environment jsdom
import { describe, expect, it, vi } from "vitest";
import type { Request } from "../protocol/page";
import { Source } from "./source";

function start(rows: number) {
  const asked: Request[] = [];
  const waiting: (() => void)[] = [];
  const fetch = (_: string, request: Request, signal?: AbortSignal) =>
    new Promise<{ reply: { offset: number; rows: number; total: number }; columns: unknown[][] }>(
      (resolve, reject) => {
        asked.push(request);
        signal?.addEventListener("abort", () => reject(new Error("aborted")));
        waiting.push(() =>
          resolve({
            reply: { offset: request.offset, rows: request.limit, total: rows },
            columns: [Array.from({ length: request.limit }, (_, i) => request.offset + i)],
          }),
        );
      },
    );
  const changed = vi.fn();
  const source = new Source("s", "f", rows, { sort: [], filters: [], search: "" }, changed, fetch);
  const settle = async () => {
    for (const go of waiting.splice(0)) go();
    await new Promise((r) => setTimeout(r));
  };
  return { source, asked, settle, changed };
}

describe("Source", () => {
  it("asks for what is in view and its neighbours, once", async () => {
    const { source, asked, settle } = start(10_000);
    source.want(0, 20);
    source.want(0, 25);
    expect(asked.map((r) => r.offset)).toEqual([0, 256]);
    expect(source.value(3, 0)).toBeUndefined();
    await settle();
    expect(source.value(3, 0)).toBe(3);
    expect(source.value(300, 0)).toBe(300);
    expect(source.value(3, 9)).toBeNull();
  });

  it("drops what was scrolled past", async () => {
    const { source, asked, settle } = start(1_000_000);
    source.want(0, 20);
    source.want(500_000, 500_020);
    await settle();
    await settle();
    expect(source.has(500_010)).toBe(true);
    expect(asked.length).toBeLessThanOrEqual(6);
  });

  it("waits for all rows of a copy", async () => {
    const { source, settle } = start(2000);
    let done = false;
    const all = source.all(0, 1000).then(() => {
      done = true;
    });
    for (let i = 0; i < 6 && !done; i++) await settle();
    await all;
    expect(source.value(999, 0)).toBe(999);
  });

  it("says what failed", async () => {
    const source = new Source(
      "s",
      "f",
      5,
      { sort: [], filters: [], search: "" },
      () => {},
      () => Promise.reject(new Error("gone")),
    );
    source.want(0, 5);
    await new Promise((r) => setTimeout(r));
    expect(source.failed).toBe("gone");
  });
});
