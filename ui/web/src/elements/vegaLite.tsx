import { useEffect, useRef, useState } from "react";
import * as vega from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile } from "vega-lite";
import { useCell } from "../screen/keyed";
import type { ViewProps } from "../screen/registry";
import { palette } from "../style/palette";
import { dark, token } from "../style/theme";
import { text } from "../text/messages";

type Spec = Parameters<typeof compile>[0];

/** The author's Vega-Lite. Expressions are interpreted, since the page allows no eval, and nothing is loaded from elsewhere. */
export function VegaLite({ props }: ViewProps<"vegaLite">) {
  const box = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState("");
  const isDark = useCell(dark);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours
  useEffect(() => {
    const node = box.current!;
    let view: vega.View | undefined;
    setFailed("");
    try {
      const spec = { ...(props.spec as object) } as Record<string, unknown>;
      if (props.data) spec.data = { ...(spec.data as object), values: props.data };
      if (spec.width === undefined && !("facet" in spec || "hconcat" in spec || "concat" in spec))
        spec.width = "container";
      if (props.height) spec.height = props.height;
      spec.autosize ??= { type: "fit", contains: "padding" };
      const { spec: compiled } = compile(spec as unknown as Spec, { config: config() as never });
      const loader = vega.loader();
      loader.load = () => Promise.reject(new Error("a chart loads no data from other places"));
      view = new vega.View(vega.parse(compiled, undefined, { ast: true }), {
        expr: expressionInterpreter,
        renderer: "canvas",
        loader,
        hover: true,
      });
      view.initialize(node);
      view.runAsync().catch((e: unknown) => setFailed(String(e)));
    } catch (e) {
      setFailed(e instanceof Error ? e.message : String(e));
    }
    return () => {
      view?.finalize();
      node.replaceChildren();
    };
  }, [props, isDark]);
  return (
    <div className="vega">
      <div ref={box} style={{ width: "100%" }} role="img" aria-label={title(props.spec)} />
      {failed && (
        <p className="el-missing" role="alert">
          {text.chart.failed}: {failed}
        </p>
      )}
    </div>
  );
}

function title(spec: unknown): string {
  const t = (spec as { title?: unknown; description?: unknown })?.title;
  const name = typeof t === "string" ? t : ((t as { text?: string })?.text ?? "");
  return text.chart.label("Vega-Lite", name);
}

function config() {
  const ink = token("--muted");
  const line = token("--border");
  const font = token("--font");
  return {
    background: "transparent",
    font,
    range: { category: palette },
    mark: { color: palette[0] },
    axis: {
      labelColor: ink,
      titleColor: ink,
      gridColor: line,
      domainColor: line,
      tickColor: line,
      titleFontWeight: 500,
    },
    legend: { labelColor: ink, titleColor: ink },
    title: { color: token("--text"), fontWeight: 600, anchor: "start" },
    header: { labelColor: ink, titleColor: ink },
    view: { stroke: null },
  };
}
