import {
  CompactSelection,
  DataEditor,
  type DataEditorProps,
  type DataEditorRef,
  type GridSelection,
  type Rectangle,
} from "@glideapps/glide-data-grid";
import "@glideapps/glide-data-grid/dist/index.css";
import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Icon, type IconName } from "../icons";
import { useCell } from "../screen/keyed";
import { dark } from "../style/theme";
import { text } from "../text/messages";
import { renderers } from "./cells";
import { autoWidth, gridColumn, type Shown } from "./columns";
import { gridTheme } from "./theme";
import "./grid.css";

export const rowHeight = 33;
const headerHeight = 34;

export const noSelection: GridSelection = {
  columns: CompactSelection.empty(),
  rows: CompactSelection.empty(),
};

const keys = { downFill: true, rightFill: true };

/** The row below the last, where a new one begins. Given to a grid whose rows are fixed it would take room, out of sight. */
const trailingRow = { sticky: false, tint: true };

interface GridProps {
  columns: Shown[];
  rows: number;
  /** Values of the first rows, for the widths of columns. */
  sample: (column: Shown) => readonly unknown[];
  /** Pixels; 0: as many rows as there are, ten at most. */
  height?: number;
  /** A mark in a column's header: its order. */
  mark?: (column: Shown) => string;
  tools: ReactNode;
  /** Below the grid: how many rows, what is wrong. */
  foot?: ReactNode;
  onVisible: (from: number, to: number) => void;
  search?: { value: string; set: (value: string) => void };
  editor: Omit<DataEditorProps, "columns" | "rows">;
}

/** The grid's frame: toolbar, search, fullscreen, sizes. What is in the cells is its user's. */
export function Grid({
  columns,
  rows,
  sample,
  height,
  mark,
  tools,
  foot,
  onVisible,
  search,
  editor,
}: GridProps) {
  const box = useRef<HTMLDivElement>(null);
  const grid = useRef<DataEditorRef>(null);
  const [full, setFull] = useState(false);
  const [searching, setSearching] = useState(false);
  const [widths, setWidths] = useState<ReadonlyMap<string, number>>(new Map());
  const [room, setRoom] = useState(0);
  const isDark = useCell(dark);
  // biome-ignore lint/correctness/useExhaustiveDependencies: dark changes the tokens the theme is made of
  const theme = useMemo(() => gridTheme(), [isDark]);

  useEffect(portal, []);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => setRoom(entry!.contentRect.width));
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);

  const width = (column: Shown) =>
    widths.get(column.name) ?? column.width ?? autoWidth(column, sample(column));
  const markers = editor.rowMarkers && editor.rowMarkers !== "none" ? 44 : 0;
  const total = columns.reduce((sum, column) => sum + width(column), markers);
  // Fewer columns than there is room: they share it.
  const grow = room > 0 && total < room;
  const gridColumns = columns.map((column) => gridColumn(column, width(column), mark?.(column) ?? "", grow));
  const trailing = editor.onRowAppended ? 1 : 0;
  const natural =
    headerHeight +
    Math.min(10, Math.max(1, rows + trailing)) * rowHeight +
    2 +
    (total > room && room > 0 ? 12 : 0);

  const visible = useCallback((range: Rectangle) => onVisible(range.y, range.y + range.height), [onVisible]);
  const closeSearch = () => {
    setSearching(false);
    search?.set("");
    grid.current?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the whole grid
    <div
      className={full ? "grid full" : "grid"}
      onFocus={keepInEditor}
      onKeyDown={(e) => {
        if (search && e.key.toLowerCase() === "f" && (e.ctrlKey || e.metaKey) && !e.shiftKey) {
          e.preventDefault();
          e.stopPropagation();
          setSearching(true);
        } else if (e.key === "Escape" && full && !searching) setFull(false);
      }}
    >
      <div className="grid-tools" role="toolbar" aria-label={text.grid.toolbar}>
        {tools}
        {search && (
          <Tool
            icon="search"
            label={text.grid.search}
            pressed={searching}
            onClick={() => (searching ? closeSearch() : setSearching(true))}
          />
        )}
        <Tool
          icon={full ? "shrink" : "expand"}
          label={full ? text.grid.exitFullscreen : text.grid.fullscreen}
          onClick={() => setFull(!full)}
        />
      </div>
      {searching && search && (
        <div className="grid-search">
          <Icon name="search" size={14} />
          <input
            // biome-ignore lint/a11y/noAutofocus: it was just asked for
            autoFocus
            aria-label={text.grid.search}
            placeholder={text.grid.searchPlaceholder}
            defaultValue={search.value}
            onChange={(e) => search.set(e.target.value)}
            onKeyDown={(e) => {
              if (e.key === "Escape") {
                e.stopPropagation();
                closeSearch();
              }
            }}
          />
        </div>
      )}
      <div ref={box} className="grid-box" style={full ? undefined : { height: height || natural }}>
        <DataEditor
          ref={grid}
          width="100%"
          height="100%"
          columns={gridColumns}
          rows={rows}
          rowHeight={rowHeight}
          headerHeight={headerHeight}
          theme={theme}
          customRenderers={renderers}
          smoothScrollX
          smoothScrollY
          minColumnWidth={44}
          maxColumnWidth={1200}
          freezeColumns={columns.filter((c) => c.pinned).length}
          keybindings={keys}
          scaleToRem={false}
          rightElementProps={{ fill: false }}
          rowSelectionMode="multi"
          trailingRowOptions={trailing ? trailingRow : undefined}
          onColumnResize={(column, w) =>
            setWidths(new Map(widths).set(columns.find((c) => String(c.index) === column.id)?.name ?? "", w))
          }
          onVisibleRegionChanged={visible}
          {...editor}
        />
      </div>
      {foot && <div className="grid-foot">{foot}</div>}
    </div>
  );
}

export function Tool({
  icon,
  label,
  onClick,
  pressed,
  disabled,
}: {
  icon: IconName;
  label: string;
  onClick: () => void;
  pressed?: boolean;
  disabled?: boolean;
}) {
  return (
    <button
      type="button"
      className="icon-btn"
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} size={15} />
    </button>
  );
}

/**
 * After a click the grid takes the focus when the next frame is drawn. When a quick
 * second click has opened a cell's editor by then, what is typed belongs in there.
 */
function keepInEditor(): void {
  setTimeout(() => {
    const open = document.querySelector("#portal .gdg-clip-region");
    if (!open?.contains(document.activeElement)) open?.querySelector<HTMLElement>(controls)?.focus();
  });
}

const controls = "input, textarea, select";

/** The grid opens its cell editors in this node. */
function portal(): void {
  if (document.getElementById("portal")) return;
  const node = document.createElement("div");
  node.id = "portal";
  document.body.append(node);
}
