import { afterAll, beforeAll, expect, test } from "vitest";
import { commands, editor } from "../src/text/messages/editor";
import { Desk } from "./desk";
import { until } from "./stnb";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
  await desk.owner.context.grantPermissions(["clipboard-read", "clipboard-write"]);
});
afterAll(() => desk?.leave());

test("cells are added above and below by key, deleted, and brought back", async () => {
  const sheet = await desk.notebook("add.md", "a := 1", "b := 2");
  await sheet.select(1);
  await sheet.press("b");
  await sheet.reads("a := 1", "", "b := 2");
  await sheet.press("a");
  await sheet.reads("a := 1", "", "", "b := 2");
  await sheet.press("d", "d");
  await sheet.reads("a := 1", "", "b := 2");
  await sheet.press("z");
  await sheet.reads("a := 1", "", "", "b := 2");
  await sheet.press("Shift+Z");
  await sheet.reads("a := 1", "", "b := 2");

  await sheet.select(3);
  await sheet.press("d", "d");
  await sheet.page.getByRole("button", { name: editor.undo }).click();
  await sheet.reads("a := 1", "", "b := 2");
  await sheet.close();
});

test("cells move by key and by drag", async () => {
  const sheet = await desk.notebook("move.md", "a := 1", "b := 2", "c := 3");
  await sheet.select(1);
  await sheet.press("Control+Shift+ArrowDown");
  await sheet.reads("b := 2", "a := 1", "c := 3");
  await sheet.press("Control+Shift+ArrowUp");
  await sheet.reads("a := 1", "b := 2", "c := 3");
  await sheet.cell(3).hover();
  const grip = sheet.cell(3).locator(".grip");
  const to = sheet.cell(1);
  await grip.dragTo(to, { targetPosition: { x: 200, y: 13 } });
  await sheet.reads("c := 3", "a := 1", "b := 2");
  await sheet.close();
});

test("several cells are selected, copied, cut and pasted, also in another notebook", async () => {
  const sheet = await desk.notebook("several.md", "a := 1", "b := 2", "c := 3");
  await sheet.select(1);
  await sheet.press("Shift+ArrowDown");
  expect(await sheet.page.locator(".cell.selected, .cell.active").count()).toBe(2);
  await sheet.press("c");
  await sheet.select(3);
  await sheet.press("v");
  await sheet.reads("a := 1", "b := 2", "c := 3", "a := 1", "b := 2");
  await sheet.press("z", "z");
  await sheet.reads("a := 1", "b := 2", "c := 3");
  await sheet.select(1);
  await sheet.press("Shift+j", "x");
  await sheet.reads("c := 3");
  const other = await desk.notebook("other.md", "z := 26");
  await other.select(1);
  await other.press("Shift+v");
  await other.reads("a := 1", "b := 2", "z := 26");
  await other.close();
  await sheet.press("v");
  await sheet.reads("c := 3", "a := 1", "b := 2");
  await sheet.press("Control+a");
  expect(await sheet.page.locator(".cell.selected, .cell.active").count()).toBe(3);
  await sheet.close();
});

test("a cell is split at the cursor, merged again, duplicated and converted", async () => {
  const sheet = await desk.notebook("split.md", "a := 1\nb := 2");
  await sheet.edit(1);
  await sheet.press("ControlOrMeta+Home", "ArrowDown", "Control+Shift+-");
  await sheet.reads("a := 1", "b := 2");
  await sheet.press("Escape", "z");
  await sheet.reads("a := 1\nb := 2");
  await sheet.press("Shift+Z");
  await sheet.reads("a := 1", "b := 2");
  await sheet.select(1);
  await sheet.press("Shift+M");
  await sheet.reads("a := 1\nb := 2");
  await sheet.command("duplicate");
  await sheet.reads("a := 1\nb := 2", "a := 1\nb := 2");
  await sheet.select(2);
  await sheet.press("m");
  await sheet.page.locator(".cell.kind-markdown").waitFor();
  await sheet.press("q");
  await sheet.page.locator(".cell.kind-sql").waitFor();
  await sheet.press("r");
  await sheet.page.locator(".cell.kind-raw").waitFor();
  await sheet.press("y");
  await until("Go again", 5000, async () => (await sheet.page.locator(".cell.kind-go").count()) === 2);
  await sheet.close();
});

