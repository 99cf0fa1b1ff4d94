// Tables on the screen: what the notebooks in examples/frames promise, tried by mouse
// and keyboard. A test whose name starts with an id is that promise of the acceptance
// list (see examples/acceptance_frames_test.go).

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { text } from "../src/text/messages";
import { launch, Person } from "./browser";
import { Grid, headerHeight, rowHeight } from "./grid";
import { examples, Stnb, until } from "./stnb";

let browser: Browser;
let server: Stnb;
const files = examples();
/** A page of another address that shows an app in a frame. */
let host: ReturnType<typeof createServer>;
let hostURL = "";
const t = text.grid;

beforeAll(async () => {
  browser = await launch();
  host = createServer((request, response) => {
    response.setHeader("Content-Type", "text/html");
    const app = new URL(request.url ?? "", "http://x").searchParams.get("app");
    response.end(
      `<iframe src="${app}" allow="clipboard-write;clipboard-read;" style="width:1100px;height:700px"></iframe>`,
    );
  });
  await new Promise<void>((done) => host.listen(0, "127.0.0.1", done));
  hostURL = `http://localhost:${(host.address() as AddressInfo).port}/`;
  mkdirSync(files.path("frames/.stnb"));
  writeFileSync(files.path("frames/.stnb/config.toml"), `[app]\nembed = ["${hostURL.slice(0, -1)}"]\n`);
  server = await Stnb.start("run", files.path("frames"));
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  host?.close();
  files.remove();
});

/** Runs a test on the page of an example, by a person of their own. */
function on(name: string, what: string, body: (page: Page) => Promise<void>): void {
  test(what, async () => {
    let page: Page | undefined;
    const person = await Person.arrive(browser, {
      permissions: ["clipboard-read", "clipboard-write"],
      viewport: { width: name === "columns" ? 2000 : 1280, height: 900 },
    });
    try {
      page = await person.open(address(name));
      await new Grid(page).ready();
      await body(page);
    } catch (e) {
      const seen = await page?.locator("body").innerText();
      const rows = page && (await new Grid(page).rows());
      await person.context.close();
      throw new Error(
        `${e instanceof Error ? e.message : e}\nThe page says:\n${seen}\n${JSON.stringify(rows)}`,
      );
    }
    await person.leave();
  });
}

const address = (name: string) => new URL(`?app=${name}`, server.url).href;
/** Waits until the page says the words. (What is drawn in a grid is not among them.) */
async function says(page: Page, words: string | RegExp): Promise<void> {
  await until(`the page to say ${words}`, 20_000, async () => {
    const all = (await page.locator("body").innerText()).replaceAll(/\s+/g, " ");
    return typeof words === "string" ? all.includes(words) : words.test(all);
  });
}
const favorite = (page: Page, name: string) => says(page, `Your favorite command is ${name}`);

on("dataframe", "C01 a static table and an editable one, as wide as the page", async (page) => {
  const table = new Grid(page);
  await table.shows(0, 0, "st.Selectbox");
  await table.type(0, 0, "changed");
  await table.shows(0, 0, "st.Selectbox");
  const content = (await page.locator("main").first().boundingBox())!.width;
  expect((await table.box.boundingBox())!.width).toBeGreaterThan(0.5 * content);
  const parent = await table.box.evaluate((e) => e.parentElement!.clientWidth);
  expect((await table.box.boundingBox())!.width).toBeGreaterThan(parent - 2);
  await page.goto(address("editor"));
  const editor = await new Grid(page).ready();
  await editor.shows(0, 0, "st.Selectbox");
  await editor.type(0, 0, "changed");
  await editor.shows(0, 0, "changed");
});

on("dataframe", "C02 cells look like their types", async (page) => {
  const table = new Grid(page);
  await table.shows(2, 0, "true");
  expect(await table.rows()).toEqual([
    ["st.Selectbox", "4", "true"],
    ["st.Balloons", "5", "false"],
    ["st.TimeInput", "3", "true"],
  ]);
  // A number stands at the right of its cell, a text at the left.
  expect(await ink(table, 1, 0)).toBeGreaterThan(0.5);
  expect(await ink(table, 0, 0)).toBeLessThan(0.5);
});

