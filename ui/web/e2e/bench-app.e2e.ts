import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, test } from "vitest";
import { launch, Person } from "./browser";
import { Stnb, until } from "./stnb";

// The same apps in stnb and in Streamlit, in one run and one browser: what a person
// waits for, and what travels. Streamlit is the one that STNB_STREAMLIT_PYTHON, or
// else python3, has; without one its column says so.

const clicks = 60;

/** A button that counts, 30 widgets around it, and their sum. */
const thirtyGo = `import (
	"fmt"

	st "stnb.dev/widgets"
)

n := st.State("n", 0)
st.Button("Add", st.OnClick(func() { n.Set(n.Get() + 1) }))
sum := 0
for i := range 10 {
	st.TextInput(fmt.Sprint("Text ", i))
	sum += st.Slider(fmt.Sprint("Slider ", i), 0, 100)
	if st.Checkbox(fmt.Sprint("Box ", i)) {
		sum++
	}
}
st.Write(fmt.Sprintf("Clicked %d times.", n.Get()))
st.Write("sum", sum)
`;
const thirtyPython = `import streamlit as st

if "n" not in st.session_state:
    st.session_state.n = 0

def add():
    st.session_state.n += 1

st.button("Add", on_click=add)
total = 0
for i in range(10):
    st.text_input(f"Text {i}")
    total += st.slider(f"Slider {i}", 0, 100)
    if st.checkbox(f"Box {i}"):
        total += 1
st.write(f"Clicked {st.session_state.n} times.")
st.write("sum", total)
`;

/** Five hundred elements, of which one changes. */
const manyGo = `import (
	"fmt"

	st "stnb.dev/widgets"
)

n := st.State("n", 0)
st.Button("Add", st.OnClick(func() { n.Set(n.Get() + 1) }))
st.Write(fmt.Sprintf("Clicked %d times.", n.Get()))
for i := range 498 {
	st.Markdown(fmt.Sprintf("Line **%d** of a long page, with some text in it.", i))
}
`;
const manyPython = `import streamlit as st

if "n" not in st.session_state:
    st.session_state.n = 0

def add():
    st.session_state.n += 1

st.button("Add", on_click=add)
st.write(f"Clicked {st.session_state.n} times.")
for i in range(498):
    st.markdown(f"Line **{i}** of a long page, with some text in it.")
`;

interface Server {
  url: string;
  started: number;
  /** Of all its processes, MB. */
  memory: () => number;
  stop: () => Promise<void>;
}

/** Starts an app. */
type Peer = (name: string) => Promise<Server>;

const dir = mkdtempSync(join(tmpdir(), "stnb-bench-"));
const python = process.env.STNB_STREAMLIT_PYTHON ?? "python3";
let browser: Browser;
const rows: [string, string, string][] = [];

function streamlitVersion(): string {
  try {
    return execFileSync(python, ["-c", "import streamlit; print(streamlit.__version__)"], {
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 60_000,
    })
      .toString()
      .trim();
  } catch {
    return "";
  }
}
const version = streamlitVersion();

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

const ours: Peer = async (name) => {
  const s = await Stnb.start("run", join(dir, `${name}.md`));
  return {
    url: s.url,
    started: s.started,
    memory: () => s.memory().server + s.memory().kernels,
    stop: () => s.stop(),
  };
};

