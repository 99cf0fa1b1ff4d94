import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { editor } from "../src/text/messages/editor";
import { launch, Person } from "./browser";
import { examples, Stnb, until } from "./stnb";

// The figures of make bench: what a person waits for, measured where they wait.
let browser: Browser;
const files = examples();
const rows: [string, string][] = [];

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  files.remove();
  const width = Math.max(...rows.map(([what]) => what.length));
  console.log(`\n${rows.map(([what, value]) => `${what.padEnd(width)}  ${value}`).join("\n")}\n`);
});

function report(what: string, samples: number[]): void {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (p: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? 0).toFixed(1);
  rows.push([
    what,
    samples.length === 1 ? `${at(0)} ms` : `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms (${samples.length} times)`,
  ]);
}

/** Processor time of the busiest page's main thread in a recorded trace, in ms. */
function mainThread(trace: {
  traceEvents: { name: string; pid: number; tid: number; tdur?: number; args: { name?: string } }[];
}): number {
  const main = new Map<string, number>();
  const key = (e: { pid: number; tid: number }) => `${e.pid}:${e.tid}`;
  for (const e of trace.traceEvents)
    if (e.name === "thread_name" && e.args.name === "CrRendererMain") main.set(key(e), 0);
  for (const e of trace.traceEvents)
    if (e.name === "ThreadControllerImpl::RunTask" && main.has(key(e)))
      main.set(key(e), (main.get(key(e)) ?? 0) + (e.tdur ?? 0) / 1000);
  return Math.max(...main.values());
}

test("process start to first answer", async () => {
  const samples: number[] = [];
  for (let i = 0; i < 5; i++) {
    const s = await Stnb.start("run", files.path("flights.md"));
    await fetch(s.url);
    samples.push(performance.now() - s.started);
    await s.stop();
  }
  report("process start to first HTTP answer", samples);
});

test("kernel start and a trivial cell", async () => {
  writeFileSync(files.path("trivial.md"), "```go\n40 + 2\n```\n");
  const s = await Stnb.start("edit", files.dir);
  const person = await Person.arrive(browser);
  const page = await person.open(s.url);
  await page.goto(new URL("/edit/trivial.md", s.url).href);
  const run = page.getByRole("button", { name: editor.runAll }).first();
  await run.waitFor();
  let began = performance.now();
  await run.click();
  await page.locator("[data-cell]").getByText("42", { exact: true }).first().waitFor();
  report("first run of a notebook, with its kernel's start", [performance.now() - began]);

  const samples: number[] = [];
  for (let i = 0; i < 40; i++) {
    await page.locator(".cm-content").first().click();
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.insertText(`1000 + ${i}`);
    began = performance.now();
    await page.keyboard.press("ControlOrMeta+Enter");
    await page
      .locator("[data-cell]")
      .getByText(String(1000 + i), { exact: true })
      .first()
      .waitFor();
    samples.push(performance.now() - began);
  }
  report("key press to output of a changed trivial cell", samples);
  await person.leave();
  await s.stop();
});

