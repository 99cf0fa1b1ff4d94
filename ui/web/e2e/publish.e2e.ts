import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, Person } from "./browser";
import { examples, Stnb } from "./stnb";

// How apps are published: a folder with its list, a file that changes under its
// visitors, and an app within the page of somebody else.

let browser: Browser;
const files = examples();

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  files.remove();
});

const counter = (title: string, extra = "") => `---
title: ${title}
---

\`\`\`go
import (
	"fmt"

	st "stnb.dev/widgets"
)

n := st.State("n", 0)
st.Button("Add", st.OnClick(func() { n.Set(n.Get() + 1) }))
st.Write(fmt.Sprintf("Clicked %d times.", n.Get()))
name := st.TextInput("Name")
st.Write("Hello " + name)
${extra}
\`\`\`
`;

test("a folder has a page that lists its apps", async () => {
  const s = await Stnb.start("run", files.path("buttons"));
  const person = await Person.arrive(browser);
  const page = await person.open(s.url);
  const links = page.getByRole("link");
  await links.first().waitFor();
  expect(await links.count()).toBeGreaterThan(10);
  await page.getByRole("link", { name: /A temporary message/ }).click();
  await page.getByRole("button", { name: "Check availability" }).waitFor();
  expect(new URL(page.url()).searchParams.get("app")).toBe("temporary-message");
  await page.goBack();
  await page.getByRole("link", { name: /A form that grows/ }).waitFor();
  await person.leave();
  await s.stop();
});

test("a changed file reaches the tabs that are open, and their state stays", async () => {
  const file = files.path("live.md");
  writeFileSync(file, counter("Live"));
  const s = await Stnb.start("run", file);
  const person = await Person.arrive(browser);
  const page = await person.open(s.url);
  for (let i = 1; i <= 2; i++) {
    await page.getByRole("button", { name: "Add" }).click();
    await page.getByText(`Clicked ${i} times.`).waitFor();
  }
  await page.getByRole("textbox", { name: "Name" }).fill("Ada");
  await page.keyboard.press("Enter");
  await page.getByText("Hello Ada").waitFor();

  writeFileSync(file, counter("Live", 'st.Write("a line more")'));
  await page.getByText("a line more").waitFor();
  await page.getByText("Clicked 2 times.").waitFor();
  await page.getByText("Hello Ada").waitFor();
  expect(await page.getByRole("textbox", { name: "Name" }).inputValue()).toBe("Ada");

  // A version that does not compile is not served: the app stays as it was.
  writeFileSync(file, counter("Live", "st.Wrong()"));
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByText("Clicked 3 times.").waitFor();
  await page.getByText("a line more").waitFor();
  await person.leave();
  await s.stop();
});

/** A page of another origin with the app in a frame. */
async function host(app: string): Promise<{ server: Server; url: string }> {
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(
      `<!doctype html><title>Host</title><h1>Another site</h1><iframe src="${app}?embed=true" width="700" height="500"></iframe>`,
    );
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

test("an app works in the frame of a page that may embed it, and in no other", async () => {
  const dir = files.path("embedded");
  mkdirSync(join(dir, ".stnb"), { recursive: true });
  writeFileSync(join(dir, "app.md"), counter("Embedded"));
  // The host's address must be known to the app before it starts, and the other
  // way round: the host is asked for the app's address later.
  let address = "about:blank";
  const server = createServer((_, response) => {
    response.setHeader("Content-Type", "text/html");
    response.end(
      `<!doctype html><title>Host</title><h1>Another site</h1><iframe src="${address}" width="700" height="500"></iframe>`,
    );
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  writeFileSync(join(dir, ".stnb/config.toml"), `[app]\nembed = ["${url.slice(0, -1)}"]\n`);
  const s = await Stnb.start("run", join(dir, "app.md"));
  address = `${s.url}?embed=true`;

  const person = await Person.arrive(browser);
  const page = await person.open(url);
  const frame = page.frameLocator("iframe");
  await frame.getByText("Clicked 0 times.").waitFor();
  await frame.getByRole("button", { name: "Add" }).click();
  await frame.getByText("Clicked 1 times.").waitFor();
  expect(await frame.locator(".app-bar").isVisible()).toBe(false);
  await person.leave();

  const stranger = await host(s.url);
  const other = await Person.arrive(browser);
  const refused = await other.open(stranger.url);
  await refused.getByRole("heading", { name: "Another site" }).waitFor();
  await expect.poll(() => other.complaints.join(" "), { timeout: 60_000 }).toMatch(/frame-ancestors/);
  expect(await refused.frameLocator("iframe").getByText("Clicked").count()).toBe(0);
  await other.context.close();
  stranger.server.close();
  server.close();
  await s.stop();
});
