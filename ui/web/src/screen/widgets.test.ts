import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Element } from "../protocol/element";
import type { Interact } from "../protocol/session";
import { Tree } from "./tree";
import { Widgets } from "./widgets";

function start() {
  const sent: Interact[] = [];
  const tree = new Tree();
  const widgets = new Widgets(tree, (i) => sent.push(i));
  return { sent, tree, widgets };
}

const element = (id: string, more: Partial<Element> = {}): Element => ({ kind: "slider", id, ...more });

describe("Widgets", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("lets the person's value lead until the server's revision grows", () => {
    const { widgets } = start();
    const e = element("w");
    expect(widgets.value(e, 1, 0)).toBe(1);
    widgets.set(e, 5, "now");
    // An echo of an older run must not take the value back.
    expect(widgets.value(e, 2, 0)).toBe(5);
    expect(widgets.value(e, 9, 1)).toBe(9);
    expect(widgets.value(e, 9, 1)).toBe(9);
  });

  it("takes another tab's value over when the person did not just change it", () => {
    const { widgets } = start();
    const e = element("w");
    widgets.value(e, 1, 0);
    widgets.set(e, 5, "now");
    vi.advanceTimersByTime(5000);
    expect(widgets.value(e, 7, 0)).toBe(7);
  });

  it("sends the last of many live values, and no more than ten a second", () => {
    const { widgets, sent } = start();
    const e = element("w");
    widgets.value(e, 0, 0);
    for (let i = 1; i <= 50; i++) {
      widgets.set(e, i, "live");
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(200);
    expect(sent.length).toBeLessThanOrEqual(7);
    expect(sent.at(-1)?.values).toEqual({ w: 50 });
  });

  it("sends what is typed with the click that follows it", () => {
    const { widgets, sent } = start();
    widgets.set(element("name"), "Ada", "hold");
    widgets.trigger(element("go"));
    vi.advanceTimersByTime(1000);
    expect(sent).toHaveLength(1);
    expect(sent[0]!.values).toEqual({ name: "Ada" });
    expect(sent[0]!.trigger?.widget).toBe("go");
  });

  it("gives every click an id of its own", () => {
    const { widgets, sent } = start();
    widgets.trigger(element("go"));
    widgets.trigger(element("go"));
    expect(sent[0]!.trigger!.click).not.toBe(sent[1]!.trigger!.click);
  });

  it("holds a form's values until its submit button, whatever else happens", () => {
    const { widgets, sent, tree } = start();
    widgets.set(element("a", { form: "f" }), 1, "now");
    widgets.set(element("b", { form: "f" }), 2, "live");
    widgets.set(element("c"), 3, "now");
    vi.advanceTimersByTime(1000);
    expect(sent).toEqual([{ values: { c: 3 }, fragment: undefined }]);
    const button = { kind: "button", id: "ok", form: "f", props: { submit: true } };
    tree.apply({ deltas: [{ op: "set", path: "main/x.0", element: button }] });
    expect(widgets.submitButton("f")?.id).toBe("ok");
    widgets.trigger(widgets.submitButton("f")!);
    expect(sent[1]!.values).toEqual({ a: 1, b: 2 });
    widgets.trigger(button);
    expect(sent[2]!.values).toBeUndefined();
  });

  it("names the fragment of what was touched", () => {
    const { widgets, sent } = start();
    widgets.set(element("w", { fragment: "frag" }), 1, "now");
    expect(sent[0]!.fragment).toBe("frag");
  });
});
