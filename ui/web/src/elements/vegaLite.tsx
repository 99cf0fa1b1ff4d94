import { type RefObject, useEffect, useRef, useState } from "react";
import * as vega from "vega";
import { expressionInterpreter } from "vega-interpreter";
import { compile } from "vega-lite";
import type { Picked } from "../protocol/element";
import { useCell } from "../screen/keyed";
import type { ViewProps } from "../screen/registry";
import { palette } from "../style/palette";
import { dark, token } from "../style/theme";
import { text } from "../text/messages";
import { usePicked } from "./parts/picked";
import { preset, selected } from "./parts/vegaPick";

type Spec = Parameters<typeof compile>[0];

/** The author's Vega-Lite. Expressions are interpreted, since the page allows no eval, and nothing is loaded from elsewhere. */
export function VegaLite({ element, props }: ViewProps<"vegaLite">) {
  const box = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState("");
  const isDark = useCell(dark);
  const [picked, pick] = usePicked(element, props.selection);
  // A chart in which people select is made anew only when it shows something else, or
  // when the script took the selection away: never under the pointer.
  const [made, names] = [props.selection?.data, props.selection?.modes];
  const now = useRef({ props, picked, pick });
  now.current = { props, picked, pick };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the colours; the rest is read as it is now
  useEffect(() => {
    const { props, picked } = now.current;
    const node = box.current!;
    let view: vega.View | undefined;
    let stop = () => {};
    setFailed("");
    try {
      const source = names && picked.data ? preset(props.spec, names, picked.params ?? {}) : props.spec;
      const spec = { ...(source as object) } as Record<string, unknown>;
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
      const drawn = view.runAsync();
      drawn.catch((e: unknown) => setFailed(String(e)));
      if (names?.length) stop = listen(view, node, drawn, names, now);
    } catch (e) {
      setFailed(e instanceof Error ? e.message : String(e));
    }
    return () => {
      stop();
      view?.finalize();
      node.replaceChildren();
    };
  }, [made ?? props, made && props.selection?.rev, isDark]);
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

interface Now {
  props: ViewProps<"vegaLite">["props"];
  picked: Picked;
  pick: (next: Omit<Picked, "data">) => void;
}

/** Tells what is selected: what the specification presets at once, then what people do. */
function listen(
  view: vega.View,
  node: HTMLElement,
  drawn: Promise<unknown>,
  names: string[],
  now: RefObject<Now>,
): () => void {
  let gone = false;
  let used = false;
  let waiting = false;
  const tell = () => {
    waiting = false;
    if (gone) return;
    const { props, picked, pick } = now.current;
    const params = selected(view, props.spec, names);
    if (JSON.stringify(params) !== JSON.stringify(picked.params ?? {})) pick({ params });
  };
  const changed = () => {
    if (!used || waiting) return;
    waiting = true;
    setTimeout(tell); // after the pulse that changes the tables
  };
  for (const name of names) view.addSignalListener(name, changed);
  const use = () => {
    used = true;
  };
  const uses = ["pointerdown", "pointermove", "touchstart"];
  for (const event of uses) node.addEventListener(event, use, { capture: true });
  void drawn.then(() => !now.current.picked.data && tell()).catch(() => {});
  return () => {
    gone = true;
    for (const event of uses) node.removeEventListener(event, use, { capture: true });
  };
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