/** Where in a cell, from 0 to 1, most of what is drawn stands. */
async function ink(grid: Grid, column: number, row: number): Promise<number> {
  const borders = await grid.borders();
  const right = borders[column] ?? (await grid.canvas.boundingBox())!.width;
  const left = column > 0 ? borders[column - 1]! : 36;
  return grid.canvas.evaluate(
    (node, [x0, x1, y]) => {
      const canvas = node as HTMLCanvasElement;
      const scale = canvas.width / canvas.clientWidth;
      const ctx = canvas.getContext("2d")!;
      const width = Math.floor((x1! - x0! - 8) * scale);
      const { data } = ctx.getImageData((x0! + 4) * scale, (y! - 8) * scale, width, 16 * scale);
      let sum = 0;
      let weight = 0;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i]! > 128) continue;
        sum += (i / 4) % width;
        weight++;
      }
      return weight === 0 ? 0.5 : sum / weight / width;
    },
    [left, right, headerHeight + (row + 0.5) * rowHeight],
  );
}

on("dataframe", "C03 a click on a heading sorts, up, down, not", async (page) => {
  const table = new Grid(page);
  await table.columnShows(1, ["4", "5", "3"]);
  await table.click(1, -1);
  await table.columnShows(1, ["3", "4", "5"]);
  await table.click(1, -1);
  await table.columnShows(1, ["5", "4", "3"]);
  await table.click(1, -1);
  await table.columnShows(1, ["4", "5", "3"]);
});

on("dataframe", "C04 a column is resized by its border", async (page) => {
  const table = new Grid(page);
  const [first] = await table.borders();
  const box = (await table.canvas.boundingBox())!;
  await page.mouse.move(box.x + first!, box.y + headerHeight / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + first! + 60, box.y + headerHeight / 2, { steps: 6 });
  await page.mouse.up();
  const [now] = await table.borders(true);
  expect(now).toBeGreaterThan(first! + 40);
});

on("dataframe", "C05 the table is resized by its corner", async (page) => {
  const table = new Grid(page);
  const frame = table.box.locator(".grid-box");
  const before = (await frame.boundingBox())!;
  const [x, y] = [before.x + before.width - 5, before.y + before.height - 5];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 150, y + 120, { steps: 8 });
  await page.mouse.up();
  const after = (await frame.boundingBox())!;
  expect(after.height).toBeGreaterThan(before.height + 80);
  expect(after.width).toBeLessThan(before.width - 80);
});

on("dataframe", "C06 fullscreen, and back by Escape", async (page) => {
  const table = new Grid(page);
  await table.tool(t.fullscreen);
  await until("the table to fill the screen", 5000, async () => {
    const box = (await table.box.boundingBox())!;
    return box.width >= 1279 && box.height >= 899;
  });
  await table.shows(0, 0, "st.Selectbox");
  await table.tool(t.exitFullscreen);
  expect((await table.box.boundingBox())!.width).toBeLessThan(1200);
});

on("dataframe", "C07 search by its icon and by Ctrl+F", async (page) => {
  const table = new Grid(page);
  await table.tool(t.search);
  await page.keyboard.type("balloon");
  await table.columnShows(0, ["st.Balloons"]);
  await until("one row", 5000, async () => (await table.rows()).length === 1);
  await page.keyboard.press("Escape");
  await table.columnShows(0, ["st.Selectbox", "st.Balloons", "st.TimeInput"]);
  await table.click(0, 0);
  await page.keyboard.press("ControlOrMeta+F");
  await table.box.getByRole("textbox", { name: t.search }).fill("time");
  await table.columnShows(0, ["st.TimeInput"]);
});

on("dataframe", "C08 the toolbar saves a CSV file", async (page) => {
  const { name, data } = await saved(page, () => new Grid(page).tool(t.download));
  expect(name).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d_export\.csv$/);
  expect(data.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  expect(data.subarray(3).toString().replaceAll("\r\n", "\n").trim()).toBe(
    "command,rating,is_widget\nst.Selectbox,4,true\nst.Balloons,5,false\nst.TimeInput,3,true",
  );
});

/** Shows all columns of a table in fullscreen, and returns their titles. */
async function wide(table: Grid): Promise<string[]> {
  await table.tool(t.fullscreen);
  let titles: string[] = [];
  await until("all columns", 10_000, async () => {
    titles = await table.titles();
    return titles.includes("sold");
  });
  await table.borders(true);
  return titles;
}

