import { execFileSync } from "node:child_process";
import { appendFileSync, writeFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { text } from "../src/text/messages";
import { launch, Person } from "./browser";
import { binary, examples, Stnb } from "./stnb";

let browser: Browser;
const folder = examples(true);
const password = "a password of some length";

beforeAll(async () => {
  browser = await launch();
  const hash = execFileSync(binary, ["password"], { input: `${password}\n` }).toString();
  writeFileSync(folder.path("hello.md"), '```go\nimport st "stnb.dev/widgets"\n\nst.Write("Hello")\n```\n');
  appendFileSync(folder.path(".stnb/config.toml"), `[app]\n${hash}[edit]\n${hash}`);
});

afterAll(async () => {
  await browser?.close();
  folder.remove();
});

/** Signs in where the page asks for it. */
async function signIn(page: Page): Promise<void> {
  await page.getByLabel("Password or token").fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

const asked = (page: Page) => page.getByLabel("Password or token").waitFor();

/** What a browser logs of a page that one has to sign in for. */
const unauthorised = /status of 401|Unexpected response code: 401/;

test("a visitor signs out: the app's other tab is told, and both ask for the password again", async () => {
  const server = await Stnb.start("run", folder.path("hello.md"));
  try {
    const ada = await Person.arrive(browser);
    const bob = await Person.arrive(browser);
    const page = await ada.open(server.url);
    await signIn(page);
    await page.getByText("Hello", { exact: true }).waitFor();
    const other = await ada.open(server.url);
    await other.getByText("Hello", { exact: true }).waitFor();
    const his = await bob.open(server.url);
    await signIn(his);
    await his.getByText("Hello", { exact: true }).waitFor();

    await page.getByRole("button", { name: text.app.menu }).click();
    await page.getByRole("menuitem", { name: text.app.signOut, exact: true }).click();
    await asked(page);
    await other.getByText(text.app.signedOut).waitFor();
    await other.reload();
    await asked(other);
    await his.reload();
    await his.getByText("Hello", { exact: true }).waitFor();
    await ada.leave(unauthorised);
    await bob.leave(unauthorised);
  } finally {
    await server.stop();
  }
});

test("an owner signs out everywhere, by the keyboard: every browser has to sign in again", async () => {
  const server = await Stnb.start("edit", folder.dir);
  try {
    const home = new URL("/", server.url).href;
    const desk = await Person.arrive(browser);
    const phone = await Person.arrive(browser, { viewport: { width: 375, height: 740 } });
    const page = await desk.open(home);
    await signIn(page);
    await page.getByText("hello.md").first().waitFor();
    const far = await phone.open(home);
    await signIn(far);
    await far.getByText("hello.md").first().waitFor();
    const notebook = await phone.open(`${home}edit/hello.md`);
    await notebook.getByText('st.Write("Hello")').first().waitFor();

    const button = page.getByRole("button", { name: text.app.signOut, exact: true });
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: text.app.signOut, exact: true }).waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await asked(page);
    await notebook.getByRole("button", { name: text.app.reload }).click();
    await asked(notebook);
    await far.reload();
    await asked(far);
    await desk.leave(unauthorised);
    await phone.leave(unauthorised);
  } finally {
    await server.stop();
  }
});

test("an app that is open to all has nothing to sign out of", async () => {
  const open = examples(true);
  writeFileSync(open.path("hello.md"), '```go\nimport st "stnb.dev/widgets"\n\nst.Write("Hello")\n```\n');
  const server = await Stnb.start("run", open.path("hello.md"));
  try {
    const ada = await Person.arrive(browser);
    const page = await ada.open(server.url);
    await page.getByText("Hello", { exact: true }).waitFor();
    await page.getByRole("button", { name: text.app.menu }).click();
    await page.getByRole("menuitem", { name: text.app.rerun }).waitFor();
    expect(await page.getByRole("menuitem", { name: text.app.signOut }).count()).toBe(0);
    await ada.leave();
  } finally {
    await server.stop();
    open.remove();
  }
});
