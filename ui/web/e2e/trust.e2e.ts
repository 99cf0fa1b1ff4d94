import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Frame, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { list } from "../src/text/messages/list";
import { launch, Person } from "./browser";
import { filesMustBeClean, secretFile } from "./canary";
import { Stnb, until, whole } from "./stnb";

// The attacks of SECURITY.md's list that are pages. An app shows everything a
// hostile text could be, in every place a text can stand; nothing of it may run,
// leave the page or even meet the page's policy. pwned() is what all of them call.

const schemes = [
  "javascript:pwned()",
  " javascript:pwned()",
  "\\x01javascript:pwned()",
  "JaVaScRiPt:pwned()",
  "java\\tscript:pwned()",
  "java\\nscript:pwned()",
  "javascript&colon;pwned()",
  "&#106;avascript:pwned()",
  "vbscript:pwned()",
  "data:text/html,<script>pwned()</script>",
  "data:image/svg+xml,<svg onload=pwned()>",
  "//%0ajavascript:pwned()",
];

// OWASP's, DOMPurify's and nbconvert's families of vectors, as Markdown.
const vectors = [
  "<script>pwned()</script>",
  "<ScRiPt src=data:text/javascript,pwned()></sCrIpT>",
  "<img src=x onerror=pwned()>",
  "<img/src=x/onerror=pwned()>",
  '<img src=x oNeRrOr="pwned()" style="position:fixed">',
  "<svg onload=pwned()></svg>",
  "<svg><script>pwned()</script></svg>",
  "<svg><animate onbegin=pwned() attributeName=x dur=1s></svg>",
  '<svg><use href="data:image/svg+xml,<svg id=x onload=pwned()>#x"></svg>',
  "<math><mtext></form><form><mglyph><style></math><img src onerror=pwned()>",
  '<math><mi xlink:href="javascript:pwned()">x</mi></math>',
  "<iframe srcdoc='<script>parent.pwned()</script>'></iframe>",
  "<iframe src=javascript:pwned()></iframe>",
  "<object data=javascript:pwned()></object><embed src=javascript:pwned()>",
  "<details open ontoggle=pwned()>x</details>",
  "<body onload=pwned()><video><source onerror=pwned()></video>",
  "<input autofocus onfocus=pwned()>",
  "<marquee onstart=pwned()>x</marquee>",
  "<base href=//evil.example/>",
  "<meta http-equiv=refresh content='0;url=javascript:pwned()'>",
  "<link rel=stylesheet href=data:text/css,body{display:none}>",
  "<style>@import 'data:text/css,body{display:none}'; body{display:none}</style>",
  "<form action=javascript:pwned()><button formaction=javascript:pwned()>x</button></form>",
  "<a id=cookie name=body href=javascript:pwned()>clobber</a>",
  "<form id=documentElement><input name=attributes><input name=querySelector></form>",
  "<img name=getElementById src=x><img name=location src=x>",
  "<div data-icon='x' data-stnb='x' data-path='main' onclick=pwned()>hook</div>",
  "<template><img src=x onerror=pwned()></template><noscript><p title='</noscript><img src=x onerror=pwned()>'>",
  "<!--><img src=x onerror=pwned()>-->",
  "<![CDATA[><img src=x onerror=pwned()>]]>",
  "<x/onmouseover=pwned()>over</x>",
  "`<img src=x onerror=pwned()>` and $<img src=x onerror=pwned()>$ and :red[<img src=x onerror=pwned()>]",
  "$\\\\href{javascript:pwned()}{x}$ $\\\\url{javascript:pwned()}$ $\\\\htmlData{a=b}{x} \\\\htmlStyle{color:red}{x} \\\\includegraphics{javascript:pwned()}$",
  "```mermaid\\n%%{init: {'securityLevel': 'loose'}}%%\\ngraph TD; A[<img src=x onerror=pwned()>]; click A pwned\\n```",
  '```\\"><img src=x onerror=pwned()>\\ncode\\n```',
  "| <img src=x onerror=pwned()> |\\n| --- |\\n| <script>pwned()</script> |",
  "[^1]\\n\\n[^1]: <img src=x onerror=pwned()>",
  "# heading {onclick=pwned()} <img src=x onerror=pwned()>",
  ':material/x\\"onmouseover=pwned():',
];