test("code and output fold; a cell has a name and tags, and its copy has the tags", async () => {
  const sheet = await desk.notebook("fold.md", "6 * 7");
  await sheet.runAll();
  await sheet.shows(1, "42");
  await sheet.select(1);
  await sheet.press("Shift+h");
  await sheet.cell(1).getByText(editor.collapsed(1)).waitFor();
  await until("the file to say so", 5000, () => desk.read("fold.md").includes("hide_code=true"));
  await sheet.press("o");
  await sheet.cell(1).getByText(editor.outputHidden).click();
  await sheet.shows(1, "42");
  await sheet.command("nameCell");
  await sheet.page.keyboard.type("answer");
  await sheet.press("Tab");
  await sheet.page.keyboard.type("parameters, slow");
  await sheet.press("Enter");
  await sheet.cell(1).locator(".cell-name", { hasText: "answer" }).waitFor();
  await sheet.cell(1).locator(".cell-tag", { hasText: "slow" }).waitFor();
  await until("the file to have it", 5000, () => desk.read("fold.md").includes('name="answer"'));
  await sheet.select(1);
  await sheet.press("x", "v", "v");
  await sheet.cell(2).locator(".cell-tag", { hasText: "parameters" }).waitFor();
  await until("the file to have the tags of both", 5000, () => {
    return desk.read("fold.md").split('tags=["parameters","slow"]').length === 3;
  });
  await sheet.close();
});

test("headings collapse what is below them, by key and in the outline", async () => {
  const sheet = await desk.notebook(
    "head.md",
    "md:# One",
    "a := 1",
    "md:## Two",
    "b := 2",
    "md:# Three",
    "c := 3",
  );
  const { page } = sheet;
  const shown = async () => page.locator("[data-cell]").count();
  await sheet.select(2);
  await sheet.press("ArrowLeft");
  await until("the section to go", 5000, async () => (await shown()) === 3);
  await page.getByText(editor.collapsedCells(3)).waitFor();
  await sheet.press("ArrowDown");
  expect(await page.locator(".cell.active").getAttribute("class")).toContain("kind-markdown");
  await page.getByText(editor.collapsedCells(3)).click();
  await until("the section to come back", 5000, async () => (await shown()) === 6);

  await sheet.command("toggleOutline");
  const outline = page.getByRole("navigation", { name: editor.outline });
  await outline.getByRole("button", { name: editor.collapseSection("Two") }).click();
  await until("one cell to go", 5000, async () => (await shown()) === 5);
  await outline.getByRole("button", { name: "Two", exact: true }).click();
  expect(await page.locator(".cell.active").innerText()).toContain("Two");
  await outline.getByRole("button", { name: editor.collapseAll }).click();
  await until("all sections to go", 5000, async () => (await shown()) === 2);
  await outline.getByRole("button", { name: editor.expandAll }).click();
  await until("all to come back", 5000, async () => (await shown()) === 6);
  await sheet.close();
});

test("run and advance, run above, run below, run stale, clear, restart and run all", async () => {
  const sheet = await desk.notebook("runs.md", "a := 1\na", "b := a + 1\nb", "c := b + 1\nc");
  await sheet.select(2);
  await sheet.command("runAbove");
  await sheet.shows(1, "1");
  expect(await sheet.output(2).count()).toBe(0);
  await sheet.command("runBelow");
  await sheet.shows(3, "3");
  await sheet.select(1);
  await sheet.press("Shift+Enter");
  expect(await sheet.cell(2).getAttribute("class")).toContain("active");
  await sheet.command("clearAll");
  await until("no outputs", 5000, async () => (await sheet.page.locator(".outputs").count()) === 0);
  await sheet.command("restart");
  await sheet.cell(3).getByText(/Stale/).waitFor();
  await sheet.command("restartRun");
  await sheet.shows(3, "3");
  await sheet.select(3);
  await sheet.press("Alt+Enter");
  await until("a new cell", 5000, async () => (await sheet.page.locator("[data-cell]").count()) === 4);
  await sheet.close();
});

test("a disabled cell does not run and defines nothing", async () => {
  const sheet = await desk.notebook("off.md", "a := 1", "a");
  await sheet.select(1);
  await sheet.command("disable");
  await sheet.cell(1).getByText(editor.disabled).waitFor();
  await sheet
    .cell(2)
    .getByText(/undefined: a/)
    .first()
    .waitFor();
  await sheet.select(1);
  await sheet.command("disable");
  await sheet.runAll();
  await sheet.shows(2, "1");
  await sheet.close();
});

test("a run-once cell keeps its values until it is run by hand", async () => {
  const sheet = await desk.notebook("once.md", 'import "time"\nt := time.Now().UnixNano()', "t");
  await sheet.select(1);
  await sheet.command("once");
  await sheet.runAll();
  await sheet.cell(1).getByText(editor.ranOnce).waitFor();
  const value = () =>
    sheet
      .output(2)
      .getByText(/\d{10}/)
      .first()
      .innerText();
  const first = await value();
  await sheet.runAll();
  await until(
    "the second run's end",
    10_000,
    async () => (await sheet.page.locator(".state-running, .state-queued").count()) === 0,
  );
  expect(await value()).toBe(first);
  await sheet.select(1);
  await sheet.press("Control+Enter");
  await sheet
    .cell(2)
    .getByText(/t changed in cell 1/)
    .waitFor();
  await until("the file to say so", 5000, () => desk.read("once.md").includes("once=true"));
  await sheet.close();
});

