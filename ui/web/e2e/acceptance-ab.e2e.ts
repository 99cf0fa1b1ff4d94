import { mkdirSync, writeFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch, Person } from "./browser";
import { examples, Stnb, until, whole } from "./stnb";

// The promises of the acceptance list about what changes on the screen (groups A, B
// and D), by their ids, driven as a person would; `make acceptance` counts them with
// the Go tests of examples, where what is about state alone is.

let nth = 0;

/** A test of promises: all of them in `make acceptance`, else one in five. */
const promise = (title: string, run: () => Promise<void>) =>
  test.skipIf(!whole && nth++ % 5 !== 0)(title, run);

/** Notebooks of one Go cell each, beside those of the examples. */
const cells: Record<string, string> = {
  // Each loop is long enough to be seen half way.
  places: `st.BarChart([]int{1, 2}) // charts are loaded when the first is shown
if st.Button("Go") {
	place := st.Empty()
	for i := range 12 {
		place.Write("step ", i)
		time.Sleep(60 * time.Millisecond)
	}
	place.LineChart([]int{1, 3, 2})
	time.Sleep(1500 * time.Millisecond)
	place.TextInput("Inside")
	time.Sleep(1500 * time.Millisecond)
	for i := range 8 {
		c := place.Container()
		c.Write("title ", i)
		c.Metric("n", i)
		time.Sleep(60 * time.Millisecond)
	}
	place.Empty()
	st.Write("cleared")
}`,
  rows: `type row struct{ A, B int }
table := st.Table([]row{{1, 2}, {3, 4}})
grid := st.Dataframe([]row{{1, 2}, {3, 4}})
line := st.LineChart([]row{{1, 2}, {3, 4}})
area := st.AreaChart([]row{{1, 2}, {3, 4}})
bar := st.BarChart([]row{{1, 2}, {3, 4}})
points := st.ScatterChart([]row{{1, 2}, {3, 4}})
if st.Button("Add") {
	for i := range 6 {
		more := []row{{5 + i, 60 - i}}
		table.AddRows(more)
		grid.AddRows(more)
		line.AddRows(more)
		area.AddRows(more)
		bar.AddRows(more)
		points.AddRows(more)
		time.Sleep(60 * time.Millisecond)
	}
	st.Write("added")
}`,
  tall: `var xs []int
for i := range 500 {
	xs = append(xs, i)
}
st.Dataframe(map[string][]int{"x": xs})`,
  progress: `if st.Button("Go") {
	bar := st.Progress(0, "Working")
	for i := range 21 {
		bar.Progress(i*5, fmt.Sprint("at ", i*5))
		time.Sleep(40 * time.Millisecond)
	}
	time.Sleep(300 * time.Millisecond)
	bar.Empty()
	st.Write("done")
}`,
  status: `fail := st.Checkbox("Fail")
if st.Button("Go") {
	st.Status("Loading", func(s *st.StatusBox) {
		s.Write("found it")
		time.Sleep(1500 * time.Millisecond)
		s.Update(st.NewLabel("Unpacking"))
		time.Sleep(1500 * time.Millisecond)
		if fail {
			s.Update(st.StatusState("error"), st.NewLabel("Broken"))
		}
	}, st.Expanded(true))
	s := st.Status("Second", nil, st.Expanded(true))
	s.Write("inside the second")
	time.Sleep(1500 * time.Millisecond)
	s.Update(st.StatusState("complete"), st.Expanded(false))
	st.Write("all done")
}`,
  toast: `if st.Button("Go") {
	m := st.Toast("First", st.Icon("🎉"))
	time.Sleep(1500 * time.Millisecond)
	m.Toast("Second")
}`,
  count: `clicks := st.State("clicks", 0)
if st.Button("Count") {
	clicks.Set(clicks.Get() + 1)
	time.Sleep(100 * time.Millisecond) // the next click comes while this one works
}
st.Write(fmt.Sprint("Counted ", clicks.Get()))
st.Checkbox("Other")`,
  same: `for range 2 {
	st.TextInput("Same")
}
for i := range 2 {
	st.TextInput("Keyed", st.Key(fmt.Sprint("k", i)))
}`,
  colours: `type colour int

const (
	red colour = iota
	green
	blue
)

func (c colour) String() string { return [...]string{"red", "green", "blue"}[c] }

all := []colour{red, green, blue}
one := st.Selectbox("One", all)
st.Write(fmt.Sprint("green is chosen: ", one == green))
some := st.Multiselect("Some", all)
st.Write(fmt.Sprint("two are chosen: ", len(some) == 2 && some[0] == red && some[1] == blue))
st.Write(fmt.Sprint("radio says ", st.Radio("Radio", all)))
st.Button("Again")`,
  alerts: `st.Success("All well")
st.Write("x is ", 3)
st.Header("Results")`,
};

