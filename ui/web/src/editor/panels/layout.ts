import type { GraphEdge, GraphNode } from "../../protocol/session";

/** A cell of the graph and where it stands: its top left corner. */
export interface Placed {
  cell: string;
  label: string;
  x: number;
  y: number;
}

/** One arrow: a curve from the foot of a cell to the head of another. */
export interface Arrow {
  from: string;
  to: string;
  names: string[];
  path: string;
}

export interface Layout {
  nodes: Placed[];
  arrows: Arrow[];
  width: number;
  height: number;
  /** Cells that no other depends on, and that depend on none. */
  alone: number;
}

export const box = { width: 132, height: 34, gapX: 14, gapY: 40 };

/**
 * Places cells in layers: each below all that it needs. A cell needs only cells
 * above it, so there is no cycle. Within a layer cells stand where what they need
 * stands, as near as can be.
 */
export function layout(nodes: GraphNode[], edges: GraphEdge[]): Layout {
  const taking = new Set(edges.flatMap((e) => [e.from as string, e.to as string]));
  const shown = nodes.filter((n) => taking.has(n.cell));
  const needs = new Map<string, string[]>();
  for (const e of edges) needs.set(e.to, [...(needs.get(e.to) ?? []), e.from]);
  const depth = new Map<string, number>();
  const layers: GraphNode[][] = [];
  for (const n of shown) {
    // The nodes come in document order: what a cell needs has its layer already.
    const d = Math.max(-1, ...(needs.get(n.cell) ?? []).map((dep) => depth.get(dep) ?? -1)) + 1;
    depth.set(n.cell, d);
    layers[d] = [...(layers[d] ?? []), n];
  }
  const column = new Map<string, number>();
  for (const layer of layers) {
    const wish = (n: GraphNode) => {
      const at = (needs.get(n.cell) ?? []).flatMap((dep) => column.get(dep) ?? []);
      return at.length > 0 ? at.reduce((a, b) => a + b, 0) / at.length : Number.POSITIVE_INFINITY;
    };
    const wishes = new Map(layer.map((n) => [n.cell, wish(n)]));
    layer.sort((a, b) => wishes.get(a.cell)! - wishes.get(b.cell)! || shown.indexOf(a) - shown.indexOf(b));
    for (const [i, n] of layer.entries()) column.set(n.cell, i);
  }
  const placed = shown.map((n) => ({
    cell: n.cell as string,
    label: n.label,
    x: column.get(n.cell)! * (box.width + box.gapX),
    y: depth.get(n.cell)! * (box.height + box.gapY),
  }));
  const at = new Map(placed.map((p) => [p.cell, p]));
  const arrows = edges.map((e) => {
    const a = at.get(e.from)!;
    const b = at.get(e.to)!;
    const [x1, y1] = [a.x + box.width / 2, a.y + box.height];
    const [x2, y2] = [b.x + box.width / 2, b.y];
    const bend = Math.max(16, (y2 - y1) / 2);
    return {
      from: e.from as string,
      to: e.to as string,
      names: e.names ?? [],
      path: `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`,
    };
  });
  return {
    nodes: placed,
    arrows,
    width: Math.max(0, ...placed.map((p) => p.x + box.width)),
    height: Math.max(0, ...placed.map((p) => p.y + box.height)),
    alone: nodes.length - shown.length,
  };
}
