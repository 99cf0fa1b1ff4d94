import { describe, expect, it } from "vitest";
import { layout } from "./layout";

const node = (cell: string) => ({ cell, label: cell });
const edge = (from: string, to: string) => ({ from, to, names: ["x"] });

describe("layout", () => {
  it("puts each cell below all that it needs, and no two in one place", () => {
    const nodes = ["a", "b", "c", "d", "e", "lonely"].map(node);
    const edges = [
      edge("a", "b"),
      edge("a", "c"),
      edge("b", "d"),
      edge("c", "d"),
      edge("a", "d"),
      edge("d", "e"),
    ];
    const out = layout(nodes, edges);
    const at = new Map(out.nodes.map((n) => [n.cell, n]));
    for (const e of edges) expect(at.get(e.from)!.y).toBeLessThan(at.get(e.to)!.y);
    expect(new Set(out.nodes.map((n) => `${n.x},${n.y}`)).size).toBe(5);
    expect(out.alone).toBe(1);
    expect(out.arrows).toHaveLength(edges.length);
  });

  it("is empty for a notebook without names", () => {
    expect(layout([node("a")], [])).toMatchObject({ nodes: [], width: 0, alone: 1 });
  });
});