let browser: Browser;
let app: Stnb;
let person: Person;
const files = examples();

beforeAll(async () => {
  mkdirSync(files.path("own"));
  for (const [name, cell] of Object.entries(cells)) {
    const imports = ["fmt", "time"].filter((p) => cell.includes(`${p}.`)).map((p) => `\t"${p}"\n`);
    const source = `import (\n${imports.join("")}\n\tst "stnb.dev/widgets"\n)\n\n${cell}`;
    writeFileSync(files.path(`own/${name}.md`), `---\ntitle: ${name}\n---\n\n\`\`\`go\n${source}\n\`\`\`\n`);
  }
  browser = await launch();
  app = await Stnb.start("run", files.dir);
  person = await Person.arrive(browser);
});

afterAll(async () => {
  await browser?.close();
  await app?.stop();
  files.remove();
});

/** Opens one of the apps in a new tab. */
async function open(name: string): Promise<Page> {
  return person.open(`${app.url}?app=${name}`);
}

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const main = (page: Page) => page.getByRole("main");
const elements = (page: Page) => main(page).locator(".el").count();

/** Nobody complained, and the tab is closed. */
async function leave(page: Page): Promise<void> {
  await page.close();
  expect(person.complaints).toEqual([]);
}

interface Seen {
  texts: string[];
  values: string[];
  most: number;
}

/**
 * Notes every text that what the selector finds shows from now on, its values, and
 * how many elements stood in it at most: the page itself misses nothing, however
 * short it stands.
 */
async function watch(page: Page, selector: string): Promise<() => Promise<Seen>> {
  await page.evaluate((selector) => {
    const seen: Seen = { texts: [], values: [], most: 0 };
    (window as unknown as { seen: Seen }).seen = seen;
    const look = () => {
      const root = document.querySelector<HTMLElement>(selector);
      if (!root) return;
      const now = root.innerText.trim();
      if (now !== seen.texts.at(-1)) seen.texts.push(now);
      const value = root.querySelector("[aria-valuenow]")?.getAttribute("aria-valuenow");
      if (value && value !== seen.values.at(-1)) seen.values.push(value);
      seen.most = Math.max(seen.most, root.querySelectorAll(".el").length);
    };
    const all = { subtree: true, childList: true, characterData: true, attributes: true };
    new MutationObserver(look).observe(document.body, all);
  }, selector);
  return () => page.evaluate(() => (window as unknown as { seen: Seen }).seen);
}

promise("A01 A02 A03 A04 A05 an empty is rewritten in place while a run goes on", async () => {
  const page = await open("own/places");
  await main(page).locator(".chart canvas").waitFor();
  const seen = await watch(page, ".k-empty");
  await button(page, "Go").click();
  const place = main(page).locator(".k-empty");
  await place.locator(".chart canvas").waitFor();
  expect(await place.getByText("step").count()).toBe(0);
  await place.getByRole("textbox", { name: "Inside" }).waitFor();
  expect(await place.locator(".chart").count()).toBe(0);
  await main(page).getByText("cleared").waitFor();
  await until("the place to be empty", 5_000, async () => (await place.locator(".el").count()) === 0);
  const { texts, most } = await seen();
  const steps = texts.map((t) => /^step (\d+)$/.exec(t)?.[1]).filter((t) => t !== undefined);
  expect(steps.length).toBeGreaterThan(2); // seen while it went on, one at a time
  expect(steps.map(Number)).toEqual([...steps.map(Number)].sort((a, b) => a - b));
  expect(texts.some((t) => /^title\s+\d/.test(t))).toBe(true); // in place of the text field
  expect(most).toBe(3); // a container with two elements in it
  await leave(page);
});

