import { describe, expect, it, vi } from "vitest";
import type { Delta } from "../protocol/element";
import { Tree } from "./tree";

const set = (path: string, kind = "text", props: unknown = {}): Delta => ({
  op: "set",
  path,
  element: { kind, props },
});

/** The tree as nested text, for comparing. */
function shape(tree: Tree, path = "main"): string {
  const node = tree.nodes.get(path);
  if (!node) return "";
  const inner = node.children.map((child) => shape(tree, child)).join(" ");
  const name = path.slice(path.lastIndexOf("/") + 1);
  return inner ? `${name}(${inner})` : name;
}

describe("Tree", () => {
  it("orders children by cell, callbacks first, then by index", () => {
    const tree = new Tree();
    tree.apply({
      order: ["a", "b"],
      deltas: [set("main/b.0"), set("main/a.10"), set("main/a.2"), set("main/.0")],
    });
    expect(shape(tree)).toBe("main(.0 a.2 a.10 b.0)");
  });

  it("sorts again when cells move", () => {
    const tree = new Tree();
    tree.apply({ order: ["a", "b"], deltas: [set("main/a.0"), set("main/b.0")] });
    tree.setOrder(["b", "a"]);
    expect(shape(tree)).toBe("main(b.0 a.0)");
  });

  it("keeps a container's children when it is set again, and drops them when the kind changes", () => {
    const tree = new Tree();
    tree.apply({ deltas: [set("main/a.0", "container"), set("main/a.0/a.0")] });
    tree.apply({ deltas: [set("main/a.0", "container", { border: true })] });
    expect(shape(tree)).toBe("main(a.0(a.0))");
    tree.apply({ deltas: [set("main/a.0", "text")] });
    expect(shape(tree)).toBe("main(a.0)");
    expect(tree.nodes.has("main/a.0/a.0")).toBe(false);
  });

  it("takes children before their container", () => {
    const tree = new Tree();
    tree.apply({ deltas: [set("main/a.0/a.1")] });
    tree.apply({ deltas: [set("main/a.0", "container")] });
    expect(shape(tree)).toBe("main(a.0(a.1))");
  });

  it("removes, clears and appends", () => {
    const tree = new Tree();
    tree.apply({
      deltas: [
        set("main/a.0", "container"),
        set("main/a.0/a.0"),
        set("main/a.1", "stdout", { stream: "stdout", text: "one\n" }),
        { op: "append", path: "main/a.1", data: { text: "two\n" } },
      ],
    });
    expect(tree.nodes.get("main/a.1")?.element?.props).toMatchObject({ text: "one\ntwo\n" });
    tree.apply({ deltas: [{ op: "clear", path: "main/a.0" }] });
    expect(shape(tree)).toBe("main(a.0 a.1)");
    tree.apply({ deltas: [{ op: "remove", path: "main/a.0" }] });
    expect(shape(tree)).toBe("main(a.1)");
  });

  it("appends to charts series by series", () => {
    const tree = new Tree();
    tree.apply({ deltas: [set("main/a.0", "chart", { x: [1], series: [{ name: "s", y: [10] }] })] });
    const before = tree.nodes.get("main/a.0")?.element?.props;
    tree.apply({ deltas: [{ op: "append", path: "main/a.0", data: { x: [2, 3], series: [[20, null]] } }] });
    const after = tree.nodes.get("main/a.0")?.element?.props;
    expect(after).toMatchObject({ x: [1, 2, 3], series: [{ y: [10, 20, null] }] });
    expect(after).not.toBe(before);
  });

  it("lists a cell's outputs of a root", () => {
    const tree = new Tree();
    tree.apply({
      order: ["a", "b"],
      deltas: [set("main/a.1"), set("main/a.0"), set("main/b.0"), set("sidebar/a.0")],
    });
    expect(tree.outputs.get("main#a")).toEqual(["main/a.0", "main/a.1"]);
    expect(tree.outputs.get("sidebar#a")).toEqual(["sidebar/a.0"]);
    tree.apply({ deltas: [{ op: "remove", path: "main/b.0" }] });
    expect(tree.outputs.get("main#b")).toBeUndefined();
    tree.apply({ full: true, deltas: [set("main/a.5")] });
    expect(tree.outputs.get("main#a")).toEqual(["main/a.5"]);
    expect(shape(tree)).toBe("main(a.5)");
  });

  it("wakes only the reader of what changed, once per screen", () => {
    const tree = new Tree();
    const deltas = Array.from({ length: 500 }, (_, i) => set(`main/a.${i}`, "text", { text: "x" }));
    tree.apply({ deltas });
    const readers = Array.from({ length: 500 }, (_, i) => {
      const reader = vi.fn();
      tree.nodes.subscribe(`main/a.${i}`, reader);
      return reader;
    });
    tree.apply({ deltas: [set("main/a.7", "text", { text: "y" }), set("main/a.7", "text", { text: "z" })] });
    expect(readers[7]).toHaveBeenCalledTimes(1);
    expect(readers.filter((r) => r.mock.calls.length > 0)).toHaveLength(1);
  });
});
