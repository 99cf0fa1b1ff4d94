import { expect, test } from "vitest";
import { grouped } from "./groups";

const cells = (n: number) => Array.from({ length: n }, (_, i) => `c${i}`);
const lengths = (groups: readonly { cells: readonly string[] }[]) => groups.map((g) => g.cells.length);

test("cells stand in groups, in their order", () => {
  const order = cells(100);
  const groups = grouped(order, []);
  expect(lengths(groups)).toEqual([40, 40, 20]);
  expect(groups.flatMap((g) => g.cells)).toEqual(order);
  expect(new Set(groups.map((g) => g.key)).size).toBe(3);
});

test("a change of one group leaves the others as they are", () => {
  const order = cells(100);
  const before = grouped(order, []);
  const changes: [string, string[]][] = [
    ["inserted into a full group", order.toSpliced(10, 0, "new")],
    ["inserted before all", ["new", ...order]],
    ["deleted", order.toSpliced(10, 1)],
    ["moved within its group", order.toSpliced(10, 1).toSpliced(20, 0, "c10")],
  ];
  for (const [what, after] of changes) {
    const groups = grouped(after, before);
    expect(
      groups.flatMap((g) => g.cells),
      what,
    ).toEqual(after);
    expect(groups.slice(1), what).toEqual(before.slice(1));
    expect(groups.at(-1), what).toBe(before.at(-1));
    expect(groups.find((g) => g.cells.includes("c5"))?.key, what).toBe(before[0]?.key);
  }
});

test("a cell that is moved joins where it comes to", () => {
  const before = grouped(cells(100), []);
  const after = cells(100).toSpliced(10, 1).toSpliced(60, 0, "c10");
  const groups = grouped(after, before);
  expect(groups.map((g) => g.key)).toEqual(before.map((g) => g.key));
  expect(lengths(groups)).toEqual([39, 41, 20]);
});

test("any order is kept, whatever was before", () => {
  let groups = grouped(cells(200), []);
  for (let round = 1; round < 60; round++) {
    const order = cells(150 + ((round * 37) % 100));
    for (let i = 0; i < round % 7; i++) order.push(...order.splice((round * 13 * i) % order.length, 9 + i));
    groups = grouped(order, groups);
    expect(groups.flatMap((g) => g.cells)).toEqual(order);
    expect(new Set(groups.map((g) => g.key)).size).toBe(groups.length);
  }
});
