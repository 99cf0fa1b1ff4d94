import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  DataZoomComponent,
  GridComponent,
  LegendComponent,
  TitleComponent,
  TooltipComponent,
} from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useCell } from "../../screen/keyed";
import { dark } from "../../style/theme";

echarts.use([
  LineChart,
  BarChart,
  ScatterChart,
  GridComponent,
  TooltipComponent,
  LegendComponent,
  TitleComponent,
  DataZoomComponent,
  AriaComponent,
  CanvasRenderer,
]);

export { echarts };

/** Draws an ECharts option into a box, and draws again when it, the theme or the size changes. */
export function useECharts(option: () => echarts.EChartsCoreOption, inputs: unknown[]) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts | null>(null);
  const isDark = useCell(dark);
  useEffect(() => {
    const node = box.current!;
    const made = echarts.init(node, undefined, { renderer: "canvas" });
    chart.current = made;
    const observer = new ResizeObserver(() => {
      // In a closed tab or expander there is no room to draw in.
      if (node.clientWidth > 0) made.resize();
    });
    observer.observe(node);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the inputs are what the option is made of
  useEffect(() => {
    chart.current?.setOption(option(), { replaceMerge: ["series", "xAxis", "yAxis", "dataZoom"] });
  }, [isDark, ...inputs]);
  return { box, chart };
}
