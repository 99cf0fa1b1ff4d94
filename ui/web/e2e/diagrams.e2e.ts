import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, Person } from "./browser";
import { examples, Stnb } from "./stnb";

// Diagrams under the page's real policy: what draws them is loaded when the first is
// shown, and nothing is asked of anybody else.

let browser: Browser;
let app: Stnb;
const files = examples(true);

const notebook = `---
title: Diagrams
---

\`\`\`mermaid
flowchart LR
  one[In Markdown] --> two[drawn]
\`\`\`

\`\`\`go
import (
	"strings"

	st "stnb.dev/widgets"
)

// Pet is an animal with a name.
type Pet struct{ Name string }

// Speak says the name.
func (p Pet) Speak() string { return p.Name }

st.Plotly(map[string]any{
	"data":   []any{map[string]any{"type": "bar", "x": []string{"cats", "dogs"}, "y": []int{3, 2}}},
	"layout": map[string]any{"title": map[string]any{"text": "Animals"}},
})
st.Graphviz(\`digraph { rankdir=LR; found -> examined -> kennel [label="healthy"]; subgraph cluster_a { label="Care"; examined; vet } examined -> vet }\`, st.Key("graph"))
st.Mermaid("sequenceDiagram\\n  Visitor->>Shelter: May I see the cats?")
st.Mermaid("no diagram at all", st.Key("wrong"))
st.Graphviz("digraph { a -> ", st.Key("cut"))
st.Echo(func() {
	st.Write("What it shows, ", 1+1) // and why
})
st.Doc(Pet{"Rex"})
st.Doc(strings.Fields)
st.Iframe("https://example.invalid/page", st.Height(80))
st.Write("the end")
\`\`\`
`;

beforeAll(async () => {
  writeFileSync(files.path("diagrams.md"), notebook);
  browser = await launch();
  app = await Stnb.start("run", files.path("diagrams.md"));
});

afterAll(async () => {
  await browser?.close();
  await app?.stop();
  files.remove();
});

const main = (page: Page) => page.getByRole("main");

for (const colorScheme of ["light", "dark"] as const) {
  test(`diagrams are drawn, with their styles, ${colorScheme}`, async () => {
    const person = await Person.arrive(browser, { colorScheme });
    const asked: string[] = [];
    person.context.on("request", (r) => asked.push(r.url()));
    const page = await person.open(app.url);
    await main(page).getByText("the end").waitFor();

    await main(page).locator(".k-plotly .bars path").first().waitFor();
    await main(page).locator(".k-plotly").getByText("Animals").waitFor();
    // Without Plotly's own rules the layers of a chart would stand one under the other.
    const layers = main(page).locator(".k-plotly .main-svg");
    const tops = await layers.evaluateAll((l) => l.map((e) => Math.round(e.getBoundingClientRect().top)));
    expect(new Set(tops).size).toBe(1);

    const graph = main(page).locator(".st-key-graph svg");
    await graph.waitFor();
    expect(await graph.getAttribute("aria-label")).toBe("Graph with 4 nodes and 3 edges");
    for (const words of ["found", "examined", "kennel", "vet", "healthy", "Care"]) {
      expect(await graph.getByText(words, { exact: true }).count()).toBeGreaterThan(0);
    }

    const block = main(page)
      .locator(".k-markdown .diagram svg")
      .or(main(page).locator(".prose .diagram svg"));
    await block.first().waitFor();
    await block.first().getByText("In Markdown").waitFor();
    const sequence = main(page).locator(".k-mermaid svg").first();
    await sequence.getByText("May I see the cats?").waitFor();
    const [ink, ground] = await sequence.getByText("May I see the cats?").evaluate((n) => {
      const style = getComputedStyle(n);
      return [style.fill, getComputedStyle(document.body).backgroundColor];
    });
    expect(ink).not.toBe(ground);

    await main(page).locator(".st-key-wrong").getByRole("alert").waitFor();
    await main(page).locator(".st-key-cut").getByRole("alert").waitFor();

    await main(page).locator(".k-code").getByText('st.Write("What it shows, ", 1+1)').waitFor();
    await main(page).getByText("// and why").waitFor();
    await main(page).getByText("What it shows, 2").waitFor();
    const doc = main(page).locator(".doc").first();
    await doc.getByText("Pet is an animal with a name.").waitFor();
    await doc.getByText("Methods").click();
    await doc.getByText("Speak says the name.").waitFor();
    await main(page).locator(".doc").nth(1).getByText("Fields splits the string").waitFor();

    const frame = main(page).locator(".foreign-frame");
    await frame.waitFor();
    expect(await frame.getAttribute("title")).toBe("example.invalid");
    const inner = await (await frame.elementHandle())!.contentFrame();
    const foreign = inner!.locator("iframe");
    expect(await foreign.getAttribute("src")).toBe("https://example.invalid/page");
    expect(await foreign.getAttribute("sandbox")).not.toContain("allow-top-navigation");

    // Only the frame's own page asks elsewhere.
    const elsewhere = asked.filter((u) => !u.startsWith(app.url) && !/^(data|blob):/.test(u));
    expect(elsewhere.every((u) => u === "https://example.invalid/page")).toBe(true);
    if (process.env.STNB_SHOTS) {
      await page.screenshot({
        path: `${process.env.STNB_SHOTS}/diagrams-${colorScheme}.png`,
        fullPage: true,
      });
    }
    await person.leave(/ERR_NAME_NOT_RESOLVED|ERR_/);
  });
}

test("an exported page draws its diagrams by itself", async () => {
  execFileSync(process.env.STNB_BIN ?? fileURLToPath(new URL("../../../bin/stnb", import.meta.url)), [
    "export",
    "html",
    files.path("diagrams.md"),
  ]);
  const person = await Person.arrive(browser);
  const page = await person.open(pathToFileURL(files.path("diagrams.html")).href);
  await page.locator(".k-plotly .bars path").first().waitFor();
  await page.locator(".k-mermaid svg").first().getByText("May I see the cats?").waitFor();
  await page.locator(".st-key-graph svg").waitFor();
  await page.locator(".diagram svg").first().getByText("In Markdown").waitFor();
  expect(await page.getByRole("link", { name: "example.invalid" }).getAttribute("href")).toBe(
    "https://example.invalid/page",
  );
  await person.leave();
});