async function narrow(table: Grid): Promise<void> {
  await table.tool(t.exitFullscreen);
  await until("the page", 10_000, async () => !(await table.titles()).includes("sold"));
  await table.borders(true);
}

async function saved(page: Page, act: () => Promise<void>): Promise<{ name: string; data: Buffer }> {
  const wait = page.waitForEvent("download");
  await act();
  const download = await wait;
  return { name: download.suggestedFilename(), data: readFileSync(await download.path()) };
}

on("dataframe", "C09 cells are copied for a spreadsheet", async (page) => {
  const table = new Grid(page);
  await table.click(1, 1);
  expect(await table.copy()).toBe("5");
  await table.click(0, 0);
  await page.keyboard.down("Shift");
  await table.click(2, 1);
  await page.keyboard.up("Shift");
  expect(await table.copy()).toBe("st.Selectbox\t4\ttrue\nst.Balloons\t5\tfalse");
});

on("dataframe", "C10 slices, maps and lazy queries are tables", async (page) => {
  const want = [["red"], ["one", "1"], ["1", "2.5"], ["0", "0"]];
  for (const [i, row] of want.entries()) {
    const table = await new Grid(page, i + 1).ready();
    await table.shows(0, 0, row[0]!);
    expect((await table.rows())[0]).toEqual(row);
  }
});

on("editor", "C11 any cell is edited, and what depends on it changes", async (page) => {
  const table = new Grid(page);
  await favorite(page, "st.Balloons");
  const { x, y } = await table.point(1, 2);
  await page.mouse.dblclick(x, y);
  await page.locator(".grid-edit").waitFor();
  await table.drawn();
  await page.keyboard.press("ControlOrMeta+A");
  await table.enter("9", "Enter");
  await favorite(page, "st.TimeInput");
  await table.type(0, 2, "st.Slider");
  await favorite(page, "st.Slider");
  await table.click(2, 1);
  await page.keyboard.press("Space");
  await table.shows(2, 1, "true");
});