const quote = (s: string) => `"${s.replaceAll('"', '\\"').replaceAll('\\\\"', '\\"')}"`;

const app = `---
title: "<img src=x onerror=pwned()>"
---

\`\`\`go
import (
	"errors"
	"stnb.dev/dataframe"
	st "stnb.dev/widgets"
)

hostile := "<img src=x onerror=pwned()>"
for _, u := range []string{
	${schemes.map((s) => `${quote(s)},`).join("\n\t")}
} {
	st.Markdown("[link](" + u + ") [angle](<" + u + ">) ![image](" + u + ") <" + u + "> [ref][r]\\n\\n[r]: " + u)
	st.LinkButton("go", u, st.Key("b"+u))
}
for _, v := range []string{
	${vectors.map((s) => `${quote(s)},`).join("\n\t")}
} {
	st.Markdown(v)
	st.Title(v)
	st.Caption(v)
	st.Info(v)
	st.Checkbox(v, st.Help(v))
	st.Metric(v, v)
	st.Code(v)
	st.Latex(v)
	st.JSON(map[string]any{"__proto__": map[string]any{"polluted": true}, "constructor": v})
}
st.Toast(hostile)
st.Badge(hostile)
st.Expander(hostile).Write(hostile)
st.Tabs(hostile, "b")[0].Write("in a tab")
st.Selectbox(hostile, []string{hostile, "other"})
st.Exception(errors.New(hostile))
st.Error(hostile)
st.Write(map[string]string{hostile: hostile})
st.Text(hostile)
st.Table([]map[string]any{{hostile: hostile}})
st.BarChart(dataframe.From([]map[string]any{{"x": hostile, hostile: 3}, {"x": "b", hostile: 2}}), st.X("x"), st.Y(hostile))
st.VegaLite(map[string]any{
	"mark": map[string]any{"type": "bar", "tooltip": true},
	"data": map[string]any{"values": []map[string]any{{"a": hostile, "b": 28}}},
	"encoding": map[string]any{
		"x": map[string]any{"field": "a", "type": "nominal"}, "y": map[string]any{"field": "b", "type": "quantitative"},
		"tooltip": map[string]any{"field": "a"}, "href": map[string]any{"value": "javascript:pwned()"},
	},
}, nil)
st.VegaLite(map[string]any{"mark": "bar", "data": map[string]any{"url": "http://127.0.0.1:9/x.json"},
	"transform": []map[string]any{{"calculate": "constructor.constructor('pwned()')()", "as": "a"}},
	"encoding": map[string]any{"x": map[string]any{"field": "a"}}}, nil)
st.Dataframe(dataframe.From([]map[string]any{{"link": "javascript:pwned()", "image": "javascript:pwned()", hostile: hostile}}),
	st.Column("link", st.LinkColumn()), st.Column("image", st.ImageColumn()))
st.Image([]byte("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9' onload='pwned()'><script>pwned()</script></svg>"))
st.DownloadButton(hostile, []byte("<script>pwned()</script>"), st.FileName("a.html"), st.MIME("text/html"))
st.HTML(\`<p id="out">waiting</p><script>
const tries = {}
const attempt = (name, f) => { try { tries[name] = String(f()) } catch (e) { tries[name] = "refused" } }
attempt("cookie", () => parent.document.cookie)
attempt("own cookie", () => document.cookie)
attempt("storage", () => localStorage.length)
attempt("parent storage", () => parent.localStorage.length)
attempt("page", () => parent.document.body.innerHTML.length)
attempt("navigate", () => { top.location = "http://127.0.0.1:9/stolen"; return "refused" })
attempt("open", () => { parent.postMessage({ stnbHeight: -5, op: { interact: { rerun: true } }, hello: { client: "x" } }, "*"); return "refused" })
tries.origin = self.origin
document.getElementById("out").textContent = JSON.stringify(tries)
</script>\`)
st.Write("the end")
\`\`\`
`;

