import { useEffect, useRef, useState } from "react";
import { Icon } from "../icons";
import { save as saveBlob } from "../net/save";
import type { Chart as ChartProps, Picked } from "../protocol/element";
import type { ViewProps } from "../screen/registry";
import { palette } from "../style/palette";
import { token } from "../style/theme";
import { text } from "../text/messages";
import { brush, usePick } from "./chartPick";
import { Anchored } from "./parts/Anchored";
import { type echarts, useECharts } from "./parts/echarts";
import { usePicked } from "./parts/picked";
import "./chart.css";

export function Chart({ element, props }: ViewProps<"chart">) {
  const [picked, pick] = usePicked(element, props.selection);
  const { box, chart } = useECharts(() => option(props, picked), [props, picked.points]);
  usePick(chart, props, picked, pick);
  const save = async (format: "png" | "svg") => {
    const drawn = chart.current;
    if (!drawn) return;
    const name = `${props.title || "chart"}.${format}`;
    const background = token("--bg");
    if (format === "svg") {
      const { svgOf } = await import("./parts/svg");
      saveBlob(new Blob([svgOf(drawn, background)], { type: "image/svg+xml" }), name);
      return;
    }
    const canvas = drawn.renderToCanvas({ pixelRatio: 2, backgroundColor: background });
    canvas.toBlob((blob) => blob && saveBlob(blob, name));
  };
  return (
    <div className="chart">
      <div
        ref={box}
        className="chart-box"
        role="img"
        aria-label={text.chart.label(props.type, props.title ?? "")}
        style={{ height: props.height || 320 }}
      />
      <div className="chart-tools">
        {!!props.sampled && <span className="muted">{text.chart.sampled(props.sampled)}</span>}
        <SaveMenu save={save} />
      </div>
    </div>
  );
}

/** The chart's menu: in which form it is saved. */
function SaveMenu({ save }: { save: (format: "png" | "svg") => Promise<void> }) {
  const [open, setOpen] = useState(false);
  const anchor = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Before the first frame the menu is not placed yet, and hidden.
    if (open) requestAnimationFrame(() => menu.current?.querySelector("button")?.focus());
  }, [open]);
  const close = () => {
    setOpen(false);
    anchor.current?.focus();
  };
  return (
    <>
      <button
        ref={anchor}
        type="button"
        className="icon-btn"
        aria-label={text.chart.save}
        title={text.chart.save}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        onKeyDown={(e) => e.key === "Escape" && close()}
      >
        <Icon name="download" size={14} />
      </button>
      {open && (
        <Anchored anchor={anchor} className="menu" onOutside={() => setOpen(false)}>
          <div
            ref={menu}
            role="menu"
            aria-label={text.chart.save}
            tabIndex={-1}
            onKeyDown={(e) => e.key === "Escape" && close()}
          >
            {(["png", "svg"] as const).map((format) => (
              <button
                key={format}
                type="button"
                role="menuitem"
                className="menu-item"
                onClick={() => {
                  close();
                  void save(format);
                }}
              >
                {text.chart.saveAs(format.toUpperCase())}
              </button>
            ))}
          </div>
        </Anchored>
      )}
    </>
  );
}

