// What a person does with a large table by its column menu, its toolbar and its boxes.

import { readFileSync, writeFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { text } from "../src/text/messages";
import { launch, Person } from "./browser";
import { Grid } from "./grid";
import { examples, Stnb, until } from "./stnb";

const t = text.grid;
const files = examples(true);
let browser: Browser;
let server: Stnb;

const notebook = `---
title: Tables
---

\`\`\`go
import (
	"fmt"

	st "stnb.dev/widgets"
)

big := st.SQL(\`SELECT range AS id, (range * 7919) % 1000003 AS code, CASE WHEN range % 10 > 0 THEN 'name ' || range % 7 END AS name,
DATE '2020-01-01' + CAST(range % 1000 AS INTEGER) AS day FROM range(300000)\`)
chosen := st.Selected(big, st.Selection("multi-row"), st.Key("chosen"))
st.Text(fmt.Sprint("chosen ", len(chosen.Rows)))
\`\`\`

\`\`\`go
edited := st.DataEditor(st.SQL("SELECT range AS id, 'x' AS note FROM range(20000)"), st.Key("edited"))
total, err := edited.Agg("sum(id)").Int()
st.Text(fmt.Sprint("total ", total, " ", err))
\`\`\`

\`\`\`go
type film struct {
	Name, Text, Info, Trailer string
	Tags                      []string
}
films := st.DataEditor([]film{
	{"A", "# Plot\\nand **more**", \`{"year": 1999}\`, "javascript:alert(1)", []string{"old"}},
	{"B", "", "", "", nil},
}, st.Key("films"), st.Column("Tags", st.MultiselectColumn(st.Choices("new", "old"), st.AcceptNew())),
	st.Column("Text", st.MarkdownColumn(st.Disabled(true))), st.Column("Info", st.JSONColumn()), st.Column("Trailer", st.VideoColumn()))
st.Text(fmt.Sprint("tags ", films[0].Tags, films[1].Tags))
st.Text(fmt.Sprint("words ", st.DataEditor([]string{"a", "b", "c"}, st.Dynamic(), st.Key("words"))))
st.Text(fmt.Sprint("pairs ", st.DataEditor([][]int{{1, 2}, {3, 4}}, st.Key("pairs"))))
\`\`\`
`;

beforeAll(async () => {
  writeFileSync(files.path("tables.md"), notebook);
  browser = await launch();
  server = await Stnb.start("run", files.path("tables.md"));
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  files.remove();
});

/** Runs a test on the page, by a person of their own. */
function on(what: string, body: (page: Page, table: Grid) => Promise<void>): void {
  test(what, async () => {
    const person = await Person.arrive(browser, { permissions: ["clipboard-read", "clipboard-write"] });
    const page = await person.open(server.url);
    await body(page, await new Grid(page).ready());
    await person.leave();
  });
}

async function says(grid: Grid, words: string): Promise<void> {
  await grid.page.getByText(words, { exact: true }).first().waitFor();
}

/** Opens the menu of a column by the list of columns, which needs no mouse on the canvas. */
async function menu(grid: Grid, column: string) {
  await grid.tool(t.columnList);
  await grid.page.getByRole("button", { name: t.columnMenu(column) }).click();
  return grid.page.getByRole("dialog", { name: t.columnMenu(column) });
}

on("a column's menu filters by range, text, value and what is missing", async (page, table) => {
  const id = await menu(table, "id");
  await id.getByLabel(t.from, { exact: true }).fill("100");
  await id.getByLabel(t.to, { exact: true }).fill("199");
  await says(table, t.found(100, 300_000));
  await page.keyboard.press("Escape");
  await table.columnShows(0, ["100", "101"]);
  expect((await table.titles())[0]).toContain("•");
  const name = await menu(table, "name");
  await name.getByText(t.distinct(7)).waitFor();
  await name.getByText(t.nulls(30_000)).waitFor();
  await name.getByLabel(t.contains).fill("NAME 3");
  await says(table, t.found(14, 300_000));
  await name.getByRole("button", { name: t.clearFilter }).click();
  await name.getByRole("checkbox", { name: "name 3" }).check();
  await name.getByRole("checkbox", { name: "name 4" }).check();
  await says(table, t.found(27, 300_000));
  await name.getByRole("button", { name: t.clearFilter }).click();
  await name.getByLabel(t.missing).selectOption("null");
  await says(table, t.found(10, 300_000));
  await page.keyboard.press("Escape");
  await table.box.getByRole("button", { name: t.clearAll }).click();
  await says(table, t.rows(300_000));
});

on("a column's menu has its summary, pins and hides it", async (page, table) => {
  const day = await menu(table, "day");
  await day.getByText("DATE", { exact: true }).waitFor();
  await day.getByText(t.range("2020-01-01", "2022-09-26")).waitFor();
  expect(await day.locator(".histogram span").count()).toBe(20);
  await day.getByRole("button", { name: t.pin }).click();
  await until("the day first", 5000, async () => (await table.titles())[0] === "day");
  await (await menu(table, "code")).getByRole("button", { name: t.hide }).click();
  await until("no code", 5000, async () => (await table.titles()).join() === "day,id,name");
  await table.tool(t.columnList);
  await page.getByRole("checkbox", { name: t.show("code") }).check();
  await until("the code", 5000, async () => (await table.titles()).join() === "day,id,code,name");
});

on("columns sort one after the other", async (page, table) => {
  await table.click(2, -1);
  await page.keyboard.down("Shift");
  await table.click(1, -1);
  await table.click(1, -1);
  await page.keyboard.up("Shift");
  await until("both marks", 10_000, async () => /name ↑1,/.test(`${(await table.titles())[2]},`));
  // Of the rows "name 0", the greatest codes first.
  const want: number[] = [];
  for (let i = 0; i < 300_000; i++) if (i % 7 === 0 && i % 10 > 0) want.push((i * 7919) % 1_000_003);
  want.sort((a, b) => b - a);
  await table.columnShows(1, want.slice(0, 5).map(String));
  await table.columnShows(2, ["name 0", "name 0"]);
});

on("a table is saved as Parquet", async (page, table) => {
  const wait = page.waitForEvent("download");
  await table.tool(t.downloadParquet);
  const download = await wait;
  expect(download.suggestedFilename()).toMatch(/_export\.parquet$/);
  const data = readFileSync(await download.path());
  expect([data.subarray(0, 4).toString(), data.subarray(-4).toString()]).toEqual(["PAR1", "PAR1"]);
  expect(data.length).toBeGreaterThan(300_000);
  for (const column of ["id", "code", "name", "day"]) expect(data.includes(column)).toBe(true);
});

on("a download is followed, and cancelled", async (page, table) => {
  let parts = 0;
  const go: (() => void)[] = [];
  await page.route("**/frames", async (route) => {
    if (route.request().postDataJSON().request.format === "csv" && ++parts > 1) {
      await new Promise<void>((done) => go.push(done));
    }
    await route.continue().catch(() => {}); // the browser may have given it up
  });
  let saved = false;
  page.on("download", () => {
    saved = true;
  });
  await table.tool(t.download);
  const status = table.box.getByRole("status").filter({ hasText: "export.csv" });
  await status.getByText("6 %").waitFor();
  await status.getByRole("button", { name: t.cancel }).click();
  await status.waitFor({ state: "detached" });
  for (const next of go) next();
  await table.drawn();
  expect([parts, saved]).toEqual([2, false]);
});

on("all rows are chosen, under an order and a filter too", async (page, table) => {
  await table.markAll();
  await page.getByText("chosen 300000").waitFor();
  await table.markAll();
  await page.getByText("chosen 0").waitFor();
  await table.click(1, -1);
  const id = await menu(table, "id");
  await id.getByLabel(t.to, { exact: true }).fill("149999");
  await says(table, t.found(150_000, 300_000));
  await page.keyboard.press("Escape");
  await table.markAll();
  await page.getByText("chosen 150000").waitFor();
  // They stay chosen when the other rows come back.
  await table.box.getByRole("button", { name: t.clearAll }).click();
  await says(table, t.rows(300_000));
  await table.mark(0);
  await page.getByText("chosen 149999").waitFor();
});

on("thousands of cells are pasted, and order and filters see them all", async (page) => {
  const editor = await new Grid(page, 1).ready();
  await editor.box.scrollIntoViewIfNeeded();
  await editor.choose(0, 0);
  const values = Array.from({ length: 6000 }, (_, i) => 1_000_000 + i);
  await editor.paste(values.join("\n"));
  const sum = values.reduce((a, b) => a + b) + ((6000 + 19_999) * 14_000) / 2;
  await page.getByText(`total ${sum} <nil>`).waitFor();
  const id = await menu(editor, "id");
  await id.getByLabel(t.from, { exact: true }).fill("1000000");
  await says(editor, t.found(6000, 20_000));
  await id.getByRole("button", { name: t.sortDown }).click();
  await editor.columnShows(0, ["1005999", "1005998"]);
});

on("cells of lists, Markdown, JSON and films open", async (page) => {
  const films = await new Grid(page, 2).ready();
  await films.box.scrollIntoViewIfNeeded();
  const open = async (column: number) => {
    await films.choose(column, 0);
    await page.keyboard.press("Enter");
    return page.locator("#portal");
  };
  const markdown = await open(1);
  await markdown.getByRole("heading", { name: "Plot" }).waitFor();
  await page.keyboard.press("Escape");
  await (await open(2)).getByText("1999").waitFor();
  await page.keyboard.press("Escape");
  await (await open(3)).getByText(t.noMedia).waitFor();
  await page.keyboard.press("Escape");

  const tags = await open(4);
  await tags.getByLabel("new", { exact: true }).check();
  await tags.getByLabel(t.newChoice).fill("typed");
  await page.keyboard.press("Enter"); // takes it
  await tags.getByLabel("typed").waitFor();
  await page.keyboard.press("Enter"); // ends the edit
  await page.getByText("tags [new old typed] []").waitFor();
  await films.paste("old, other"); // into the cell below, where the end of the edit led
  await page.getByText("tags [new old typed] [old other]").waitFor();
});

on("no key is lost, however quick they come", async (page) => {
  const words = await new Grid(page, 3).ready();
  await words.choose(0, 1);
  // The last two are typed below the last row.
  await words.burst("one\ntwo\nthree\nfour\n");
  await page.getByText("words [a one two three four]").waitFor();
  const pairs = await new Grid(page, 4).ready();
  await pairs.choose(0, 0);
  await pairs.burst("12\t34\n56\n");
  await page.getByText("pairs [[12 34] [3 56]]").waitFor();
});