interface Seen {
  violations: string[];
  pwned: number;
  foreign: string[];
}

let browser: Browser;
let server: Stnb;
let dir: string;

beforeAll(async () => {
  browser = await launch();
  dir = mkdtempSync(join(tmpdir(), "stnb-e2e-"));
  writeFileSync(join(dir, "hostile.md"), app);
  server = await Stnb.start("run", join(dir, "hostile.md"));
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** Opens the app and counts, from the first byte on, what an attack would cause. */
async function visit(person: Person): Promise<{ page: Page; seen: Seen }> {
  const seen: Seen = { violations: [], pwned: 0, foreign: [] };
  await person.context.exposeFunction("pwned", () => {
    seen.pwned++;
  });
  await person.context.exposeFunction("violated", (what: string) => {
    seen.violations.push(what);
  });
  await person.context.addInitScript(() => {
    if (window.top !== window) return; // an author's frame has a policy of its own
    document.addEventListener("securitypolicyviolation", (e) => {
      (window as unknown as { violated: (s: string) => void }).violated(
        `${e.violatedDirective} ${e.blockedURI} ${e.sample}`,
      );
    });
  });
  const page = await person.open(server.url);
  page.on("dialog", (d) => {
    seen.pwned++;
    void d.dismiss();
  });
  page.on("request", (r) => {
    const url = r.url();
    if (!url.startsWith(server.url) && !/^(data|blob|ws):/.test(url)) seen.foreign.push(url);
  });
  await page.getByText("the end", { exact: true }).waitFor();
  // What is loaded on its own turn (charts, formulas, the grid) is there too.
  await page.locator(".vega canvas").first().waitFor();
  await page.locator(".katex").first().waitFor();
  await page.waitForLoadState("networkidle");
  return { page, seen };
}

/** What the browser logs of attacks that it refuses. */
const refused = [
  /Unsafe attempt to initiate navigation/,
  /sandboxed/,
  /Blocked script execution/,
  /loads no data/,
];

const nothing: Seen = { violations: [], pwned: 0, foreign: [] };

test("T20 no text becomes markup: nothing runs, nothing leaves, the policy has nothing to stop", async () => {
  const ada = await Person.arrive(browser);
  const { page, seen } = await visit(ada);
  const bad = await page.evaluate(() => {
    const found: string[] = [];
    for (const e of document.querySelectorAll("body *")) {
      for (const a of e.attributes) {
        if (/^on/i.test(a.name)) found.push(`${e.tagName} ${a.name}`);
        if (
          /^(href|src|action|formaction|data|xlink:href)$/i.test(a.name) &&
          /^[\s\x00-\x20]*(javascript:|vbscript:|data:text)/i.test(a.value)
        )
          found.push(`${e.tagName} ${a.name}=${a.value}`);
      }
      if (
        /^(SCRIPT|OBJECT|EMBED|BASE|META|LINK|STYLE|FORM|NOSCRIPT|TEMPLATE)$/.test(e.tagName) &&
        e.closest(".html, .prose, .heading")
      )
        found.push(e.tagName);
      if (e.closest(".prose .html") && (e.id || e.getAttribute("name")))
        found.push(`${e.tagName} id=${e.id}`);
    }
    return found;
  });
  expect(bad).toEqual([]);
  expect(await page.title()).not.toBe("");
  expect(await page.evaluate(() => typeof document.cookie + typeof document.getElementById)).toBe(
    "stringfunction",
  );
  expect(await page.evaluate(() => ({}) as { polluted?: boolean }).then((o) => o.polluted)).toBeUndefined();
  expect(await page.evaluate(() => "polluted" in {})).toBe(false);
  // Tooltips and hovers are drawn late.
  for (const chart of await page.locator("canvas").all()) {
    const box = await chart.boundingBox();
    if (!box || box.width < 50) continue;
    await chart.scrollIntoViewIfNeeded();
    for (const x of [0.2, 0.3, 0.5, 0.7])
      await chart.hover({ position: { x: box.width * x, y: box.height / 2 }, force: true });
  }
  for (const help of await page.locator("[aria-label=Help], .help").all())
    if (await help.isVisible()) await help.hover({ force: true });
  expect(await page.locator("img[src=x]").count()).toBe(0);
  expect(seen).toEqual(nothing);
  await ada.leave(...refused);
});

test.runIf(whole)(
  "T21 an author's HTML runs in a frame from which nothing of the page can be had",
  async () => {
    const ada = await Person.arrive(browser);
    const { page, seen } = await visit(ada);
    const at = page.url();
    let inner: Frame | undefined;
    await until("the author's frame", 20_000, () => {
      inner = page.frames().find((f) => f.url().includes("/html/"));
      return inner !== undefined;
    });
    const out = inner!.locator("#out");
    await until("its script to run", 20_000, async () => (await out.textContent()) !== "waiting");
    const tries = JSON.parse((await out.textContent()) ?? "{}") as Record<string, string>;
    const origin = tries.origin;
    delete tries.origin;
    expect(origin).toBe("null");
    expect(Object.entries(tries).filter(([, v]) => v !== "refused")).toEqual([]);
    expect(page.url()).toBe(at);
    // Alone in a tab it has no more than in its frame.
    const alone = await ada.context.newPage();
    await alone.goto(inner!.url());
    expect(await alone.evaluate(() => self.origin)).toBe("null");
    await expect(alone.evaluate(() => document.cookie)).rejects.toThrow(/sandbox|denied|Forbidden/i);
    // An image that is a document runs nothing, not even when it is opened as one.
    const svg = await page.locator("img[src*='media/']").first().getAttribute("src");
    await alone.goto(new URL(svg!, at).href);
    expect(await alone.evaluate(() => self.origin)).toBe("null");
    expect(seen).toEqual(nothing);
    await ada.leave(...refused);
  },
);

test.runIf(whole)("T22 a link that is a script is text: no click of any link runs or leaves", async () => {
  const ada = await Person.arrive(browser);
  const { page, seen } = await visit(ada);
  const at = page.url();
  const links = page.locator("main a, #root a");
  const hrefs = await links.evaluateAll((all) => all.map((a) => (a as HTMLAnchorElement).protocol));
  expect(hrefs.filter((p) => !["http:", "https:", "mailto:", "tel:", ""].includes(p) && p !== ":")).toEqual(
    [],
  );
  // A canvas has no links: the grid's are opened by its own code.
  const grid = page.locator("canvas[data-testid=data-grid-canvas], .grid canvas").first();
  if (await grid.count()) {
    await grid.scrollIntoViewIfNeeded();
    const box = (await grid.boundingBox())!;
    for (const x of [60, 160, 260, 360]) {
      if (x > box.width) continue;
      await grid.click({ position: { x, y: 52 }, force: true });
      await grid.dblclick({ position: { x, y: 52 }, force: true });
      await page.keyboard.press("Escape");
    }
  }
  for (const button of await page.getByRole("link", { name: "go", exact: true }).all())
    await button.click({ force: true, noWaitAfter: true, modifiers: ["Alt"] }).catch(() => {});
  for (const other of ada.context.pages()) expect(other.url()).not.toMatch(/^(javascript|data|vbscript):/);
  expect(page.url()).toBe(at);
  expect(seen.pwned).toBe(0);
  expect(seen.violations).toEqual([]);
  await ada.leave(...refused);
});

test("T38 a notebook's secrets are in no frame, no error, no log and no file, even when its code prints them", async () => {
  const place = mkdtempSync(join(tmpdir(), "stnb-e2e-"));
  mkdirSync(join(place, ".stnb"));
  writeFileSync(join(place, ".stnb/secrets.toml"), secretFile, { mode: 0o600 });
  writeFileSync(
    join(place, "secret.md"),
    `\`\`\`go
import (
	"errors"
	"fmt"
	st "stnb.dev/widgets"
)

key, _ := st.Secret("canary_key")
fmt.Println("the key is", key, len(key))
db := st.Connection("canary")
_, err := db.Query("select 1")
err
errors.New("no answer for " + key)
st.Write("shown")
panic("failed with " + key)
\`\`\`
`,
  );
  const edit = await Stnb.start("edit", join(place, "secret.md"), "--log-level", "debug");
  try {
    const ada = await Person.arrive(browser);
    const page = await ada.open(edit.url);
    await page.keyboard.press("Control+Shift+Enter");
    const run = page.getByRole("button", { name: /run all/i }).first();
    if (await run.count()) await run.click();
    await page.getByText("failed with •••").first().waitFor();
    await page.getByText("the key is •••").first().waitFor();
    await page.keyboard.press("Control+S");
    await ada.leave();
  } finally {
    await edit.stop();
  }
  filesMustBeClean(place);
  rmSync(place, { recursive: true, force: true });
});

test.runIf(whole)("T11 a page of another origin cannot frame an app", async () => {
  const foreign = createServer((_, answer) => {
    answer.setHeader("Content-Type", "text/html");
    answer.end(`<iframe id="app" src="${server.url}"></iframe><p>the foreign page</p>`);
  });
  await new Promise<void>((ready) => foreign.listen(0, "127.0.0.1", ready));
  try {
    const eve = await Person.arrive(browser);
    const page = await eve.open(`http://localhost:${(foreign.address() as AddressInfo).port}/`);
    await page.getByText("the foreign page").waitFor();
    await until("the frame to be refused", 10_000, () =>
      page.frames().some((f) => f !== page.mainFrame() && f.url().startsWith("chrome-error:")),
    );
    expect(await page.frameLocator("#app").getByText("the end", { exact: true }).count()).toBe(0);
    await eve.leave(/frame-ancestors|Refused to frame|Framing/);
  } finally {
    foreign.close();
  }
});

test.runIf(whole)(
  "T23 titles and names of files and folders are text in the list, its search and the editor",
  async () => {
    const hostile = "<img src=x onerror=pwned()>";
    // What no system of ours can name, the list leaves out; what is left is this.
    const folder = "&lt;svg onload=pwned()&gt;";
    const file = "a'&lt;b onclick=pwned()&gt;.md";
    const place = mkdtempSync(join(tmpdir(), "stnb-e2e-"));
    mkdirSync(join(place, folder));
    for (const name of ["plain.md", `${folder}/${file}`])
      writeFileSync(
        join(place, name),
        `---\ntitle: "${hostile}"\n---\n\n# ${hostile}\n\n\`\`\`go\nx := 1\nx\n\`\`\`\n`,
      );
    const edit = await Stnb.start("edit", place);
    try {
      const ada = await Person.arrive(browser);
      let pwned = 0;
      await ada.context.exposeFunction("pwned", () => {
        pwned++;
      });
      const page = await ada.open(edit.url);
      await page.getByText(hostile).first().waitFor();
      await page.getByRole("searchbox").fill("onerror");
      await page.getByText(hostile).first().waitFor();
      await page.getByRole("searchbox").fill("");
      await page.getByRole("tab", { name: list.view.files }).click();
      await page.getByRole("button", { name: folder, exact: true }).click();
      await page.getByText(hostile).or(page.getByText(file)).first().waitFor();
      const path = encodeURIComponent(`${folder}/${file}`).replace("%2F", "/");
      const notebook = await ada.open(new URL(`/edit/${path}`, edit.url).href);
      await notebook.getByText("x := 1").first().waitFor();
      expect(await notebook.title()).toContain(hostile);
      await notebook.keyboard.press("Escape");
      for (const at of [page, notebook])
        expect(await at.locator("img[src=x], svg[onload], b").count()).toBe(0);
      expect(pwned).toBe(0);
      await ada.leave();
    } finally {
      await edit.stop();
      rmSync(place, { recursive: true, force: true });
    }
  },
);
