// What a person does with a chart.

import { readFileSync, writeFileSync } from "node:fs";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { text } from "../src/text/messages";
import { launch, Person } from "./browser";
import { examples, Stnb } from "./stnb";

const files = examples(true);
let browser: Browser;
let server: Stnb;

// Each chart, and below it what the script has of its selection.
const select = `\`\`\`go
import (
	"fmt"
	st "stnb.dev/widgets"
)

again := st.Checkbox("Other data")
pets := map[string]any{"kind": []string{"cat", "dog", "owl"}, "n": []int{3, 5, 4}}
if again {
	pets["n"] = []int{1, 2, 1}
}
tell := func(name string, chart *st.Element) {
	s := chart.Selected()
	st.Text(fmt.Sprint(name, " ", s.Points, " ", s.Ranges))
}
tell("bars", st.BarChart(pets, st.X("kind"), st.Key("bars"), st.Selection("single-point", "range")))
tell("line", st.LineChart(map[string][]int{"a": {1, 2, 3}}, st.Key("line"), st.Selection("multi-point")))
tell("vega", st.VegaLite(\`{"mark": "bar", "height": 160, "params": [{"name": "hit", "select": "point"}],
	"encoding": {"x": {"field": "kind"}, "y": {"field": "n", "type": "quantitative"}, "opacity": {"condition": {"param": "hit", "value": 1}, "value": 0.3}}}\`, pets, st.Key("vega"), st.Selection()))
tell("brush", st.VegaLite(\`{"mark": "point", "height": 160, "params": [{"name": "brush", "select": "interval"}],
	"encoding": {"x": {"field": "day", "type": "temporal"}, "y": {"field": "n", "type": "quantitative"}}}\`,
	map[string]any{"day": []string{"2026-01-01", "2026-01-02"}, "n": []int{1, 2}}, st.Key("brush"), st.Selection("brush")))
tell("map", st.Map(map[string]any{"lat": []float64{0, 10, 20}, "lon": []float64{0, 10, 20}, "name": []string{"a", "b", "c"}}, st.Key("map"), st.Selection("single-point")))
tell("plotly", st.Plotly(map[string]any{"data": []any{map[string]any{"type": "bar", "x": []string{"a", "b", "c"}, "y": []int{3, 5, 4}}}}, st.Key("plotly"), st.Selection("single-point")))
\`\`\`
`;

beforeAll(async () => {
  writeFileSync(
    files.path("charts.md"),
    '```go\nimport st "stnb.dev/widgets"\n\nst.LineChart(map[string][]int{"cats": {3, 1, 2}, "dogs": {1, 2, 5}}, st.ChartTitle("Pets <b>"))\n```\n',
  );
  writeFileSync(files.path("select.md"), select);
  browser = await launch();
  server = await Stnb.start("run", files.path("charts.md"));
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  files.remove();
});

test("a chart is saved as PNG and as SVG from its menu", async () => {
  const person = await Person.arrive(browser);
  const page = await person.open(server.url);
  await page.locator(".chart canvas").waitFor();
  const box = (await page.locator(".chart-box").boundingBox())!;
  const saved = async (format: string) => {
    await page.locator(".chart").hover();
    await page.getByRole("button", { name: text.chart.save }).click();
    const wait = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: text.chart.saveAs(format) }).click();
    const download = await wait;
    return { name: download.suggestedFilename(), data: readFileSync(await download.path()) };
  };
  const png = await saved("PNG");
  expect(png.name).toMatch(/^Pets .*\.png$/);
  expect(png.data.subarray(1, 4).toString()).toBe("PNG");
  // At twice the size on the screen.
  expect([png.data.readUInt32BE(16), png.data.readUInt32BE(20)]).toEqual([
    Math.round(box.width) * 2,
    Math.round(box.height) * 2,
  ]);
  const svg = await saved("SVG");
  expect(svg.name).toMatch(/^Pets .*\.svg$/);
  // The image has a style sheet of its own, which our pages' policy would refuse.
  const blank = await person.context.newPage();
  const drawn = await blank.evaluate((source) => {
    const root = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
    return {
      root: root.tagName,
      width: Number(root.getAttribute("width")),
      texts: [...root.querySelectorAll("text")].map((t) => t.textContent),
      lines: root.querySelectorAll("path").length,
    };
  }, svg.data.toString());
  expect([drawn.root, drawn.width]).toEqual(["svg", Math.round(box.width)]);
  expect(drawn.texts).toEqual(expect.arrayContaining(["Pets <b>", "cats", "dogs"]));
  expect(drawn.lines).toBeGreaterThan(4);
  await blank.close();
  // By keyboard: Escape goes back to the button.
  await page.getByRole("button", { name: text.chart.save }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("menu").waitFor({ state: "detached" });
  expect(await page.evaluate(() => document.activeElement?.getAttribute("aria-label"))).toBe(text.chart.save);
  await person.leave();
});

