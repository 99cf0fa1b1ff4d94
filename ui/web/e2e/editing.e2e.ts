import { afterAll, beforeAll, expect, test } from "vitest";
import { text } from "../src/text/messages";
import { editor } from "../src/text/messages/editor";
import { Desk } from "./desk";
import { until } from "./stnb";

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.start();
});
afterAll(() => desk?.leave());

test("find goes through all cells, also with words, case and expressions", async () => {
  const sheet = await desk.notebook(
    "find.md",
    "count := 1",
    "md:The count of things",
    "total := count + Count",
    "var Count = 3",
  );
  const { page } = sheet;
  await sheet.select(1);
  await sheet.press("ControlOrMeta+F");
  const bar = page.getByRole("search", { name: editor.findTitle });
  const field = bar.getByRole("textbox", { name: editor.find });
  const says = async (text: string) => bar.getByRole("status").getByText(text, { exact: true }).waitFor();
  await field.fill("count");
  await says(editor.foundCount(0, 5));
  const marks = () => page.locator(".cm-searchMatch").count();
  const rendered = () => page.evaluate(() => CSS.highlights.get("found")?.size);
  await until(
    "all matches to be marked",
    5000,
    async () => (await marks()) === 4 && (await rendered()) === 1,
  );
  await bar.getByRole("button", { name: editor.matchCase }).click();
  await says(editor.foundCount(0, 3));
  await field.press("Enter");
  await says(editor.foundCount(1, 3));
  expect(await sheet.cell(1).getAttribute("class")).toContain("active");
  await field.press("Enter");
  await says(editor.foundCount(2, 3));
  // Rendered text shows its source while the find bar is at a match in it.
  await sheet.cell(2).locator(".cm-searchMatch-selected", { hasText: "count" }).waitFor();
  await field.press("Enter");
  await says(editor.foundCount(3, 3));
  await sheet.cell(2).locator(".markdown-view").waitFor();
  expect(await sheet.cell(3).getAttribute("class")).toContain("active");
  await field.press("Shift+Enter");
  await says(editor.foundCount(2, 3));
  await bar.getByRole("button", { name: editor.regex }).click();
  await field.fill("\\w+ := \\d");
  await says(editor.foundCount(0, 1));
  await field.fill("(");
  await says(editor.badExpression);
  await field.press("Escape");
  await bar.waitFor({ state: "detached" });
  expect(await marks()).toBe(0);
  await sheet.close();
});

test("replace all changes every cell, and can be taken back", async () => {
  const sheet = await desk.notebook("replace.md", "x := 1", "y := x + x", "md:about x");
  const { page } = sheet;
  await sheet.select(1);
  await sheet.press("f");
  const bar = page.getByRole("search", { name: editor.findTitle });
  await bar.getByRole("textbox", { name: editor.find }).fill("x");
  await bar.getByRole("button", { name: editor.wholeWord }).click();
  await bar.getByRole("textbox", { name: editor.replaceBy }).fill("width");
  await bar.getByRole("button", { name: editor.replaceOne, exact: true }).click();
  await sheet.reads("width := 1", "y := x + x", "about x");
  await bar.getByRole("button", { name: editor.replaceAll }).click();
  await sheet.reads("width := 1", "y := width + width", "about width");
  await until("the file", 5000, () => desk.read("replace.md").includes("y := width + width"));
  await page.getByRole("button", { name: editor.undo }).click();
  await sheet.reads("width := 1", "y := x + x", "about x");
  await sheet.close();
});

test("Vim’s keys are an option that stays", async () => {
  const sheet = await desk.notebook("vim.md", "a := 1\nb := 2");
  await sheet.edit(1);
  await sheet.command("vim");
  await sheet.cell(1).locator(".cm-vimMode, .cm-fat-cursor, .cm-vim-panel").first().waitFor();
  await sheet.edit(1);
  await sheet.press("g", "g", "d", "d");
  await sheet.reads("b := 2");
  await sheet.press("u");
  await sheet.reads("a := 1\nb := 2");
  await sheet.press("Shift+A");
  await sheet.page.keyboard.type("0");
  await sheet.press("Escape");
  expect(await sheet.cell(1).getAttribute("class")).toContain("editing");
  await sheet.press("Escape");
  expect(await sheet.cell(1).getAttribute("class")).toContain("active");
  await sheet.page.reload();
  await sheet.edit(1);
  await sheet.cell(1).locator(".cm-vimMode, .cm-fat-cursor, .cm-vim-panel").first().waitFor();
  await sheet.command("vim");
  await until(
    "plain keys",
    5000,
    async () => (await sheet.cell(1).locator(".cm-vimMode, .cm-fat-cursor").count()) === 0,
  );
  await sheet.write(1, "dd");
  await sheet.reads("dd");
  await sheet.close();
});

