// The built app page with every kind of element: each is shown, nothing breaks the
// page's policy, and axe finds no fault, in light and in dark. The server is played
// by the test, so that this needs no binary.

import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";
import { tableFromArrays, tableToIPC } from "@uwdata/flechette";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, Person } from "./browser";
import { gallery } from "./gallery";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));
const types: Record<string, string> = {
  js: "text/javascript",
  css: "text/css",
  svg: "image/svg+xml",
  woff2: "font/woff2",
};

// The policy that ui/server sends.
const policy = (nonce: string) =>
  [
    "default-src 'self'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "media-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
  ].join("; ");

let browser: Browser;
let server: Server;
let url: string;

beforeAll(async () => {
  browser = await launch();
  server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0]!.slice(1);
    if (path === "frames") return frames(response);
    if (!path.includes(".")) {
      response.setHeader("Content-Security-Policy", policy("n"));
      response.setHeader("Content-Type", "text/html");
      return response.end(readFileSync(`${dist}app.html`, "utf8").replaceAll("__STNB_NONCE__", "n"));
    }
    response.setHeader(
      "Content-Type",
      types[path.slice(path.lastIndexOf(".") + 1)] ?? "application/octet-stream",
    );
    const file = dist + path;
    if (existsSync(`${file}.br`)) return response.end(brotliDecompressSync(readFileSync(`${file}.br`)));
    if (existsSync(file)) return response.end(readFileSync(file));
    response.statusCode = 404;
    response.end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

function frames(response: import("node:http").ServerResponse) {
  const rows = Array.from({ length: 256 }, (_, i) => i);
  const table = tableFromArrays({
    id: rows,
    name: rows.map((i) => `row ${i}`),
    price: rows.map((i) => i * 1.5),
    ok: rows.map((i) => i % 2 === 0),
    day: rows.map((i) => new Date(Date.UTC(2026, 0, 1 + i))),
  });
  response.setHeader("X-Stnb-Reply", JSON.stringify({ offset: 0, rows: 256, total: 1000 }));
  response.end(tableToIPC(table, { format: "stream" }));
}

async function open(person: Person): Promise<{ page: Page; ops: unknown[] }> {
  const ops: unknown[] = [];
  await person.context.routeWebSocket(/\/ws/, (socket) => {
    socket.onMessage((data) => {
      const message = JSON.parse(String(data));
      if (message.op) {
        ops.push(message.op);
        socket.send(JSON.stringify({ ack: message.seq }));
      }
      if (!message.hello) return;
      const document = {
        title: "Gallery",
        screen: { full: true, order: ["c"], deltas: gallery() },
        kernel: { state: "idle" },
        saved: { state: "saved" },
        run: { running: false, run: 1 },
      };
      socket.send(
        JSON.stringify({ welcome: { session: "s", handle: "h", mode: "app", client: message.hello.client } }),
      );
      socket.send(JSON.stringify({ events: [{ document }] }));
    });
  });
  const page = await person.open(url);
  await page.getByText("inside fragmentBox").waitFor();
  // All that is loaded on first use is there.
  await page.waitForFunction(() => document.querySelectorAll(".el-loading, .el-missing").length === 0);
  await page.locator(".katex").first().waitFor();
  await page.locator(".chart canvas").first().waitFor();
  await page.locator(".grid canvas").first().waitFor();
  return { page, ops };
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`every kind of element is shown and accessible, ${colorScheme}`, async () => {
    const person = await Person.arrive(browser, { colorScheme });
    const { page } = await open(person);
    await page.waitForTimeout(600);
    if (process.env.STNB_SHOTS) {
      await page.screenshot({ path: `${process.env.STNB_SHOTS}/gallery-${colorScheme}.png`, fullPage: true });
    }
    // The page's policy forbids inline scripts; the checker comes by the debugger.
    await page.evaluate(`${axe.source}; undefined`);
    const violations = await page.evaluate(async () => {
      // The grid's own hidden table lists only what is drawn; axe cannot see that.
      const result = await (window as unknown as { axe: typeof axe }).axe.run(
        { exclude: [["[data-testid=data-grid-canvas]"]] },
        { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
      );
      return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`);
    });
    expect(violations).toEqual([]);
    // An empty video and a picture that is a download of nothing are the samples' own fault.
    await person.leave(/ERR_|Failed to load/);
  });
}

test("widgets send what the person does, as it is done", async () => {
  const person = await Person.arrive(browser);
  const { page, ops } = await open(person);
  const values = () =>
    ops.map((op) => (op as { interact?: { values?: Record<string, unknown> } }).interact?.values ?? {});
  const last = (prefix: string) =>
    values()
      .flatMap((v) => Object.entries(v))
      .filter(([id]) => id.startsWith(prefix))
      .at(-1)?.[1];
  const sent = async (prefix: string, value: unknown) => {
    await expect.poll(() => last(prefix), { timeout: 60_000 }).toEqual(value);
  };

  await page.getByRole("checkbox", { name: "A checkbox" }).click();
  await sent("checkbox", false);
  await page.getByRole("radio", { name: "two the second" }).click();
  await sent("radio", 1);
  await page.getByRole("slider", { name: "Age" }).focus();
  await page.keyboard.press("ArrowRight");
  await sent("slider", [31]);
  await page.getByRole("combobox", { name: "City" }).click();
  await page.keyboard.type("dub");
  await page.keyboard.press("Enter");
  await sent("selectbox", 3);
  await page.getByRole("combobox", { name: "Cities" }).click();
  await page.keyboard.type("ber");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await sent("multiselect", [0, 2, 1]);
  await page.getByRole("textbox", { name: "Name" }).fill("Grace");
  await page.keyboard.press("Enter");
  await sent("textInput", "Grace");
  await page.getByRole("spinbutton", { name: "Number" }).fill("3.5");
  await page.keyboard.press("Enter");
  await sent("numberInput", 3.5);
  await page
    .getByRole("button", { name: "5 stars" })
    .or(page.getByRole("radio", { name: "5 stars" }))
    .click();
  await sent("feedback", 4);
  await page.getByRole("button", { name: "Primary" }).click();
  await page.getByRole("button", { name: "Primary" }).click();
  const clicks = ops
    .map((op) => (op as { interact?: { trigger?: { click: string; widget: string } } }).interact?.trigger)
    .filter((t) => t?.widget.startsWith("button"));
  expect(clicks).toHaveLength(2);
  expect(clicks[0]!.click).not.toBe(clicks[1]!.click);
  await person.leave(/ERR_|Failed to load/);
});

test("the page reads well on a phone", async () => {
  const person = await Person.arrive(browser, { viewport: { width: 390, height: 800 }, hasTouch: true });
  const { page } = await open(person);
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(wide).toBe(0);
  if (process.env.STNB_SHOTS) {
    await page.screenshot({ path: `${process.env.STNB_SHOTS}/gallery-phone.png`, fullPage: true });
  }
  await person.leave(/ERR_|Failed to load/);
});