promise("A06 A07 A08 rows are added to what stands, without new elements", async () => {
  const page = await open("own/rows");
  await main(page).locator(".chart canvas").nth(3).waitFor();
  await main(page).locator("[data-testid=data-grid-canvas]").waitFor();
  await page.waitForTimeout(600); // the charts' own drawing in
  const before = await elements(page);
  const kept = [];
  for (const selector of [".table tbody tr", ".grid canvas", ".chart canvas"]) {
    kept.push(...(await main(page).locator(selector).elementHandles()));
  }
  const picture = (i: number) =>
    main(page)
      .locator(".chart canvas")
      .nth(i)
      .evaluate((c: HTMLCanvasElement) => c.toDataURL());
  const pictures = await Promise.all([0, 1, 2, 3].map(picture));
  await button(page, "Add").click();
  await main(page).getByText("added", { exact: true }).waitFor();
  await until(
    "the table to have its rows",
    5_000,
    async () => (await main(page).locator(".table tbody tr").count()) === 8,
  );
  expect(await main(page).locator(".table tbody tr").last().innerText()).toMatch(/10\s+55/);
  const grid = main(page).locator("[data-testid=data-grid-canvas]");
  await until(
    "the grid to have its rows",
    10_000,
    async () =>
      (await grid.getByRole("grid").or(grid.locator("table")).first().getAttribute("aria-rowcount")) === "9",
  );
  for (const i of [0, 1, 2, 3]) {
    await until(`chart ${i} to be drawn again`, 5_000, async () => (await picture(i)) !== pictures[i]);
  }
  expect(await elements(page)).toBe(before + 1); // "added"
  for (const node of kept) expect(await node.evaluate((n) => n.isConnected)).toBe(true);
  await leave(page);
});

promise("A09 a progress bar moves in place and goes", async () => {
  const page = await open("own/progress");
  const seen = await watch(page, "main");
  await button(page, "Go").click();
  await main(page).getByText("done").waitFor();
  await page.getByRole("progressbar").waitFor({ state: "detached" });
  const { texts, values } = await seen();
  expect(values.length).toBeGreaterThan(3);
  expect(values.map(Number)).toEqual([...values.map(Number)].sort((a, b) => a - b));
  expect(values.at(-1)).toBe("100");
  expect(texts.some((t) => t.includes("at 100"))).toBe(true);
  await leave(page);
});

promise("A10 a status changes label, icon and whether it is open", async () => {
  const page = await open("own/status");
  const first = main(page).locator(".k-status").first();
  const icon = (state: string) => first.locator(`.status-icon.${state}`);
  await button(page, "Go").click();
  await first.locator("summary").getByText("Loading").waitFor();
  await first.getByRole("img", { name: "Running" }).waitFor();
  await first.getByText("found it").waitFor();
  await first.locator("summary").getByText("Unpacking").waitFor();
  await icon("complete").waitFor();
  const second = main(page).locator(".k-status").nth(1);
  await second.getByText("inside the second").waitFor();
  expect(await second.locator("details").getAttribute("open")).not.toBeNull();
  await main(page).getByText("all done").waitFor();
  await second.getByText("inside the second").waitFor({ state: "hidden" });
  await second.locator("summary").click();
  await second.getByText("inside the second").waitFor();

  await main(page).getByText("Fail", { exact: true }).click();
  await button(page, "Go").click();
  await first.locator("summary").getByText("Broken").waitFor();
  await icon("error").waitFor();
  await leave(page);
});

promise("A11 a toast is updated in place, at the bottom right, and goes by itself", async () => {
  const page = await open("own/toast");
  await button(page, "Go").click();
  const toasts = page.locator(".toast");
  await toasts.getByText("First").waitFor();
  const node = await toasts.first().elementHandle();
  await toasts.getByText("Second").waitFor();
  expect(await toasts.count()).toBe(1);
  expect(await node?.evaluate((n) => n.isConnected)).toBe(true);
  expect(await toasts.innerText()).not.toContain("First");
  await page.waitForTimeout(400); // it slides in
  const box = await toasts.boundingBox();
  expect(box!.x).toBeGreaterThan(640);
  expect(box!.y).toBeGreaterThan(450);
  await toasts.waitFor({ state: "detached", timeout: 8_000 });
  await leave(page);
});

