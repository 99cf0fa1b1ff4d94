import {
  type EditableGridCell,
  type EditListItem,
  type GridCell,
  GridCellKind,
  type GridSelection,
  type Item,
} from "@glideapps/glide-data-grid";
import { type KeyboardEvent, useCallback, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { type ChoiceCell, editorOf, type TagsCell, type WhenCell } from "../grid/cells";
import { cell, type Shown, shownColumns } from "../grid/columns";
import {
  addRows,
  type Change,
  count,
  deleteRows,
  type Edits,
  edited,
  normal,
  type Origin,
  origin,
  type Row,
  setCells,
  submitted,
} from "../grid/edits";
import { Grid, noSelection, Tool } from "../grid/Grid";
import { check, parse } from "../grid/parse";
import { moved, type View } from "../grid/source";
import { useDownload } from "../grid/useDownload";
import { useCopied, useSource } from "../grid/useSource";
import { useView, ViewFoot } from "../grid/useView";
import { overlay } from "../grid/view";
import { useWidget } from "../screen/context";
import type { ViewProps } from "../screen/registry";
import { token } from "../style/theme";
import { text } from "../text/messages";

/** One character that begins a text. */
const typed = /^[\p{L}\p{M}\p{N}\p{S}\p{P}]$/u;

const editable = new Set([
  "text",
  "number",
  "checkbox",
  "select",
  "multiselect",
  "date",
  "time",
  "datetime",
  "link",
  "markdown",
]);

export function DataEditor({ element, props }: ViewProps<"dataEditor">) {
  const { data } = props;
  const all = useMemo(
    () => shownColumns(data.columns ?? [], props.config ?? [], props.order ?? []),
    [data.columns, props.config, props.order],
  );
  const { edits, change, undo, redo, full } = useEdits(element, props, all);
  const own = useView(data, all, () => overlay(edits, all, data.columns ?? []));
  const { columns } = own;
  const view = useDeleted(own.view, edits);
  const { source, version, onVisible, asker, loading, done } = useSource(data, view);
  const total = source?.total ?? data.rows;
  const [selection, setSelection] = useState<GridSelection>(noSelection);
  const download = useDownload(
    data,
    useMemo(
      () => ({ ...view, edits: overlay(edits, all, data.columns ?? []) }),
      [view, edits, all, data.columns],
    ),
    asker,
    useMemo(() => ({ rows: edits.addedRows, columns: data.columns ?? [] }), [edits, data.columns]),
  );

  /** Where a shown row comes from, and at which of the source's rows it stands. */
  const place = useCallback(
    (state: Edits, row: number): { from: Origin; at: number } | undefined => {
      // Under an order the server leaves out what is deleted: rows follow each other.
      if (source && moved(source.view)) {
        if (row >= source.total) return { from: { added: row - source.total }, at: -1 };
        const base = source.id(row);
        return base === undefined ? undefined : { from: { base }, at: row };
      }
      const from = origin(state, total, row);
      return { from, at: "base" in from ? from.base : -1 };
    },
    [source, total],
  );
  const shown = (state: Edits) =>
    source && moved(source.view) ? source.total + state.addedRows.length : count(state, total);
  const rows = shown(edits);
  const grows = props.dynamic && !props.disabled;

  const allowed = useCallback(
    (column: Shown) => !props.disabled && !column.config?.disabled && editable.has(column.kind),
    [props.disabled],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: version grows with every page that comes in
  const content = useCallback(
    ([col, row]: Item): GridCell => {
      const column = columns[col]!;
      const at = place(edits, row);
      if (!at) return cell(column, undefined);
      const changed = edited(edits, at.from, column.name);
      const value = changed !== undefined ? changed : source?.value(at.at, column.index);
      const content = cell(column, value, allowed(column));
      const missing = "added" in at.from && column.config?.required && (value === null || value === "");
      return missing ? { ...content, themeOverride: { bgCell: token("--danger-soft") } } : content;
    },
    [columns, source, version, edits, place, allowed],
  );
  const ready = useCallback(
    (from: number, to: number) => source?.all(from, Math.min(to, total)) ?? Promise.resolve(),
    [source, total],
  );
  const copied = useCopied(content, ready);

  /** A cell's new value in a state, when the column takes it. */
  const put = (state: Edits, row: number, column: Shown, value: unknown): Change[] => {
    const checked = check(column, value);
    const at = place(state, row);
    if (!checked || !at || !allowed(column)) return [];
    const original = "base" in at.from ? source?.value(at.at, column.index) : undefined;
    return [{ from: at.from, column: column.name, value: checked.value, original }];
  };
  const onEdited = (items: readonly EditListItem[]) => {
    change((now) => {
      const changes = items.flatMap(({ location, value }) => {
        const column = columns[location[0]];
        return column ? put(now, location[1], column, cellValue(column, value)) : [];
      });
      return changes.length > 0 ? setCells(now, changes) : now;
    });
    return true;
  };
  const onPaste = (target: Item, values: readonly (readonly string[])[]) => {
    change((now) => {
      const rows = shown(now);
      const more = props.dynamic ? Math.max(0, target[1] + values.length - rows) : 0;
      const next = addRows(
        now,
        Array.from({ length: more }, () => defaults(all)),
      );
      const changes = values.slice(0, rows + more - target[1]).flatMap((line, r) =>
        line.flatMap((value, c) => {
          const column = columns[target[0] + c];
          const parsed = column && parse(column, value);
          return parsed ? put(next, target[1] + r, column, parsed.value) : [];
        }),
      );
      return more > 0 || changes.length > 0 ? setCells(next, changes) : now;
    });
    return false;
  };
  const remove = (which: readonly number[]) => {
    if (!props.dynamic || which.length === 0) return;
    change((now) =>
      deleteRows(
        now,
        which.map((row) => place(now, row)?.from).filter((from) => from !== undefined),
      ),
    );
    setSelection(noSelection);
  };
  const chosen = selection.rows;
  const add = () => change((now) => addRows(now, [defaults(all)]));
  /** Keys before the grid has them. */
  const onKey = (e: KeyboardEvent) => {
    if (e.target instanceof HTMLInputElement || e.target instanceof HTMLTextAreaElement) return;
    if (e.ctrlKey || e.metaKey) {
      const key = e.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      e.preventDefault();
      e.stopPropagation();
      if (key === "y" || e.shiftKey) redo();
      else undo();
      return;
    }
    // What is typed below the last row belongs in a new one, which the grid then finds there.
    const at = selection.current?.cell;
    const column = at && columns[at[0]];
    const types = column && allowed(column) && column.kind !== "checkbox" && typed.test(e.key);
    if (grows && at?.[1] === rows && (types || e.key === "Enter")) flushSync(add);
  };
  return (
    <div onKeyDownCapture={onKey}>
      <Grid
        columns={columns}
        rows={rows}
        height={props.height}
        mark={(column) => (column.config?.required ? "*" : "") + own.mark(column)}
        sample={(column) =>
          Array.from({ length: Math.min(40, total) }, (_, i) => source?.value(i, column.index) ?? null)
        }
        onVisible={onVisible}
        search={own.search}
        tools={
          <>
            {grows && (
              <>
                <Tool icon="plus" label={text.grid.addRow} onClick={add} />
                <Tool
                  icon="trash"
                  label={text.grid.deleteRows}
                  disabled={chosen.length === 0}
                  onClick={() => remove(chosen.toArray())}
                />
              </>
            )}
            <Tool icon="undo" label={text.grid.undo} onClick={undo} />
            <Tool icon="redo" label={text.grid.redo} onClick={redo} />
            {own.tools}
            {download.tools}
          </>
        }
        foot={
          <ViewFoot
            own={own}
            rows={rows}
            of={count(edits, data.rows)}
            failed={source?.failed}
            loading={loading}
            done={done}
          >
            {download.foot}
            {full && (
              <span className="bad" role="alert">
                {text.grid.tooManyEdits}
              </span>
            )}
          </ViewFoot>
        }
        editor={{
          getCellContent: content,
          getCellsForSelection: copied,
          rowMarkers: grows ? "checkbox" : props.hideIndex ? "none" : "number",
          rowSelect: props.dynamic ? "multi" : "none",
          rangeSelect: "multi-rect",
          gridSelection: selection,
          onGridSelectionChange: setSelection,
          fillHandle: !props.disabled,
          allowedFillDirections: "any",
          provideEditor: editorOf,
          validateCell: ([col], value) => {
            const column = columns[col];
            return !!column && !!check(column, cellValue(column, value));
          },
          onCellsEdited: onEdited,
          onPaste: props.disabled ? false : onPaste,
          // The grid goes on in the new row at once, if it is there.
          onRowAppended: grows ? () => flushSync(add) : undefined,
          onDelete: (s) => {
            const whole = s.rows.toArray();
            if (whole.length === 0) return !props.disabled;
            remove(whole);
            return false;
          },
          copyHeaders: false,
          ...own.header,
        }}
      />
      {own.controls}
    </div>
  );
}

/** The view without the rows that are deleted by now, and the same object while these are the same. */
function useDeleted(view: View, edits: Edits): View {
  const kept = useRef(view);
  const deleted = edits.deletedRows;
  const now = kept.current;
  const same =
    now.sort === view.sort &&
    now.filters === view.filters &&
    now.search === view.search &&
    now.edits?.cells === view.edits?.cells &&
    (!moved(view) || JSON.stringify(now.edits?.deleted ?? []) === JSON.stringify(deleted));
  if (!same) kept.current = moved(view) ? { ...view, edits: { cells: view.edits?.cells, deleted } } : view;
  return kept.current;
}

/** Characters of all edits: what one message of an app may hold, and some air. */
const mostText = 900_000;

/**
 * The edits with their history. The program gets them without rows that still lack
 * something required. An edit that makes them too many is not taken, and full is true.
 */
function useEdits(element: ViewProps["element"], props: ViewProps<"dataEditor">["props"], columns: Shown[]) {
  const [value, set] = useWidget(element, props.state, props.rev ?? 0);
  const own = useRef<{ sent: unknown; full: Edits } | undefined>(undefined);
  const past = useRef<Edits[]>([]);
  const future = useRef<Edits[]>([]);
  const [, renew] = useState(0);
  const [full, setFull] = useState(false);
  // A value from elsewhere (the script, another tab) replaces what is here.
  if (!own.current || own.current.sent !== value) own.current = { sent: value, full: normal(value) };
  const edits = own.current.full;

  const show = (next: Edits): boolean => {
    const required = columns.filter((c) => c.config?.required).map((c) => c.name);
    const sent = submitted(next, required);
    const before = own.current!.sent;
    const now = JSON.stringify(sent);
    const fits = now.length <= mostText;
    setFull(!fits);
    if (!fits) return false;
    if (now === JSON.stringify(before)) own.current = { sent: before, full: next };
    else {
      own.current = { sent, full: next };
      set(sent, "live");
    }
    renew((n) => n + 1);
    return true;
  };
  /** Makes the next state of the one there is now: one event may bring two changes before anything is drawn. */
  const change = (make: (now: Edits) => Edits) => {
    const before = own.current!.full;
    const next = make(before);
    if (next === before || !show(next)) return;
    past.current = [...past.current.slice(-199), before];
    future.current = [];
  };
  const undo = () => {
    const last = past.current.pop();
    if (!last) return;
    future.current.push(own.current!.full);
    show(last);
  };
  const redo = () => {
    const next = future.current.pop();
    if (!next) return;
    past.current.push(own.current!.full);
    show(next);
  };
  return { edits, change, undo, redo, full };
}

function defaults(columns: Shown[]): Row {
  const row: Row = {};
  for (const column of columns) row[column.name] = column.config?.default ?? null;
  return row;
}

/** What the grid's own editors give, as a value of the column. */
function cellValue(column: Shown, value: EditableGridCell): unknown {
  switch (value.kind) {
    case GridCellKind.Number:
      return value.data ?? null;
    case GridCellKind.Boolean:
      return value.data ?? null;
    case GridCellKind.Text:
    case GridCellKind.Uri:
      return parse(column, value.data)?.value;
    case GridCellKind.Custom:
      if ((value as TagsCell).data.kind === "tags") return (value as TagsCell).data.values;
      return parse(column, (value as ChoiceCell | WhenCell).data.value ?? "")?.value;
  }
  return undefined;
}
