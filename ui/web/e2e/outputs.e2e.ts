import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { editor } from "../src/text/messages/editor";
import { Desk } from "./desk";
import { until } from "./stnb";

const validator = fileURLToPath(new URL("../../../cmd/stnb/testdata/python/validate.py", import.meta.url));

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk?.leave());

test("outputs of an .md notebook are there again after the server was restarted", async () => {
  let sheet = await desk.notebook("kept.md", 'import "fmt"\nfmt.Println("kept for later")', "6 * 7");
  await sheet.runAll();
  await sheet.output(1).getByText("kept for later").first().waitFor();
  await sheet.shows(2, "42");
  await until("the side file", 5000, () => {
    try {
      return desk.read(".stnb/outputs/kept.md.json").includes("42");
    } catch {
      return false;
    }
  });
  await sheet.close();
  await desk.owner.leave(/WebSocket|Failed to load resource/);
  await desk.stnb.kill();
  await desk.serve();
  sheet = await desk.open("kept.md");
  await sheet.output(1).getByText("kept for later").first().waitFor();
  await sheet.shows(2, "42");
  await sheet
    .cell(2)
    .getByText(/Stale: it has not run since the notebook was opened/)
    .waitFor();
  await sheet.runAll();
  await until("fresh cells", 15_000, async () => (await sheet.page.locator(".state-stale").count()) === 0);
  await sheet.close();
});

test("outputs go into an .ipynb as nbformat says, and out of it with the setting", async () => {
  const name = "inside.ipynb";
  const code = (id: string, source: string) => ({
    cell_type: "code",
    id,
    metadata: {},
    execution_count: null,
    outputs: [],
    source: [source],
  });
  desk.write(
    name,
    JSON.stringify({
      cells: [
        code("a", 'import "fmt"\nimport st "stnb.dev/widgets"\nfmt.Println("printed")\n[]int{4, 5}'),
        code("b", "%%sql\nselect 17 as n, 'x' as s"),
        code(
          "c",
          'st.Image([]byte(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`))\n6 * 7',
        ),
        code("d", "xs := []int{}\nxs[3]"),
      ],
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    }),
  );
  let sheet = await desk.open(name);
  await sheet.runAll();
  await sheet
    .output(4)
    .getByText(/index out of range/)
    .first()
    .waitFor();
  await until("the outputs in the file", 10_000, () => /index out of range/.test(desk.read(name)));
  const saved = desk.read(name);
  const cells = JSON.parse(saved).cells as {
    execution_count: number;
    outputs: { data?: object; text?: string[] }[];
  }[];
  expect(cells.map((c) => c.execution_count)).toEqual([1, 2, 3, 4]);
  expect(cells[0]?.outputs[0]?.text).toEqual(["printed\n"]);
  expect(JSON.stringify(cells[1]?.outputs)).toContain("<td>17</td>");
  expect(Object.keys(cells[2]?.outputs[0]?.data ?? {})).toContain("image/svg+xml");
  validate(desk.files.path(name));

  // The same again is no change; and without the side file, the file alone is enough.
  await sheet.runAll();
  await sheet.command("save");
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(desk.read(name)).toBe(saved);
  await sheet.close();
  await desk.owner.leave(/WebSocket|Failed to load resource/);
  await desk.stnb.stop();
  rmSync(desk.files.path(`.stnb/outputs/${name}.json`));
  await desk.serve();
  sheet = await desk.open(name);
  await sheet.output(1).getByText("printed").first().waitFor();
  await sheet.output(2).getByRole("cell", { name: "17" }).waitFor();
  await sheet.output(3).locator("img").first().waitFor();
  await sheet
    .output(4)
    .getByText(/index out of range/)
    .first()
    .waitFor();
  await sheet
    .cell(1)
    .getByText(/Stale: it has not run since the notebook was opened/)
    .waitFor();
  expect(desk.read(name)).toBe(saved);

  await sheet.command("omitOutputs");
  await until("a file without outputs", 5000, () => !desk.read(name).includes("output_type"));
  await sheet.output(1).getByText("printed").first().waitFor();
  validate(desk.files.path(name));
  await sheet.command("omitOutputs");
  await until("a file with outputs", 5000, () => desk.read(name).includes("printed"));
  validate(desk.files.path(name));
  await sheet.close();
});

/** Asks Jupyter's own nbformat, where Debian's package of it is. */
function validate(path: string): void {
  const made = spawnSync("/usr/bin/python3", [validator, path], { encoding: "utf8" });
  if (/No module named/.test(made.stderr ?? "") || made.error) return; // make python installs it
  expect(made.stderr).toBe("");
  expect(made.stdout).toBe("1 valid\n");
}

test("what the server was told is there after it and the browser were killed", async () => {
  let sheet = await desk.notebook("killed2.md", "a := 1");
  await sheet.edit(1);
  await sheet.press("End");
  await sheet.page.keyboard.type("23456789", { delay: 60 });
  const told = () => [
    desk.read("killed2.md"),
    ...readdirSync(desk.files.path(".stnb/journal")).map((n) => desk.read(`.stnb/journal/${n}`)),
  ];
  await until("the edits to come to the server", 5000, () =>
    told().some((t) => t.includes("a := 123456789")),
  );
  await desk.stnb.kill();
  await desk.owner.context.close();
  await desk.serve();
  sheet = await desk.open("killed2.md");
  await sheet.reads("a := 123456789");
  await sheet.close();
});

