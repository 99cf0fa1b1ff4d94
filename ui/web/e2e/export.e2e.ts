import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, Person } from "./browser";

const binary = process.env.STNB_BIN ?? fileURLToPath(new URL("../../../bin/stnb", import.meta.url));
const notebook = `---
title: Shelter
---

# Report

With $x^2$ in it.

\`\`\`go
import st "stnb.dev/widgets"
import "image"

st.Slider("Age", 0, 100, st.Value(30))
st.LineChart(map[string][]float64{"a": {1, 3, 2}})
dots := image.NewRGBA(image.Rect(0, 0, 90, 90))
dots
st.HTML("<p>own</p>")
\`\`\`

\`\`\`sql
select range as n, 'row ' || range as name from range(25000)
\`\`\`
`;

let browser: Browser;
let dir: string;

beforeAll(async () => {
  browser = await launch();
  dir = mkdtempSync(join(tmpdir(), "stnb-export-"));
  writeFileSync(join(dir, "a.md"), notebook);
});

afterAll(async () => {
  await browser.close();
  rmSync(dir, { recursive: true, force: true });
});

test("export html is one file that draws charts, sorts grids and asks for nothing", async () => {
  execFileSync(binary, ["export", "html", join(dir, "a.md")]);
  const person = await Person.arrive(browser);
  const url = pathToFileURL(join(dir, "a.html")).href;
  const asked: string[] = [];
  person.context.on("request", (r) => {
    if (!/^(data|blob):/.test(r.url())) asked.push(r.url());
  });
  const page = await person.open(url);
  await page.getByRole("heading", { name: "Report" }).waitFor();
  await page.locator(".katex").first().waitFor();
  await page.locator(".k-chart canvas, .k-chart svg").first().waitFor();
  await page.locator(".k-image img").first().waitFor();
  expect(
    await page.locator(".k-image img").evaluate((e: HTMLImageElement) => e.complete && e.naturalWidth),
  ).toBe(90);
  await page.frameLocator(".html-frame").getByText("own").waitFor();
  expect(await page.getByRole("slider").first().isDisabled()).toBe(true);

  // The grid: its accessible table has the rows that are in sight.
  const grid = page.locator(".k-dataframe");
  await grid.scrollIntoViewIfNeeded();
  await grid.getByText("row 0", { exact: true }).waitFor({ state: "attached" });
  const box = (await grid.locator("canvas").first().boundingBox())!;
  const header = { x: box.x + 150, y: box.y + 15 };
  for (let i = 0; i < 2; i++) {
    await page.mouse.click(header.x, header.y);
    await grid.getByText(i === 0 ? "row 0" : "row 9999", { exact: true }).waitFor({ state: "attached" });
  }
  await page.getByText("first 10,000 of 25,000 rows").waitFor();

  await page.getByRole("button", { name: "Hide code" }).click();
  expect(await page.getByText("LineChart").count()).toBe(0);
  expect(asked).toEqual([url]);
  await person.leave();
});

test("export html is read without scripts too", async () => {
  execFileSync(binary, ["export", "html", join(dir, "a.md"), "--force"]);
  const person = await Person.arrive(browser, { javaScriptEnabled: false });
  const page = await person.open(pathToFileURL(join(dir, "a.html")).href);
  await page.getByRole("heading", { name: "Report" }).waitFor();
  await page.locator("noscript pre", { hasText: "row 9" }).waitFor({ state: "attached" });
  await person.leave();
});

test("export pdf prints the page", () => {
  execFileSync(binary, ["export", "pdf", join(dir, "a.md")], { timeout: 120_000 });
  const pdf = readFileSync(join(dir, "a.pdf"));
  expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  expect(pdf.length).toBeGreaterThan(20_000);
});