on("edits", "C12 rows are added by the plus and by the row below the last", async (page) => {
  const table = new Grid(page);
  await table.tool(t.addRow);
  await table.shows(0, 3, "");
  await table.type(0, 3, "st.Map");
  await says(page, /added \[map\[.*command:st.Map/);
  await table.click(1, 4);
  await until("a fifth row", 10_000, async () => (await table.rows()).length === 5);
  await table.type(1, 4, "7");
  await says(page, /added \[.*rating:7/);
});

on("edits", "C13 rows are deleted by their boxes and the bin, or by Delete", async (page) => {
  const table = new Grid(page);
  await table.mark(0);
  await table.tool(t.deleteRows);
  await says(page, "deleted [0]");
  await table.columnShows(0, ["st.Balloons", "st.TimeInput"]);
  await table.mark(1);
  await page.keyboard.press("Delete");
  await says(page, "deleted [0 2]");
  await says(page, "rows [{st.Balloons 5 false}]");
});

on("edits", "C14 cells are pasted from spreadsheets and from other editors", async (page) => {
  const table = new Grid(page);
  await table.click(0, 1);
  await table.paste("st.A\t1\nst.B\t2\nst.C\t3");
  await says(page, "rows [{st.Selectbox 4 true} {st.A 1 false} {st.B 2 true} {st.C 3 false}]");
  // As spreadsheets and documents give it: HTML beside the text.
  await page.evaluate(() =>
    navigator.clipboard.write([
      new ClipboardItem({
        "text/html": new Blob(
          ["<table><tr><td>st.D</td><td>4</td></tr><tr><td>st.E</td><td>5</td></tr></table>"],
          { type: "text/html" },
        ),
        "text/plain": new Blob(["st.D\t4\nst.E\t5"], { type: "text/plain" }),
      }),
    ]),
  );
  await table.click(0, 0);
  await page.keyboard.press("ControlOrMeta+V");
  await says(page, "rows [{st.D 4 true} {st.E 5 false} {st.B 2 true} {st.C 3 false}]");
  // From one editor to another.
  await table.click(0, 0);
  await page.keyboard.down("Shift");
  await table.click(1, 0);
  await page.keyboard.up("Shift");
  await table.copy();
  await page.goto(address("editor"));
  const other = await new Grid(page).ready();
  await other.shows(0, 2, "st.TimeInput");
  await other.choose(0, 2);
  await page.keyboard.press("ControlOrMeta+V");
  await other.shows(0, 2, "st.D");
  await other.shows(1, 2, "4");
});

on("edits", "C15 each pasted cell is taken or not by itself", async (page) => {
  const table = new Grid(page);
  await table.click(0, 0);
  await table.paste("st.A\tmany\tno\nst.B\t8\tperhaps");
  await table.shows(0, 0, "st.A");
  await says(page, "rows [{st.A 4 false} {st.B 8 false} {st.TimeInput 3 true}]");
});

test("C16 copy and paste in a frame of another site", async () => {
  // Another site's frame keeps its cookie only over https: localhost shows 127.0.0.1.
  certificate(files.dir);
  const secure = await Stnb.start(
    "run",
    files.path("frames"),
    ...["--tls-cert", files.path("cert.pem"), "--tls-key", files.path("key.pem")],
  );
  const person = await Person.arrive(browser, {
    ignoreHTTPSErrors: true,
    permissions: ["clipboard-read", "clipboard-write"],
  });
  try {
    const app = new URL("?app=edits", secure.url).href;
    const page = await person.open(`${hostURL}?app=${encodeURIComponent(app)}`);
    const frame = page.frameLocator("iframe");
    const table = await new Grid(page, 0, frame).ready();
    await table.choose(0, 0);
    await page.keyboard.press("ControlOrMeta+C");
    await table.choose(0, 1);
    await page.keyboard.press("ControlOrMeta+V");
    await table.shows(0, 1, "st.Selectbox");
    await frame.getByText("rows [{st.Selectbox 4 true} {st.Selectbox 5 false}").waitFor({ timeout: 15_000 });
    const { sameSite, partitionKey } = (await person.context.cookies(app))[0]!;
    expect([sameSite, partitionKey]).toEqual(["None", "http://localhost"]);
    await person.leave();
  } finally {
    await person.context.close();
    await secure.stop();
  }
});

/** Makes a certificate for this machine, cert.pem and key.pem, with Go's own tool. */
function certificate(dir: string): void {
  const go = execFileSync("go", ["env", "GOROOT"]).toString().trim();
  execFileSync("go", ["run", join(go, "src/crypto/tls/generate_cert.go"), "--host", "127.0.0.1"], {
    cwd: dir,
  });
}

on("edits", "C17 session state has the edits in three parts, and takes them", async (page) => {
  const table = new Grid(page);
  await says(page, "edited map[]");
  await table.type(1, 1, "2");
  await says(page, "edited map[1:map[rating:2]]");
  await table.mark(0);
  await table.tool(t.deleteRows);
  await says(page, "deleted [0]");
  await page.getByRole("button", { name: "Start again" }).click();
  await says(page, "deleted []");
  await table.columnShows(0, ["st.Selectbox", "st.Balloons", "st.TimeInput"]);
  await page.getByRole("button", { name: "Rate the first" }).click();
  await table.shows(1, 0, "1");
  await says(page, "rows [{st.Selectbox 1 true}");
});

on("edits", "C21 every edit runs the script", async (page) => {
  const table = new Grid(page);
  await table.type(1, 0, "1");
  await says(page, "edited map[0:map[rating:1]]");
  await table.type(1, 0, "2");
  await says(page, "edited map[0:map[rating:2]]");
  // Two quick edits: neither is lost.
  await table.choose(1, 1);
  await table.enter("8", "Enter");
  await table.enter("9", "Enter");
  await says(page, "rows [{st.Selectbox 2 true} {st.Balloons 8 false} {st.TimeInput 9 true}]");
});

on("edits", "C22 rows keep their numbers", async (page) => {
  const table = new Grid(page);
  await table.mark(0);
  await table.tool(t.deleteRows);
  await table.columnShows(0, ["st.Balloons"]);
  await table.tool(t.addRow);
  await table.type(0, 2, "st.Last");
  await table.type(1, 0, "1"); // what was row 1
  await says(page, "edited map[1:map[rating:1]]");
  await says(page, /rows \[\{st.Balloons 1 false\} \{st.TimeInput 3 true\} \{st.Last/);
});

on("edits", "C24 the fill handle", async (page) => {
  const table = new Grid(page);
  await table.click(1, 0);
  const [, second] = await table.borders();
  const box = (await table.canvas.boundingBox())!;
  // The handle is the cell's lower right corner.
  const [x, y] = [box.x + second! - 3, box.y + headerHeight + rowHeight - 3];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 4, y + rowHeight, { steps: 5 });
  await page.mouse.move(x - 4, y + 2 * rowHeight - 10, { steps: 5 });
  await page.mouse.up();
  await says(page, "rows [{st.Selectbox 4 true} {st.Balloons 4 false} {st.TimeInput 4 true}]");
});

on("edits", "C25 a spreadsheet's keys", async (page) => {
  const table = new Grid(page);
  await table.type(1, 0, "1");
  await says(page, "rows [{st.Selectbox 1 true}");
  await page.keyboard.press("ControlOrMeta+Z");
  await says(page, "rows [{st.Selectbox 4 true}");
  await page.keyboard.press("ControlOrMeta+Shift+Z");
  await says(page, "rows [{st.Selectbox 1 true}");
  await page.keyboard.press("ControlOrMeta+Z");
  await says(page, "rows [{st.Selectbox 4 true}");
  // Down: the first row of the choice fills the others.
  await table.click(1, 0);
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("ControlOrMeta+D");
  await says(page, "rows [{st.Selectbox 4 true} {st.Balloons 4 false} {st.TimeInput 4 true}]");
  // Everything.
  await page.keyboard.press("ControlOrMeta+A");
  expect((await table.copy()).split("\n").length).toBe(3);
  // Delete empties; a bool without a value is false in Go.
  await table.click(0, 2);
  await page.keyboard.press("Delete");
  await says(page, "{ 4 true}]");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowRight");
  await table.enter("6", "Tab");
  await says(page, "{st.Balloons 6 false}");
});

on("structures", "C26 lists, matrices, records and maps come back in their own types", async (page) => {
  const list = await new Grid(page, 0).ready();
  await list.tool(t.addRow);
  await list.type(0, 3, "pink");
  await says(page, "Here are all the colors you entered: [red green blue pink]");
  const matrix = await new Grid(page, 1).ready();
  await matrix.type(2, 0, "5.5");
  await says(page, "[][]interface {} [[st.TextArea widget 5.5] [st.Markdown element 47.22]]");
  const records = await new Grid(page, 2).ready();
  await records.type(1, 1, "text");
  await says(
    page,
    "[]map[string]interface {} [map[name:st.TextArea type:widget] map[name:st.Markdown type:text]]",
  );
  const kinds = await new Grid(page, 3).ready();
  await kinds.type(1, 0, "text");
  await says(page, "map[string]string map[st.Markdown:text st.TextArea:widget]");
  const numbers = await new Grid(page, 4).ready();
  await numbers.type(0, 0, "5");
  await says(page, "499999500005");
  await numbers.mark(1);
  await numbers.tool(t.deleteRows);
  await says(page, "999999");
});

on("columns", "C27 what does not fit a cell is not taken", async (page) => {
  const table = new Grid(page);
  await table.type(2, 0, "abc");
  await table.shows(2, 0, "12");
  await table.type(2, 0, "200");
  await table.shows(2, 0, "12");
  await table.type(2, 0, "99");
  await table.shows(2, 0, "99");
  await says(page, "stock 99");
});

on("columns", "C28 every kind of column is shown and, where it can be, edited", async (page) => {
  const table = new Grid(page);
  await wide(table);
  await table.shows(3, 0, "true");
  await table.shows(4, 0, "drink");
  await narrow(table);
  await table.click(3, 1);
  await page.keyboard.press("Space");
  await says(page, /bread: .*fresh true/);
  await table.click(4, 1);
  await page.keyboard.press("Enter");
  await page.locator(".grid-edit").selectOption("tool");
  await says(page, /bread: .*kind tool/);
  await table.click(5, 1);
  await page.keyboard.press("Enter");
  await page.locator(".grid-edit").fill("2026-03-04");
  await page.keyboard.press("Enter");
  await says(page, /bread: .*day 2026-03-04/);
});

on("columns", "C29 labels, widths and required columns", async (page) => {
  const table = new Grid(page);
  const titles = await table.titles();
  expect(titles[0]).toContain("Good");
  expect(titles[0]).toContain("*");
  expect(titles[3]).toContain("Fresh?");
  const [first] = await table.borders();
  expect(first).toBeGreaterThan(195);
});

on("columns", "C30 formats", async (page) => {
  const table = new Grid(page);
  await table.shows(1, 0, "$4.50");
  await table.shows(5, 0, "31.01.2026");
  await wide(table);
  await table.shows(7, 0, "31 Jan 2026, 09:30");
});

on("columns", "C31 small charts between their bounds", async (page) => {
  const table = new Grid(page);
  const titles = await wide(table);
  await table.shows(titles.indexOf("week"), 0, "1, 5, 2, 8, 3");
  await table.shows(titles.indexOf("year"), 0, "3, 1, 4, 1, 5");
  await table.shows(titles.indexOf("sold"), 0, "0.25");
});

on("empty", "C33 a row comes when what is required is there", async (page) => {
  const table = new Grid(page);
  await table.tool(t.addRow);
  await table.type(1, 0, "40");
  await page.getByRole("button", { name: "Get results" }).click();
  await says(page, "map[age:[] color:[] name:[]]");
  await table.type(0, 0, "Ada");
  await page.getByRole("button", { name: "Get results" }).click();
  await says(page, "map[age:[40] color:[<nil>] name:[Ada]]");
});

on("columns", "C34 texts are bounded by length and pattern", async (page) => {
  const table = new Grid(page);
  await table.type(0, 0, "much too long a name");
  await table.shows(0, 0, "tea");
  await table.type(0, 0, "NOT");
  await table.shows(0, 0, "tea");
  await table.type(0, 0, "green tea");
  await says(page, "green tea: price");
});

on("columns", "C35 numbers and dates are bounded", async (page) => {
  const table = new Grid(page);
  await table.type(1, 0, "100");
  await table.shows(1, 0, "$4.50");
  await table.click(5, 0);
  await table.paste("2027-01-01");
  await table.shows(5, 0, "31.01.2026");
  await table.paste("1.12.2026");
  await table.shows(5, 0, "01.12.2026");
  await says(page, /tea: .*day 2026-12-01/);
});

on("columns", "C36 a choice among options", async (page) => {
  const table = new Grid(page);
  await table.click(4, 0);
  await table.paste("car");
  await table.shows(4, 0, "drink");
  await page.keyboard.press("Enter");
  expect(await page.locator(".grid-edit option").allInnerTexts()).toEqual(["", "drink", "food", "tool"]);
  await page.locator(".grid-edit").selectOption("food");
  await says(page, /tea: .*kind food/);
});

on("empty", "C38 a table that starts empty", async (page) => {
  const table = new Grid(page);
  expect((await table.titles()).map((x) => x.replace(" *", ""))).toEqual([
    "Full Name (required)",
    "Age (years)",
    "Favorite Color",
  ]);
  await table.click(0, 0); // the row below the last
  await until("a row", 10_000, async () => (await table.rows()).length === 1);
  await table.type(0, 0, "Ada");
  await table.type(1, 0, "200");
  await table.type(1, 0, "36");
  await table.click(2, 0);
  await table.paste("blue");
  await page.getByRole("button", { name: "Get results" }).click();
  await says(page, "map[age:[36] color:[blue] name:[Ada]]");
});

on("options", "C39 the numbers of rows can be hidden", async (page) => {
  const bare = new Grid(page, 0);
  const numbered = await new Grid(page, 2).ready();
  const dark = (g: Grid) =>
    g.canvas.evaluate(
      (node, y) => {
        const canvas = node as HTMLCanvasElement;
        const scale = canvas.width / canvas.clientWidth;
        const { data } = canvas.getContext("2d")!.getImageData(0, 0, 6 * scale, y * scale);
        return data.length;
      },
      headerHeight + 3 * rowHeight,
    );
  expect(await dark(bare)).toBeGreaterThan(0);
  // Without numbers the first column begins at the edge.
  await bare.click(0, 0);
  const box = (await bare.canvas.boundingBox())!;
  await page.mouse.click(box.x + 6, box.y + headerHeight + rowHeight * 1.5);
  expect(await bare.copy()).toBe("7");
  const other = (await numbered.canvas.boundingBox())!;
  await numbered.click(1, 0);
  expect(await numbered.copy()).toBe("3");
  await page.mouse.click(other.x + 6, other.y + headerHeight + rowHeight * 1.5);
});

on("options", "C40 columns have an order", async (page) => {
  expect(await new Grid(page).titles()).toEqual(["Age", "Name", "Chip"]);
});

on("options", "C41 columns can be read-only", async (page) => {
  const table = new Grid(page);
  await table.type(2, 0, "zz");
  await table.shows(2, 0, "a1");
  await table.click(1, 0);
  await table.paste("Eve\tzz");
  await table.shows(1, 0, "Eve");
  await table.shows(2, 0, "a1");
  await says(page, "[{Eve 3 a1 shy}");
});

on("large", "C42 millions of rows", async (page) => {
  const table = new Grid(page);
  await table.shows(0, 0, "0");
  await table.click(0, 0);
  await page.keyboard.press("ControlOrMeta+End");
  await until("the last row", 15_000, async () => (await table.rows()).some((r) => r[2] === "row 999999"));
  const bytes = await page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .filter((e) => e.name.includes("/frames"))
      .reduce((sum, e) => sum + (e as PerformanceResourceTiming).encodedBodySize, 0),
  );
  expect(bytes).toBeLessThan(300_000);
});

on("large", "C43 sorting at any size", async (page) => {
  const table = new Grid(page);
  await table.shows(1, 1, "7919");
  await table.click(1, -1);
  await table.columnShows(1, ["0", "1", "2", "3"]);
  await table.click(1, -1);
  await until("the largest first", 15_000, async () => (await table.column(1))[0] === "1000002");
});

on("options", "C45 one toolbar for every table", async (page) => {
  const tools = (i: number) => new Grid(page, i).box.getByRole("toolbar").getByRole("button").all();
  const names = async (i: number) =>
    Promise.all((await tools(i)).map(async (b) => (await b.getAttribute("aria-label")) ?? ""));
  const shown = await names(1);
  expect(shown).toEqual(await names(2));
  for (const name of shown) expect(await names(0)).toContain(name);
  expect(shown).toContain(t.search);
});

on("columns", "C46 lists, images and charts are only shown", async (page) => {
  const table = new Grid(page);
  const titles = await wide(table);
  const i = titles.indexOf("tags");
  await table.click(i, 0);
  await table.paste("nothing");
  await table.type(titles.indexOf("week"), 0, "5");
  expect(await table.cell(i, 0).textContent()).toContain("hot");
  await narrow(table);
  await table.type(0, 0, "cocoa");
  await says(page, "cocoa: price");
});

on("large", "C48 sorting and searching while rows come and go", async (page) => {
  const table = await new Grid(page, 1).ready();
  await table.shows(1, 1, "7919");
  await table.click(1, -1);
  await table.columnShows(1, ["0", "1", "2"]);
  // The row that is second by code is edited: the edit finds its row.
  const name = (await table.rows())[1]![2]!;
  await table.type(1, 1, "2000000");
  const total = (await page.getByRole("table").last().innerText()).replaceAll(/\s+/g, " ");
  expect(total).toContain("1000000");
  await table.click(1, -1); // down: it is the greatest now
  await until("the edited row first", 15_000, async () => (await table.rows())[0]?.[2] === name);
  await table.shows(1, 0, "2000000");
  await table.mark(0);
  await table.tool(t.deleteRows);
  await says(page, "999999");
  await until("it to go", 15_000, async () => (await table.rows())[0]?.[2] !== name);
  await table.tool(t.addRow);
  await says(page, "1000000");
  await table.tool(t.search);
  await table.box.getByRole("textbox", { name: t.search }).fill("row 77777");
  await until("what was searched", 15_000, async () =>
    (await table.column(2)).filter((x) => x !== "").every((x) => x.includes("row 77777")),
  );
});

on("options", "selected rows keep their numbers under another order", async (page) => {
  const table = await new Grid(page, 1).ready();
  await table.columnShows(0, ["Ida", "Bo", "Cleo", "Dot"]);
  await table.mark(1);
  await says(page, "rows [1]");
  await table.click(1, -1);
  await table.columnShows(0, ["Cleo", "Ida", "Dot", "Bo"]);
  await says(page, "rows [1]");
  await table.mark(0);
  await says(page, /rows \[(1 2|2 1)\]/);
});
