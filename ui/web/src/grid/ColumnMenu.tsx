import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";
import { Anchored } from "../elements/parts/Anchored";
import type { FrameRef } from "../protocol/element";
import type { Summary } from "../protocol/page";
import { useSession } from "../screen/context";
import { text } from "../text/messages";
import type { Shown } from "./columns";
import { fetchWindow } from "./frames";
import type { View } from "./source";
import { filterBy, filtersOf } from "./view";

const t = text.grid;

interface MenuProps {
  anchor: RefObject<HTMLElement | null>;
  data: FrameRef;
  column: Shown;
  view: View;
  set: (view: View) => void;
  pin: () => void;
  hide: () => void;
  close: () => void;
}

/** What can be done with one column, and what is in it. */
export function ColumnMenu({ anchor, data, column, view, set, pin, hide, close }: MenuProps) {
  const { index } = column;
  const others = view.sort.some((s) => s.column !== index);
  const sorted = view.sort.some((s) => s.column === index);
  const order = (desc: boolean, also: boolean) => {
    const rest = also ? view.sort.filter((s) => s.column !== index) : [];
    set({ ...view, sort: [...rest, desc ? { column: index, desc } : { column: index }] });
    close();
  };
  const item = (label: string, act: () => void) => (
    <button key={label} type="button" className="menu-item" onClick={act}>
      {label}
    </button>
  );
  return (
    <Anchored anchor={anchor} className="menu column-menu" onOutside={close}>
      <div
        role="dialog"
        aria-label={t.columnMenu(column.title)}
        tabIndex={-1}
        ref={(node) => {
          if (node && !node.contains(document.activeElement)) node.focus();
        }}
        onKeyDown={(e) => {
          e.stopPropagation();
          if (e.key === "Escape") close();
        }}
      >
        {item(t.sortUp, () => order(false, false))}
        {item(t.sortDown, () => order(true, false))}
        {others && item(t.thenUp, () => order(false, true))}
        {others && item(t.thenDown, () => order(true, true))}
        {sorted &&
          item(t.unsort, () => {
            set({ ...view, sort: view.sort.filter((s) => s.column !== index) });
            close();
          })}
        {item(column.pinned ? t.unpin : t.pin, () => {
          pin();
          close();
        })}
        {item(t.hide, () => {
          hide();
          close();
        })}
        <hr />
        <Filters data={data} column={column} view={view} set={set} />
      </div>
    </Anchored>
  );
}

/** The summary of a column, asked for when it is looked at. */
function useSummary(data: FrameRef, index: number) {
  const session = useSession();
  const [state, setState] = useState<{ summary?: Summary; failed?: string }>({});
  useEffect(() => {
    const abort = new AbortController();
    fetchWindow(
      session.handle,
      { frame: data.ref, offset: 0, limit: 0, summary: [index] },
      abort.signal,
    ).then(
      ({ reply }) => setState({ summary: reply.summary?.[0] }),
      (error) => {
        if (!abort.signal.aborted)
          setState({ failed: error instanceof Error ? error.message : String(error) });
      },
    );
    return () => abort.abort();
  }, [session, data.ref, index]);
  return state;
}

