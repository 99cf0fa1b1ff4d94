/** Cells that stand together on the page. */
export interface Group {
  readonly key: number;
  readonly cells: readonly string[];
}

const size = 40;
let made = 0;

/**
 * Puts cells into groups. Whoever is asked what stands where, at each key press, then
 * looks at a group or two, not at a thousand cells. A cell stays in its group as far
 * as the order allows: in another its outputs would be made anew.
 */
export function grouped(order: readonly string[], before: readonly Group[]): readonly Group[] {
  const home = new Map<string, number>();
  for (const group of before) for (const id of group.cells) home.set(id, group.key);
  const groups: { key: number; cells: string[] }[] = [];
  const begun = new Set<number>();
  order.forEach((id, i) => {
    const last = groups.at(-1);
    const was = home.get(id);
    const next = home.get(order[i + 1] ?? "");
    const amid = last !== undefined && next === last.key;
    const joins = was === undefined ? last && last.cells.length < size : last?.key === was || begun.has(was);
    if (last && (joins || amid)) {
      last.cells.push(id);
      return;
    }
    const key = was ?? (last ? undefined : next) ?? ++made;
    begun.add(key);
    groups.push({ key, cells: [id] });
  });
  return groups.map((now) => {
    const old = before.find((group) => group.key === now.key);
    return old?.cells.length === now.cells.length && old.cells.every((id, i) => id === now.cells[i])
      ? old
      : now;
  });
}
