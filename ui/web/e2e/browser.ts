import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { expect } from "vitest";
import { mustBeClean } from "./canary";

/** The system's Chromium or Chrome; nothing is downloaded. */
function executable(): string {
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const places = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((dir) => names.map((name) => join(dir, name)));
  for (const place of [process.env.STNB_BROWSER ?? "", ...places]) {
    try {
      accessSync(place, constants.X_OK);
      return place;
    } catch {
      // The next one.
    }
  }
  throw new Error("the browser tests need Chromium or Chrome in PATH (or STNB_BROWSER=/path/to/it)");
}

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: executable(), args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/** A person: a browser profile of their own, and what their pages complained of. */
export class Person {
  readonly complaints: string[] = [];
  /** Secrets that came to the browser. */
  private readonly leaks: string[] = [];
  private readonly bodies: Promise<void>[] = [];
  readonly context: BrowserContext;

  private constructor(context: BrowserContext) {
    this.context = context;
  }

  static async arrive(browser: Browser, options: Parameters<Browser["newContext"]>[0] = {}): Promise<Person> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(Number(process.env.STNB_E2E_TIMEOUT ?? 60_000));
    return new Person(context);
  }

  /** Opens a page in a new tab, and listens for errors in it from the start. */
  async open(url: string): Promise<Page> {
    const page = await this.context.newPage();
    page.on("pageerror", (e) => this.complaints.push(`${e.message}\n${e.stack}`));
    page.on("console", (m) => {
      if (m.type() === "error") this.complaints.push(m.text());
    });
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) =>
        this.look(`a frame of ${socket.url()}`, payload.toString()),
      ),
    );
    page.on("response", (r) => {
      if (r.url().includes("/assets/")) return;
      this.bodies.push(
        r
          .text()
          .catch(() => "") // a redirect, or a page that was left
          .then((text) => this.look(`the answer of ${r.url()}`, text)),
      );
    });
    await page.goto(url);
    return page;
  }

  private look(what: string, text: string): void {
    try {
      mustBeClean(what, text);
    } catch (e) {
      this.leaks.push((e as Error).message);
    }
  }

  /** Leaves, and fails the test if a page logged an error that was not expected. */
  async leave(...expected: RegExp[]): Promise<void> {
    await Promise.all(this.bodies);
    await this.context.close();
    expect(this.leaks).toEqual([]);
    expect(this.complaints.filter((c) => !expected.some((e) => e.test(c)))).toEqual([]);
  }
}
