// Where the parts of a DOT graph stand: dagre's layout in layers.
import dagre from "@dagrejs/dagre";
import { type Dot, type DotCluster, type DotEdge, type DotNode, lines } from "./dot";

const lineHeight = 17;
const font = 13;

export interface PlacedNode {
  node: DotNode;
  lines: string[];
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PlacedEdge {
  edge: DotEdge;
  points: { x: number; y: number }[];
  label?: { lines: string[]; x: number; y: number };
}

export interface PlacedCluster {
  cluster: DotCluster;
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface Placed {
  width: number;
  height: number;
  nodes: PlacedNode[];
  edges: PlacedEdge[];
  clusters: PlacedCluster[];
}

/** measure is the width of a line of text in a font of 13 pixels. */
export function layout(dot: Dot, measure: (text: string) => number): Placed {
  const graph = new dagre.graphlib.Graph({ compound: true, multigraph: true });
  const inches = (value: string | undefined, normal: number) => (Number(value) || normal) * 72;
  graph.setGraph({
    rankdir: (dot.attributes.rankdir ?? "TB").toUpperCase(),
    nodesep: inches(dot.attributes.nodesep, 0.35),
    ranksep: inches(dot.attributes.ranksep, 0.5),
    marginx: 8,
    marginy: 8,
  });
  const size = (text: string[]) => ({
    width: Math.max(0, ...text.map(measure)),
    height: text.length * lineHeight,
  });

  for (const c of dot.clusters) graph.setNode(c.id, {});
  for (const c of dot.clusters) if (c.cluster) graph.setParent(c.id, c.cluster);
  const labels = new Map<string, string[]>();
  for (const n of dot.nodes) {
    const shape = n.attributes.shape ?? "ellipse";
    const text = shape === "point" ? [] : lines(n.attributes.label ?? n.id, n.id);
    labels.set(n.id, text);
    graph.setNode(n.id, box(shape, size(text), n.attributes));
    if (n.cluster) graph.setParent(n.id, n.cluster);
  }
  dot.edges.forEach((e, i) => {
    const text = e.attributes.label ? lines(e.attributes.label, "") : [];
    const s = size(text);
    graph.setEdge(
      e.from,
      e.to,
      {
        width: s.width && s.width + 8,
        height: s.height,
        labelpos: "c",
        minlen: Number(e.attributes.minlen) || 1,
      },
      String(i),
    );
  });
  dagre.layout(graph);

  const all = graph.graph();
  return {
    width: all.width ?? 0,
    height: all.height ?? 0,
    nodes: dot.nodes.map((node) => ({ node, lines: labels.get(node.id)!, ...place(graph.node(node.id)) })),
    clusters: dot.clusters
      .map((cluster) => ({ cluster, ...place(graph.node(cluster.id)) }))
      .filter((c) => Number.isFinite(c.x) && c.width > 0)
      .reverse(),
    edges: dot.edges.map((edge, i) => {
      const e = graph.edge(edge.from, edge.to, String(i));
      const label = edge.attributes.label
        ? { lines: lines(edge.attributes.label, ""), x: e.x ?? 0, y: e.y ?? 0 }
        : undefined;
      return { edge, points: e.points ?? [], label };
    }),
  };
}

function place(n: { x?: number; y?: number; width?: number; height?: number }) {
  return { x: n.x ?? Number.NaN, y: n.y ?? Number.NaN, width: n.width ?? 0, height: n.height ?? 0 };
}

/** How large a shape is around its text. */
function box(shape: string, text: { width: number; height: number }, a: Record<string, string | undefined>) {
  let width = text.width + 24;
  let height = text.height + 16;
  switch (shape) {
    case "point":
      return { width: 7, height: 7 };
    case "plaintext":
    case "none":
    case "plain":
      return { width: text.width + 8, height: text.height + 6 };
    case "ellipse":
    case "oval":
      width = text.width * 1.25 + 22;
      height = text.height * 1.25 + 14;
      break;
    case "circle":
    case "doublecircle":
      width = height = Math.max(text.width + 16, text.height + 16);
      break;
    case "diamond":
      width = text.width * 1.6 + 30;
      height = text.height * 1.6 + 22;
      break;
  }
  return {
    width: Math.max(width, (Number(a.width) || 0.6) * 72),
    height: Math.max(height, (Number(a.height) || 0.45) * 72),
  };
}

export { font, lineHeight };
