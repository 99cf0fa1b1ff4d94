import { useEffect, useMemo, useRef, useState } from "react";
import type { Graph } from "../../protocol/session";
import { useCell, useKeyed } from "../../screen/keyed";
import { editor as text } from "../../text/messages/editor";
import type { Actions } from "../actions";
import { box, layout, type Placed } from "./layout";
import type { PanelProps } from "./Side";

/** Which cell needs which: click one to go there. */
export function GraphPanel({ actions, services }: PanelProps) {
  const [graph, setGraph] = useState<Graph | undefined>(undefined);
  const [near, setNear] = useState("");
  const asked = useRef(0);
  const order = useCell(actions.notebook.order);
  const run = useCell(actions.notebook.run);
  const saved = useCell(actions.notebook.saved);
  // The document changes when it is edited, which its being saved follows.
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again whenever the document may have changed
  useEffect(() => {
    const mine = ++asked.current;
    services.graph().then(
      (g) => mine === asked.current && setGraph(g),
      () => {},
    );
  }, [services, order, run.running, saved.state]);
  const laid = useMemo(() => layout(graph?.nodes ?? [], graph?.edges ?? []), [graph]);
  if (!graph) return <p className="loading-note">{text.loading}</p>;
  const touches = (a: { from: string; to: string }) => a.from === near || a.to === near;
  return (
    <div className="graph">
      {laid.nodes.length === 0 && <p className="loading-note">{text.noGraph}</p>}
      <div className="graph-area" style={{ width: laid.width + 2, height: laid.height + 2 }}>
        <svg width={laid.width + 2} height={laid.height + 2} aria-hidden="true">
          {laid.arrows.map((a) => (
            <path key={`${a.from} ${a.to}`} d={a.path} className={touches(a) ? "arrow near" : "arrow"} />
          ))}
        </svg>
        {laid.nodes.map((n) => {
          const needs = laid.arrows.filter((a) => a.to === n.cell);
          return (
            <Node
              key={n.cell}
              node={n}
              number={order.indexOf(n.cell) + 1}
              needs={needs.map((a) => text.uses(a.names.join(", "), order.indexOf(a.from) + 1))}
              actions={actions}
              onNear={setNear}
            />
          );
        })}
      </div>
      {laid.alone > 0 && <p className="loading-note">{text.aloneCells(laid.alone)}</p>}
    </div>
  );
}

interface NodeProps {
  node: Placed;
  number: number;
  needs: string[];
  actions: Actions;
  onNear: (cell: string) => void;
}

function Node({ node, number, needs, actions, onNear }: NodeProps) {
  const status = useKeyed(actions.notebook.status, node.cell);
  const active = useCell(actions.selection.active) === node.cell;
  const near = () => onNear(node.cell);
  const far = () => onNear("");
  return (
    <button
      type="button"
      className={`graph-node state-${status?.state ?? "idle"}`}
      aria-current={active || undefined}
      style={{ left: node.x, top: node.y, width: box.width, height: box.height }}
      title={[node.label, ...needs].join("\n")}
      onMouseEnter={near}
      onMouseLeave={far}
      onFocus={near}
      onBlur={far}
      onClick={() => actions.select(node.cell)}
    >
      <span className="visually-hidden">{text.graphCell} </span>
      <span className="graph-number">{number}</span>
      <code>{node.label}</code>
      <span className="visually-hidden">{needs.join(", ")}</span>
    </button>
  );
}
