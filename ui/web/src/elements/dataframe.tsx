import type { Item } from "@glideapps/glide-data-grid";
import { useCallback, useMemo } from "react";
import { cell, shownColumns } from "../grid/columns";
import { Grid } from "../grid/Grid";
import { useDownload } from "../grid/useDownload";
import { useSelection } from "../grid/useSelection";
import { useCopied, useSource } from "../grid/useSource";
import { useView, ViewFoot } from "../grid/useView";
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
  const { source, version, onVisible, asker, loading, done } = useSource(data, view);
  const rows = source?.total ?? data.rows;
  const chosen = useSelection(element, props.selection ?? "", columns, source);
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
          <ViewFoot
            own={own}
            rows={rows}
            of={data.rows}
            failed={source?.failed}
            loading={loading}
            done={done}
          >
            {download.foot}
            {chosen.failed && (
              <span className="bad" role="alert">
                {chosen.failed}
              </span>
            )}
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
          gridSelection: chosen.selection,
          onGridSelectionChange: chosen.set,
          copyHeaders: false,
          ...own.header,
          onHeaderClicked: props.selection?.includes("column") ? undefined : own.header.onHeaderClicked,
        }}
      />
      {own.controls}
    </>
  );
}