test("a reactive notebook runs what depends on a cell by itself, and remembers that it is one", async () => {
  const sheet = await desk.notebook("reactive.md", "a := 1", "a * 10", "5");
  await sheet.runAll();
  await sheet.shows(2, "10");
  await sheet.write(1, "a := 2");
  await sheet.press("Control+Enter");
  await sheet.cell(2).getByText(/Stale/).waitFor();
  await sheet.command("reactive");
  await sheet.write(1, "a := 3");
  await sheet.press("Control+Enter");
  await sheet.shows(2, "30");
  await until("the file to say so", 5000, () => /reactive: true/.test(desk.read("reactive.md")));
  await sheet.close();
});

test("the palette has every command with its key, and the keys page all keys", async () => {
  const sheet = await desk.notebook("palette.md", "a := 1");
  const { page } = sheet;
  await sheet.press("ControlOrMeta+Shift+P");
  const options = await page.getByRole("option").allInnerTexts();
  const { groups, ...names } = commands;
  const missing = Object.values(names).filter((name) => !options.some((o) => o.startsWith(name)));
  expect(missing).toEqual([]);
  const run = page.getByRole("option", { name: commands.runAdvance });
  expect(await run.innerText()).toContain("Shift+Enter");
  await page.keyboard.press("Escape");
  await sheet.select(1);
  await sheet.press("h");
  const keys = page.getByRole("dialog", { name: commands.keysPage });
  for (const group of Object.values(groups)) await keys.getByRole("heading", { name: group }).waitFor();
  await keys.getByText(commands.split).waitFor();
  await sheet.close();
});

test("two windows stay in step, each with its own cursor", async () => {
  const sheet = await desk.notebook("two.md", "a := 1", "b := 2");
  const other = await desk.open("two.md");
  await sheet.edit(1);
  await sheet.press("End");
  await other.edit(2);
  await other.press("End");
  // Both type at once, each in their own cell.
  for (let i = 0; i < 5; i++) {
    await sheet.page.keyboard.type("0");
    await other.page.keyboard.type("5");
  }
  await sheet.reads("a := 100000", "b := 255555");
  await other.reads("a := 100000", "b := 255555");
  expect(await sheet.cell(1).getAttribute("class")).toContain("editing");
  expect(await other.cell(2).getAttribute("class")).toContain("editing");
  await sheet.close();
  await other.close();
});

test("a thousand cells: only those near the view are made, and all can be reached, found and printed", async () => {
  const source = (i: number) => (i % 5 === 0 ? `md:## Part ${i}` : `v${i} := ${i}\nv${i}`);
  const sheet = await desk.notebook(
    "thousand.md",
    ...Array.from({ length: 1000 }, (_, i) => (i === 990 ? "v1 + 41" : source(i))),
  );
  const { page } = sheet;
  await until("all cells", 15_000, async () => (await page.locator("[data-cell]").count()) === 1000);
  // One has code editors and tools, the other its text.
  expect(await page.locator(".cm-editor").count()).toBeLessThan(60);
  expect(await page.locator(".run-btn").count()).toBeLessThan(120);
  expect(await sheet.cell(987).locator("pre").textContent()).toBe("v986 := 986\nv986");

  // By key to the end, and by typing there.
  await sheet.select(1);
  await sheet.press("End");
  await sheet.cell(1000).locator(".run-btn").waitFor();
  await until("the last cell in sight", 5000, () =>
    sheet.cell(1000).evaluate((n) => {
      const box = n.getBoundingClientRect();
      return box.top < innerHeight && box.bottom > 0;
    }),
  );
  await sheet.press("Enter");
  await page.keyboard.type("x");
  await until("what was typed", 5000, async () => (await sheet.cell(1000).innerText()).includes("x"));

  // Go to the definition of v1, from a cell at the other end.
  await sheet.edit(991);
  await sheet.press("Home", "F12");
  await until("the cell that defines it", 5000, () =>
    sheet.cell(2).evaluate((n) => n.contains(document.activeElement)),
  );
  // And back by scrolling.
  await sheet.cell(991).scrollIntoViewIfNeeded();
  await sheet.edit(991);
  await sheet.press("Control+Enter");
  await sheet.shows(991, "42");

  // Find goes to a cell that was never near.
  await sheet.press("Escape", "f");
  await page.getByRole("textbox", { name: editor.find, exact: true }).fill("v501 := 501");
  await page.keyboard.press("Enter");
  await sheet.cell(502).locator(".cm-editor").waitFor();
  await page.keyboard.press("Escape");

  // The page keeps its place while what is above it is made.
  await sheet.select(502);
  const top = () => sheet.cell(502).evaluate((n) => n.getBoundingClientRect().top);
  const before = await top();
  await page.mouse.move(700, 400);
  await page.mouse.wheel(0, -400);
  await until("the page to move", 5000, async () => (await top()) > before + 200);
  await page.waitForTimeout(500); // cells above come near, and are made meanwhile
  expect(Math.abs((await top()) - before - 400)).toBeLessThan(120);

  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  expect(await page.locator(".run-btn").count()).toBe(801); // of Go cells
  await sheet.close();
});
