import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

echarts.use([SVGRenderer]);

/** What a chart shows, as an SVG image of its size. Loaded when somebody saves one. */
export function svgOf(chart: echarts.ECharts, background: string): string {
  const still = echarts.init(null, undefined, {
    renderer: "svg",
    ssr: true,
    width: chart.getWidth(),
    height: chart.getHeight(),
  });
  still.setOption({ ...chart.getOption(), animation: false, backgroundColor: background });
  const svg = still.renderToSVGString();
  still.dispose();
  return svg;
}