test("completion, hover, signature, definition, references and rename", async () => {
  const sheet = await desk.notebook(
    "lang.md",
    'import "strings"\n// Shout says it loudly.\nfunc shout(s string) string { return strings.ToUpper(s) }',
    'shout("hi")',
    "z := 1",
  );
  const { page } = sheet;
  await sheet.edit(2);
  await sheet.press("ControlOrMeta+End");
  await page.keyboard.type("\nsho");
  // Whatever cells stand below, the list lies over them.
  const list = page.locator(".cm-tooltip-autocomplete li");
  await list.first().waitFor();
  const covered = await list.evaluateAll((items) => {
    const shown = items.map((item) => ({ item, box: item.getBoundingClientRect() }));
    return shown.filter(
      ({ item, box }) => !item.contains(document.elementFromPoint(box.x + 20, box.y + box.height / 2)),
    ).length;
  });
  expect(covered).toBe(0);
  await page.locator(".cm-tooltip-autocomplete").getByText("shout").first().click();
  await sheet.reads(
    'import "strings"\n// Shout says it loudly.\nfunc shout(s string) string { return strings.ToUpper(s) }',
    'shout("hi")\nshout',
    "z := 1",
  );
  // Signature help opens with the bracket.
  await page.keyboard.type("(");
  await page.locator(".cm-tooltip", { hasText: "s string" }).first().waitFor();
  await page.keyboard.type('"x"');
  await sheet.press("Escape");
  await sheet.write(2, 'shout("hi")');
  await sheet
    .cell(2)
    .locator(".cm-line")
    .first()
    .hover({ position: { x: 30, y: 10 } });
  await page.locator(".cm-tooltip-hover", { hasText: "loudly" }).waitFor();
  await sheet.edit(2);
  await sheet.press("ControlOrMeta+Home", "Shift+Tab");
  await page.locator(".cm-tooltip", { hasText: "loudly" }).waitFor();
  await sheet.press("Escape");
  await until("no tooltip", 5000, async () => (await page.locator(".cm-tooltip").count()) === 0);
  expect(await sheet.cell(2).getAttribute("class")).toContain("editing");
  await sheet.press("ControlOrMeta+Home", "F12");
  await until("the definition", 5000, async () =>
    /editing/.test((await sheet.cell(1).getAttribute("class")) ?? ""),
  );
  await sheet.edit(2);
  await sheet.press("ControlOrMeta+Home", "Shift+F12");
  const places = page.getByRole("dialog", { name: editor.references });
  await until("both places", 5000, async () => (await places.getByRole("listitem").count()) === 2);
  await places.getByRole("listitem").first().getByRole("button").click();
  await until("the first place", 5000, async () =>
    /editing/.test((await sheet.cell(1).getAttribute("class")) ?? ""),
  );
  await sheet.edit(2);
  await sheet.press("ControlOrMeta+Home", "F2");
  await page.getByRole("textbox", { name: editor.renameTo }).fill("yell");
  await sheet.press("Enter");
  await until("the new name", 5000, async () =>
    (await sheet.sources()).slice(0, 2).every((s) => s.includes("yell") && !s.includes("shout")),
  );
  await sheet.close();
});

test("format, multiple cursors, comments, brackets and undo of typing", async () => {
  const sheet = await desk.notebook("edit.md", "x:=1", "aa := aa + aa");
  const { page } = sheet;
  await sheet.edit(1);
  await sheet.press("Shift+Alt+F");
  await sheet.reads("x := 1", "aa := aa + aa");
  await sheet.press("ControlOrMeta+End");
  await page.keyboard.type("\ny := (");
  await sheet.reads("x := 1\ny := ()", "aa := aa + aa");
  await until(
    "the brackets to match",
    3000,
    async () => (await sheet.cell(1).locator(".cm-matchingBracket").count()) > 0,
  );
  for (let i = 0; i < 3 && (await sheet.sources())[0] !== "x := 1"; i++) await sheet.press("ControlOrMeta+z");
  await sheet.reads("x := 1", "aa := aa + aa");
  await sheet.press("ControlOrMeta+/");
  await sheet.reads("// x := 1", "aa := aa + aa");
  await sheet.edit(2);
  await sheet.press("ControlOrMeta+Home", "Shift+ArrowRight", "Shift+ArrowRight");
  await sheet.press("ControlOrMeta+d", "ControlOrMeta+d");
  await page.keyboard.type("b");
  await sheet.reads("// x := 1", "b := b + b");
  await sheet.write(1, "p:=2");
  await sheet.write(2, "q:=p");
  await sheet.command("formatAll");
  await sheet.reads("p := 2", "q := p");
  await sheet.close();
});

