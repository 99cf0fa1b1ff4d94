// What is selected in a Vega-Lite chart: read from a view, and set in a specification.

import type * as vega from "vega";
import type { PickedParam, PickedRange } from "../../protocol/element";

interface Param {
  name?: string;
  select?: string | { type?: string };
  value?: unknown;
}

type Node = Record<string, unknown>;

/** Where views stand inside a specification. */
const parts = ["spec", "layer", "concat", "hconcat", "vconcat"];

/** The key that Vega gives rows when a selection goes by row. */
const rowKey = "_vgsid_";

/** The specification with what is selected as the first value of its parameters. */
export function preset(spec: unknown, names: string[], chosen: Record<string, PickedParam>): unknown {
  if (Array.isArray(spec)) return spec.map((s) => preset(s, names, chosen));
  if (!spec || typeof spec !== "object") return spec;
  const node = { ...(spec as Node) };
  for (const part of parts) if (part in node) node[part] = preset(node[part], names, chosen);
  if (Array.isArray(node.params)) {
    node.params = (node.params as Param[]).map((p) => {
      if (!p.select || !names.includes(p.name ?? "")) return p;
      const { value: _, ...rest } = p;
      const init = chosen[p.name!]?.init;
      return init === undefined ? rest : { ...rest, value: init };
    });
  }
  return node;
}

/** What the specification says of its parameters and its fields. */
function facts(spec: unknown): { intervals: Set<string>; times: Set<string> } {
  const intervals = new Set<string>();
  const times = new Set<string>();
  const visit = (v: unknown): void => {
    if (Array.isArray(v)) v.forEach(visit);
    if (!v || typeof v !== "object" || Array.isArray(v)) return;
    const node = v as Node;
    if (typeof node.field === "string" && (node.type === "temporal" || node.timeUnit)) times.add(node.field);
    const { select, name } = node as Param;
    if (name && (select === "interval" || (typeof select === "object" && select?.type === "interval")))
      intervals.add(name);
    for (const [key, child] of Object.entries(node)) if (key !== "values") visit(child);
  };
  visit(spec);
  return { intervals, times };
}

interface Tuple {
  fields?: { field: string; channel?: string; type: string }[];
  values?: unknown[];
  [rowKey]?: number;
}

/** What is selected in a view, by parameter; those where nothing is are left out. */
export function selected(view: vega.View, spec: unknown, names: string[]): Record<string, PickedParam> {
  const { intervals, times } = facts(spec);
  const isTime = (field: string) =>
    times.has(field) || [...times].some((t) => field.endsWith(`_${t}`) || field.startsWith(`${t}_`));
  const found: Record<string, PickedParam> = {};
  for (const name of names) {
    const tuples = view.data(`${name}_store`) as Tuple[];
    if (tuples.length === 0) continue;
    found[name] = intervals.has(name) ? interval(tuples, isTime) : points(view, tuples, isTime);
  }
  return found;
}

function interval(tuples: Tuple[], isTime: (field: string) => boolean): PickedParam {
  const ranges: PickedRange[] = [];
  for (const t of tuples) {
    t.fields?.forEach((f, i) => {
      const values = plain(t.values?.[i]) as unknown[];
      const exact = !f.type.startsWith("R");
      ranges.push({
        field: f.field,
        channel: f.channel ?? "",
        exact,
        values: exact ? values : [...values].sort((a, b) => Number(a) - Number(b)),
      });
    });
  }
  const init = Object.fromEntries(
    ranges.map((r) => [r.channel, [r.values![0], r.values![r.values!.length - 1]]]),
  );
  return { ranges, times: ranges.map((r) => r.field).filter(isTime), init };
}

function points(view: vega.View, tuples: Tuple[], isTime: (field: string) => boolean): PickedParam {
  const ids = new Set(tuples.map((t) => t[rowKey]).filter((id) => id !== undefined));
  if (ids.size === 0) {
    const rows = tuples.map((t) =>
      Object.fromEntries((t.fields ?? []).map((f, i) => [f.field, plain(t.values?.[i])])),
    );
    return { points: rows, times: Object.keys(rows[0] ?? {}).filter(isTime), init: rows };
  }
  // The rows with these keys stand in one of the view's tables, the last of those
  // that a row went through being the one that is drawn.
  const rows = new Map<number, Record<string, unknown>>();
  const tables = view.getState({ data: () => true, signals: () => false, recurse: false }).data as object;
  for (const name of Object.keys(tables)) {
    if (name.endsWith("_store")) continue;
    for (const row of (view.data(name) ?? []) as Record<string, unknown>[])
      if (ids.has(row[rowKey] as number)) rows.set(row[rowKey] as number, row);
  }
  const list = [...rows.values()].map((row) =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([key]) => key !== rowKey && !stackedAt(key, row))
        .map(([key, v]) => [key, plain(v)]),
    ),
  );
  return {
    points: list,
    times: Object.keys(list[0] ?? {}).filter(isTime),
    init: [...ids].map((id) => ({ [rowKey]: id })),
  };
}

/** Where a stacked bar begins and ends is Vega's reckoning, no column. */
const stackedAt = (key: string, row: object) => {
  const column = /^(.*)_(start|end)$/.exec(key)?.[1];
  return column !== undefined && column in row && `${column}_start` in row && `${column}_end` in row;
};

/** Dates as their milliseconds. */
function plain(v: unknown): unknown {
  if (v instanceof Date) return v.getTime();
  return Array.isArray(v) ? v.map(plain) : v;
}
