import { type DragEvent, memo, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Icon } from "../icons";
import type { Kind } from "../protocol/notebook";
import type { CellStatus } from "../protocol/session";
import { useSession } from "../screen/context";
import { Children } from "../screen/ElementView";
import { type Cell, useCell, useKeyed } from "../screen/keyed";
import { duration } from "../text/format";
import { editor as text } from "../text/messages/editor";
import { ago } from "../text/time";
import type { Actions } from "./actions";
import { CellMenu } from "./CellMenu";
import { Code } from "./Code";
import type { CellCommand } from "./code/mount";
import type { Group } from "./groups";
import { useGroup, useNear } from "./near";
import type { CellInfo } from "./notebook";
import { Problems } from "./Problems";
import { Stdin } from "./Stdin";
import type { Mark } from "./selection";
import type { Services } from "./services";

interface CellProps {
  id: string;
  number: number;
  actions: Actions;
  services: Services;
}

/** So many cells are there at once, before the page knows what is in sight. */
const atOnce = 8;

const kinds: Record<Kind, string> = { go: text.go, sql: text.sql, markdown: text.markdown, raw: text.raw };

interface GroupProps extends Omit<CellProps, "id" | "number"> {
  group: Group;
  /** How many cells stand above it. */
  above: number;
}

/** Cells that stand together; the page passes over a group that is far from the view. */
export const CellGroup = memo(function CellGroup({ group, above, actions, services }: GroupProps) {
  const box = useRef<HTMLDivElement>(null);
  useGroup(box);
  return (
    <div
      ref={box}
      className="cell-group far"
      style={{ containIntrinsicBlockSize: `auto ${group.cells.length * 96}px` }}
    >
      {group.cells.map((id, i) => (
        <CellView key={id} id={id} number={above + i + 1} actions={actions} services={services} />
      ))}
    </div>
  );
});

/**
 * One cell: its source, and below it what it put on the screen. Far from the view it
 * is its text, or what was there when it was seen.
 */
const CellView = memo(function CellView({ id, number, actions, services }: CellProps) {
  const { notebook, selection } = actions;
  const box = useRef<HTMLElement>(null);
  const info = useKeyed(notebook.cells, id);
  const state = useKeyed(notebook.status, id)?.state ?? "idle";
  const mark = useKeyed(selection.marks, id);
  const hovered = useIs(actions.hovered, id);
  const drag = useDrag(id, actions);
  const hidden = useHidden(actions, id);
  const { near, seen } = useNear(box, number <= atOnce, hidden);
  if (!info || hidden) return null;
  const names = ["cell", `kind-${info.kind}`, `state-${state}`];
  if (mark) names.push(mark);
  if (info.disabled) names.push("disabled");
  if (drag.over) names.push(`drop-${drag.over}`);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the cell's keys are the commands' (keys.ts)
    <section
      ref={box}
      id={`cell-${id}`}
      data-cell={id}
      className={names.join(" ")}
      aria-label={text.cell(kinds[info.kind], number)}
      aria-current={mark === "active" || mark === "editing" ? "true" : undefined}
      tabIndex={mark === "active" || mark === "editing" ? 0 : -1}
      onMouseEnter={() => actions.hovered.set(id)}
      onMouseLeave={() => actions.hovered.update((now) => (now === id ? "" : now))}
      onClick={(e) => {
        if (e.target instanceof Element && e.target.closest(".cm-editor, .outputs, button, input, select, a"))
          return;
        actions.select(id, e.shiftKey);
      }}
      {...drag.target}
    >
      {seen ? (
        <Inside
          info={info}
          number={number}
          near={near}
          hovered={hovered}
          mark={mark}
          handle={drag.handle}
          actions={actions}
          services={services}
        />
      ) : (
        <Shell info={info} source={notebook.source(id)} />
      )}
    </section>
  );
});

/** A cell that was not near the view yet. */
function Shell({ info, source }: { info: CellInfo; source: string }) {
  return (
    <>
      <div className="gutter" />
      <div className="cell-body">
        <div className={info.kind === "markdown" ? "card rendered" : info.hideCode ? "card folded" : "card"}>
          {info.kind === "markdown" && info.html ? (
            <div className="markdown-view">
              <div className="prose html" dangerouslySetInnerHTML={{ __html: info.html }} />
            </div>
          ) : (
            !info.hideCode && <pre className="code-static">{source || "\n"}</pre>
          )}
        </div>
      </div>
    </>
  );
}

