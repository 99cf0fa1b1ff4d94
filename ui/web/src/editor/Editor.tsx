import { lazy, Suspense, startTransition, useEffect, useMemo, useState } from "react";
import { GoToContext } from "../screen/context";
import { Root } from "../screen/ElementView";
import { useCell } from "../screen/keyed";
import { editor as text } from "../text/messages/editor";
import { toOffset } from "../text/position";
import type { Actions } from "./actions";
import { Bar } from "./Bar";
import { AddBelow, CellGroup } from "./CellView";
import { Conflict } from "./Conflict";
import { commands as allCommands } from "./commands";
import { listen } from "./keys";
import { NameCell } from "./NameCell";
import { Notices } from "./Notices";
import { Keys, Palette } from "./Palette";
import { Preview } from "./Preview";
import { References } from "./References";
import { Rename } from "./Rename";
import "./editor.css";
import "./cell.css";

const Side = lazy(() => import("./panels/Side"));

export function Editor({ actions }: { actions: Actions }) {
  const { notebook } = actions;
  const order = useCell(notebook.order);
  const groups = useCell(notebook.groups);
  const loaded = useCell(notebook.loaded);
  const panel = useCell(actions.panel);
  const overlay = useCell(actions.overlay);
  const finding = useCell(actions.find) !== undefined;
  const Find = useFind(loaded, finding);
  const ready = useReady(groups.length);
  const commands = useMemo(() => allCommands(actions), [actions]);
  const { services } = actions;
  useEffect(() => listen(actions, commands), [actions, commands]);
  const goTo = useMemo(
    () => (cell: string, line: number, column: number) =>
      actions.edit(cell, toOffset(notebook.source(cell), line, column)),
    [actions, notebook],
  );
  return (
    <GoToContext value={goTo}>
      <div className="editor" data-panel={panel}>
        <Bar actions={actions} />
        <Notices actions={actions} />
        <div className="panes">
          {panel !== "none" && panel !== "preview" && (
            <Suspense fallback={<aside className="side" />}>
              <Side actions={actions} services={services} />
            </Suspense>
          )}
          <main className="cells" aria-label={text.cells}>
            {!loaded && <p className="loading-note">{text.loading}</p>}
            {loaded && (
              <div className="add-first">
                <AddBelow id="" actions={actions} />
              </div>
            )}
            {groups.slice(0, ready).map((group, i) => (
              <CellGroup
                key={group.key}
                group={group}
                above={groups.slice(0, i).reduce((n, g) => n + g.cells.length, 0)}
                actions={actions}
                services={services}
              />
            ))}
            {loaded && (
              <div className="end-row">
                {order.length === 0 && <p className="loading-note">{text.emptyNotebook}</p>}
                <div className="end-buttons">
                  <button
                    type="button"
                    className="btn"
                    onClick={() => actions.insert(order.at(-1) ?? "", "go")}
                  >
                    + {text.go}
                  </button>
                  <button
                    type="button"
                    className="btn"
                    onClick={() => actions.insert(order.at(-1) ?? "", "sql")}
                  >
                    + {text.sql}
                  </button>
                  <button
                    type="button"
                    className="btn"
                    onClick={() => actions.insert(order.at(-1) ?? "", "markdown")}
                  >
                    + {text.markdown}
                  </button>
                </div>
              </div>
            )}
          </main>
          {panel === "preview" && <Preview actions={actions} />}
        </div>
        {overlay === "palette" && <Palette commands={commands} actions={actions} />}
        {overlay === "keys" && <Keys commands={commands} actions={actions} />}
        {finding && Find && <Find actions={actions} />}
        {overlay === "name" && <NameCell actions={actions} />}
        {overlay === "references" && <References actions={actions} services={services} />}
        {overlay === "rename" && <Rename actions={actions} services={services} />}
        <Conflict actions={actions} services={services} />
        <Root path="event" />
      </div>
    </GoToContext>
  );
}

type FindBar = typeof import("./Find").default;

/**
 * The find bar, fetched before it is asked for: what is typed right after Ctrl+F is
 * meant for it. (As a lazy component it would show up to 0.3 s later the first time.)
 */
function useFind(loaded: boolean, finding: boolean): FindBar | undefined {
  const [bar, setBar] = useState<FindBar>();
  useEffect(() => {
    if (bar || !loaded) return;
    const load = () => void import("./Find").then((m) => setBar(() => m.default));
    const timer = setTimeout(load, finding ? 0 : 500);
    return () => clearTimeout(timer);
  }, [bar, loaded, finding]);
  return bar;
}

/** How many groups of cells to render: those in sight at once, the rest as the page has time. */
function useReady(total: number): number {
  const [ready, setReady] = useState(1);
  useEffect(() => {
    if (ready >= total) return;
    const timer = setTimeout(() => startTransition(() => setReady((n) => n + 3)), 16);
    return () => clearTimeout(timer);
  }, [ready, total]);
  return ready;
}
