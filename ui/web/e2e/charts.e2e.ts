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

beforeAll(async () => {
  writeFileSync(
    files.path("charts.md"),
    '```go\nimport st "stnb.dev/widgets"\n\nst.LineChart(map[string][]int{"cats": {3, 1, 2}, "dogs": {1, 2, 5}}, st.ChartTitle("Pets <b>"))\n```\n',
  );
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