test("outputs go on while the tab is closed and are there when it opens again", async () => {
  let sheet = await desk.notebook(
    "away.md",
    'import ("fmt"; "time")\nfor i := range 8 {\n\tfmt.Println("tick", i)\n\ttime.Sleep(250 * time.Millisecond)\n}',
  );
  await sheet.runAll();
  await sheet
    .output(1)
    .getByText(/tick 0/)
    .first()
    .waitFor();
  await sheet.close();
  sheet = await desk.open("away.md");
  await sheet
    .output(1)
    .getByText(/tick 7/)
    .first()
    .waitFor();
  await sheet.close();
});

test("a long run fades what it will replace, and nothing in other cells", async () => {
  // The first run is long, too: of a short one the page hears when it is over, and its outputs never fade.
  const sheet = await desk.notebook(
    "fade.md",
    'import "time"\n1000 + 1\ntime.Sleep(700 * time.Millisecond)',
    "1000 + 2",
  );
  await sheet.runAll();
  await sheet.shows(2, "1002");
  await sheet.page.locator(".cell.state-done").nth(1).waitFor();
  await sheet.write(2, "for { time.Sleep(time.Millisecond) }");
  await sheet.press("Control+Enter");
  const opacity = (n: number) =>
    sheet
      .output(n)
      .locator(".el")
      .evaluate((e) => [e.hasAttribute("data-stale"), getComputedStyle(e).opacity]);
  await until("the old output to fade", 10_000, async () => Number((await opacity(2))[1]) < 0.6);
  expect(await opacity(1)).toEqual([true, "1"]);
  await sheet.press("Escape", "i", "i");
  await until(
    "the run to end",
    10_000,
    async () => (await sheet.page.locator(".state-running").count()) === 0,
  );
  await sheet.close();
});

test("a long output is cut with a way to the rest, and text has its ANSI colours", async () => {
  const sheet = await desk.notebook(
    "long.md",
    'import "fmt"\nfor i := range 3000 {\n\tfmt.Println("line", i)\n}\nfmt.Println("\\x1b[31mred\\x1b[0m")',
  );
  await sheet.runAll();
  const out = sheet.output(1);
  await out.getByText("red", { exact: true }).first().waitFor();
  expect(await out.innerText()).not.toContain("line 1500");
  await out.getByRole("button", { name: /left out here/ }).click();
  await until("the rest", 5000, async () => (await out.innerText()).includes("line 1500"));
  const colour = await out
    .getByText("red", { exact: true })
    .first()
    .evaluate((n) => getComputedStyle(n).color);
  expect(colour).not.toBe(
    await out
      .locator("pre")
      .first()
      .evaluate((n) => getComputedStyle(n).color),
  );
  await sheet.close();
});

test("values are trees, and several outputs stand in their order", async () => {
  const sheet = await desk.notebook(
    "values.md",
    'import "fmt"\ntype point struct{ X, Y int }\np := map[string]point{"a": {1, 2}}\np\nfmt.Println("between")\n"last"',
  );
  await sheet.runAll();
  const out = sheet.output(1);
  await out.getByText("last").first().waitFor();
  await out.locator(".value-branch").first().waitFor();
  const kinds = await out.locator(".stack > .el").evaluateAll((nodes) => nodes.map((n) => n.className));
  expect(kinds.map((k) => /k-(\w+)/.exec(k)?.[1])).toEqual(["value", "stdout", "markdown"]);
  await sheet.close();
});

test("an author's HTML is as high as what is in it, also when that grows", async () => {
  const html =
    '<p>one line</p><script>setTimeout(()=>document.body.append(document.createElement("hr")),50)</script>';
  const sheet = await desk.notebook("html.md", `import st "stnb.dev/widgets"\nst.HTML(\`${html}\`)`);
  await sheet.runAll();
  const frame = sheet.output(1).locator("iframe");
  await until("the frame to fit", 10_000, async () => {
    const inside = await frame
      .contentFrame()
      .locator("html")
      .evaluate((e) => (e as HTMLElement).offsetHeight);
    const box = await frame.boundingBox();
    return (
      inside > 30 &&
      inside < 120 &&
      box?.height === inside &&
      (await frame.contentFrame().locator("hr").count()) === 1
    );
  });
  await sheet.close();
});

test("the time and the last run of a cell are shown", async () => {
  const sheet = await desk.notebook("timed.md", 'import "time"\ntime.Sleep(30 * time.Millisecond)');
  await sheet.runAll();
  const ran = sheet.cell(1).locator(".ran");
  await ran.waitFor();
  expect(await ran.innerText()).toMatch(/\d+(\.\d+)? ms/);
  expect(await ran.getAttribute("title")).toBe(editor.lastRun("just now"));
  await sheet.close();
});