test("a notebook of 1,000 cells: opening it, and typing in it", async () => {
  const cells = Array.from({ length: 1000 }, (_, i) =>
    i % 5 === 0
      ? `## Part ${i}\n\nSome text about part ${i}, with *emphasis* and \`code\`.\n\n`
      : `\`\`\`go\nv${i} := ${i}\nw${i} := v${i} * 2 // a comment\n_ = w${i}\n\`\`\`\n`,
  );
  writeFileSync(files.path("thousand.md"), cells.join("\n"));
  const s = await Stnb.start("edit", files.dir);
  const person = await Person.arrive(browser);
  const page = await person.open(s.url);
  const opened: number[] = [];
  for (let i = 0; i < 5; i++) {
    await page.goto(new URL("/edit/thousand.md", s.url).href);
    // In the page's own time: from the navigation until cells can be read and edited.
    const at = await page.waitForFunction(
      () =>
        document.querySelector(".cm-content") &&
        document.querySelectorAll("[data-cell]").length >= 20 &&
        performance.now(),
      undefined,
      { polling: "raf" },
    );
    opened.push((await at.jsonValue()) as number);
  }
  report("opening 1,000 cells, until the first can be edited", opened);

  await page.waitForFunction(() => document.querySelectorAll("[data-cell]").length === 1000);
  const code = page.locator(".cm-content").nth(3);
  await code.click();
  await code.evaluate((node) => {
    const kept = window as unknown as { latency: number[] };
    kept.latency = [];
    let began = 0;
    window.addEventListener(
      "keydown",
      (e) => {
        began = e.timeStamp;
      },
      { capture: true },
    );
    new MutationObserver(() => {
      if (began > 0) kept.latency.push(performance.now() - began);
      began = 0;
    }).observe(node, { subtree: true, childList: true, characterData: true });
  });
  const type = async (keys: number) => {
    for (let i = 0; i < keys; i++) await page.keyboard.type("abcdefghij"[i % 10] as string, { delay: 40 });
  };
  await type(200);
  report(
    "typing in a notebook of 1,000 cells, key to text",
    await page.evaluate(() => (window as unknown as { latency: number[] }).latency),
  );
  // What a key costs, recorded: the trace opens in the browser's own tools.
  const kept = fileURLToPath(new URL("../../../bin/thousand.trace.json", import.meta.url));
  await browser.startTracing(page, { path: kept, categories: ["devtools.timeline", "toplevel", "v8"] });
  await type(50);
  const cost = mainThread(JSON.parse(String(await browser.stopTracing()))) / 50;
  rows.push(["processor time of the page's main thread, a key", `${cost.toFixed(1)} ms (${kept})`]);
  await person.leave();
  await s.stop();
});

test("click to change on the screen, in the app", async () => {
  const s = await Stnb.start("run", files.path("flights.md"));
  const person = await Person.arrive(browser);
  const page = await person.open(s.url);
  await page.getByText("Clicked 0 times in this tab.").waitFor();
  // Both ends are measured in the page: from the click to the changed text.
  const samples = await page.evaluate(async () => {
    const button = [...document.querySelectorAll("button")].find((b) =>
      b.textContent?.includes("I was on one of these"),
    );
    const times: number[] = [];
    for (let i = 1; i <= 60; i++) {
      const began = performance.now();
      const changed = new Promise<void>((resolve) => {
        const observer = new MutationObserver(() => {
          if (document.body.innerText.includes(`Clicked ${i} times`)) {
            observer.disconnect();
            resolve();
          }
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
      });
      button?.click();
      await changed;
      times.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return times;
  });
  report("click to DOM change in the app", samples);

  const one = s.memory();
  rows.push([
    "memory with 1 app session",
    `server ${one.server.toFixed(0)} MB, kernel ${one.kernels.toFixed(0)} MB`,
  ]);
  // A hundred visitors without a hundred pages: sockets of one page.
  const began = performance.now();
  await page.evaluate(async () => {
    const open = (i: number) =>
      new Promise<void>((resolve, reject) => {
        const ws = new WebSocket(`${location.origin.replace("http", "ws")}/ws?app=`);
        ws.onopen = () =>
          ws.send(JSON.stringify({ hello: { client: `bench-${i}`, session: "", query: "" } }));
        ws.onmessage = (m) => {
          const message = JSON.parse(m.data);
          for (const e of message.events ?? []) if (e.run && !e.run.running && e.run.run > 0) resolve();
        };
        ws.onerror = () => reject(new Error("a socket failed"));
        const kept = window as unknown as { sockets?: WebSocket[] };
        kept.sockets = [...(kept.sockets ?? []), ws];
      });
    for (let i = 0; i < 99; i += 11) await Promise.all(Array.from({ length: 11 }, (_, k) => open(i + k)));
  });
  rows.push(["99 more visitors' first runs", `${((performance.now() - began) / 1000).toFixed(1)} s`]);
  await until("memory to settle", 5_000, () => true);
  const many = s.memory();
  rows.push([
    "memory with 100 app sessions",
    `server ${many.server.toFixed(0)} MB, kernel ${many.kernels.toFixed(0)} MB`,
  ]);
  await person.leave();
  await s.stop();
});
