import { GeoComponent } from "echarts/components";
import { useEffect } from "react";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import world from "world-atlas/countries-110m.json";
import type { Map as MapProps, Picked } from "../protocol/element";
import type { ViewProps } from "../screen/registry";
import { palette } from "../style/palette";
import { token } from "../style/theme";
import { text } from "../text/messages";
import { echarts, useECharts } from "./parts/echarts";
import { type Point, toggled, usePicked } from "./parts/picked";
import "./chart.css";

// Country outlines come with the page: a map needs no other server.
const topology = world as unknown as Topology<{ countries: GeometryCollection }>;
echarts.use([GeoComponent]);
echarts.registerMap("world", feature(topology, topology.objects.countries) as never);

export function MapView({ element, props }: ViewProps<"map">) {
  const [picked, pick] = usePicked(element, props.selection);
  const { box, chart } = useECharts(() => option(props, picked), [props, picked]);
  const selects = !!props.selection;
  const multi = !!props.selection?.modes?.includes("multi-point");
  useEffect(() => {
    const map = chart.current;
    if (!map || !selects) return;
    const now = (picked.points ?? []) as Point[];
    const hit = (e: { dataIndex: number }) => pick({ points: toggled(now, [0, e.dataIndex], multi) });
    const miss = (e: { target?: unknown }) => {
      if (!e.target && now.length > 0) pick({});
    };
    map.on("click", "series", hit as never);
    map.getZr().on("click", miss);
    return () => {
      if (map.isDisposed()) return;
      map.off("click", hit as never);
      map.getZr().off("click", miss);
    };
  }, [chart, picked, pick, selects, multi]);
  return (
    <div
      ref={box}
      className="chart-box"
      role="img"
      aria-label={text.chart.map((props.lat ?? []).length)}
      style={{ height: props.height || 400 }}
    />
  );
}

function option(p: MapProps, picked: Picked): echarts.EChartsCoreOption {
  const lat = p.lat ?? [];
  const lon = p.lon ?? [];
  const box = bounds(lon, lat, p.zoom);
  const size = p.size;
  const largest = size ? Math.max(...size, 1e-9) : 1;
  const chosen = new Set((picked.points ?? []).map(([, i]) => i));
  return {
    animation: false,
    tooltip: {
      padding: 0,
      backgroundColor: token("--raised"),
      borderColor: token("--border"),
      formatter: (q: { value: number[] }) => {
        const tip = document.createElement("div");
        tip.className = "chart-tip";
        tip.textContent = `${q.value[1]!.toFixed(4)}, ${q.value[0]!.toFixed(4)}`;
        return tip;
      },
    },
    geo: {
      map: "world",
      roam: true,
      boundingCoords: box,
      silent: true,
      scaleLimit: { min: 0.05, max: 4000 },
      itemStyle: { areaColor: token("--sunken"), borderColor: token("--border-strong"), borderWidth: 0.5 },
    },
    series: [
      {
        type: "scatter",
        coordinateSystem: "geo",
        data: lat.map((v, i) => ({
          value: [lon[i], v],
          itemStyle: {
            ...(p.color?.[i] ? { color: p.color[i] } : undefined),
            ...(chosen.size ? { opacity: chosen.has(i) ? 1 : 0.25 } : undefined),
          },
          symbolSize: size ? 4 + 26 * Math.sqrt(Math.max(0, size[i] ?? 0) / largest) : 8,
        })),
        itemStyle: { color: palette[1], opacity: 0.75 },
      },
    ],
  };
}

/** The corner coordinates to show: all points with a margin, or by zoom level around their middle. */
function bounds(
  lon: number[],
  lat: number[],
  zoom: number | undefined,
): [[number, number], [number, number]] {
  if (lon.length === 0) {
    return [
      [-180, 80],
      [180, -60],
    ];
  }
  const range = (values: number[]): [number, number] => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (const v of values) {
      if (v < low) low = v;
      if (v > high) high = v;
    }
    return [low, high];
  };
  const [west, east] = range(lon);
  const [south, north] = range(lat);
  if (zoom) {
    const half = 180 / 2 ** zoom;
    const x = (west + east) / 2;
    const y = (south + north) / 2;
    return [
      [x - half, Math.min(85, y + half / 2)],
      [x + half, Math.max(-85, y - half / 2)],
    ];
  }
  const margin = Math.max(0.02, (east - west) * 0.12, (north - south) * 0.12);
  return [
    [Math.max(-180, west - margin), Math.min(85, north + margin)],
    [Math.min(180, east + margin), Math.max(-85, south - margin)],
  ];
}
