import { type RefObject, useEffect, useRef, useState } from "react";
import type { Picked, Plotly as PlotlyProps, Selection } from "../protocol/element";
import { useCell } from "../screen/keyed";
import type { ViewProps } from "../screen/registry";
import { palette } from "../style/palette";
import { dark, token } from "../style/theme";
import { text } from "../text/messages";
import { usePicked } from "./parts/picked";
import "./diagram.css";

type Library = typeof import("./parts/plotly").default;

/** A figure of Plotly's. The library comes when the first is shown. */
export function PlotlyChart({ element, props }: ViewProps<"plotly">) {
  const box = useRef<HTMLDivElement>(null);
  const library = useRef<Library>(null);
  const [failed, setFailed] = useState("");
  const isDark = useCell(dark);
  const [picked, pick] = usePicked(element, props.selection);
  const made = props.selection?.data;
  const now = useRef({ props, picked, pick });
  now.current = { props, picked, pick };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours; the rest is read as it is now
  useEffect(() => {
    const { props, picked } = now.current;
    const node = box.current as Figure;
    let gone = false;
    import("./parts/plotly")
      .then(({ default: plotly }) => {
        if (gone) return;
        library.current = plotly;
        const layout = { ...layoutOf(props.layout, props.height), ...selecting(props.selection, picked) };
        return plotly
          .react(node, chosen(props, picked), layout, {
            displaylogo: false,
            responsive: true,
            ...(copy(props.config) as object),
          })
          .then(() => {
            if (!gone && props.selection) listen(node, now);
          });
      })
      .then(
        () => setFailed(""),
        (e: unknown) => setFailed(e instanceof Error ? e.message : String(e)),
      );
    return () => {
      gone = true;
    };
  }, [made ?? props, made && props.selection?.rev, isDark]);
  useEffect(() => {
    const node = box.current!;
    return () => library.current?.purge(node);
  }, []);
  return (
    <>
      <div
        ref={box}
        className="plotly-chart"
        role="figure"
        aria-label={text.chart.label("Plotly", title(props.layout))}
        style={{ height: props.height || 420 }}
      />
      {failed && (
        <p className="el-missing" role="alert">
          {text.chart.failed}: {failed}
        </p>
      )}
    </>
  );
}

interface Hit {
  curveNumber: number;
  pointIndex?: number;
  pointNumber: number;
  x?: unknown;
  y?: unknown;
  z?: unknown;
  label?: unknown;
  value?: unknown;
  text?: unknown;
  customdata?: unknown;
}

interface Figure extends HTMLDivElement {
  on(event: string, f: (e?: { points?: Hit[]; range?: Record<string, unknown[]> }) => void): void;
  removeAllListeners(event: string): void;
}

interface Now {
  picked: Picked;
  pick: (next: Omit<Picked, "data">) => void;
}

/** Tells which points people selected, and in which box. */
function listen(node: Figure, now: RefObject<Now>) {
  const tell = (next: Omit<Picked, "data">) => {
    const { picked, pick } = now.current;
    if (JSON.stringify({ ...next, data: picked.data }) !== JSON.stringify(picked)) pick(next);
  };
  for (const event of ["plotly_selected", "plotly_deselect"]) node.removeAllListeners(event);
  node.on("plotly_selected", (e) => {
    if (!e) return; // a click on nothing is told by the other event
    const hits = e.points ?? [];
    tell({
      points: hits.map((h) => [h.curveNumber, h.pointIndex ?? h.pointNumber]),
      rows: hits.map(({ x, y, z, label, value, text, customdata }) => ({
        x,
        y,
        z,
        label,
        value,
        text,
        customdata,
      })),
      x: sorted(e.range?.x),
      y: sorted(e.range?.y),
    });
  });
  node.on("plotly_deselect", () => tell({}));
}

/** The ends of a range, the least first: a box may be drawn from right to left. */
function sorted(ends: unknown[] | undefined): unknown[] | undefined {
  if (!ends) return undefined;
  const [a, b] = ends as [string | number, string | number];
  return a <= b ? [a, b] : [b, a];
}

/** How the pointer selects. */
function selecting(selection: Selection | undefined, picked: Picked): object {
  if (!selection) return {};
  const modes = selection.modes ?? [];
  const [x, y] = [picked.x, picked.y];
  return {
    clickmode: modes.some((m) => m.endsWith("point")) ? "event+select" : "event",
    ...(modes.includes("range") ? { dragmode: "select" } : {}),
    selectionrevision: selection.data,
    ...(x && y ? { selections: [{ type: "rect", x0: x[0], x1: x[1], y0: y[0], y1: y[1] }] } : {}),
  };
}

/** The traces, with what was selected before. */
function chosen(props: PlotlyProps, picked: Picked): unknown {
  const traces = copy(props.data) as Record<string, unknown>[];
  if (!picked.points?.length || !Array.isArray(traces)) return traces;
  return traces.map((trace, i) => ({
    ...trace,
    selectedpoints: picked.points!.filter(([at]) => at === i).map(([, point]) => point),
  }));
}

/** Plotly writes into what it is given. */
const copy = (v: unknown) => structuredClone(v ?? undefined);

function title(layout: unknown): string {
  const t = (layout as { title?: unknown } | undefined)?.title;
  return typeof t === "string" ? t : ((t as { text?: string } | undefined)?.text ?? "");
}

/** The page's colours, under what the author says. */
function layoutOf(layout: unknown, height: number | undefined): object {
  const line = token("--border");
  const axis = { gridcolor: line, linecolor: line, zerolinecolor: line, automargin: true };
  const own = (copy(layout) ?? {}) as Record<string, unknown>;
  return {
    paper_bgcolor: "transparent",
    plot_bgcolor: "transparent",
    colorway: palette,
    margin: { l: 56, r: 16, t: title(layout) ? 48 : 16, b: 48 },
    ...own,
    font: { family: token("--font"), color: token("--text"), ...(own.font as object) },
    xaxis: { ...axis, ...(own.xaxis as object) },
    yaxis: { ...axis, ...(own.yaxis as object) },
    ...(height ? { height } : undefined),
    autosize: true,
  };
}
