import { type ReactNode, useMemo } from "react";
import type { ViewProps } from "../screen/registry";
import { token } from "../style/theme";
import { text } from "../text/messages";
import { type Attributes, readDot } from "./parts/dot";
import { font, layout, lineHeight, type PlacedEdge, type PlacedNode } from "./parts/graphLayout";
import "./diagram.css";

/** A graph in the DOT language, drawn in layers. */
export function Graphviz({ props }: ViewProps<"graphviz">) {
  const drawn = useMemo(() => {
    try {
      const dot = readDot(props.text);
      return { dot, placed: layout(dot, measure()) };
    } catch (e) {
      return { failed: e instanceof Error ? e.message : String(e) };
    }
  }, [props.text]);
  if (drawn.failed !== undefined) {
    return (
      <p className="el-missing" role="alert">
        {text.chart.failed}: {drawn.failed}
      </p>
    );
  }
  const { dot, placed } = drawn;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <div className="diagram" tabIndex={0} style={{ maxHeight: props.height || undefined }}>
      <svg
        role="img"
        aria-label={text.chart.graph(dot.nodes.length, dot.edges.length)}
        width={placed.width}
        height={placed.height}
        viewBox={`0 0 ${placed.width} ${placed.height}`}
        fontSize={font}
      >
        {placed.clusters.map((c) => (
          <g key={c.cluster.id}>
            <rect
              x={c.x - c.width / 2}
              y={c.y - c.height / 2}
              width={c.width}
              height={c.height}
              rx={8}
              {...paint(c.cluster.attributes, "var(--border)")}
            />
            <text x={c.x} y={c.y - c.height / 2 + 14} textAnchor="middle" fill="var(--muted)">
              {c.cluster.attributes.label ?? ""}
            </text>
          </g>
        ))}
        {placed.edges.map((e, i) => (
          <Edge key={i} placed={e} directed={dot.directed} />
        ))}
        {placed.nodes.map((n) => (
          <NodeShape key={n.node.id} placed={n} />
        ))}
      </svg>
    </div>
  );
}

function measure(): (line: string) => number {
  const context = document.createElement("canvas").getContext("2d");
  if (!context) return (line) => line.length * 7;
  context.font = `${font}px ${token("--font")}`;
  return (line) => context.measureText(line).width;
}

/** Colours and strokes, as DOT names them. */
function paint(a: Attributes, stroke: string) {
  const style = (a.style ?? "").split(",").map((s) => s.trim());
  const filled = style.includes("filled") || a.bgcolor !== undefined;
  const fill = a.fillcolor ?? a.bgcolor ?? a.color ?? "lightgray";
  return {
    fill: filled ? fill : "none",
    stroke: a.color ?? stroke,
    strokeWidth: Number(a.penwidth) || (style.includes("bold") ? 2 : 1.2),
    strokeDasharray: style.includes("dashed") ? "5 4" : style.includes("dotted") ? "1.5 3.5" : undefined,
    visibility: style.includes("invis") ? ("hidden" as const) : undefined,
    filled,
    rounded: style.includes("rounded"),
  };
}

function Label({ lines, x, y, fill }: { lines: string[]; x: number; y: number; fill: string }) {
  return (
    <text textAnchor="middle" fill={fill}>
      {lines.map((line, i) => (
        <tspan key={i} x={x} y={y + (i - (lines.length - 1) / 2) * lineHeight + font * 0.35}>
          {line}
        </tspan>
      ))}
    </text>
  );
}

function NodeShape({ placed: { node, lines, x, y, width, height } }: { placed: PlacedNode }) {
  const a = node.attributes;
  const { filled, rounded, ...ink } = paint(a, "var(--text)");
  const shape = a.shape ?? "ellipse";
  const rect = (
    <rect x={x - width / 2} y={y - height / 2} width={width} height={height} rx={rounded ? 8 : 2} {...ink} />
  );
  const outlines: Record<string, ReactNode> = {
    ellipse: <ellipse cx={x} cy={y} rx={width / 2} ry={height / 2} {...ink} />,
    circle: <circle cx={x} cy={y} r={width / 2} {...ink} />,
    doublecircle: (
      <>
        <circle cx={x} cy={y} r={width / 2} {...ink} />
        <circle cx={x} cy={y} r={width / 2 - 4} {...ink} />
      </>
    ),
    point: <circle cx={x} cy={y} r={width / 2} {...ink} fill={a.color ?? "var(--text)"} />,
    diamond: (
      <polygon
        points={`${x},${y - height / 2} ${x + width / 2},${y} ${x},${y + height / 2} ${x - width / 2},${y}`}
        {...ink}
      />
    ),
    plaintext: null,
    plain: null,
    none: null,
  };
  outlines.oval = outlines.ellipse;
  return (
    <g visibility={ink.visibility}>
      <title>{a.tooltip ?? node.id}</title>
      {shape in outlines ? outlines[shape] : rect}
      <Label lines={lines} x={x} y={y} fill={a.fontcolor ?? (filled ? "#111" : "var(--text)")} />
    </g>
  );
}

function Edge({ placed: { edge, points, label }, directed }: { placed: PlacedEdge; directed: boolean }) {
  const a = edge.attributes;
  const { filled: _, rounded: __, ...ink } = paint(a, "var(--muted)");
  const dir = a.dir ?? (directed ? "forward" : "none");
  const head = (dir === "forward" || dir === "both") && a.arrowhead !== "none";
  const tail = (dir === "back" || dir === "both") && a.arrowtail !== "none";
  return (
    <g visibility={ink.visibility}>
      <path d={curve(points)} {...ink} fill="none" />
      {head && <polygon points={arrow(points.at(-2), points.at(-1))} fill={ink.stroke} />}
      {tail && <polygon points={arrow(points[1], points[0])} fill={ink.stroke} />}
      {label && (
        <g paintOrder="stroke" stroke="var(--bg)" strokeWidth={5} strokeLinejoin="round">
          <Label {...label} fill={a.fontcolor ?? "var(--text)"} />
        </g>
      )}
    </g>
  );
}

type Point = { x: number; y: number };

/** A smooth line: straight to the middle of the first and last stretch, and around the corners between. */
function curve(points: Point[]): string {
  const [first, ...rest] = points;
  if (!first || rest.length === 0) return "";
  let d = `M${first.x},${first.y}`;
  for (let i = 0; i < rest.length - 1; i++) {
    const [p, next] = [rest[i]!, rest[i + 1]!];
    const end = i === rest.length - 2 ? next : { x: (p.x + next.x) / 2, y: (p.y + next.y) / 2 };
    d += ` Q${p.x},${p.y} ${end.x},${end.y}`;
  }
  return rest.length === 1 ? `${d} L${rest[0]!.x},${rest[0]!.y}` : d;
}

function arrow(from: Point | undefined, to: Point | undefined): string {
  if (!from || !to) return "";
  const angle = Math.atan2(to.y - from.y, to.x - from.x);
  const corner = (turn: number) =>
    `${to.x - 9 * Math.cos(angle + turn)},${to.y - 9 * Math.sin(angle + turn)}`;
  return `${to.x},${to.y} ${corner(0.42)} ${corner(-0.42)}`;
}
