import { afterAll, beforeAll, expect, test } from "vitest";
import { editor } from "../src/text/messages/editor";
import { Desk } from "./desk";
import { until } from "./stnb";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk?.leave());

test("the variables panel lists names with type, size and preview; a click goes to the defining cell", async () => {
  const sheet = await desk.notebook(
    "vars.md",
    'name := "ada"',
    "ages := []int{30, 41, 52}",
    "twice := len(ages) * 2",
  );
  const { page } = sheet;
  await sheet.command("variables");
  const panel = page.getByRole("complementary", { name: editor.variables });
  await panel.getByText(editor.noKernelYet).waitFor();
  await sheet.runAll();
  const ages = panel.locator(".variable", { hasText: "ages" });
  await ages.getByText("[]int").first().waitFor();
  expect(await ages.innerText()).toMatch(/3 items/);
  await panel.locator(".variable", { hasText: "name" }).getByText("ada").first().waitFor();
  await panel.locator(".variable", { hasText: "twice" }).getByText("6").first().waitFor();

  await ages.getByRole("button", { name: "cell 2" }).click();
  await page.locator("[data-cell].active").nth(0).waitFor();
  expect(await sheet.cell(2).getAttribute("class")).toContain("active");

  await ages.getByRole("button", { name: "ages", exact: false }).first().click();
  await ages.getByText("52").first().waitFor();

  await sheet.write(2, "ages := []int{1, 2}");
  await sheet.press("Shift+Enter");
  await until("the new length", 15_000, async () => /2 items/.test(await ages.innerText()));
  for (const fact of [editor.kernel, editor.engineLabel, editor.memoryLabel]) {
    await panel.locator(".facts dt", { hasText: fact }).first().waitFor();
  }
  expect(await panel.locator(".facts").innerText()).toMatch(/\d+(\.\d+)?\s?MB/);
  await sheet.close();
});

test("the bar and the panel say which engine runs, and why", async () => {
  desk.write("shapes/go.mod", "module example.com/desk\n\ngo 1.26\n\nrequire example.com/shapes v1.0.0\n");
  desk.write(
    "shapes/vendor/modules.txt",
    "# example.com/shapes v1.0.0\n## explicit; go 1.21\nexample.com/shapes\n",
  );
  desk.write(
    "shapes/vendor/example.com/shapes/s.go",
    "package shapes\n\n// Sides is how many.\nconst Sides = 4\n",
  );
  const sheet = await desk.notebook(
    "shapes/engine.md",
    'import "example.com/shapes"\nn := shapes.Sides * 100\nn',
  );
  const { page } = sheet;
  await sheet.runAll();
  await sheet.shows(1, "400");
  await page.locator(".kernel .engine", { hasText: "ssa" }).waitFor();
  const why = "it is of another module, and runs on the ssa engine";
  expect(await page.locator("button.kernel").getAttribute("title")).toContain(why);
  await sheet.command("variables");
  await page.locator(".facts dd", { hasText: why }).waitFor();
  await sheet.close();
});

test("a frame in the variables panel opens its grid", async () => {
  desk.write(
    "frame.md",
    '```sql name="numbers"\nselect i as n, i * i as square from range(1000) t(i)\n```\n\n```go\nm := 5\n```\n',
  );
  const sheet = await desk.open("frame.md");
  const { page } = sheet;
  await sheet.command("variables");
  await sheet.runAll();
  const row = page.locator(".variable", { hasText: "numbers" });
  await row.getByRole("button", { name: "numbers" }).click();
  const dialog = page.getByRole("dialog", { name: "numbers" });
  await dialog.locator("canvas").first().waitFor();
  await dialog.getByText("1,000 rows").first().waitFor();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await sheet.close();
});

test("the graph shows which cell needs which, marks stale ones, and leads to them", async () => {
  const sheet = await desk.notebook("graph.md", "x := 1", "y := x + 1", "z := x + y\nz", "lonely := 5");
  const { page } = sheet;
  await sheet.runAll();
  await sheet.shows(3, "3");
  await sheet.command("graph");
  const panel = page.getByRole("complementary", { name: editor.graph });
  await panel.locator(".graph-node").nth(2).waitFor();
  expect(await panel.locator(".graph-node").count()).toBe(3);
  expect(await panel.locator("path.arrow").count()).toBe(3);
  await panel.getByText(editor.aloneCells(1)).waitFor();
  const third = panel.getByRole("button", { name: /Cell 3/ });
  expect(await third.textContent()).toContain("uses x of cell 1");
  await third.click();
  expect(await sheet.cell(3).getAttribute("class")).toContain("active");
  await sheet.write(1, "x := 7");
  await panel.locator(".graph-node.state-stale").nth(2).waitFor();
  await sheet.close();
});

