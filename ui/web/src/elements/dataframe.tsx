import type { GridSelection, Item } from "@glideapps/glide-data-grid";
import { useCallback, useMemo, useRef, useState } from "react";
import { cell, type Shown, shownColumns } from "../grid/columns";
import { fetchFile, save } from "../grid/frames";
import { Grid, noSelection, Tool } from "../grid/Grid";
import type { View } from "../grid/source";
import { useCopied, useSource } from "../grid/useSource";
import { useSession } from "../screen/context";
import type { ViewProps } from "../screen/registry";
import { text } from "../text/messages";

const noOrder: string[] = [];

export function Dataframe({ element, props }: ViewProps<"dataframe">) {
  const session = useSession();
  const { data } = props;
  const [view, setView] = useState<View>({ sort: [], search: "" });
  const columns = useMemo(
    () => shownColumns(data.columns ?? [], props.config ?? [], props.order ?? noOrder),
    [data.columns, props.config, props.order],
  );

  const { source, version, onVisible } = useSource(data, view);
  const rows = source?.total ?? data.rows;

  const search = useSearch((value) => setView((v) => ({ ...v, search: value })));
  const [selection, setSelection] = useSelection(element, props.selection ?? "", columns);

  // biome-ignore lint/correctness/useExhaustiveDependencies: version grows with every page that comes in
  const content = useCallback(
    ([col, row]: Item) => cell(columns[col]!, source?.value(row, columns[col]!.index)),
    [columns, source, version],
  );
  const ready = useCallback(
    (from: number, to: number) => source?.all(from, to) ?? Promise.resolve(),
    [source],
  );
  const copied = useCopied(content, ready);
  const download = async () => {
    const request = {
      frame: data.ref,
      offset: 0,
      limit: 0,
      sort: view.sort,
      search: view.search || undefined,
      format: "csv",
    };
    const stamp = new Date().toISOString().slice(0, 16).replace(":", "-");
    save(await fetchFile(session.handle, request), `${stamp}_export.csv`);
  };
  const sort = (index: number) => {
    // Rows are selected by their number, which an order would change.
    if (props.selection) return;
    const column = columns[index]!.index;
    const now = view.sort[0];
    const next = now?.column !== column ? [{ column }] : now.desc ? [] : [{ column, desc: true }];
    setView({ ...view, sort: next });
  };
  const mark = (column: Shown) => {
    const by = view.sort[0];
    return by?.column === column.index ? (by.desc ? "↓" : "↑") : "";
  };
  return (
    <Grid
      columns={columns}
      rows={rows}
      height={props.height}
      mark={mark}
      sample={(column) =>
        Array.from({ length: Math.min(40, rows) }, (_, i) => source?.value(i, column.index) ?? null)
      }
      search={search}
      onVisible={onVisible}
      tools={<Tool icon="download" label={text.grid.download} onClick={() => void download()} />}
      foot={
        source?.failed ? (
          <span className="bad" role="alert">
            {text.grid.failed} {source.failed}
          </span>
        ) : rows > 10 || view.search ? (
          <span>{view.search ? text.grid.found(rows, data.rows) : text.grid.rows(rows)}</span>
        ) : undefined
      }
      editor={{
        getCellContent: content,
        getCellsForSelection: copied,
        rowMarkers: props.selection?.includes("row") ? "checkbox" : props.hideIndex ? "none" : "number",
        rowSelect:
          props.selection === "single-row" ? "single" : props.selection === "multi-row" ? "multi" : "none",
        columnSelect:
          props.selection === "single-column"
            ? "single"
            : props.selection === "multi-column"
              ? "multi"
              : "none",
        rangeSelect: "multi-rect",
        gridSelection: selection,
        onGridSelectionChange: setSelection,
        onHeaderClicked: sort,
        copyHeaders: false,
      }}
    />
  );
}

/** A search that waits until typing pauses. */
function useSearch(set: (value: string) => void) {
  const [value, setValue] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  return {
    value,
    set: (next: string) => {
      setValue(next);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => set(next), next === "" ? 0 : 200);
    },
  };
}

/** The selection, and its way to the program when the author asked for it. */
function useSelection(element: ViewProps["element"], mode: string, columns: Shown[]) {
  const { widgets } = useSession();
  const [selection, set] = useState<GridSelection>(noSelection);
  const change = (next: GridSelection) => {
    set(next);
    if (!mode || !element.id) return;
    const range = next.current?.range;
    const cells =
      mode === "multi-cell" && range
        ? Array.from({ length: range.height * range.width }, (_, i) => ({
            row: range.y + Math.floor(i / range.width),
            column: columns[range.x + (i % range.width)]?.name ?? "",
          }))
        : [];
    const value = {
      rows: next.rows.toArray(),
      columns: next.columns.toArray().map((i) => columns[i]?.name ?? ""),
      cells,
    };
    const old = widgets.snapshot(element.id)?.value;
    if (JSON.stringify(old) !== JSON.stringify(value)) widgets.set(element, value, "live");
  };
  return [selection, change] as const;
}
