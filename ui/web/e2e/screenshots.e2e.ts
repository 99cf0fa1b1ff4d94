import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { editor } from "../src/text/messages/editor";
import { launch, Person } from "./browser";
import { examples, Stnb } from "./stnb";

// The pictures of the three pages in docs/, which the README shows. They are
// written when STNB_SCREENSHOTS names the folder (make screenshots).
const folder = process.env.STNB_SCREENSHOTS;
let browser: Browser;
const files = examples();

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  files.remove();
});

async function shoot(person: Person, name: string): Promise<void> {
  const page = person.context.pages()[0];
  await page?.waitForTimeout(800); // charts draw themselves in
  const path = folder ? join(folder, name) : undefined;
  await page?.screenshot({ path, animations: "disabled" });
}

test("list and editor", async () => {
  const stnb = await Stnb.start("edit", files.dir);
  const person = await Person.arrive(browser);
  const page = await person.open(stnb.url);
  await page
    .getByRole("link", { name: /flights/ })
    .first()
    .waitFor();
  await shoot(person, "list.png");
  await page
    .getByRole("link", { name: /flights/ })
    .first()
    .click();
  await page.getByRole("button", { name: editor.runAll }).first().click();
  await page.getByText("Clicked 0 times in this tab.").waitFor();
  // From the cell of the controls down to the number they lead to.
  await page
    .locator("[data-cell]")
    .nth(2)
    .evaluate((cell) => cell.scrollIntoView({ block: "start" }));
  await shoot(person, "editor.png");
  await person.leave();
  await stnb.stop();
});

test("app, light and dark", async () => {
  const stnb = await Stnb.start("run", files.path("flights.md"));
  for (const [scheme, name] of [
    ["light", "app.png"],
    ["dark", "app-dark.png"],
  ] as const) {
    const person = await Person.arrive(browser, { colorScheme: scheme });
    const page = await person.open(stnb.url);
    await page.getByText("Clicked 0 times in this tab.").waitFor();
    await shoot(person, name);
    await person.leave();
  }
  await stnb.stop();
});