test("what people select in charts comes back to the script, stays, and goes with its data", async () => {
  const app = await Stnb.start("run", files.path("select.md"));
  const person = await Person.arrive(browser, { viewport: { width: 1000, height: 2400 } });
  const page = await person.open(app.url);
  const says = (text: string | RegExp) => page.getByText(text).first().waitFor();
  /** A place in a chart, as parts of its width and height. */
  const at = async (box: string, x: number, y: number) => {
    const b = (await page.locator(box).first().boundingBox())!;
    return [b.x + b.width * x, b.y + b.height * y] as const;
  };
  const drag = async (box: string, from: [number, number], to: [number, number]) => {
    await page.mouse.move(...(await at(box, ...from)));
    await page.mouse.down();
    await page.mouse.move(...(await at(box, (from[0] + to[0]) / 2, (from[1] + to[1]) / 2)));
    await page.mouse.move(...(await at(box, ...to)));
    await page.mouse.up();
  };
  const click = async (box: string, x: number, y: number) => page.mouse.click(...(await at(box, x, y)));
  const charts = page.locator(".chart-box");
  await page.locator(".js-plotly-plot .main-svg").first().waitFor();
  await expect.poll(() => page.locator(".vega canvas").count()).toBe(2);
  await expect.poll(() => charts.count()).toBe(3);

  await says("bars [] map[]");
  if (process.env.STNB_SHOTS) await page.screenshot({ path: `${process.env.STNB_SHOTS}/first.png` });
  await click(".chart-box >> nth=0", 0.52, 0.6);
  await says("bars [map[kind:dog n:5]] map[]");
  await drag(".chart-box >> nth=0", [0.4, 0.7], [0.6, 0.75]);
  await says("bars [map[kind:dog n:5]] map[kind:{dog dog [dog]}]");

  // A line has no mark at its points; a second one joins the first, and a click on it again takes it away.
  await click(".chart-box >> nth=1", 0.51, 0.48);
  await says("line [map[a:2 row:1]] map[]");
  await click(".chart-box >> nth=1", 0.045, 0.9);
  await says("line [map[a:2 row:1] map[a:1 row:0]] map[]");
  await click(".chart-box >> nth=1", 0.51, 0.48);
  await says("line [map[a:1 row:0]] map[]");

  await click(".vega canvas >> nth=0", 0.5, 0.6);
  await says("vega [map[kind:dog n:5]] map[]");
  await drag(".vega canvas >> nth=1", [0.9, 0.3], [0.6, 0.6]);
  await says(/^brush \[\] map\[day:\{2026-01-01 1\d.* UTC 2026-01-01 2\d.* UTC \[\]\} n:\{\S+ \S+ \[\]\}\]$/);

  await click(".chart-box >> nth=2", 0.5, 0.5);
  await says(/^map \[map\[lat:10 lon:10 name:b\]\] map\[\]$/);
  await click(".js-plotly-plot", 0.52, 0.6);
  await says("plotly [map[label:b point:1 trace:0 value:5 x:b y:5]] map[]");
  const told = () => page.getByText(/^(bars|line|vega|brush|map|plotly) \[/).allTextContents();
  const before = await told();
  if (process.env.STNB_SHOTS) await page.screenshot({ path: `${process.env.STNB_SHOTS}/select.png` });

  // Another tab of the person's, and other data under the bars and in Vega's chart.
  await page.reload();
  await page.locator(".js-plotly-plot .main-svg").first().waitFor();
  expect(await told()).toEqual(before);
  if (process.env.STNB_SHOTS) await page.screenshot({ path: `${process.env.STNB_SHOTS}/reload.png` });
  await page.getByText("Other data").click();
  await says("bars [] map[]");
  expect(await told()).toEqual(["bars [] map[]", before[1], "vega [] map[]", ...before.slice(3)]);
  await person.leave();
  await app.stop();
});
