import { CompactSelection, type GridSelection, type Item } from "@glideapps/glide-data-grid";
import { useCallback, useEffect, useMemo, useState } from "react";
import { cell, type Shown, shownColumns } from "../grid/columns";
import { Grid, noSelection } from "../grid/Grid";
import type { Source } from "../grid/source";
import { useDownload } from "../grid/useDownload";
import { useCopied, useSource } from "../grid/useSource";
import { useView, ViewFoot } from "../grid/useView";
import { useSession } from "../screen/context";
import type { ViewProps } from "../screen/registry";

const noOrder: string[] = [];

export function Dataframe({ element, props }: ViewProps<"dataframe">) {
  const { data } = props;
  const all = useMemo(
    () => shownColumns(data.columns ?? [], props.config ?? [], props.order ?? noOrder),
    [data.columns, props.config, props.order],
  );
  const own = useView(data, all);
  const { columns, view } = own;
  const { source, version, onVisible, asker, loading } = useSource(data, view);
  const rows = source?.total ?? data.rows;
  const [selection, setSelection] = useSelection(element, props.selection ?? "", columns, source);
  const download = useDownload(data, view, asker);

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
  return (
    <>
      <Grid
        columns={columns}
        rows={rows}
        height={props.height}
        mark={own.mark}
        sample={(column) =>
          Array.from({ length: Math.min(40, rows) }, (_, i) => source?.value(i, column.index) ?? null)
        }
        search={own.search}
        onVisible={onVisible}
        tools={
          <>
            {own.tools}
            {download.tools}
          </>
        }
        foot={
          <ViewFoot own={own} rows={rows} of={data.rows} failed={source?.failed} loading={loading}>
            {download.foot}
          </ViewFoot>
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
          copyHeaders: false,
          ...own.header,
          onHeaderClicked: props.selection?.includes("column") ? undefined : own.header.onHeaderClicked,
        }}
      />
      {own.controls}
    </>
  );
}

/** Above this many selected rows their numbers are not asked for. */
const mostRows = 10_000;

/**
 * The selection, and its way to the program when the author asked for it: by the
 * numbers rows have in the data, which stay when the order changes.
 */
function useSelection(
  element: ViewProps["element"],
  mode: string,
  columns: Shown[],
  source: Source | undefined,
) {
  const { widgets } = useSession();
  const [selection, set] = useState<GridSelection>(noSelection);

  const tell = async (next: GridSelection) => {
    if (!mode || !element.id || !source) return;
    const range = next.current?.range;
    const cells = mode === "multi-cell" && range ? range : undefined;
    const places = next.rows.toArray().slice(0, mostRows);
    if (places.length > 0) await source.all(places[0]!, places.at(-1)! + 1);
    if (cells) await source.all(cells.y, cells.y + cells.height);
    const numbers = (rows: number[]) => rows.map((i) => source.id(i)).filter((id) => id !== undefined);
    const value = {
      rows: numbers(places).sort((a, b) => a - b),
      columns: next.columns.toArray().map((i) => columns[i]?.name ?? ""),
      cells: cells
        ? Array.from({ length: cells.height * cells.width }, (_, i) => ({
            row: source.id(cells.y + Math.floor(i / cells.width)) ?? -1,
            column: columns[cells.x + (i % cells.width)]?.name ?? "",
          })).filter((c) => c.row >= 0)
        : [],
    };
    const old = widgets.snapshot(element.id)?.value;
    if (JSON.stringify(old) !== JSON.stringify(value)) widgets.set(element, value, "live");
  };
  // Under another order the same rows stay selected, where they stand now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another view moves rows
  useEffect(() => {
    const rows = (widgets.snapshot(element.id ?? "")?.value as { rows?: number[] } | undefined)?.rows ?? [];
    if (!mode || !source) return;
    let current = true;
    source
      .find(rows)
      .then((places) => {
        if (!current) return;
        let kept = CompactSelection.empty();
        for (const i of places) if (i >= 0) kept = kept.add(i);
        set({ rows: kept, columns: CompactSelection.empty() });
      })
      .catch(() => {});
    return () => {
      current = false;
    };
  }, [source]);
  const change = (next: GridSelection) => {
    set(next);
    void tell(next);
  };
  return [selection, change] as const;
}
