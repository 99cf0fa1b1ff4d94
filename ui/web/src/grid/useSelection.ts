import { CompactSelection, type GridSelection } from "@glideapps/glide-data-grid";
import { useEffect, useRef, useState } from "react";
import type { Element } from "../protocol/element";
import { useSession } from "../screen/context";
import { text } from "../text/messages";
import type { Shown } from "./columns";
import { noSelection } from "./Grid";
import type { Source, Span } from "./source";

// What the program can be told: the rest is said to the person, and nothing is cut.
const mostRows = 10_000_000;
const mostCells = 1_000_000;
/** Characters of a selection: what one message of an app may hold, and some air. */
const mostText = 900_000;

/** What the program gets: rows as spans of their numbers, cells as a rectangle. */
interface Selected {
  rows: Span[];
  columns: string[];
  cells: { rows: Span[]; columns: string[] } | [];
}

/**
 * The selection, and its way to the program when the author asked for it: by the
 * numbers rows have in the data, which stay when the order changes.
 */
export function useSelection(
  element: Element,
  mode: string,
  columns: readonly Shown[],
  source: Source | undefined,
): { selection: GridSelection; set: (next: GridSelection) => void; failed: string } {
  const { widgets } = useSession();
  const [selection, set] = useState<GridSelection>(noSelection);
  const [failed, setFailed] = useState("");
  // The newest wish: an older one that takes longer is not told any more.
  const wish = useRef(0);

  const selected = async (from: Source, next: GridSelection): Promise<Selected> => {
    const range = mode === "multi-cell" ? next.current?.range : undefined;
    if (range && range.width * range.height > mostCells) throw new Error(text.grid.tooManyCells(mostCells));
    if (next.rows.length > mostRows) throw new Error(text.grid.tooManyRows(mostRows));
    const rows = await from.numbers(spans(next.rows));
    const value: Selected = {
      rows,
      columns: next.columns.toArray().map((i) => columns[i]?.name ?? ""),
      cells: range
        ? {
            rows: await from.numbers([[range.y, range.y + range.height]]),
            columns: columns.slice(range.x, range.x + range.width).map((c) => c.name),
          }
        : [],
    };
    if (JSON.stringify(value).length > mostText) throw new Error(text.grid.tooScattered);
    return value;
  };
  const tell = async (next: GridSelection) => {
    if (!mode || !element.id || !source) return;
    const mine = ++wish.current;
    try {
      const value = await selected(source, next);
      if (mine !== wish.current) return;
      setFailed("");
      const old = widgets.snapshot(element.id)?.value;
      if (JSON.stringify(old) !== JSON.stringify(value)) widgets.set(element, value, "live");
    } catch (error) {
      if (mine === wish.current) setFailed(error instanceof Error ? error.message : String(error));
    }
  };
  // Under another order the same rows stay selected, where they stand now.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another view moves rows
  useEffect(() => {
    if (!mode || !source) return;
    const value = widgets.snapshot(element.id ?? "")?.value as Partial<Selected> | undefined;
    let current = true;
    source
      .find((value?.rows ?? []).map(span))
      .then((places) => {
        if (!current) return;
        set({ rows: CompactSelection.create(places), columns: CompactSelection.empty() });
      })
      .catch((error) => setFailed(String(error)));
    return () => {
      current = false;
    };
  }, [source]);
  const change = (next: GridSelection) => {
    set(next);
    void tell(next);
  };
  return { selection, set: change, failed };
}

const spans = (rows: CompactSelection): Span[] => rows.items.map(([from, to]) => [from, to]);

/** A row's number alone is how the server writes a span of one. */
const span = (row: Span | number): Span => (typeof row === "number" ? [row, row + 1] : row);
