import type { FrameLocator, Locator, Page } from "playwright-core";
import { until } from "./stnb";

export const headerHeight = 34;
export const rowHeight = 33;

/**
 * A grid on a page, used as a person does: by mouse and keyboard on its canvas. What
 * it shows is read from the table that it keeps for screen readers.
 */
export class Grid {
  readonly page: Page;
  readonly box: Locator;
  private edges: number[] = [];

  constructor(page: Page, nth = 0, within: Page | FrameLocator = page) {
    this.page = page;
    this.box = within.locator(".grid").nth(nth);
  }

  get canvas(): Locator {
    return this.box.getByTestId("data-grid-canvas");
  }

  /** The titles of the columns in sight. */
  titles(): Promise<string[]> {
    return this.box.locator("[role=columnheader]").allInnerTexts();
  }

  cell(column: number, row: number): Locator {
    return this.box.locator(`tr[aria-rowindex="${row + 2}"] > td[aria-colindex="${column + 1}"]`);
  }

  async text(column: number, row: number): Promise<string> {
    return ((await this.cell(column, row).textContent({ timeout: 60_000 })) ?? "").trim();
  }

  /** Waits until a cell shows a text. */
  async shows(column: number, row: number, want: string | RegExp): Promise<void> {
    let got = "";
    const fits = () => (typeof want === "string" ? got === want : want.test(got));
    await until(`cell ${column}, ${row} to show ${want}; it shows ${got}`, 15_000, async () => {
      const cell = this.cell(column, row);
      if ((await cell.count()) === 0) return false;
      got = ((await cell.textContent()) ?? "").trim();
      return fits();
    }).catch(async (e) => {
      throw new Error(
        `${e.message} (it shows ${JSON.stringify(got)}; all: ${JSON.stringify(await this.rows())})`,
      );
    });
  }

  /** The rows in sight, as text. */
  rows(): Promise<string[][]> {
    return this.box
      .locator("tbody tr[role=row]")
      .evaluateAll((rows) =>
        rows.map((r) => [...r.querySelectorAll("td")].map((c) => (c.textContent ?? "").trim())),
      );
  }

  /** One column of the rows in sight. */
  async column(i: number): Promise<string[]> {
    return (await this.rows()).map((r) => r[i] ?? "");
  }

  /** Waits until the column begins with these. */
  async columnShows(i: number, want: string[]): Promise<void> {
    let got: string[] = [];
    await until(`column ${i} to be ${want}`, 15_000, async () => {
      got = (await this.column(i)).slice(0, want.length);
      return JSON.stringify(got) === JSON.stringify(want);
    }).catch((e) => {
      throw new Error(`${e.message}; it is ${got}`);
    });
  }

  /** Waits until the first rows are there. */
  async ready(): Promise<this> {
    await this.box.waitFor();
    await this.box.scrollIntoViewIfNeeded();
    await until("the grid's first row, or its columns", 30_000, async () => {
      if ((await this.cell(0, 0).count()) > 0) return ((await this.cell(0, 0).textContent()) ?? "") !== "";
      return (await this.titles()).length > 0;
    });
    return this;
  }

  /** The right borders of the columns in sight, found by where the mouse could drag them. */
  async borders(again = false): Promise<number[]> {
    if (this.edges.length > 0 && !again) return this.edges;
    const box = (await this.canvas.boundingBox())!;
    const found: number[] = [];
    let zone: number[] = [];
    const end = () => {
      if (zone.length > 0) found.push(zone.reduce((a, b) => a + b) / zone.length);
      zone = [];
    };
    for (let x = 20; x < box.width - 2; x += 7) {
      await this.page.mouse.move(box.x + x, box.y + headerHeight / 2);
      const cursor = await this.canvas.evaluate((c) => getComputedStyle(c).cursor);
      if (cursor === "col-resize") zone.push(x);
      else end();
    }
    end();
    this.edges = found;
    return found;
  }