const streamlit: Peer = async (name) => {
  const port = await freePort();
  const started = performance.now();
  const p = spawn(
    python,
    [
      "-m",
      "streamlit",
      "run",
      join(dir, `${name}.py`),
      "--server.port",
      String(port),
      "--server.headless",
      "true",
      "--browser.gatherUsageStats",
      "false",
      "--server.fileWatcherType",
      "none",
    ],
    { stdio: "ignore", env: { ...process.env, HOME: dir } },
  );
  const url = `http://127.0.0.1:${port}/`;
  await until("streamlit to answer", 60_000, async () => {
    if (p.exitCode !== null) throw new Error("streamlit ended");
    return fetch(`${url}_stcore/health`).then(
      (r) => r.ok,
      () => false,
    );
  });
  const memory = () =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${p.pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  return {
    url,
    started,
    memory,
    stop: () =>
      new Promise((resolve) => {
        p.on("exit", () => resolve());
        p.kill("SIGTERM");
        setTimeout(() => p.kill("SIGKILL"), 5_000).unref();
      }),
  };
};

beforeAll(async () => {
  for (const [name, go, py] of [
    ["thirty", thirtyGo, thirtyPython],
    ["many", manyGo, manyPython],
  ] as const) {
    writeFileSync(join(dir, `${name}.md`), `\`\`\`go\n${go}\`\`\`\n`);
    writeFileSync(join(dir, `${name}.py`), py);
  }
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  rmSync(dir, { recursive: true, force: true });
  const peer = version ? `Streamlit ${version}` : "Streamlit is not installed";
  const table = [["", "stnb", peer], ...rows];
  const width = [0, 1].map((i) => Math.max(...table.map((r) => r[i]!.length)));
  console.log(
    `\n${table.map((r) => `${r[0]!.padEnd(width[0]!)}  ${r[1]!.padEnd(width[1]!)}  ${r[2]}`).join("\n")}\n`,
  );
});

function summary(samples: number[]): string {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (p: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? 0).toFixed(1);
  return samples.length === 1 ? `${at(0)} ms` : `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}

/** One row of the table: what was measured with each. */
async function compare(what: string, measure: (peer: Peer) => Promise<string>): Promise<void> {
  const mine = await measure(ours);
  rows.push([what, mine, version ? await measure(streamlit) : "–"]);
}

const text = (page: Page, n: number) => page.getByText(`Clicked ${n} times.`).waitFor({ timeout: 60_000 });

/**
 * Clicks again and again; each time is from the click to the changed text, both seen
 * in the page. A click that nothing came of is told, and made again.
 */
async function clicking(page: Page, times: number): Promise<number[]> {
  const { samples, lost } = await page.evaluate(async (times) => {
    const samples: number[] = [];
    let lost = 0;
    while (samples.length < times && lost < times) {
      const now = Number(/Clicked (\d+) times/.exec(document.body.textContent ?? "")?.[1]);
      const button = [...document.querySelectorAll("button")].find((b) => b.textContent?.trim() === "Add");
      const wanted = `Clicked ${now + 1} times.`;
      const began = performance.now();
      const answered = await new Promise<boolean>((resolve) => {
        const end = (yes: boolean) => {
          observer.disconnect();
          clearTimeout(limit);
          resolve(yes);
        };
        const observer = new MutationObserver((records) => {
          if (records.some((r) => r.target.textContent?.includes(wanted))) end(true);
        });
        observer.observe(document.body, { subtree: true, childList: true, characterData: true });
        const limit = setTimeout(() => end(false), 3_000);
        button?.click();
      });
      if (answered) samples.push(performance.now() - began);
      else lost++;
      await new Promise((resolve) => setTimeout(resolve, 60));
    }
    return { samples, lost };
  }, times);
  if (lost > 0) console.log(`${page.url()}: ${lost} clicks were lost beside ${samples.length}`);
  if (samples.length < times) throw new Error(`only ${samples.length} of ${times} clicks were answered`);
  return samples;
}

test("30 widgets: click to DOM, memory", async () => {
  const memory: string[] = [];
  await compare("app of 30 widgets: click to DOM", async (peer) => {
    const s = await peer("thirty");
    const person = await Person.arrive(browser);
    const page = await person.open(s.url);
    await text(page, 0);
    await clicking(page, 5); // both are warm
    const samples = await clicking(page, clicks);
    memory.push(`${s.memory().toFixed(0)} MB`);
    await person.context.close();
    await s.stop();
    return summary(samples);
  });
  rows.push(["memory with one session", memory[0] ?? "", memory[1] ?? "–"]);
}, 300_000);

test("500 elements, of which one changes", async () => {
  const wire: string[] = [];
  await compare("500 elements, one changes: click to DOM", async (peer) => {
    const s = await peer("many");
    const person = await Person.arrive(browser);
    let bytes = 0;
    person.context.on("page", (page) =>
      page.on("websocket", (ws) =>
        ws.on("framereceived", ({ payload }) => {
          bytes += typeof payload === "string" ? Buffer.byteLength(payload) : payload.length;
        }),
      ),
    );
    const page = await person.open(s.url);
    await text(page, 0);
    await page.waitForTimeout(1_000);
    bytes = 0;
    const samples = await clicking(page, 12);
    await page.waitForTimeout(500);
    wire.push(`${Math.round(bytes / 12).toLocaleString("en")} bytes`);
    await person.context.close();
    await s.stop();
    return summary(samples);
  });
  rows.push(["500 elements, one changes: received per click", wire[0] ?? "", wire[1] ?? "–"]);
}, 300_000);

test("cold start to first paint of the app", async () => {
  await compare("process start to the app's text on the screen", async (peer) => {
    const samples: number[] = [];
    for (let i = 0; i < 3; i++) {
      const s = await peer("thirty");
      const person = await Person.arrive(browser);
      const page = await person.open(s.url);
      await text(page, 0);
      samples.push(performance.now() - s.started);
      await person.context.close();
      await s.stop();
    }
    return summary(samples);
  });
}, 300_000);
