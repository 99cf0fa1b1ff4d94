import type { HeaderClickedEventArgs, Rectangle } from "@glideapps/glide-data-grid";
import { Children, type ReactNode, type RefObject, useMemo, useRef, useState } from "react";
import { Anchored } from "../elements/parts/Anchored";
import type { FrameRef } from "../protocol/element";
import { text } from "../text/messages";
import { ColumnMenu } from "./ColumnMenu";
import type { Shown } from "./columns";
import { Tool } from "./Grid";
import { asIs, moved, type View } from "./source";
import { markOf, sortBy } from "./view";

const t = text.grid;

/**
 * What a person set about a grid: order, filters, search, which columns are shown
 * and pinned; and the controls for it.
 */
export function useView(data: FrameRef, all: Shown[], edits?: () => View["edits"]) {
  const [view, setView] = useState<View>(asIs);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [pins, setPins] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [menu, setMenu] = useState<{ index: number; at: Rectangle } | undefined>(undefined);
  const [list, setList] = useState(false);
  const menuAnchor = useRef<HTMLSpanElement>(null);
  const listAnchor = useRef<HTMLSpanElement>(null);
  const set = (next: View) => setView(moved(next) ? { ...next, edits: edits?.() } : next);

  const columns = useMemo(() => {
    const shown = all
      .filter((c) => !hidden.has(c.name))
      .map((c) => ({ ...c, pinned: pins.get(c.name) ?? c.pinned }));
    return [...shown.filter((c) => c.pinned), ...shown.filter((c) => !c.pinned)];
  }, [all, hidden, pins]);

  const search = useSearch((value) => set({ ...view, search: value }));
  const open = menu && columns.find((c) => c.index === menu.index);
  const controls = (
    <>
      {menu && open && (
        <>
          <span
            ref={menuAnchor}
            className="grid-anchor"
            style={{ left: menu.at.x, top: menu.at.y, width: menu.at.width, height: menu.at.height }}
          />
          <ColumnMenu
            anchor={menuAnchor}
            data={data}
            column={open}
            view={view}
            set={set}
            pin={() => setPins(new Map(pins).set(open.name, !open.pinned))}
            hide={() => setHidden(new Set(hidden).add(open.name))}
            close={() => setMenu(undefined)}
          />
        </>
      )}
    </>
  );
  const tools = (
    <span ref={listAnchor}>
      <Tool icon="list" label={t.columnList} pressed={list} onClick={() => setList(!list)} />
      {list && (
        <ColumnList
          anchor={listAnchor}
          all={all}
          hidden={hidden}
          setHidden={setHidden}
          menu={(index, at) => {
            setList(false);
            setMenu({ index, at });
          }}
          close={() => setList(false)}
        />
      )}
    </span>
  );
  return {
    view,
    set,
    columns,
    search,
    controls,
    tools,
    mark: (column: Shown) => markOf(view, column.index),
    header: {
      onHeaderClicked: (i: number, e: HeaderClickedEventArgs) =>
        set(sortBy(view, columns[i]!.index, e.shiftKey || e.ctrlKey || e.metaKey)),
      onHeaderMenuClick: (i: number, at: Rectangle) => setMenu({ index: columns[i]!.index, at }),
      onHeaderContextMenu: (i: number, e: HeaderClickedEventArgs) => {
        e.preventDefault();
        setMenu({ index: columns[i]!.index, at: e.bounds });
      },
    },
    clear: moved(view) ? () => set({ ...asIs, search: view.search }) : undefined,
  };
}

/** All columns: which are shown, and the way to the menu of each without a mouse. */
function ColumnList({
  anchor,
  all,
  hidden,
  setHidden,
  menu,
  close,
}: {
  anchor: RefObject<HTMLElement | null>;
  all: Shown[];
  hidden: ReadonlySet<string>;
  setHidden: (names: ReadonlySet<string>) => void;
  menu: (index: number, at: Rectangle) => void;
  close: () => void;
}) {
  const [find, setFind] = useState("");
  const found = all.filter((c) => c.title.toLowerCase().includes(find.toLowerCase())).slice(0, 200);
  return (
    <Anchored anchor={anchor} className="menu column-list" onOutside={close}>
      <div
        role="dialog"
        aria-label={t.columnList}
        onKeyDown={(e) => {
          e.stopPropagation();
          if (e.key === "Escape") close();
        }}
      >
        {all.length > 12 && (
          <input
            aria-label={t.search}
            placeholder={t.search}
            value={find}
            onChange={(e) => setFind(e.target.value)}
          />
        )}
        {found.map((c) => (
          <div key={c.index} className="column-entry">
            <label>
              <input
                type="checkbox"
                aria-label={t.show(c.title)}
                checked={!hidden.has(c.name)}
                onChange={(e) => {
                  const next = new Set(hidden);
                  if (e.target.checked) next.delete(c.name);
                  else next.add(c.name);
                  setHidden(next);
                }}
              />
              {c.title}
            </label>
            <button
              type="button"
              className="icon-btn"
              aria-label={t.columnMenu(c.title)}
              disabled={hidden.has(c.name)}
              onClick={(e) => menu(c.index, e.currentTarget.getBoundingClientRect())}
            >
              …
            </button>
          </div>
        ))}
        {hidden.size > 0 && (
          <button type="button" className="menu-item" onClick={() => setHidden(new Set())}>
            {t.showAll}
          </button>
        )}
      </div>
    </Anchored>
  );
}

/** A search that waits until typing pauses. */
function useSearch(set: (value: string) => void) {
  const [value, setValue] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(set);
  latest.current = set;
  return {
    value,
    set: (next: string) => {
      setValue(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => latest.current(next), next === "" ? 0 : 200);
    },
  };
}

/** The line below a grid: how many rows, what filters leave, what failed. */
export function ViewFoot({
  own,
  rows,
  of,
  failed,
  loading,
  done,
  children,
}: {
  own: { view: View; clear?: () => void; set: (view: View) => void };
  rows: number;
  of: number;
  failed?: string;
  loading: boolean;
  done?: number;
  children?: ReactNode;
}) {
  const { view } = own;
  const fewer = view.search !== "" || view.filters.length > 0;
  const undo = view.sort.length > 1 || view.filters.length > 0;
  const nothing = Children.toArray(children).length === 0;
  if (!failed && rows <= 10 && !fewer && !undo && !loading && nothing) return null;
  return (
    <>
      {failed ? (
        <span className="bad" role="alert">
          {t.failed} {failed}
        </span>
      ) : (
        <span>{fewer ? t.found(rows, of) : t.rows(rows)}</span>
      )}
      {loading && moved(view) && (
        <span>
          <span role="status">{t.working}</span>{" "}
          {done !== undefined && (
            <>
              <progress value={done} aria-label={t.working} /> {Math.round(done * 100)} %{" "}
            </>
          )}
          <button type="button" className="link" onClick={() => own.set(asIs)}>
            {t.cancel}
          </button>
        </span>
      )}
      {undo && own.clear && (
        <button type="button" className="link" onClick={own.clear}>
          {t.clearAll}
        </button>
      )}
      {children}
    </>
  );
}
