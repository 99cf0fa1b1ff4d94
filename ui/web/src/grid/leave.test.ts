import { beforeEach, expect, test, vi } from "vitest";
import type { FrameRequest } from "../protocol/protocol";
import { fetchWindow } from "./frames";
import { parts } from "./leave";

const asked: FrameRequest[] = [];
let lost = 0;

vi.mock("../net/base", () => ({
  send: async (_: string, init: RequestInit) => {
    const body = JSON.parse(String(init.body)) as FrameRequest;
    asked.push(body);
    if (body.request.format !== "edits" && lost-- > 0)
      return new Response("the edits are not here any more", { status: 422 });
    return new Response(new Uint8Array(), { headers: { "X-Stnb-Reply": "{}" } });
  },
}));

beforeEach(() => {
  asked.length = 0;
  lost = 0;
});

const request = (n: number) => ({
  frame: "f",
  offset: 0,
  limit: 1,
  edits: {
    cells: Array.from({ length: n }, (_, row) => ({ row, column: 0, value: "x".repeat(100) })),
    deleted: [1, 2],
  },
});

test("a list in parts has all of it, in order, each part within its size", () => {
  const list = Array.from({ length: 1000 }, (_, i) => "a".repeat(i % 50));
  const all = parts(list, 200);
  expect(all.flat()).toEqual(list);
  for (const part of all) expect(JSON.stringify(part).length).toBeLessThan(210);
  expect(parts(["a".repeat(500)], 200)).toEqual([["a".repeat(500)]]);
});

test("edits go to the server once, all of them, and requests name them", async () => {
  const r = request(20_000);
  await fetchWindow("s", r);
  await fetchWindow("s", { ...r, offset: 256 });
  const left = asked.filter((a) => a.request.format === "edits");
  expect(left.flatMap((a) => a.request.edits?.cells ?? [])).toEqual(r.edits.cells);
  expect(left.flatMap((a) => a.request.edits?.deleted ?? [])).toEqual([1, 2]);
  for (const a of left) expect(JSON.stringify(a).length).toBeLessThan(400_000);
  const windows = asked.filter((a) => a.request.format !== "edits").map((a) => a.request.edits);
  expect(windows.length).toBe(2);
  expect(windows[0]).toEqual(windows[1]);
  expect(windows[0]!.kept!.length).toBe(2);
});

test("a server that lost them gets them once more, and only once", async () => {
  const r = request(2);
  lost = 1;
  await fetchWindow("s", r);
  expect(asked.map((a) => a.request.format ?? "window")).toEqual([
    ...["edits", "edits", "window"],
    ...["edits", "edits", "window"],
  ]);
  lost = 2;
  await expect(fetchWindow("s", r)).rejects.toThrow("not here");
});