  /** The middle of a cell, or of a header with row -1, on the page. */
  async point(column: number, row: number): Promise<{ x: number; y: number }> {
    const borders = await this.borders();
    const box = (await this.canvas.boundingBox())!;
    const right = borders[column] ?? box.width - 12;
    const left = column > 0 ? borders[column - 1]! : Math.max(right - 60, 40);
    const y = row < 0 ? headerHeight / 2 : headerHeight + (row + 0.5) * rowHeight;
    return { x: box.x + (left + right) / 2, y: box.y + y };
  }

  async click(
    column: number,
    row: number,
    options: Parameters<Page["mouse"]["click"]>[2] = {},
  ): Promise<void> {
    const { x, y } = await this.point(column, row);
    await this.page.mouse.click(x, y, options);
  }

  /** Clicks the box left of a row, and sees it marked. */
  async mark(row: number): Promise<void> {
    const box = (await this.canvas.boundingBox())!;
    await this.page.mouse.click(box.x + 16, box.y + headerHeight + (row + 0.5) * rowHeight);
    await this.drawn();
  }

  /** Clicks the box of all rows. */
  async markAll(): Promise<void> {
    const box = (await this.canvas.boundingBox())!;
    await this.page.mouse.click(box.x + 16, box.y + headerHeight / 2);
  }

  /** Types into a cell, as into a spreadsheet. */
  async type(column: number, row: number, text: string): Promise<void> {
    await this.choose(column, row);
    await this.enter(text, "Enter");
  }

  /** Clicks a cell and waits until it is the chosen one. */
  async choose(column: number, row: number): Promise<void> {
    await this.click(column, row);
    const chosen = async () => (await this.cell(column, row).getAttribute("aria-selected")) === "true";
    await until(`cell ${column}, ${row} to be chosen`, 10_000, chosen);
    await this.drawn();
  }

  /** Types into the chosen cell, at the pace of a person, and leaves it by a key. */
  async enter(text: string, key: string): Promise<void> {
    const [first, ...rest] = [...text];
    await this.page.keyboard.type(first!);
    await this.drawn();
    for (const character of rest) {
      await this.page.keyboard.type(character);
      await this.drawn();
    }
    await this.page.keyboard.press(key);
    await this.drawn();
  }

  /** Presses keys, and waits for none of them: the browser has all at once, as after a moment it was busy. */
  async burst(keys: string): Promise<void> {
    const browser = await this.page.context().newCDPSession(this.page);
    const special: Record<string, [string, number, string?]> = {
      "\n": ["Enter", 13, "\r"],
      "\t": ["Tab", 9],
    };
    const sent: Promise<unknown>[] = [];
    for (const character of keys) {
      const [key, code, text] = special[character] ?? [
        character,
        character.toUpperCase().charCodeAt(0),
        character,
      ];
      const event = { key, windowsVirtualKeyCode: code };
      sent.push(
        browser.send("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", text, ...event }),
      );
      sent.push(browser.send("Input.dispatchKeyEvent", { type: "keyUp", ...event }));
    }
    await Promise.all(sent);
    await browser.detach();
  }

  /** Waits until the browser has drawn what was done: a person sees it before going on. */
  async drawn(): Promise<void> {
    await this.page.evaluate(
      () =>
        new Promise<void>((done) => {
          requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30)));
        }),
    );
  }

  /** Uses a tool of the toolbar. */
  async tool(name: string): Promise<void> {
    await this.box.hover({ position: { x: 5, y: 5 } });
    await this.box.getByRole("button", { name, exact: true }).click();
  }

  /** Pastes text at the chosen cell. */
  async paste(text: string): Promise<void> {
    await this.drawn();
    await this.page.evaluate((t) => navigator.clipboard.writeText(t), text);
    await this.page.keyboard.press("ControlOrMeta+V");
    await this.drawn();
  }

  /** Copies what is chosen. */
  async copy(): Promise<string> {
    await this.page.evaluate(() => navigator.clipboard.writeText("nothing copied"));
    await this.page.keyboard.press("ControlOrMeta+C");
    let text = "";
    await until("the copy", 10_000, async () => {
      text = await this.page.evaluate(() => navigator.clipboard.readText());
      return text !== "nothing copied";
    });
    return text.replaceAll("\r\n", "\n");
  }
}
