import {
  type EditableGridCell,
  type EditListItem,
  type GridCell,
  GridCellKind,
  type GridSelection,
  type Item,
} from "@glideapps/glide-data-grid";
import { useCallback, useMemo, useRef, useState } from "react";
import type { ChoiceCell, WhenCell } from "../grid/cells";
import { cell, type Shown, shownColumns } from "../grid/columns";
import {
  addRow,
  count,
  deleteRows,
  type Edits,
  edited,
  normal,
  origin,
  type Row,
  setCell,
  submitted,
} from "../grid/edits";
import { fetchFile, save } from "../grid/frames";
import { Grid, noSelection, Tool } from "../grid/Grid";
import { check, parse } from "../grid/parse";
import type { View } from "../grid/source";
import { useCopied, useSource } from "../grid/useSource";
import { useSession, useWidget } from "../screen/context";
import type { ViewProps } from "../screen/registry";
import { token } from "../style/theme";
import { text } from "../text/messages";

const editable = new Set(["text", "number", "checkbox", "select", "date", "time", "datetime", "link"]);
const asIs: View = { sort: [], search: "" };

export function DataEditor({ element, props }: ViewProps<"dataEditor">) {
  const session = useSession();
  const { data } = props;
  const columns = useMemo(
    () => shownColumns(data.columns ?? [], props.config ?? [], props.order ?? []),
    [data.columns, props.config, props.order],
  );
  const { source, version, onVisible } = useSource(data, asIs);
  const rows = source?.total ?? data.rows;
  const [edits, change, undo, redo] = useEdits(element, props, columns);
  const [selection, setSelection] = useState<GridSelection>(noSelection);
  const [searching, setSearching] = useState(false);
  const shownRows = count(edits, rows);

  const allowed = useCallback(
    (column: Shown) => !props.disabled && !column.config?.disabled && editable.has(column.kind),
    [props.disabled],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: version grows with every page that comes in
  const content = useCallback(
    ([col, row]: Item): GridCell => {
      const column = columns[col]!;
      const from = origin(edits, rows, row);
      const changed = edited(edits, from, column.name);
      const value =
        changed !== undefined ? changed : source?.value((from as { base: number }).base, column.index);
      const shown = cell(column, value, allowed(column));
      const missing = "added" in from && column.config?.required && (value === null || value === "");
      return missing ? { ...shown, themeOverride: { bgCell: token("--danger-soft") } } : shown;
    },
    [columns, source, version, edits, rows, allowed],
  );
  const ready = useCallback(
    (from: number, to: number) => source?.all(from, Math.min(to, rows)) ?? Promise.resolve(),
    [source, rows],
  );
  const copied = useCopied(content, ready);

  /** Puts a value into a cell of a state, when the column takes it. */
  const put = (state: Edits, row: number, column: Shown, value: unknown): Edits => {
    const checked = check(column, value);
    if (!checked || !allowed(column)) return state;
    const from = origin(state, rows, row);
    const original = "base" in from ? source?.value(from.base, column.index) : undefined;
    return setCell(state, from, column.name, checked.value, original);
  };
  const onEdited = (items: readonly EditListItem[]) => {
    let next = edits;
    for (const { location, value } of items) {
      const column = columns[location[0]];
      if (column) next = put(next, location[1], column, cellValue(column, value));
    }
    if (next !== edits) change(next);
    return true;
  };
  const onPaste = (target: Item, values: readonly (readonly string[])[]) => {
    let next = edits;
    values.forEach((line, r) => {
      const row = target[1] + r;
      if (row >= count(next, rows)) {
        if (!props.dynamic) return;
        next = addRow(next, defaults(columns));
      }
      line.forEach((value, c) => {
        const column = columns[target[0] + c];
        const parsed = column && parse(column, value);
        if (column && parsed) next = put(next, row, column, parsed.value);
      });
    });
    if (next !== edits) change(next);
    return false;
  };
  const remove = (which: readonly number[]) => {
    if (!props.dynamic || which.length === 0) return;
    change(deleteRows(edits, rows, which));
    setSelection(noSelection);
  };
  const download = async () => {
    const request = { frame: data.ref, offset: 0, limit: 0, format: "csv" };
    save(
      await fetchFile(session.handle, request),
      `${new Date().toISOString().slice(0, 16).replace(":", "-")}_export.csv`,
    );
  };
  const chosen = selection.rows.toArray();
  return (
    <div
      onKeyDownCapture={(e) => {
        if (
          !(e.ctrlKey || e.metaKey) ||
          e.target instanceof HTMLInputElement ||
          e.target instanceof HTMLTextAreaElement
        )
          return;
        const key = e.key.toLowerCase();
        if (key === "z" || key === "y") {
          e.preventDefault();
          e.stopPropagation();
          if (key === "y" || e.shiftKey) redo();
          else undo();
        } else if (key === "f") {
          e.preventDefault();
          setSearching(true);
        }
      }}
    >
      <Grid
        columns={columns}
        rows={shownRows}
        height={props.height}
        mark={(column) => (column.config?.required ? "*" : "")}
        sample={(column) =>
          Array.from({ length: Math.min(40, rows) }, (_, i) => source?.value(i, column.index) ?? null)
        }
        onVisible={onVisible}
        tools={
          <>
            {props.dynamic && !props.disabled && (
              <>
                <Tool
                  icon="plus"
                  label={text.grid.addRow}
                  onClick={() => change(addRow(edits, defaults(columns)))}
                />
                <Tool
                  icon="trash"
                  label={text.grid.deleteRows}
                  disabled={chosen.length === 0}
                  onClick={() => remove(chosen)}
                />
              </>
            )}
            <Tool icon="undo" label={text.grid.undo} onClick={undo} />
            <Tool
              icon="search"
              label={text.grid.search}
              pressed={searching}
              onClick={() => setSearching(!searching)}
            />
            <Tool icon="download" label={text.grid.download} onClick={() => void download()} />
          </>
        }
        foot={
          source?.failed ? (
            <span className="bad" role="alert">
              {text.grid.failed} {source.failed}
            </span>
          ) : shownRows > 10 ? (
            <span>{text.grid.rows(shownRows)}</span>
          ) : undefined
        }
        editor={{
          getCellContent: content,
          getCellsForSelection: copied,
          rowMarkers: props.dynamic && !props.disabled ? "checkbox" : props.hideIndex ? "none" : "number",
          rowSelect: props.dynamic ? "multi" : "none",
          rangeSelect: "multi-rect",
          gridSelection: selection,
          onGridSelectionChange: setSelection,
          fillHandle: !props.disabled,
          allowedFillDirections: "any",
          onCellsEdited: onEdited,
          onPaste: props.disabled ? false : onPaste,
          onRowAppended:
            props.dynamic && !props.disabled
              ? () => void change(addRow(edits, defaults(columns)))
              : undefined,
          trailingRowOptions: { sticky: false, tint: true },
          onDelete: (s) => {
            const whole = s.rows.toArray();
            if (whole.length === 0) return !props.disabled;
            remove(whole);
            return false;
          },
          showSearch: searching,
          onSearchClose: () => setSearching(false),
        }}
      />
    </div>
  );
}

/** The edits with their history. The program gets them without rows that still lack something required. */
function useEdits(element: ViewProps["element"], props: ViewProps<"dataEditor">["props"], columns: Shown[]) {
  const [value, set] = useWidget(element, props.state, 0);
  const own = useRef<{ sent: unknown; full: Edits } | undefined>(undefined);
  const past = useRef<Edits[]>([]);
  const future = useRef<Edits[]>([]);
  const [, renew] = useState(0);
  // A value from elsewhere (the script, another tab) replaces what is here.
  if (!own.current || own.current.sent !== value) own.current = { sent: value, full: normal(value) };
  const edits = own.current.full;

  const show = (next: Edits) => {
    const required = columns.filter((c) => c.config?.required).map((c) => c.name);
    const sent = submitted(next, required);
    const before = own.current!.sent;
    if (JSON.stringify(sent) === JSON.stringify(before)) own.current = { sent: before, full: next };
    else {
      own.current = { sent, full: next };
      set(sent, "live");
    }
    renew((n) => n + 1);
  };
  const change = (next: Edits) => {
    past.current = [...past.current.slice(-199), own.current!.full];
    future.current = [];
    show(next);
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
  return [edits, change, undo, redo] as const;
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
      return parse(column, (value as ChoiceCell | WhenCell).data.value ?? "")?.value;
  }
  return undefined;
}
