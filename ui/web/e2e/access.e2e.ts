import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commands, editor } from "../src/text/messages/editor";
import { list } from "../src/text/messages/list";
import { launch, Person } from "./browser";
import { Desk } from "./desk";
import { examples, Stnb, whole } from "./stnb";

// axe checks what a machine can check of WCAG 2.2 AA.
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

interface Result {
  violations: { id: string; nodes: { target: string[]; failureSummary: string }[] }[];
}

async function accessible(page: Page, what: string): Promise<void> {
  // Colours are read when nothing fades any more.
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter((a) => a.effect?.getComputedTiming().iterations !== Number.POSITIVE_INFINITY)
        .map((a) => a.finished.catch(() => {})),
    ),
  );
  await page.evaluate(axe);
  const result = (await page.evaluate(
    (values) =>
      (window as unknown as { axe: { run: (o: object) => Promise<unknown> } }).axe.run({
        runOnly: { type: "tag", values },
      }),
    tags,
  )) as Result;
  const found = result.violations.flatMap((v) =>
    v.nodes.map(
      (n) => `${what}: ${v.id} at ${n.target.join(" ")}: ${n.failureSummary.replaceAll("\n", " ")}`,
    ),
  );
  expect(found).toEqual([]);
}

let desk: Desk;
let browser: Browser;
const folder = examples();
let app: Stnb;
beforeAll(async () => {
  desk = await Desk.start();
  browser = await launch();
  app = await Stnb.start("run", folder.path("flights.md"));
});
afterAll(async () => {
  await desk?.leave();
  await browser?.close();
  await app?.stop();
  folder.remove();
});

for (const colorScheme of ["light", "dark"] as const) {
  const again = test.skipIf(!whole && colorScheme === "dark");
  again(`the list and its dialogs are accessible, ${colorScheme}`, async () => {
    const page = await desk.owner.open(desk.address("/"));
    await page.emulateMedia({ colorScheme });
    await page.getByRole("region", { name: list.all }).waitFor();
    await accessible(page, "list");
    await page.getByRole("button", { name: list.create }).click();
    await page.getByRole("dialog").waitFor();
    await accessible(page, "new notebook");
    await page.keyboard.press("Escape");
    await page.getByRole("tab", { name: list.view.files }).click();
    await page.getByRole("button", { name: "guide", exact: true }).waitFor();
    await accessible(page, "files");
    const copy = `thrown-${colorScheme}.md`;
    desk.write(copy, "```go\n1\n```\n");
    await page.getByRole("tab", { name: list.view.notebooks }).click();
    await page.reload();
    const actions = page.getByRole("button", { name: list.actionsOf(copy) });
    await actions.click();
    await page.getByRole("menu").waitFor();
    await accessible(page, "menu of a file");
    await page.getByRole("menuitem", { name: list.rename }).click();
    await page.getByRole("dialog", { name: list.rename }).waitFor();
    await accessible(page, "rename");
    await page.keyboard.press("Escape");
    await actions.click();
    await page.getByRole("menuitem", { name: list.remove }).click();
    const remove = page.getByRole("dialog", { name: list.removeQuestion(copy) });
    await remove.waitFor();
    await accessible(page, "delete");
    await remove.getByRole("button", { name: list.remove }).click();
    await remove.waitFor({ state: "detached" });
    await page.getByRole("tab", { name: list.view.trash }).click();
    await page
      .getByRole("button", { name: list.forGoodOf(copy) })
      .first()
      .waitFor();
    await accessible(page, "trash");
    await page
      .getByRole("button", { name: list.forGoodOf(copy) })
      .first()
      .click();
    await page.getByRole("dialog", { name: list.removeQuestion(copy) }).waitFor();
    await accessible(page, "delete for good");
    await page.close();
  });

  again(`the editor, its panels and dialogs are accessible, ${colorScheme}`, async () => {
    const sheet = await desk.notebook(
      `access-${colorScheme}.md`,
      "md:# Title\n\nSome *text* with `code` and a [link](https://example.org).",
      "x := []int{1, 2}\nx",
      "y := x[0]\ny",
      "x[9]",
      "z := undefinedName",
    );
    const { page } = sheet;
    await page.emulateMedia({ colorScheme });
    await sheet.runAll();
    await sheet.shows(3, "1");
    await sheet.output(4).locator(".error-box").waitFor();
    await accessible(page, "editor");
    await sheet.edit(3);
    await accessible(page, "editing");
    for (const panel of ["toggleOutline", "variables", "graph", "history"] as const) {
      await sheet.command(panel);
      await page.locator(".side-body").waitFor();
      await accessible(page, panel);
    }
    await sheet.select(2);
    for (const [key, name] of [
      ["p", editor.commands],
      ["h", commands.keysPage],
    ] as const) {
      await sheet.press(key);
      await page.getByRole("dialog", { name }).waitFor();
      await accessible(page, name);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog", { name }).waitFor({ state: "detached" });
    }
    await sheet.press("f");
    await page.getByRole("search", { name: editor.findTitle }).waitFor();
    await accessible(page, "find");
    await page.keyboard.press("Escape");
    await sheet.select(2);
    await sheet.command("nameCell");
    await page.getByRole("dialog", { name: editor.nameAndTags }).waitFor();
    await accessible(page, "name");
    await page.keyboard.press("Escape");
    for (const [command, name] of [
      ["rename", `${editor.rename} x`],
      ["references", editor.references],
    ] as const) {
      await sheet.edit(2);
      await sheet.press("Home");
      await sheet.command(command);
      await page.getByRole("dialog", { name }).waitFor();
      await accessible(page, name);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog", { name }).waitFor({ state: "detached" });
    }
    await sheet.close();
  });

  again(`a conflict is told and decided accessibly, ${colorScheme}`, async () => {
    const file = `clash-${colorScheme}.md`;
    const sheet = await desk.notebook(file, "x := 1", "y := 2");
    const { page } = sheet;
    await page.emulateMedia({ colorScheme });
    const dialog = page.getByRole("dialog", { name: editor.conflictTitle });
    await desk.clash(sheet, file, "```go\ntheirs := 3\n```\n");
    await dialog.locator(".diff .gone").first().waitFor();
    await accessible(page, "conflict");
    // By keyboard: later, then the choice, each within reach.
    await page.keyboard.press("Escape");
    const decide = page.getByRole("button", { name: editor.decide });
    await decide.waitFor();
    await accessible(page, "conflict put off");
    await decide.press("Enter");
    await dialog.waitFor();
    const reached: string[] = [];
    for (let i = 0; i < 8; i++) {
      reached.push(
        await page.evaluate(() => (document.activeElement as HTMLElement).innerText.split("\n")[0] ?? ""),
      );
      await page.keyboard.press("Tab");
    }
    for (const name of [editor.keepMine, editor.takeTheirs, editor.keepBoth, editor.decideLater])
      expect(reached).toContain(name);
    await dialog.locator(".choice", { hasText: editor.takeTheirsHint }).press("Enter");
    await dialog.waitFor({ state: "detached" });
    await sheet.close();
  });

  test(`an app is accessible, ${colorScheme}`, async () => {
    const ada = await Person.arrive(browser, { colorScheme });
    const page = await ada.open(app.url);
    await page.getByText("Clicked 0 times in this tab.").waitFor();
    await page.getByRole("table").first().waitFor();
    await accessible(page, "app");
    await ada.leave();
  });
}