promise("A12 a data frame shows ten rows and scrolls for more", async () => {
  const page = await open("own/tall");
  const canvas = main(page).locator("[data-testid=data-grid-canvas]");
  await canvas.waitFor();
  const table = canvas.locator("table");
  await until("rows to be drawn", 10_000, async () => (await table.locator("tbody tr").count()) >= 10);
  const shown = await main(page).locator(".grid").first().boundingBox();
  expect(shown!.height).toBeGreaterThan(10 * 33);
  expect(shown!.height).toBeLessThan(14 * 33);
  const last = () => table.locator("tbody tr").last().getAttribute("aria-rowindex");
  const before = Number(await last());
  await main(page).locator(".dvn-scroller").hover();
  await page.mouse.wheel(0, 3_000);
  await until("later rows", 10_000, async () => Number(await last()) > before + 50);
  await leave(page);
});

promise("A13 A14 the seed's chart grows, and Regenerate in the middle starts it again", async () => {
  const page = await open("animate/add-rows");
  const canvas = main(page).locator(".chart canvas");
  await canvas.waitFor();
  await button(page, "Regenerate").waitFor(); // it comes after the loop
  const node = await canvas.elementHandle();
  const count = await elements(page);
  const shot = () => canvas.evaluate((c: HTMLCanvasElement) => c.toDataURL());
  await page.waitForTimeout(500);
  const first = await shot();
  await button(page, "Regenerate").click();
  await until("fresh data", 10_000, async () => (await shot()) !== first);
  await button(page, "Regenerate").click(); // in the middle of the loop
  let last = "";
  await until("the chart to come to rest", 20_000, async () => {
    const before = last;
    await page.waitForTimeout(700); // longer than a tick of the loop and a chart's own motion
    last = await shot();
    return last === before;
  });
  expect(await node?.evaluate((n) => n.isConnected)).toBe(true);
  expect(await elements(page)).toBe(count);
  await leave(page);
});

promise("B01 B02 B06 a message goes with the person's next action", async () => {
  const page = await open("buttons/temporary-message");
  await page.getByRole("textbox", { name: "Type an animal" }).fill("cat");
  await button(page, "Check availability").click(); // what was typed goes with the click
  await main(page).getByText("We have that animal!").waitFor();
  await page.getByRole("textbox", { name: "Type an animal" }).fill("unicorn");
  await page.keyboard.press("Enter");
  await main(page).getByText("We have that animal!").waitFor({ state: "detached" });
  await button(page, "Check availability").click();
  await main(page).getByText("We don't have that animal.").waitFor();
  await leave(page);
});

promise("B03 B33 each click counts once, in the tab of the person who clicked", async () => {
  const page = await open("own/count");
  const guest = await Person.arrive(browser);
  const other = await guest.open(`${app.url}?app=own/count`);
  await main(other).getByText("Counted 0").waitFor();
  for (let i = 0; i < 3; i++) await button(page, "Count").click();
  await main(page).getByText("Counted 3").waitFor();
  await main(page).getByText("Other", { exact: true }).click();
  await page.waitForTimeout(500); // another action's run counts nothing
  await main(page).getByText("Counted 3").waitFor();
  await main(other).getByText("Counted 0").waitFor();
  await guest.leave();
  await leave(page);
});

promise("B27 fields that are the same need keys: the second is an error in its place", async () => {
  const page = await open("own/same");
  await main(page).locator(".k-error").waitFor();
  expect(await main(page).locator(".k-error").count()).toBe(1);
  expect(await page.getByRole("textbox", { name: "Same" }).count()).toBe(1);
  await leave(page);
});

promise("B07 a stateful button keeps its slider, and the slider its value", async () => {
  const page = await open("buttons/stateful");
  await button(page, "Click me").click();
  const slider = page.getByRole("slider", { name: "Select a value" });
  await slider.focus();
  for (let i = 0; i < 7; i++) await page.keyboard.press("ArrowRight");
  await button(page, "Click me").click();
  await main(page).getByText("Button clicked!").waitFor();
  expect(await slider.getAttribute("aria-valuenow")).toBe("7");
  await leave(page);
});

promise("B09 B10 B11 a button, a toggle and a check box show, hide and disable", async () => {
  const page = await open("buttons/toggle");
  await main(page).getByText("Button is off!").waitFor();
  const slider = page.getByRole("slider", { name: "Maybe switched off" });
  expect(await slider.getAttribute("aria-disabled")).toBeNull();
  await button(page, "Click me").click();
  await main(page).getByText("Button is on!").waitFor();
  await page.getByRole("slider", { name: "Select a value" }).waitFor();
  await until(
    "the slider to be off",
    5_000,
    async () => (await slider.getAttribute("aria-disabled")) === "true",
  );
  const stands = await slider.getAttribute("aria-valuenow");
  await slider.press("ArrowRight");
  expect(await slider.getAttribute("aria-valuenow")).toBe(stands);
  await main(page).getByText("The simple way").click();
  await main(page).getByText("Toggle is on!").waitFor();
  await main(page).getByText("Or so").click();
  await main(page).getByText("Box is ticked!").waitFor();
  await button(page, "Click me").click();
  await main(page).getByText("Button is off!").waitFor();
  expect(await page.getByRole("slider", { name: "Select a value" }).count()).toBe(0);
  await leave(page);
});

