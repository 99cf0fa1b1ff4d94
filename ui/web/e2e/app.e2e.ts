import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, Person } from "./browser";
import { alive, examples, Stnb, until } from "./stnb";

let browser: Browser;
let app: Stnb;
const files = examples();

beforeAll(async () => {
  browser = await launch();
  app = await Stnb.start("run", files.path("flights.md"));
});

afterAll(async () => {
  await browser?.close();
  await app?.stop();
  files.remove();
});

const count = (page: Page) => page.locator(".metric-value").first();
const click = (page: Page) => page.getByRole("button", { name: "I was on one of these" }).click();
const clicked = (page: Page, n: number) => page.getByText(`Clicked ${n} times in this tab.`).waitFor();

/** Waits for the first run to end: its last element is there. */
async function ready(page: Page): Promise<void> {
  await clicked(page, 0);
}

test("the app shows every element of the notebook, and no code", async () => {
  const ada = await Person.arrive(browser);
  const page = await ada.open(app.url);
  await ready(page);
  await page.getByRole("heading", { name: "Flights", exact: true }).waitFor();
  expect(await count(page).innerText()).toMatch(/^[\d,]+$/);
  for (const control of [
    page.getByRole("combobox", { name: "From" }),
    page.getByRole("slider"),
    page.getByRole("textbox", { name: "To" }),
    page.getByRole("checkbox", { name: "Late by more than 15 minutes" }),
    page.getByRole("table"),
  ]) {
    await control.first().waitFor();
  }
  await page.locator("canvas, svg.chart").first().waitFor();
  const text = await page.locator("body").innerText();
  expect(text).not.toContain("st.Selectbox");
  expect(text).not.toContain("select f.day");
  await ada.leave();
});

test("moving the slider changes what depends on it, and nothing else", async () => {
  const ada = await Person.arrive(browser);
  const page = await ada.open(app.url);
  await ready(page);
  const before = await count(page).innerText();
  const heading = await page.getByRole("heading", { name: "Flights", exact: true }).elementHandle();
  const checkbox = await page.getByText("Late by more than 15 minutes").elementHandle();
  await page.evaluate(
    (kept) => {
      const seen = { changed: 0 };
      (window as unknown as { seen: typeof seen }).seen = seen;
      const observer = new MutationObserver((records) => {
        seen.changed += records.filter((r) => kept.some((k) => k?.contains(r.target))).length;
      });
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    },
    [heading, checkbox],
  );

  const slider = page.getByRole("slider").first();
  await slider.focus();
  for (let i = 0; i < 20; i++) await page.keyboard.press("ArrowLeft");
  await until("the count to change", 20_000, async () => (await count(page).innerText()) !== before);
  expect(await heading?.isVisible()).toBe(true);
  expect(await checkbox?.isVisible()).toBe(true);
  expect(await page.evaluate(() => (window as unknown as { seen: { changed: number } }).seen.changed)).toBe(
    0,
  );
  await ada.leave();
});

test("text input, checkbox and select box each narrow what is found", async () => {
  const ada = await Person.arrive(browser);
  const page = await ada.open(app.url);
  await ready(page);
  const number = async () => Number((await count(page).innerText()).replaceAll(",", ""));
  const all = await number();
  await page.getByRole("checkbox").first().click();
  await until("fewer flights when late ones only", 20_000, async () => (await number()) < all);
  const late = await number();
  await page.getByRole("textbox", { name: "To" }).fill("sfo");
  await page.keyboard.press("Enter");
  await until("fewer flights to one place", 20_000, async () => (await number()) < late);

  const label = page.locator(".metric-label").first();
  const from = await label.innerText();
  await page.getByRole("combobox", { name: "From" }).click();
  await page.getByRole("option").nth(3).click();
  await until("another airport", 20_000, async () => (await label.innerText()) !== from);
  await ada.leave();
});

test("two tabs at once do not share state, and a reload keeps it", async () => {
  const ada = await Person.arrive(browser);
  const bob = await Person.arrive(browser);
  const [first, second, third] = [await ada.open(app.url), await ada.open(app.url), await bob.open(app.url)];
  for (const page of [first, second, third]) await ready(page);

  await Promise.all([click(first), click(third)]);
  await Promise.all([clicked(first, 1), clicked(third, 1)]);
  await click(first);
  await clicked(first, 2);
  await clicked(third, 1);
  await clicked(second, 0);

  await first.reload();
  await clicked(first, 2);
  await click(first);
  await clicked(first, 3);
  await clicked(second, 0);
  await ada.leave();
  await bob.leave();
});

test("clicks faster than runs are all counted", async () => {
  const ada = await Person.arrive(browser);
  const page = await ada.open(app.url);
  await ready(page);
  await page.getByRole("button", { name: "I was on one of these" }).evaluate(async (button: HTMLElement) => {
    for (let i = 0; i < 25; i++) {
      button.click();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  await clicked(page, 25);
  await ada.leave();
});

test("a killed worker is replaced, and the page keeps its state", async () => {
  const ada = await Person.arrive(browser);
  const page = await ada.open(app.url);
  await ready(page);
  await click(page);
  await clicked(page, 1);
  const [kernel] = app.kernels();
  expect(kernel).toBeDefined();
  process.kill(kernel as number, "SIGKILL");
  await until("the worker to end", 5_000, () => !alive(kernel as number));
  await click(page);
  await clicked(page, 2);
  await ada.leave();
});