test("diagnostics are underlined and listed, and lead to their place", async () => {
  const sheet = await desk.notebook("wrong2.md", "a := 1\nvar s string = a");
  const problem = sheet.cell(1).locator(".problems button");
  await problem.waitFor();
  await sheet.cell(1).locator(".cm-lintRange-error").waitFor();
  await problem.click();
  expect(await sheet.cell(1).getAttribute("class")).toContain("editing");
  await sheet.close();
});

test("a problem leads to the page that explains it, and the palette to the manual", async () => {
  const sheet = await desk.notebook(
    "explained.md",
    "y := nowhere + 1",
    'var m map[string]int\nm["a"] = 1',
    "panic(`oh`)",
  );
  const { page } = sheet;
  const [explained] = await Promise.all([
    page.context().waitForEvent("page"),
    sheet
      .cell(1)
      .getByRole("link", { name: text.output.explain("undefined") })
      .click(),
  ]);
  await explained.waitForURL(/\/help\/errors#undefined$/);
  await explained.getByRole("heading", { name: "undefined", exact: true }).waitFor();
  await explained.getByRole("link", { name: "Notebook files" }).click();
  await explained.getByRole("heading", { name: "There and back" }).waitFor();
  await explained.close();
  await sheet.edit(2);
  await sheet.press("Control+Enter");
  const [why] = await Promise.all([
    page.context().waitForEvent("page"),
    sheet
      .cell(2)
      .getByRole("link", { name: text.output.explain("nil-map") })
      .click(),
  ]);
  await why.waitForURL(/\/help\/errors#nil-map$/);
  await why.getByRole("heading", { name: "nil-map" }).waitFor();
  await why.close();
  await sheet.edit(3);
  await sheet.press("Control+Enter");
  await sheet
    .cell(3)
    .getByRole("link", { name: text.output.explain("panic") })
    .waitFor();
  const [manual] = await Promise.all([page.context().waitForEvent("page"), sheet.command("manual")]);
  await manual.getByRole("heading", { name: "What a cell means" }).waitFor();
  await manual.close();
  await sheet.close();
});

test("Markdown shows math, tables, task lists, code and values", async () => {
  const sheet = await desk.notebook(
    "md.md",
    "n := 6 * 7",
    "md:# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- [x] done\n- [ ] open\n\n`code` and $x^2$ and n is {{ n }}",
  );
  await sheet.runAll();
  const text = sheet.cell(2);
  await text.getByRole("table").waitFor();
  await text.getByText(/n is 42/).waitFor();
  await text.locator(".katex").first().waitFor();
  expect(await text.locator("input[type=checkbox]").count()).toBe(2);
  await sheet.close();
});

test("a panic's stack leads into the cells", async () => {
  const sheet = await desk.notebook("stack.md", "func f(xs []int) int {\n\treturn xs[9]\n}", "f(nil)");
  await sheet.runAll();
  const box = sheet.output(2).locator(".error-box");
  await box.getByRole("button", { name: /f, line 2/ }).click();
  await until("the place", 5000, async () =>
    /editing/.test((await sheet.cell(1).getAttribute("class")) ?? ""),
  );
  await sheet.close();
});

test("the first undo in a cell is the cell's own, and Escape then z that of structure", async () => {
  const sheet = await desk.notebook("undo.md", "a := 1");
  await sheet.edit(1);
  await sheet.press("End");
  await sheet.page.keyboard.type("23");
  await sheet.press("Escape", "b");
  await sheet.reads("a := 123", "");
  await sheet.press("z");
  await sheet.reads("a := 123");
  await sheet.edit(1);
  await sheet.press("ControlOrMeta+z");
  await sheet.reads("a := 1");
  await sheet.close();
});