test("the editor is usable on a phone: nothing is wider than the screen, tools are within reach", async () => {
  const sheet = await desk.notebook("phone.md", "md:# On the way", "x := 6 * 7\nx", "y := x + 1");
  const { page } = sheet;
  await page.setViewportSize({ width: 375, height: 740 });
  await sheet.runAll();
  await sheet.shows(2, "42");
  const bar = await page.locator(".bar").boundingBox();
  expect(bar!.height, "the bar has more than two rows").toBeLessThan(105);
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(await wide()).toBeLessThanOrEqual(0);
  await sheet.command("variables");
  await page.locator(".variable", { hasText: "x" }).first().waitFor();
  expect(await wide()).toBeLessThanOrEqual(0);
  await page.getByRole("button", { name: editor.closePanel }).click();
  await sheet.edit(2);
  const box = async (selector: string) => (await sheet.cell(2).locator(selector).boundingBox())!;
  const [code, tools] = [await box(".cm-content"), await box(".cell-tools")];
  expect(tools.y, "the cell's tools cover its source").toBeGreaterThanOrEqual(code.y + code.height);
  expect(tools.x + tools.width).toBeLessThanOrEqual(375);
  await page.keyboard.press("ControlOrMeta+F");
  await page.getByRole("search", { name: editor.findTitle }).waitFor();
  expect(await wide()).toBeLessThanOrEqual(0);
  await sheet.close();

  const files = await desk.owner.open(desk.address("/"));
  await files.setViewportSize({ width: 375, height: 740 });
  await files.getByRole("tab", { name: list.view.files }).click();
  await files.getByRole("button", { name: "guide", exact: true }).waitFor();
  expect(
    await files.evaluate(() => document.documentElement.scrollWidth - window.innerWidth),
  ).toBeLessThanOrEqual(0);
  await files.close();
});

test("the keyboard alone reaches every part of the editor, and always shows where it is", async () => {
  const sheet = await desk.notebook("keys.md", "x := 1", "y := 2");
  const { page } = sheet;
  const seen = new Set<string>();
  await page.locator("body").press("Tab");
  for (let i = 0; i < 40; i++) {
    const at = await page.evaluate(() => {
      const e = document.activeElement as HTMLElement;
      const box = e.getBoundingClientRect();
      return {
        name: e.getAttribute("aria-label") ?? e.innerText.slice(0, 30),
        shown: box.width > 0 && box.height > 0,
      };
    });
    expect(at.shown, at.name).toBe(true);
    seen.add(at.name);
    await page.keyboard.press("Tab");
  }
  for (const name of [editor.notebooks, editor.panels, editor.runAll, editor.restart, editor.preview]) {
    expect(
      [...seen].some((s) => s.includes(name)),
      name,
    ).toBe(true);
  }
  await sheet.close();
});