interface InsideProps extends Omit<CellProps, "id"> {
  info: CellInfo;
  near: boolean;
  hovered: boolean;
  mark: Mark | undefined;
  handle: ReturnType<typeof useDrag>["handle"];
}

function Inside({ info, number, near, hovered, mark, handle, actions, services }: InsideProps) {
  const { id } = info;
  const { notebook } = actions;
  const status = useKeyed(notebook.status, id);
  const folds = useKeyed(actions.sections.collapsed, id);
  const state = status?.state ?? "idle";
  const open = useIs(actions.shownSource, id) || mark === "editing";
  const rendered = info.kind === "markdown" && !open;
  const folded = info.hideCode && !open;
  return (
    <>
      <div className="gutter">
        <RunButton info={info} state={state} actions={actions} />
        {state === "done" && status?.millis !== undefined && info.kind !== "markdown" && (
          <span className="ran" title={status.at ? text.lastRun(ago(status.at)) : undefined}>
            {status.millis < 1 ? text.atOnce : duration(status.millis)}
          </span>
        )}
        {(hovered || mark) && (
          <span className="grip" title={text.drag} draggable {...handle}>
            <Icon name="grip" size={14} />
          </span>
        )}
      </div>
      <div className="cell-body">
        <div className={rendered ? "card rendered" : folded ? "card folded" : "card"}>
          <CellName info={info} />
          {info.kind === "sql" && <SqlHead info={info} actions={actions} />}
          {rendered ? (
            <Rendered info={info} actions={actions} />
          ) : folded ? (
            <button type="button" className="folded-code" onClick={() => actions.edit(id)}>
              <Icon name="chevron" size={12} />
              {text.collapsed(notebook.source(id).split("\n").length)}
            </button>
          ) : (
            <Code
              info={info}
              number={number}
              near={near}
              actions={actions}
              services={services}
              onCommand={(name) => command(name, id, actions, services)}
            />
          )}
          {(hovered || mark === "active" || mark === "editing") && (
            <CellMenu info={info} actions={actions} kinds={kinds} />
          )}
        </div>
        {folds !== undefined && (
          <button type="button" className="folded-code" onClick={() => actions.sections.toggle(id)}>
            <Icon name="chevron" size={12} />
            {text.collapsedCells(folds)}
          </button>
        )}
        <Problems id={id} actions={actions} services={services} />
        <StatusLine status={status} info={info} actions={actions} />
        {info.kind !== "markdown" && <Outputs id={id} number={number} actions={actions} />}
        <Stdin id={id} actions={actions} />
        <Sides id={id} />
      </div>
      <AddBelow id={id} actions={actions} />
    </>
  );
}

/** The author's name for the cell, and its tags. An SQL cell's name stands in its head. */
function CellName({ info }: { info: CellInfo }) {
  const name = info.kind === "sql" ? "" : info.name;
  if (!name && info.tags.length === 0) return null;
  return (
    <span className="cell-name">
      {name}
      {info.tags.map((tag) => (
        <span key={tag} className="cell-tag">
          {tag}
        </span>
      ))}
    </span>
  );
}

async function command(name: CellCommand, id: string, actions: Actions, services: Services): Promise<void> {
  if (name === "rename") {
    actions.overlay.set("rename");
    return;
  }
  if (name === "fix") {
    actions.apply((await services.fixes(id)).flatMap((fix) => fix.edits));
    return;
  }
  try {
    const formatted = await services.format(id);
    if (formatted !== undefined) actions.setText(id, formatted);
  } catch (e) {
    const why = e instanceof Error ? e.message : String(e);
    actions.notebook.notify({ level: "warning", text: `${text.formatFailed}: ${why}` });
  }
}

function RunButton({ info, state, actions }: { info: CellInfo; state: string; actions: Actions }) {
  if (info.kind === "markdown" || info.kind === "raw") return <span className="run-space" />;
  const running = state === "running" || state === "queued";
  return (
    <button
      type="button"
      className={`icon-btn run-btn ${state}`}
      tabIndex={-1}
      aria-label={running ? text.stopCell : text.runCell}
      title={running ? text.stopCell : text.runCell}
      onClick={() => {
        if (running) actions.interrupt();
        else {
          actions.select(info.id);
          actions.run([info.id]);
        }
      }}
    >
      {state === "running" ? <span className="spin" /> : <Icon name={running ? "stop" : "play"} />}
    </button>
  );
}

