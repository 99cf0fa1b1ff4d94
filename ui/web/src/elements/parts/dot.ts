// A graph in the DOT language as plain data, with the defaults of its `node [...]`
// and `edge [...]` statements applied.
import { type ASTNode, parse } from "@ts-graphviz/ast";

export type Attributes = Readonly<Record<string, string>>;

export interface DotNode {
  id: string;
  attributes: Attributes;
  /** The innermost cluster it stands in. */
  cluster?: string;
}

export interface DotEdge {
  from: string;
  to: string;
  attributes: Attributes;
}

export interface DotCluster {
  id: string;
  attributes: Attributes;
  cluster?: string;
}

export interface Dot {
  directed: boolean;
  attributes: Attributes;
  nodes: DotNode[];
  edges: DotEdge[];
  clusters: DotCluster[];
}

interface Scope {
  graph: Record<string, string>;
  node: Attributes;
  edge: Attributes;
  cluster?: string;
  /** Nodes named in this scope, for edges from and to it. */
  named: string[];
}

/** Reads DOT; throws what is wrong with it. */
export function readDot(text: string): Dot {
  const root = parsed(text).children.find((c) => c.type === "Graph");
  if (!root) throw new Error("there is no graph");
  const nodes = new Map<string, DotNode>();
  const dot: Dot = { directed: root.directed, attributes: {}, nodes: [], edges: [], clusters: [] };

  function node(id: string, scope: Scope, own?: Attributes): void {
    if (!scope.named.includes(id)) scope.named.push(id);
    const old = nodes.get(id);
    nodes.set(id, {
      id,
      attributes: old ? { ...old.attributes, ...own } : { ...scope.node, ...own },
      cluster: scope.cluster ?? old?.cluster,
    });
  }

  function statements(children: readonly ASTNode[], scope: Scope): void {
    for (const s of children) {
      switch (s.type) {
        case "Attribute":
          scope.graph[s.key.value] = s.value.value;
          break;
        case "AttributeList": {
          const more = attributes(s.children);
          if (s.kind === "Graph") Object.assign(scope.graph, more);
          else if (s.kind === "Node") scope.node = { ...scope.node, ...more };
          else scope.edge = { ...scope.edge, ...more };
          break;
        }
        case "Node":
          node(s.id.value, scope, attributes(s.children));
          break;
        case "Edge": {
          const own = { ...scope.edge, ...attributes(s.children) };
          const targets = s.targets.map((t) =>
            t.type === "NodeRef" ? [t.id.value] : t.children.map((c) => c.id.value),
          );
          for (const id of targets.flat()) node(id, scope);
          for (let i = 1; i < targets.length; i++) {
            for (const from of targets[i - 1]!)
              for (const to of targets[i]!) dot.edges.push({ from, to, attributes: own });
          }
          break;
        }
        case "Subgraph": {
          const id = s.id?.value ?? "";
          const cluster = id.startsWith("cluster") ? id : scope.cluster;
          const inner: Scope = { ...scope, graph: {}, cluster, named: [] };
          statements(s.children, inner);
          for (const n of inner.named) if (!scope.named.includes(n)) scope.named.push(n);
          if (cluster !== scope.cluster) {
            dot.clusters.push({ id, attributes: inner.graph, cluster: scope.cluster });
          }
          break;
        }
      }
    }
  }

  const top: Scope = { graph: {}, node: {}, edge: {}, named: [] };
  statements(root.children, top);
  return { ...dot, attributes: top.graph, nodes: [...nodes.values()] };
}

/** The parser takes no line breaks in quotes, which DOT has. */
function parsed(text: string) {
  try {
    return parse(text);
  } catch (e) {
    const joined = text.replace(/"(?:[^"\\]|\\[\s\S])*"/g, (quoted) => quoted.replace(/\r?\n/g, "\\n"));
    if (joined === text) throw e;
    return parse(joined);
  }
}

function attributes(children: readonly ASTNode[]): Attributes {
  const found: Record<string, string> = {};
  for (const a of children) {
    if (a.type !== "Attribute") continue;
    // What is written as HTML is shown as its text.
    found[a.key.value] =
      a.value.quoted === "html"
        ? a.value.value.replace(/<br[^>]*>/gi, "\n").replace(/<[^>]*>/g, "")
        : a.value.value;
  }
  return found;
}

/** A label's lines: \n, \l and \r end one. */
export function lines(label: string, name: string): string[] {
  return label
    .replaceAll("\\N", name)
    .replace(/\\[lr]$/, "")
    .split(/\\[nlr]|\n/)
    .map((line) => line.replace(/\\(.)/g, "$1"));
}
