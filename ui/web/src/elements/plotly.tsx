import { useEffect, useRef, useState } from "react";
import { useCell } from "../screen/keyed";
import type { ViewProps } from "../screen/registry";
import { palette } from "../style/palette";
import { dark, token } from "../style/theme";
import { text } from "../text/messages";
import "./diagram.css";

type Library = typeof import("./parts/plotly").default;

/** A figure of Plotly's. The library comes when the first is shown. */
export function PlotlyChart({ props }: ViewProps<"plotly">) {
  const box = useRef<HTMLDivElement>(null);
  const library = useRef<Library>(null);
  const [failed, setFailed] = useState("");
  const isDark = useCell(dark);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours
  useEffect(() => {
    const node = box.current!;
    let gone = false;
    import("./parts/plotly")
      .then(({ default: plotly }) => {
        if (gone) return;
        library.current = plotly;
        return plotly.react(node, copy(props.data), layoutOf(props.layout, props.height), {
          displaylogo: false,
          responsive: true,
          ...(copy(props.config) as object),
        });
      })
      .then(
        () => setFailed(""),
        (e: unknown) => setFailed(e instanceof Error ? e.message : String(e)),
      );
    return () => {
      gone = true;
    };
  }, [props, isDark]);
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