/** A line below the source: what the cell is doing, or why what stands below is old. */
function StatusLine({ status, info, actions }: { status?: CellStatus; info: CellInfo; actions: Actions }) {
  const problems = useKeyed(actions.notebook.problems, info.id);
  const state = status?.state ?? "idle";
  const since = useElapsed(state === "running");
  if (info.disabled) return <p className="status-line">{text.disabled}</p>;
  if (info.once && state === "done") return <p className="status-line">{text.ranOnce}</p>;
  if (!status || state === "idle" || info.kind === "raw") return null;
  if (info.kind === "markdown" && state !== "failed" && state !== "stale") return null;
  if (state === "done" && !status.goroutines) return null;
  // The problems are listed above already.
  if (state === "blocked" && problems?.some((p) => p.severity === "error")) return null;
  const words =
    state === "stale" && status.why
      ? text.staleBecause(status.why)
      : state === "blocked" && status.why
        ? text.blockedBecause(status.why)
        : (text.state[state] ?? state);
  return (
    <p className={`status-line ${state}`} title={status.at ? text.lastRun(ago(status.at)) : undefined}>
      <span>{words}</span>
      {state === "running" && since > 500 && (
        <span className="time">{duration(Math.floor(since / 100) * 100)}</span>
      )}
      {state === "failed" && status.millis !== undefined && (
        <span className="time">{duration(status.millis)}</span>
      )}
      {!!status.goroutines && <span className="time">{text.goroutines(status.goroutines)}</span>}
    </p>
  );
}

/** Whether a collapsed heading hides the cell. */
function useHidden(actions: Actions, id: string): boolean {
  const { hidden } = actions.sections;
  return useSyncExternalStore(hidden.subscribe, () => hidden.get().has(id));
}

/** Whether the cell is the one that is told of. */
function useIs(which: Cell<string>, id: string): boolean {
  return useSyncExternalStore(which.subscribe, () => which.get() === id);
}

function useElapsed(on: boolean): number {
  const [ms, setMs] = useState(0);
  useEffect(() => {
    if (!on) return;
    const start = performance.now();
    setMs(0);
    const timer = setInterval(() => setMs(performance.now() - start), 100);
    return () => clearInterval(timer);
  }, [on]);
  return ms;
}

/** A Markdown cell as it reads. Text with {{ }} comes from a run, other text with the document. */
export function Rendered({ info, actions }: { info: CellInfo; actions: Actions }) {
  const { tree } = useSession();
  const outputs = useKeyed(tree.outputs, `main#${info.id}`);
  const box = useRef<HTMLDivElement>(null);
  const { html } = info;
  useEffect(() => {
    const root = box.current;
    if (html && root?.querySelector(".math")) {
      void import("../elements/parts/math").then((m) => m.renderIn(root));
    }
  }, [html]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter edits the cell, by the commands' keys
    <div className="markdown-view" onDoubleClick={() => actions.edit(info.id)}>
      {outputs && outputs.length > 0 ? (
        <div className="stack">
          <Children paths={outputs} />
        </div>
      ) : html ? (
        <div ref={box} className="prose html" dangerouslySetInnerHTML={{ __html: html }} />
      ) : (
        <p className="placeholder">{actions.notebook.source(info.id).trim() || text.emptyMarkdown}</p>
      )}
    </div>
  );
}

function Outputs({ id, number, actions }: { id: string; number: number; actions: Actions }) {
  const { tree } = useSession();
  const paths = useKeyed(tree.outputs, `main#${id}`);
  const hidden = useCell(actions.hiddenOutputs).has(id);
  if (!paths || paths.length === 0) return null;
  if (hidden) {
    return (
      <button
        type="button"
        className="btn quiet small"
        onClick={() => {
          actions.selection.select(id);
          actions.toggleOutput();
        }}
      >
        <Icon name="more" />
        {text.outputHidden}
      </button>
    );
  }
  return (
    <div className="outputs" role="group" aria-label={text.output(number)}>
      <div className="stack">
        <Children paths={paths} />
      </div>
    </div>
  );
}

