import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { editor } from "../src/text/messages/editor";
import { list } from "../src/text/messages/list";
import { Desk } from "./desk";
import { until } from "./stnb";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start({ empty: true });
});
afterAll(() => desk?.leave(/status of 4\d\d/));

async function files(folder = ""): Promise<Page> {
  const page = await desk.owner.open(desk.address("/"));
  await page.getByRole("tab", { name: list.view.files }).click();
  for (const part of folder.split("/").filter(Boolean)) {
    await page.getByRole("button", { name: part, exact: true }).click();
  }
  return page;
}

const row = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name }).first();

async function act(page: Page, name: string, what: string): Promise<void> {
  await row(page, name)
    .getByRole("button", { name: /^Actions for/ })
    .click();
  await page.getByRole("menuitem", { name: what }).click();
}

test("an empty folder offers a tour of notebooks that teach", async () => {
  const page = await desk.owner.open(desk.address("/"));
  await page.getByRole("button", { name: list.tour }).click();
  await page.waitForURL(/\/edit\/tour\/01-cells\.md/);
  await page.locator("[data-cell]").first().waitFor();
  const made = readdirSync(desk.files.path("tour"));
  for (const topic of ["cells", "data", "widgets", "apps", "connections", "testing", "deployment"]) {
    expect(
      made.some((f) => f.endsWith(`-${topic}.md`)),
      topic,
    ).toBe(true);
  }
  // Each runs from its first cell to its last, here, with nothing but what came along.
  for (const file of made.filter((f) => f.endsWith(".md"))) {
    await page.goto(desk.address(`/edit/tour/${file}`));
    const runs = page.locator(".cell.kind-go, .cell.kind-sql");
    await runs.first().waitFor();
    await page.getByRole("button", { name: editor.runAll }).first().click();
    await until(`${file} to run`, 60_000, async () => {
      const states = await runs.evaluateAll((cells) => cells.map((c) => c.className));
      expect(states.filter((s) => /state-(failed|blocked)/.test(s))).toEqual([]);
      return states.every((s) => s.includes("state-done"));
    });
  }
  await page.close();
}, 180_000);

test("a notebook is made of a template, in a folder", async () => {
  mkdirSync(desk.files.path("work"), { recursive: true });
  const page = await files("work");
  await page.getByRole("button", { name: list.create }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: list.template }).selectOption({ label: "Looking at data" });
  await dialog.getByRole("textbox", { name: list.name }).fill("sales");
  await dialog.getByRole("button", { name: list.createIt }).click();
  await page.waitForURL(/\/edit\/work\/sales\.md/);
  await page.locator(".cell.kind-sql").first().waitFor();
  expect(desk.read("work/sales.md")).toContain("title: sales");
  await page.close();
});

test("folders are made; files are uploaded, renamed, moved, duplicated, downloaded and thrown away", async () => {
  const page = await files();
  await page.getByRole("button", { name: list.newFolder }).click();
  await page.getByRole("textbox", { name: list.folderName }).fill("things");
  await page.keyboard.press("Enter");
  await row(page, "things").getByRole("button", { name: "things", exact: true }).click();
  await page.getByText(list.emptyFolder).waitFor();

  await page
    .locator("input[type=file]")
    .setInputFiles([{ name: "a b.csv", mimeType: "text/csv", buffer: Buffer.from("x,y\n1,2\n") }]);
  await row(page, "a b.csv").waitFor();
  expect(desk.read("things/a b.csv")).toBe("x,y\n1,2\n");
  // The same name again is refused, and says so.
  await page
    .locator("input[type=file]")
    .setInputFiles([{ name: "a b.csv", mimeType: "text/csv", buffer: Buffer.from("other") }]);
  await page
    .getByRole("alert")
    .getByText(/already/)
    .waitFor();
  expect(desk.read("things/a b.csv")).toBe("x,y\n1,2\n");

  await act(page, "a b.csv", list.rename);
  await page.getByRole("textbox", { name: list.newPath }).fill("things/deep/c.csv");
  await page.keyboard.press("Enter");
  await until("the move", 5000, () => existsSync(desk.files.path("things/deep/c.csv")));
  await row(page, "deep").getByRole("button", { name: "deep", exact: true }).click();
  await act(page, "c.csv", list.duplicate);
  await row(page, "c (copy).csv").waitFor();

  const [download] = await Promise.all([
    page.waitForEvent("download"),
    act(page, "c (copy).csv", list.download),
  ]);
  expect(download.suggestedFilename()).toBe("c (copy).csv");
  expect(readFileSync((await download.path()) as string, "utf8")).toBe("x,y\n1,2\n");

  await act(page, "c (copy).csv", list.remove);
  await page.getByRole("dialog", { name: list.removeQuestion("things/deep/c (copy).csv") }).waitFor();
  await page.keyboard.press("Enter");
  await until("it to go", 5000, () => !existsSync(desk.files.path("things/deep/c (copy).csv")));
  expect(readdirSync(desk.files.path(".stnb/trash")).some((f) => f.includes("c (copy).csv"))).toBe(true);

  await page.getByRole("navigation", { name: list.path }).getByRole("button", { name: list.root }).click();
  await row(page, "things").waitFor();
  await page.close();
});

