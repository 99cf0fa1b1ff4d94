import { readFileSync, writeFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { editor } from "../src/text/messages/editor";
import { launch, Person } from "./browser";
import { alive, examples, Stnb, until } from "./stnb";

let browser: Browser;
let stnb: Stnb;
let owner: Person;
const files = examples();

beforeAll(async () => {
  browser = await launch();
  stnb = await Stnb.start("edit", files.dir);
  owner = await Person.arrive(browser);
  const page = await owner.open(stnb.url); // spends the one-time link
  await page.getByText("flights").first().waitFor();
  await page.close();
});

afterAll(async () => {
  await owner?.leave(/WebSocket|Failed to load resource/);
  await browser?.close();
  await stnb?.stop();
  files.remove();
});

let address: string;
beforeEach(() => {
  address = new URL("/edit/", stnb.url).href;
});

async function open(name: string): Promise<Page> {
  const page = await owner.open(address + name);
  await page.getByRole("button", { name: editor.runAll }).first().waitFor();
  return page;
}

/** The n-th cell, from 1. */
const cell = (page: Page, n: number) => page.locator("[data-cell]").nth(n - 1);

/** What the n-th cell shows below its source. */
const output = (page: Page, n: number) => cell(page, n).locator(".outputs");

/** Puts text into a cell in place of what it has. */
async function write(page: Page, n: number, source: string): Promise<void> {
  await cell(page, n).locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.insertText(source);
}

const run = (page: Page) => page.keyboard.press("Shift+Enter");

async function runAll(page: Page): Promise<void> {
  await page.getByRole("button", { name: editor.runAll }).first().click();
}

function small(name: string, ...cells: string[]): void {
  writeFileSync(files.path(name), cells.map((c) => `\`\`\`go\n${c}\n\`\`\`\n`).join("\n"));
}

test("the list shows the notebooks and opens one; Run All gives every output", async () => {
  const page = await owner.open(new URL("/", stnb.url).href);
  await page
    .getByRole("link", { name: /flights/ })
    .first()
    .click();
  await runAll(page);
  await page.getByText("Clicked 0 times in this tab.").waitFor();
  await page.locator(".metric-value").first().waitFor();
  await page.locator("canvas, svg.chart").first().waitFor();
  await page.getByRole("table").first().waitFor();
  await page.getByRole("slider").first().waitFor();
  await page.close();
});

test("an edited cell makes its dependents stale, and says why; running them mends it", async () => {
  small("stale.md", "x := 1", "y := x + 1\ny", "z := 5\nz");
  const page = await open("stale.md");
  await runAll(page);
  await output(page, 2).getByText("2", { exact: true }).first().waitFor();

  await write(page, 1, "x := 10");
  await run(page);
  await cell(page, 2).getByText(/Stale/).first().waitFor();
  expect(await cell(page, 3).getByText(/Stale/).count()).toBe(0);
  await page.getByRole("button", { name: editor.runStale }).first().click();
  await output(page, 2).getByText("11", { exact: true }).first().waitFor();
  await page.close();
});

test("a mistake is underlined with its place, and keeps the cell from running", async () => {
  small("wrong.md", "x := 1", 'y := x + "a"');
  const page = await open("wrong.md");
  await cell(page, 2)
    .getByText(/mismatched types|cannot convert/)
    .first()
    .waitFor();
  await write(page, 2, "y := x + 1\ny");
  await run(page);
  await output(page, 2).getByText("2", { exact: true }).first().waitFor();
  await page.close();
});

test("a panic names the cell's line", async () => {
  small("panic.md", "xs := []int{1}", "i := 1\n\n_ = xs[i]");
  const page = await open("panic.md");
  await runAll(page);
  await output(page, 2)
    .getByText(/index out of range/)
    .first()
    .waitFor();
  await output(page, 2).getByText("Line 3", { exact: true }).waitFor();
  await page.close();
});

test("a missing import is added by its button, and by a key", async () => {
  small("import.md", 'strings.ToUpper("a")', 'strconv.Itoa(7) + fmt.Sprint("b")');
  const page = await open("import.md");
  await cell(page, 1).getByRole("button", { name: "Import strings" }).click();
  await cell(page, 2).getByRole("button", { name: "Import strconv" }).waitFor();
  await cell(page, 2).locator(".cm-content").click();
  await page.keyboard.press("Control+.");
  await runAll(page);
  await output(page, 1).getByText("A", { exact: true }).waitFor();
  await output(page, 2).getByText("7b", { exact: true }).waitFor();
  await page.close();
});

test("what is written is saved within moments, and nothing else changes", async () => {
  const before = readFileSync(files.path("guide/01-cells.md"), "utf8");
  const page = await open("guide/01-cells.md");
  await write(page, 2, "animals := []string{`fish`}");
  await until("the save", 5_000, () =>
    readFileSync(files.path("guide/01-cells.md"), "utf8").includes("`fish`"),
  );
  const start = before.indexOf("```go\n") + 6;
  const end = before.indexOf("```", start);
  const want = `${before.slice(0, start)}animals := []string{\`fish\`}\n${before.slice(end)}`;
  await until("the whole text", 5_000, () => readFileSync(files.path("guide/01-cells.md"), "utf8") === want);
  await page.close();
});

test("a reload keeps text and outputs, and a second window stays in step", async () => {
  small("keep.md", "6 * 7");
  const page = await open("keep.md");
  await runAll(page);
  await output(page, 1).getByText("42", { exact: true }).first().waitFor();
  await page.reload();
  await output(page, 1).getByText("42", { exact: true }).first().waitFor();

  const other = await open("keep.md");
  await output(other, 1).getByText("42", { exact: true }).first().waitFor();
  await write(other, 1, "6 * 8");
  await run(other);
  await output(page, 1).getByText("48", { exact: true }).first().waitFor();
  await cell(page, 1).locator(".cm-content").getByText("6 * 8").first().waitFor();
  await page.close();
  await other.close();
});

test("Stop ends an endless loop, and the notebook goes on", async () => {
  small("loop.md", "n := 0", "for {\n\tn++\n}", "7 * 6");
  const page = await open("loop.md");
  await runAll(page);
  await cell(page, 2)
    .getByText(editor.state.running as string)
    .first()
    .waitFor();
  await page.getByRole("button", { name: editor.stop, exact: true }).first().click();
  await until(
    "the loop to end",
    15_000,
    async () =>
      (await cell(page, 2)
        .getByText(editor.state.running as string)
        .count()) === 0,
  );
  await cell(page, 3).locator(".cm-content").click();
  await run(page);
  await output(page, 3).getByText("42", { exact: true }).first().waitFor();
  await page.close();
});

test("a cell that reads standard input asks for it below its output; Escape stops it", async () => {
  small(
    "stdin.md",
    'import "fmt"\nvar name string\nfmt.Print("Who? ")\nfmt.Scan(&name)\nfmt.Println("Hello,", name)',
  );
  const page = await open("stdin.md");
  await runAll(page);
  const field = cell(page, 1).getByRole("textbox", { name: editor.inputTitle });
  await field.waitFor();
  await until("the field has the focus", 5_000, () => field.evaluate((e) => e === document.activeElement));
  await page.reload();
  await field.fill("Ada");
  await field.press("Enter");
  await output(page, 1).getByText("Hello, Ada").waitFor();
  expect(await field.count()).toBe(0);
  expect(await output(page, 1).innerText()).toContain("Who? Ada");
  await runAll(page);
  await field.waitFor();
  await field.press("Escape");
  await until("the cell was stopped", 5_000, async () => (await field.count()) === 0);
  await page.close();
});

test("a killed kernel gives a notice, and Run All works again", async () => {
  small("killed.md", 'import "fmt"', 'fmt.Println("alive")');
  const page = await open("killed.md");
  const others = new Set(stnb.kernels());
  await runAll(page);
  await output(page, 2).getByText("alive").first().waitFor();
  const kernel = stnb.kernels().find((k) => !others.has(k)) ?? stnb.kernels().at(-1);
  process.kill(kernel as number, "SIGKILL");
  await page
    .getByText(/The kernel stopped/)
    .first()
    .waitFor();
  await runAll(page);
  await until("a new kernel", 20_000, () => stnb.kernels().some((k) => k !== kernel && !others.has(k)));
  await output(page, 2).getByText("alive").first().waitFor();
  await page.close();
});

test("kernels do not outlive a server that is killed", async () => {
  const other = examples();
  const mortal = await Stnb.start("edit", other.dir);
  const person = await Person.arrive(browser);
  writeFileSync(other.path("one.md"), "```go\n1 + 1\n```\n");
  const page = await person.open(mortal.url);
  await page.goto(new URL("/edit/one.md", mortal.url).href);
  await runAll(page);
  await output(page, 1).getByText("2", { exact: true }).first().waitFor();
  const kernels = mortal.kernels();
  expect(kernels.length).toBeGreaterThan(0);
  await mortal.kill();
  await until("the kernels to end", 10_000, () => !kernels.some(alive));
  await person.leave(/WebSocket|Failed to load resource/);
  other.remove();
});