/** What the cell put elsewhere on an app's page: the sidebar, the foot. */
function Sides({ id }: { id: string }) {
  const { tree } = useSession();
  const sidebar = useKeyed(tree.outputs, `sidebar#${id}`);
  const bottom = useKeyed(tree.outputs, `bottom#${id}`);
  return (
    <>
      {sidebar && sidebar.length > 0 && (
        <div className="outputs aside">
          <span className="aside-label">{text.sidebarOf}</span>
          <div className="stack">
            <Children paths={sidebar} />
          </div>
        </div>
      )}
      {bottom && bottom.length > 0 && (
        <div className="outputs aside">
          <span className="aside-label">{text.bottomOf}</span>
          <div className="stack">
            <Children paths={bottom} />
          </div>
        </div>
      )}
    </>
  );
}

/** The name an SQL cell's result is bound to, and its connection. */
function SqlHead({ info, actions }: { info: CellInfo; actions: Actions }) {
  return (
    <div className="sql-head">
      <span>{text.sql}</span>
      <Field
        label={text.resultName}
        placeholder={text.resultNamePlaceholder}
        value={info.name}
        onSet={(name) => actions.session.do({ setCell: { cell: info.id, name } })}
      />
      <Field
        label={text.connection}
        placeholder={text.ownDatabase}
        value={info.connection}
        onSet={(connection) => actions.session.do({ setCell: { cell: info.id, connection } })}
      />
    </div>
  );
}

function Field(p: { label: string; placeholder: string; value: string; onSet: (value: string) => void }) {
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const commit = () => {
    if (typed !== undefined && typed.trim() !== p.value) p.onSet(typed.trim());
    setTyped(undefined);
  };
  return (
    <input
      aria-label={p.label}
      title={p.label}
      placeholder={p.placeholder}
      spellCheck={false}
      value={typed ?? p.value}
      size={Math.max(8, (typed ?? p.value ?? p.placeholder).length + 1)}
      onChange={(e) => setTyped(e.target.value)}
      onBlur={commit}
      onKeyDown={(e) => {
        if (e.key === "Enter") commit();
      }}
    />
  );
}

/** Buttons between cells, which show when the pointer is near. */
export function AddBelow({ id, actions }: { id: string; actions: Actions }) {
  return (
    <div className="add-row">
      <span className="add-line" />
      <div className="add-buttons">
        {(["go", "sql", "markdown"] as const).map((kind) => (
          <button key={kind} type="button" tabIndex={-1} onClick={() => actions.insert(id, kind)}>
            <Icon name="plus" size={12} />
            {kinds[kind]}
          </button>
        ))}
      </div>
      <span className="add-line" />
    </div>
  );
}

const dragType = "application/x-stnb-cell";

/** Dragging a cell by its grip to between two others. */
function useDrag(id: string, actions: Actions) {
  const [over, setOver] = useState<"above" | "below" | undefined>(undefined);
  const side = (e: DragEvent) => {
    const box = e.currentTarget.getBoundingClientRect();
    return e.clientY < box.top + box.height / 2 ? "above" : "below";
  };
  return {
    over,
    handle: {
      // The grip stays with a selected cell, wherever the pointer goes.
      onMouseDown: () => {
        if (!actions.selection.cells().includes(id)) actions.selection.select(id);
      },
      onDragStart: (e: DragEvent) => {
        e.dataTransfer.setData(dragType, id);
        e.dataTransfer.effectAllowed = "move";
        const node = document.getElementById(`cell-${id}`);
        if (node) e.dataTransfer.setDragImage(node, 20, 20);
      },
    },
    target: {
      onDragOver: (e: DragEvent) => {
        if (!e.dataTransfer.types.includes(dragType)) return;
        e.preventDefault();
        setOver(side(e));
      },
      onDragLeave: (e: DragEvent) => {
        if (!e.currentTarget.contains(e.relatedTarget as Node)) setOver(undefined);
      },
      onDrop: (e: DragEvent) => {
        setOver(undefined);
        if (!e.dataTransfer.types.includes(dragType)) return;
        e.preventDefault();
        const cells = actions.selection.cells();
        const order = actions.notebook.order.get().filter((c) => !cells.includes(c) || c === id);
        const i = order.indexOf(id);
        const after = side(e) === "below" ? id : (order[i - 1] ?? "");
        actions.moveAfter(cells, after);
      },
    },
  };
}