function option(p: ChartProps, picked: Picked): echarts.EChartsCoreOption {
  const series = p.series ?? [];
  const x = p.x ?? [];
  const ink = token("--muted");
  const line = token("--border");
  const many = x.length > 60;
  const chosen = new Set((picked.points ?? []).map(([s, i]) => `${s},${i}`));
  const value = {
    type: "value",
    name: p.horizontal ? p.xLabel : p.yLabel,
    scale: p.type === "line" || p.type === "scatter",
    nameTextStyle: { color: ink, align: "left" },
    axisLabel: { color: ink },
    axisLine: { show: false },
    splitLine: { lineStyle: { color: line } },
  };
  const along = {
    type: p.xType === "category" ? "category" : p.xType === "time" ? "time" : "value",
    name: p.horizontal ? p.yLabel : p.xLabel,
    nameLocation: "middle",
    nameGap: 28,
    scale: true,
    data: p.xType === "category" ? x.map(String) : undefined,
    boundaryGap: p.xType === "category" ? p.type === "bar" : undefined,
    nameTextStyle: { color: ink },
    axisLabel: { color: ink, hideOverlap: true },
    axisLine: { lineStyle: { color: line } },
    axisTick: { lineStyle: { color: line } },
    splitLine: { show: p.type === "scatter", lineStyle: { color: line } },
  };
  return {
    useUTC: true,
    animation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 250,
    animationDurationUpdate: 200,
    color: palette,
    aria: { enabled: true },
    // In SVG the names stand in an attribute between double quotes.
    textStyle: { fontFamily: token("--font").replaceAll('"', "'"), color: token("--text") },
    title: p.title
      ? {
          text: p.title,
          left: 0,
          top: 0,
          textStyle: { fontSize: 14, fontWeight: 600, color: token("--text") },
        }
      : undefined,
    legend: {
      show: series.length > 1,
      type: "scroll",
      top: p.title ? 24 : 0,
      right: 36,
      left: 0,
      icon: "roundRect",
      itemWidth: 11,
      itemHeight: 11,
      textStyle: { color: ink },
      inactiveColor: token("--faint"),
    },
    grid: {
      left: 8,
      right: 16,
      top: (p.title ? 28 : 12) + (series.length > 1 ? 28 : 0) + (value.name ? 16 : 0),
      bottom: along.name ? 28 : 8,
      containLabel: true,
    },
    tooltip: {
      trigger: p.type === "scatter" ? "item" : "axis",
      confine: true,
      backgroundColor: token("--raised"),
      borderColor: line,
      padding: 0,
      formatter: (params: unknown) => tooltip(params, p),
      axisPointer: {
        type: p.type === "bar" ? "shadow" : "line",
        lineStyle: { color: ink },
        label: { show: false },
      },
    },
    ...brush(p),
    dataZoom: many ? [{ type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false }] : [],
    xAxis: p.horizontal ? value : along,
    yAxis: p.horizontal ? along : value,
    series: series.map((s, place) => {
      const y = s.y ?? [];
      const plain = p.xType === "category" ? y : y.map((v, i) => (p.horizontal ? [v, x[i]] : [x[i], v]));
      // What is not selected steps back; a selected point of a line has a mark.
      const points = chosen.size
        ? plain.map((value, i) =>
            chosen.has(`${place},${i}`)
              ? { value, symbolSize: p.type === "scatter" ? undefined : 11, itemStyle: { opacity: 1 } }
              : { value, itemStyle: { opacity: p.type === "bar" || p.type === "scatter" ? 0.25 : 0 } },
          )
        : plain;
      const size = s.size;
      const largest = size ? Math.max(...size.map((v) => v ?? 0), 1e-9) : 1;
      return {
        name: s.name,
        type: p.type === "bar" ? "bar" : p.type === "scatter" ? "scatter" : "line",
        color: s.color || undefined,
        data: points,
        stack: p.stack ? "all" : undefined,
        areaStyle: p.type === "area" ? { opacity: p.stack ? 0.7 : 0.22 } : undefined,
        showSymbol: x.length <= 24 || chosen.size > 0,
        symbolSize:
          p.type === "scatter"
            ? size
              ? (_: unknown, q: { dataIndex: number }) =>
                  4 + 22 * Math.sqrt(Math.max(0, size[q.dataIndex] ?? 0) / largest)
              : 7
            : 6,
        lineStyle: { width: 2 },
        itemStyle:
          p.type === "scatter"
            ? { opacity: 0.75 }
            : p.type === "bar" && !p.stack
              ? { borderRadius: 2 }
              : undefined,
        barMaxWidth: 64,
        connectNulls: false,
        large: p.type === "scatter" && x.length > 5000 && chosen.size === 0,
        progressive: 20_000,
        emphasis: { disabled: x.length > 5000 },
      };
    }),
  };
}

interface Param {
  seriesName: string;
  color: string;
  value: unknown;
  name: string;
  axisValueLabel?: string;
  dataIndex: number;
}

const number = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 6 });

/** A tooltip of DOM nodes: HTML text with style attributes would be stopped by the page's policy. */
function tooltip(params: unknown, p: ChartProps): HTMLElement {
  const list = (Array.isArray(params) ? params : [params]) as Param[];
  const root = document.createElement("div");
  root.className = "chart-tip";
  const first = list[0];
  if (first) {
    const head = document.createElement("div");
    head.className = "chart-tip-head";
    head.textContent = xText(p, first);
    root.append(head);
  }
  for (const param of list.slice(0, 20)) {
    const row = document.createElement("div");
    row.className = "chart-tip-row";
    const dot = document.createElement("i");
    dot.style.background = param.color;
    const name = document.createElement("span");
    name.textContent = param.seriesName;
    const value = document.createElement("b");
    const v = Array.isArray(param.value) ? param.value[p.horizontal ? 0 : 1] : param.value;
    value.textContent = v == null || v === "-" ? "–" : number.format(Number(v));
    row.append(dot, name, value);
    root.append(row);
  }
  return root;
}

function xText(p: ChartProps, param: Param): string {
  if (p.xType === "category") return param.name;
  const v = Array.isArray(param.value) ? param.value[p.horizontal ? 1 : 0] : param.value;
  if (p.xType === "time") {
    const d = new Date(Number(v));
    const day = d.getUTCHours() + d.getUTCMinutes() + d.getUTCSeconds() === 0;
    return d.toLocaleString(undefined, {
      timeZone: "UTC",
      dateStyle: "medium",
      ...(day ? {} : { timeStyle: "medium" }),
    });
  }
  return number.format(Number(v));
}
