import { expect, test } from "vitest";
import { compareValues } from "./frames";

test("values of one column compare by their type", () => {
  const sorted = (values: unknown[]) => [...values].sort(compareValues);
  expect(sorted([10, 9, 2.5])).toEqual([2.5, 9, 10]);
  expect(sorted([10n, 9n, 100n])).toEqual([9n, 10n, 100n]);
  expect(sorted(["b", "a", "B"])).toEqual(["B", "a", "b"]);
  expect(sorted([true, false])).toEqual([false, true]);
  expect(sorted([new Date(2), new Date(1)])).toEqual([new Date(1), new Date(2)]);
  expect(compareValues(1, 1)).toBe(0);
});
