import { useCallback, useEffect, useRef, useState } from "react";
import { Modal } from "../../elements/parts/Modal";
import { Icon } from "../../icons";
import type { Element } from "../../protocol/element";
import type { Var } from "../../protocol/wire";
import { Detached } from "../../screen/ElementView";
import { useCell } from "../../screen/keyed";
import { bytes } from "../../text/format";
import { editor as text } from "../../text/messages/editor";
import type { PanelProps } from "./Side";

/** The notebook's variables as a new last cell would see them, and how the kernel is. */
export function Variables({ actions, services }: PanelProps) {
  const [vars, setVars] = useState<Var[] | undefined>(undefined);
  const [filter, setFilter] = useState("");
  const [open, setOpen] = useState("");
  const run = useCell(actions.notebook.run);
  const kernel = useCell(actions.notebook.kernel);
  const up = kernel.state === "idle" || kernel.state === "busy";
  const asked = useRef(0);
  const load = useCallback(async () => {
    const mine = ++asked.current;
    try {
      const all = await services.variables();
      if (mine === asked.current) setVars(all);
    } catch {
      if (mine === asked.current) setVars(undefined);
    }
  }, [services]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what a run leaves is asked for at its end
  useEffect(() => {
    if (up) void load();
    else setVars(undefined);
  }, [load, up, run.running, run.run]);
  const wanted = filter.trim().toLowerCase();
  const shown = (vars ?? []).filter((v) => `${v.name} ${v.type}`.toLowerCase().includes(wanted));
  return (
    <div className="variables">
      <KernelFacts {...{ actions }} />
      {vars && vars.length > 0 && (
        <input
          className="field"
          type="search"
          aria-label={text.filterVariables}
          placeholder={text.filterVariables}
          value={filter}
          onChange={(e) => setFilter(e.target.value)}
        />
      )}
      {(!vars || vars.length === 0) && (
        <p className="loading-note">{up ? text.noVariables : text.noKernelYet}</p>
      )}
      {shown.map((v) => (
        <Variable
          key={v.name}
          v={v}
          number={actions.notebook.order.get().indexOf(v.cell ?? "") + 1}
          open={open === v.name}
          run={run.run}
          onOpen={() => setOpen(open === v.name ? "" : v.name)}
          onCell={() => v.cell && actions.select(v.cell)}
          load={() => services.variable(v.name).then((r) => r.element)}
        />
      ))}
    </div>
  );
}

function KernelFacts({ actions }: { actions: PanelProps["actions"] }) {
  const kernel = useCell(actions.notebook.kernel);
  const run = useCell(actions.notebook.run);
  const facts: [string, string][] = [
    [text.kernel, text.kernelState[kernel.state] ?? kernel.state],
    [text.engineLabel, [kernel.engine, kernel.reason].filter(Boolean).join(": ")],
    [text.memoryLabel, kernel.rss ? bytes(kernel.rss) : ""],
    [text.cpuLabel, kernel.rss ? text.cpu(kernel.cpu ?? 0) : ""],
    [text.queueLabel, run.running ? text.queue(run.queue ?? 0) : ""],
  ];
  return (
    <dl className="facts">
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

interface VariableProps {
  v: Var;
  number: number;
  open: boolean;
  run: number;
  onOpen: () => void;
  onCell: () => void;
  load: () => Promise<Element>;
}

function Variable({ v, number, open, run, onOpen, onCell, load }: VariableProps) {
  const size = [v.len ? text.items(v.len) : "", v.size ? bytes(v.size) : ""].filter(Boolean).join(", ");
  return (
    <div className="variable">
      <div className="variable-head">
        <button type="button" className="variable-name" aria-expanded={open} onClick={onOpen}>
          <Icon name={open ? "chevronDown" : "chevron"} size={12} />
          <code>{v.name}</code>
        </button>
        {number > 0 && (
          <button type="button" className="variable-cell" title={text.goToCell(number)} onClick={onCell}>
            {text.cellNumber(number)}
          </button>
        )}
      </div>
      <p className="variable-type">
        <code>{v.type}</code>
        {size && <span>{size}</span>}
      </p>
      {!open && v.preview && <p className="variable-preview">{v.preview}</p>}
      {open && v.kind !== "frame" && <Whole load={load} run={run} />}
      {open && v.kind === "frame" && (
        <Modal title={v.name} className="large grid-modal" onClose={onOpen}>
          <Whole load={load} run={run} />
        </Modal>
      )}
    </div>
  );
}

/** A variable's value shown whole: a tree, a table, a grid. */
function Whole({ load, run }: { load: () => Promise<Element>; run: number }) {
  const [element, setElement] = useState<Element | undefined>(undefined);
  const [failed, setFailed] = useState("");
  const latest = useRef(load);
  latest.current = load;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another run, another value
  useEffect(() => {
    let gone = false;
    latest.current().then(
      (e) => !gone && setElement(e),
      (e) => !gone && setFailed(e instanceof Error ? e.message : String(e)),
    );
    return () => {
      gone = true;
    };
  }, [run]);
  if (failed) return <p className="note bad">{failed}</p>;
  if (!element) return <p className="loading-note">{text.loading}</p>;
  return <Detached element={element} />;
}