function Filters({ data, column, view, set }: Pick<MenuProps, "data" | "column" | "view" | "set">) {
  const { summary, failed } = useSummary(data, column.index);
  const now = filtersOf(view, column.index);
  const value = (op: string) => now.find((f) => f.op === op)?.values ?? [];
  const filter = (op: string, values: string[] | undefined) => set(filterBy(view, column.index, op, values));
  const missing = now.some((f) => f.op === "null")
    ? "null"
    : now.some((f) => f.op === "notnull")
      ? "notnull"
      : "";
  return (
    <div className="column-filters">
      {column.columnKind === "bool" ? (
        <Row label={t.filter}>
          <select
            aria-label={`${t.filter} ${column.title}`}
            value={value("eq")[0] ?? ""}
            onChange={(e) => filter("eq", e.target.value ? [e.target.value] : undefined)}
          >
            <option value="">{t.anything}</option>
            <option value="true">{t.isTrue}</option>
            <option value="false">{t.isFalse}</option>
          </select>
        </Row>
      ) : inputType(column.columnKind) ? (
        <>
          <Row label={t.from}>
            <Typed
              type={inputType(column.columnKind)!}
              label={t.from}
              value={value("ge")[0] ?? ""}
              set={(v) => filter("ge", v ? [v] : undefined)}
            />
          </Row>
          <Row label={t.to}>
            <Typed
              type={inputType(column.columnKind)!}
              label={t.to}
              value={value("le")[0] ?? ""}
              set={(v) => filter("le", v ? [v] : undefined)}
            />
          </Row>
        </>
      ) : (
        <Row label={t.contains}>
          <Typed
            type="text"
            label={t.contains}
            value={value("contains")[0] ?? ""}
            set={(v) => filter("contains", v ? [v] : undefined)}
          />
        </Row>
      )}
      <Row label={t.missing}>
        <select
          aria-label={t.missing}
          value={missing}
          onChange={(e) => {
            const rest = view.filters.filter(
              (f) => f.column !== column.index || (f.op !== "null" && f.op !== "notnull"),
            );
            set({
              ...view,
              filters: e.target.value ? [...rest, { column: column.index, op: e.target.value }] : rest,
            });
          }}
        >
          <option value="">{t.missingAny}</option>
          <option value="null">{t.missingOnly}</option>
          <option value="notnull">{t.missingNone}</option>
        </select>
      </Row>
      {now.length > 0 && (
        <button
          type="button"
          className="menu-item"
          onClick={() => set({ ...view, filters: view.filters.filter((f) => f.column !== column.index) })}
        >
          {t.clearFilter}
        </button>
      )}
      <hr />
      {failed && (
        <p className="column-facts">
          {t.summaryFailed} {failed}
        </p>
      )}
      {summary && (
        <Facts
          summary={summary}
          chosen={value("in")}
          choose={(values) => filter("in", values.length > 0 ? values : undefined)}
        />
      )}
      {!summary && !failed && <p className="column-facts">{t.working}</p>}
    </div>
  );
}

function Facts({
  summary,
  chosen,
  choose,
}: {
  summary: Summary;
  chosen: string[];
  choose: (values: string[]) => void;
}) {
  const bins = summary.bins ?? [];
  const most = Math.max(1, ...bins.map((b) => b.count));
  return (
    <div className="column-facts" role="group" aria-label={t.statistics}>
      <p>
        <code>{summary.type}</code>
      </p>
      <p>
        {t.distinct(summary.distinct)}, {t.nulls(summary.nulls)}
      </p>
      {summary.min !== undefined && <p>{t.range(clip(summary.min), clip(summary.max ?? ""))}</p>}
      {bins.length > 0 && (
        <div className="histogram">
          {bins.map((b) => (
            <span
              key={b.low}
              title={t.bar(b.low, b.high, b.count)}
              style={{ height: `${Math.max(3, (b.count / most) * 100)}%` }}
            />
          ))}
        </div>
      )}
      {(summary.top?.length ?? 0) > 0 && (
        <fieldset className="column-values">
          <legend>{t.frequent}</legend>
          {summary.top!.map((v) => (
            <label key={v}>
              <input
                type="checkbox"
                checked={chosen.includes(v)}
                onChange={(e) => choose(e.target.checked ? [...chosen, v] : chosen.filter((x) => x !== v))}
              />
              {clip(v)}
            </label>
          ))}
        </fieldset>
      )}
    </div>
  );
}

const clip = (v: string) => (v.length > 40 ? `${v.slice(0, 40)}…` : v);

function inputType(kind: string): string | undefined {
  switch (kind) {
    case "int":
    case "float":
    case "decimal":
      return "number";
    case "date":
    case "time":
      return kind;
    case "datetime":
      return "datetime-local";
  }
  return undefined;
}

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="column-filter">
      <span>{label}</span>
      {children}
    </div>
  );
}

/** An input whose value counts once typing pauses. */
function Typed({
  type,
  label,
  value,
  set,
}: {
  type: string;
  label: string;
  value: string;
  set: (value: string) => void;
}) {
  const [typed, setTyped] = useState(value);
  // What another input set meanwhile is in the newest set, and must stay.
  const latest = useRef(set);
  latest.current = set;
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => latest.current(typed), 250);
    return () => clearTimeout(timer);
  }, [typed, value]);
  useEffect(() => setTyped(value), [value]);
  return (
    <input
      type={type}
      step={type === "number" ? "any" : undefined}
      aria-label={label}
      value={typed}
      onChange={(e) => setTyped(e.target.value)}
    />
  );
}