promise("B12 B13 B14 B15 B16 B17 the stages of a process", async () => {
  const page = await open("buttons/stages");
  await button(page, "Begin").click();
  const name = page.getByRole("textbox", { name: "Name" });
  await name.fill("Ada");
  await page.keyboard.press("Enter");
  await main(page).getByText("Hello Ada!").waitFor();
  expect(await button(page, "Begin").count()).toBe(0);
  await page.getByRole("combobox", { name: "Pick a Color" }).click();
  await page.getByRole("option", { name: "red" }).click();
  const thanks = main(page).getByText("Thank you!");
  await thanks.waitFor();
  const [red, plain] = await Promise.all(
    [thanks, main(page).getByText("Hello Ada!")].map((l) => l.evaluate((n) => getComputedStyle(n).color)),
  );
  expect(red).not.toBe(plain);
  await name.fill("Bob");
  await page.keyboard.press("Enter");
  await main(page).getByText("Hello Bob!").waitFor();
  await thanks.waitFor({ state: "detached" });
  await page.getByRole("combobox", { name: "Pick a Color" }).click();
  await page.getByRole("option", { name: "blue" }).click();
  await button(page, "Start Over").click();
  await button(page, "Begin").waitFor();
  await name.waitFor({ state: "detached" });
  await leave(page);
});

promise("B18 B19 B20 B21 the header lags behind a button's body, and not a callback", async () => {
  const heads = async (page: Page) =>
    (await main(page).getByRole("heading").allInnerTexts()).slice(-2).map((t) => t.replace("#", "").trim());
  let page = await open("buttons/header-lags");
  await button(page, "Jane").click();
  await until("the lag", 5_000, async () => (await heads(page)).join() === "John Doe,Jane Doe");
  await leave(page);
  for (const example of ["buttons/callbacks", "buttons/rerun"]) {
    page = await open(example);
    await button(page, "Jane").click();
    await until("both to change", 5_000, async () => (await heads(page)).join() === "Jane Doe,Jane Doe");
    await leave(page);
  }
});

promise("B22 a value set too late is a short error with an id, and the field keeps its value", async () => {
  const page = await open("buttons/clear-too-late");
  const field = page.getByRole("textbox", { name: "Name" });
  await field.fill("Ada");
  await button(page, "Clear name").click();
  const error = main(page).locator(".k-error");
  await error.waitFor();
  expect(await error.innerText()).toMatch(/Error [0-9a-z]+/i);
  expect(await error.innerText()).not.toContain("st.State");
  expect(await field.inputValue()).toBe("Ada");
  await leave(page);
});

promise("B23 B24 B25 B26 what a button sets is in the field on the screen", async () => {
  for (const example of ["clear-by-key", "clear-by-callback", "clear-by-container"]) {
    const page = await open(`buttons/${example}`);
    const field = page.getByRole("textbox", { name: "Name" });
    await field.fill("Ada");
    await button(page, "Streamlit!").click();
    await until("the field to be set", 5_000, async () => (await field.inputValue()) === "Streamlit");
    await field.fill("Grace");
    await button(page, "Clear name").click();
    await until("the field to be cleared", 5_000, async () => (await field.inputValue()) === "");
    const [above, below] = await Promise.all([field.boundingBox(), button(page, "Clear name").boundingBox()]);
    expect(above!.y).toBeLessThan(below!.y);
    await leave(page);
  }
});