test("a stale cell names the changed name and the cell it comes from", async () => {
  const sheet = await desk.notebook("why.md", "price := 3\nother := 4", "price * 2", "other");
  await sheet.runAll();
  await sheet.shows(2, "6");
  await sheet.write(1, "price := 30\nother := 4");
  await sheet
    .cell(2)
    .getByText(/needs price from cell 1, which is stale/)
    .waitFor();
  await sheet.press("Control+Enter");
  await sheet
    .cell(2)
    .getByText(/price changed in cell 1/)
    .waitFor();
  await sheet
    .cell(3)
    .getByText(/other changed in cell 1/)
    .waitFor();
  await sheet.close();
});

test("a running queue says how many cells are left", async () => {
  const sheet = await desk.notebook(
    "queue.md",
    'import "time"\ntime.Sleep(2 * time.Second)',
    "b := 2",
    "c := b\nc",
  );
  await sheet.runAll();
  await sheet.page.locator(".kernel .queue").getByText(editor.queue(3)).waitFor();
  await sheet
    .cell(2)
    .getByText(editor.state.queued as string)
    .waitFor();
  await sheet.shows(3, "2");
  await sheet.page.locator(".kernel .queue").waitFor({ state: "detached" });
  await sheet.close();
});

test("versions are listed with what differs, and one can be had back", async () => {
  const sheet = await desk.notebook("versions.md", "a := 1", "b := 2");
  const { page } = sheet;
  await sheet.write(1, "a := 100");
  await sheet.press("ControlOrMeta+S");
  await until("the save", 5000, () => desk.read("versions.md").includes("a := 100"));
  await sheet.write(2, "b := 200");
  await sheet.press("ControlOrMeta+S");
  await until("the save", 5000, () => desk.read("versions.md").includes("b := 200"));
  await sheet.command("history");
  const panel = page.getByRole("complementary", { name: editor.history });
  await until("three versions", 5000, async () => (await panel.getByRole("listitem").count()) === 3);
  await panel.getByRole("listitem").last().getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await dialog.locator(".diff .gone").getByText("a := 1", { exact: true }).waitFor();
  await dialog.locator(".diff .added").getByText("b := 200").waitFor();
  await dialog.getByRole("button", { name: editor.restoreVersion }).click();
  await sheet.reads("a := 1", "b := 2");
  await until("the file", 5000, () => desk.read("versions.md").includes("a := 1\n"));
  await until(
    "a version of what was there before",
    5000,
    async () => (await panel.getByRole("listitem").count()) >= 4,
  );
  await sheet.close();
});

const theirs = "```go\nx := 1\n```\n\n```go\ntheirs := 3\n```\n";

for (const [keep, name] of [
  ["mine", editor.keepMine],
  ["theirs", editor.takeTheirs],
  ["both", editor.keepBoth],
] as const) {
  test(`a change on disk while there are changes here gives a choice with a diff: ${keep}`, async () => {
    const file = `clash-${keep}.md`;
    const sheet = await desk.notebook(file, "x := 1", "y := 2");
    const { page } = sheet;
    const dialog = page.getByRole("dialog", { name: editor.conflictTitle });
    await desk.clash(sheet, file, theirs);
    await dialog
      .locator(".diff .added")
      .getByText(/y := 20+/)
      .waitFor();
    await dialog.locator(".diff .gone").getByText("theirs := 3").waitFor();
    await dialog.getByText(name, { exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    if (keep === "mine") {
      await until("mine on disk", 5000, () => desk.read(file).includes("y := 20"));
      await sheet
        .cell(2)
        .getByText(/y := 20+/)
        .first()
        .waitFor();
    } else {
      await sheet.reads("x := 1", "theirs := 3");
      expect(desk.read(file)).toBe(theirs);
    }
    if (keep === "both") {
      const list = await desk.owner.open(desk.address("/"));
      await list
        .getByText(/clash-both \(mine/)
        .first()
        .waitFor();
      await list.close();
    }
    await sheet.close();
  });
}
