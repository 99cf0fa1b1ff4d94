import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { commands, editor } from "../src/text/messages/editor";
import { launch, Person } from "./browser";
import { examples, Stnb, until } from "./stnb";

type Command = Exclude<keyof typeof commands, "groups">;

/** A person at work: a server, a browser, a folder of their own. */
export class Desk {
  readonly files: ReturnType<typeof examples>;
  browser!: Browser;
  stnb!: Stnb;
  owner!: Person;

  private constructor(empty: boolean) {
    this.files = examples(empty);
  }

  static async start(options: { empty?: boolean; flags?: string[] } = {}): Promise<Desk> {
    const desk = new Desk(options.empty ?? false);
    desk.browser = await launch();
    await desk.serve(...(options.flags ?? []));
    return desk;
  }

  /** Starts a server, and signs in with its one-time link. */
  async serve(...flags: string[]): Promise<void> {
    this.stnb = await Stnb.start("edit", this.files.dir, ...flags);
    this.owner = await Person.arrive(this.browser);
    const page = await this.owner.open(this.stnb.url);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.close();
  }

  async leave(...expected: RegExp[]): Promise<void> {
    await this.owner?.leave(/WebSocket|Failed to load resource/, ...expected);
    await this.browser?.close();
    await this.stnb?.stop();
    this.files.remove();
  }

  address(path: string): string {
    return new URL(path, this.stnb.url).href;
  }

  write(name: string, text: string): void {
    const file = this.files.path(name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  read(name: string): string {
    return readFileSync(this.files.path(name), "utf8");
  }

  /** Writes a notebook of Go cells, or of Markdown where a cell begins with "md:", and opens it. */
  async notebook(name: string, ...cells: string[]): Promise<Sheet> {
    this.write(
      name,
      cells.map((c) => (c.startsWith("md:") ? `${c.slice(3)}\n` : `\`\`\`go\n${c}\n\`\`\`\n`)).join("\n\n"),
    );
    return this.open(name);
  }

  /** Types into the last cell while somebody writes the file, until the page says so. */
  async clash(sheet: Sheet, name: string, theirs: string): Promise<void> {
    const { page } = sheet;
    const dialog = page.getByRole("dialog", { name: editor.conflictTitle });
    await page.locator(".cm-content").last().click();
    await page.keyboard.press("End");
    // Dirty lasts a third of a second: seen by the page itself, not missed between two looks.
    const dirty = page.evaluate(
      (words) =>
        new Promise<void>((resolve) => {
          const look = () => document.querySelector(".saved")?.textContent === words && resolve();
          const watched = { subtree: true, childList: true, characterData: true };
          new MutationObserver(look).observe(document.querySelector(".bar") as Element, watched);
        }),
      editor.dirty,
    );
    await page.keyboard.type("0");
    await dirty;
    this.write(name, theirs);
    for (let i = 0; i < 100 && !(await dialog.isVisible()); i++) await page.keyboard.type("0", { delay: 30 });
  }

  async open(name: string): Promise<Sheet> {
    const page = await this.owner.open(this.address(`/edit/${name}`));
    await page.getByRole("button", { name: editor.runAll }).first().waitFor();
    await page.locator(".end-buttons").waitFor();
    return new Sheet(page);
  }
}

/** An open notebook, as one sees it. */
export class Sheet {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The n-th cell, from 1. */
  cell(n: number): Locator {
    return this.page.locator("[data-cell]").nth(n - 1);
  }

  /** What the n-th cell shows below its source. */
  output(n: number): Locator {
    return this.cell(n).locator(".outputs");
  }

  async shows(n: number, text: string): Promise<void> {
    await this.output(n).getByText(text, { exact: true }).first().waitFor();
  }

  /** Begins to edit the n-th cell. */
  async edit(n: number): Promise<void> {
    await this.cell(n).locator(".cm-content").click();
  }

  /** Selects the n-th cell in command mode. */
  async select(n: number): Promise<void> {
    await this.cell(n).click({ position: { x: 4, y: 20 } });
  }

  /** Puts text into a cell in place of what it has. */
  async write(n: number, source: string): Promise<void> {
    await this.edit(n);
    await this.page.keyboard.press("ControlOrMeta+A");
    await this.page.keyboard.insertText(source);
  }

  async runAll(): Promise<void> {
    await this.page.getByRole("button", { name: editor.runAll }).first().click();
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  /** Runs a command by its name in the palette. */
  async command(name: Command): Promise<void> {
    await this.press("ControlOrMeta+Shift+P");
    const field = this.page.getByRole("combobox", { name: editor.searchCommands });
    await field.fill(commands[name]);
    await this.page.getByRole("option", { name: commands[name], exact: false }).first().waitFor();
    await this.page.keyboard.press("Enter");
    await field.waitFor({ state: "detached" });
  }

  /** The texts of all cells, as they are on the page. */
  async sources(): Promise<string[]> {
    return this.page.locator("[data-cell]").evaluateAll((cells) =>
      cells.map((cell) => {
        const lines = [...cell.querySelectorAll(".cm-line")].map((l) => l.textContent ?? "");
        if (lines.length > 0) return lines.join("\n").trimEnd();
        const shown = cell.querySelector<HTMLElement>(".markdown-view, .code-static, .folded-code");
        return shown?.innerText.trim() ?? "";
      }),
    );
  }

  /** Waits until the cells' texts are these. */
  async reads(...want: string[]): Promise<void> {
    let got: string[] = [];
    await until(`the cells to read ${JSON.stringify(want)}`, 10_000, async () => {
      got = await this.sources();
      return JSON.stringify(got) === JSON.stringify(want);
    }).catch((e) => {
      throw new Error(`${(e as Error).message}; they read ${JSON.stringify(got)}`);
    });
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}