promise("B28 B29 rows of fields stand side by side, and typing in one loses nothing", async () => {
  const page = await open("buttons/rows");
  await button(page, "Add person").click();
  await button(page, "Add person").click();
  const last = page.getByRole("textbox", { name: "Last" });
  await until("two rows", 5_000, async () => (await last.count()) === 2);
  const first = page.getByRole("textbox", { name: "First" });
  const boxes = await Promise.all([first.first(), last.first(), first.nth(1)].map((l) => l.boundingBox()));
  expect(boxes[0]!.y).toBeCloseTo(boxes[1]!.y, 0);
  expect(boxes[1]!.x).toBeGreaterThan(boxes[0]!.x + boxes[0]!.width);
  expect(boxes[2]!.y).toBeGreaterThan(boxes[0]!.y);
  await first.nth(1).fill("Ada");
  await page.keyboard.press("Tab"); // leaving a field sends it; the next keeps the focus
  await page.keyboard.type("King");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Lovelace");
  await page.keyboard.press("Enter");
  await main(page).getByText("Person 2: Ada King Lovelace").waitFor();
  await leave(page);
});

promise("B30 B31 B32 expensive work: a spinner while it goes on, and the result stays", async () => {
  const page = await open("buttons/expensive");
  const add = page.getByRole("spinbutton", { name: "Add a number" });
  await add.fill("5");
  const seen = await watch(page, "main");
  await button(page, "Process").click();
  await main(page).getByText("Option 1 processed with add 5").waitFor();
  expect((await seen()).texts.some((t) => t.includes("Processing..."))).toBe(true);
  expect(await main(page).locator(".spinner").count()).toBe(0);
  await add.fill("99");
  await page.keyboard.press("Tab");
  await main(page).getByText("Option 1 processed with add 5").waitFor();
  await page.getByRole("combobox", { name: "Select a number" }).click();
  await page.getByRole("option", { name: "2" }).click();
  await main(page).getByText("processed with").waitFor({ state: "detached" });
  await leave(page);
});

promise("B05 B35 B36 a widget under a button is gone with the next action", async () => {
  let page = await open("buttons/nested-buttons");
  await button(page, "Button 1").click();
  await button(page, "Button 2").click();
  await button(page, "Button 2").waitFor({ state: "detached" });
  expect(await main(page).getByText("was clicked").count()).toBe(0);
  await leave(page);
  page = await open("buttons/nested-widget");
  await button(page, "Sign up").click();
  await page.getByRole("textbox", { name: "Name" }).fill("Ada");
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Name" }).waitFor({ state: "detached" });
  await leave(page);
});

promise("B37 a file is sent, read, and its table goes with the next click", async () => {
  const page = await open("buttons/not-kept");
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "pets.csv", mimeType: "text/csv", buffer: Buffer.from("name,legs\ncat,4\n") });
  await main(page).getByText("pets.csv").waitFor();
  await button(page, "Get data").click();
  await main(page).getByRole("cell", { name: "cat" }).waitFor();
  await button(page, "Save").click();
  await main(page).locator(".k-error").waitFor();
  await main(page).getByRole("cell", { name: "cat" }).waitFor({ state: "detached" });
  await leave(page);
});

promise("B38 success, text and header", async () => {
  const page = await open("own/alerts");
  await main(page).getByRole("status").getByText("All well").waitFor();
  await main(page).getByText("x is 3").waitFor();
  await main(page).getByRole("heading", { name: "Results" }).waitFor();
  await leave(page);
});

promise("D09 D12 D13 constants are options on the screen, and what is chosen stays", async () => {
  const page = await open("own/colours");
  const sent: string[] = [];
  page.on("websocket", (ws) => ws.on("framesent", ({ payload }) => sent.push(payload.toString())));
  await page.reload();
  await page.getByRole("combobox", { name: "One" }).click();
  await page.getByRole("option", { name: "green" }).click();
  await main(page).getByText("green is chosen: true").waitFor();
  const last = sent.filter((t) => t.includes("interact")).at(-1) ?? "";
  expect(last).toMatch(/:1[,}]/); // the option's index travels, not its text
  expect(last).not.toContain("green");
  await page.getByRole("combobox", { name: "Some" }).click();
  await page.getByRole("option", { name: "red" }).click();
  await page.getByRole("option", { name: "blue" }).click();
  await page.keyboard.press("Escape");
  await main(page).getByText("two are chosen: true").waitFor();
  await page.getByRole("radio", { name: "blue" }).click();
  await main(page).getByText("radio says blue").waitFor();
  for (let i = 0; i < 2; i++) {
    await button(page, "Again").click();
    await main(page).getByText("green is chosen: true").waitFor();
    await main(page).getByText("two are chosen: true").waitFor();
    await main(page).getByText("radio says blue").waitFor();
  }
  await leave(page);
});
