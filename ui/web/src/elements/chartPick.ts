import { BrushComponent } from "echarts/components";
import { type RefObject, useEffect } from "react";
import type { Chart, Picked } from "../protocol/element";
import { token } from "../style/theme";
import { echarts } from "./parts/echarts";
import { type Point, toggled } from "./parts/picked";

echarts.use([BrushComponent]);

/** How far from a point, in pixels, a click still means it. */
const reach = 24;

type Set = (next: Omit<Picked, "data">) => void;

const brushType = (p: Chart) => (p.type === "scatter" ? "rect" : p.horizontal ? "lineY" : "lineX");

export const ranges = (p: Chart) => !!p.selection?.modes?.includes("range");

/** The part of the chart's option that lets a person draw a range. */
export function brush(p: Chart): object {
  if (!ranges(p)) return {};
  return {
    brush: {
      toolbox: [],
      ...(brushType(p) === "lineY" ? { yAxisIndex: 0 } : { xAxisIndex: 0 }),
      brushStyle: { borderWidth: 1, color: "rgba(128,128,128,0.15)", borderColor: token("--muted") },
      outOfBrush: p.type === "line" || p.type === "area" ? {} : { colorAlpha: 0.25 },
      throttleType: "debounce",
      throttleDelay: 60,
    },
  };
}

/** Selects in a chart: points by a click, a range by dragging. */
export function usePick(chart: RefObject<echarts.ECharts | null>, p: Chart, picked: Picked, set: Set) {
  const modes = p.selection?.modes;
  const multi = !!modes?.includes("multi-point");
  const points = multi || !!modes?.includes("single-point");
  useEffect(() => {
    const made = chart.current;
    if (!made || !points) return;
    const now = (picked.points ?? []) as Point[];
    const choose = (next: Point[]) => {
      if (next.length > 0 || now.length > 0) set({ ...picked, points: next });
    };
    const hit = (e: { seriesIndex?: number; dataIndex?: number; componentType?: string }) => {
      if (e.componentType === "series") choose(toggled(now, [e.seriesIndex!, e.dataIndex!], multi));
    };
    const near = (e: { offsetX: number; offsetY: number; target?: unknown }) => {
      const inside = made.containPixel({ gridIndex: 0 }, [e.offsetX, e.offsetY]);
      if (p.type === "bar") {
        if (inside && !e.target) choose([]);
        return;
      }
      const found = nearest(made, p, e.offsetX, e.offsetY);
      if (found || inside) choose(found ? toggled(now, found, multi) : []);
    };
    if (p.type === "bar") made.on("click", hit as never);
    made.getZr().on("click", near);
    return () => {
      if (made.isDisposed()) return;
      made.off("click", hit);
      made.getZr().off("click", near);
    };
  }, [chart, p, picked, set, points, multi]);
  const drawn = ranges(p);
  useEffect(() => {
    const made = chart.current;
    if (!made || !drawn) return;
    const type = brushType(p);
    // Dragging draws, without a button to press first.
    made.dispatchAction({
      type: "takeGlobalCursor",
      key: "brush",
      brushOption: { brushType: type, brushMode: "single" },
    });
    const x = picked.x ?? [];
    const y = picked.y ?? [];
    const axis = type === "lineY" ? { yAxisIndex: 0 } : { xAxisIndex: 0 };
    made.dispatchAction({
      type: "brush",
      areas: x.length === 2 ? [{ brushType: type, ...axis, coordRange: type === "rect" ? [x, y] : x }] : [],
    });
    const end = ({ areas }: { areas: { coordRange?: unknown }[] }) => {
      const range = areas[0]?.coordRange as [number, number] | [[number, number], [number, number]];
      const next: Omit<Picked, "data"> = { points: picked.points };
      if (range && type === "rect") [next.x, next.y] = range as [[number, number], [number, number]];
      else if (range) next.x = range;
      if (next.x || picked.x) set(next);
    };
    made.on("brushEnd", end as never);
    return () => {
      if (!made.isDisposed()) made.off("brushEnd", end as never);
    };
  }, [chart, p, picked, set, drawn]);
}

/** The point that a click means, if one is near: lines are drawn without a mark at each. */
function nearest(made: echarts.ECharts, p: Chart, x: number, y: number): Point | undefined {
  const along = p.x ?? [];
  const sums = along.map(() => [0, 0] as [number, number]);
  let best: Point | undefined;
  let least = reach * reach;
  (p.series ?? []).forEach((series, s) => {
    (series.y ?? []).forEach((value, i) => {
      if (value === null || value === undefined) return;
      // Stacked values lie on those of the same sign below them.
      const sum = sums[i]!;
      const side = value < 0 ? 1 : 0;
      sum[side] += value;
      const height = p.stack ? sum[side] : value;
      const at = made.convertToPixel({ gridIndex: 0 }, [
        p.xType === "category" ? String(along[i]) : (along[i] as number),
        height,
      ]) as unknown as [number, number];
      const distance = (at[0] - x) ** 2 + (at[1] - y) ** 2;
      if (distance < least) {
        least = distance;
        best = [s, i];
      }
    });
  });
  return best;
}