test("what was deleted is in the trash, to be had back or to go for good", async () => {
  const text = "# Wanted\n\n```go\nx := 1\n```\n";
  desk.write("wanted.md", text);
  desk.write("unwanted.md", text);
  const page = await files();
  for (const name of ["wanted.md", "unwanted.md"]) {
    await page
      .getByRole("listitem")
      .filter({ has: page.getByText(name, { exact: true }) })
      .getByRole("button", { name: /^Actions for/ })
      .click();
    await page.getByRole("menuitem", { name: list.remove }).click();
    const dialog = page.getByRole("dialog", { name: list.removeQuestion(name) });
    await dialog.getByRole("button", { name: list.remove, exact: true }).click();
    await dialog.waitFor({ state: "detached" });
  }
  expect(existsSync(desk.files.path("wanted.md"))).toBe(false);
  await page.getByRole("tab", { name: list.view.trash }).click();
  await page.getByRole("button", { name: list.restoreOf("wanted.md") }).click();
  await page.getByText(list.restored("wanted.md")).waitFor();
  expect(desk.read("wanted.md")).toBe(text);
  await page.getByRole("button", { name: list.forGoodOf("unwanted.md") }).click();
  await page.getByRole("dialog").getByRole("button", { name: list.forGood }).click();
  await page.getByRole("button", { name: list.forGoodOf("unwanted.md") }).waitFor({ state: "detached" });
  await page.getByRole("button", { name: list.emptyTrash }).click();
  await page.getByRole("dialog").getByRole("button", { name: list.emptyTrash }).click();
  await page.getByText(list.trashEmpty).waitFor();
  expect(existsSync(desk.files.path(".stnb/trash"))).toBe(false);
  await page.getByRole("tab", { name: list.view.notebooks }).click();
  await page
    .getByRole("region", { name: list.all })
    .getByRole("link", { name: /Wanted/ })
    .first()
    .waitFor();
  await page.close();
});

test("search finds names and texts; open notebooks and recent ones come first", async () => {
  desk.write("alpha.md", "# Alpha\n\n```go\nsecretWord := 1\n```\n");
  desk.write("beta.md", "# Beta\n\n```go\nx := 1\n```\n");
  const sheet = await desk.open("alpha.md");
  await sheet.runAll();
  await sheet.cell(2).locator(".ran").waitFor();
  const page = await desk.owner.open(desk.address("/"));
  const search = page.getByRole("searchbox", { name: list.filter });
  const open = page.getByRole("region", { name: list.openNotebooks });
  await open.getByRole("link", { name: /Alpha/ }).waitFor();
  await open
    .getByText(list.kernelState.idle as string)
    .first()
    .waitFor();
  await page.getByRole("region", { name: list.recent }).getByRole("link", { name: /Alpha/ }).waitFor();
  await search.fill("beta");
  await page.getByRole("region", { name: list.all }).getByRole("link", { name: /Beta/ }).waitFor();
  await search.fill("secretword");
  const found = page.getByRole("region", { name: list.inTexts });
  await found.getByText("secretWord := 1").waitFor();
  await found.getByRole("link").first().click();
  await page.waitForURL(/\/edit\/alpha\.md/);
  await page.close();
  await sheet.close();
});
