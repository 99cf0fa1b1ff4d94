import { expect, test } from "vitest";
import { lines, readDot } from "./dot";

test("nodes, edges and their defaults", () => {
  const dot = readDot(`digraph {
    rankdir=LR
    node [shape=box]
    a [label="First"]
    a -> b -> c [label=goes]
    node [shape=circle]
    d
    {a b} -> d
  }`);
  expect(dot.directed).toBe(true);
  expect(dot.attributes.rankdir).toBe("LR");
  expect(dot.nodes.map((n) => `${n.id} ${n.attributes.shape}`)).toEqual([
    "a box",
    "b box",
    "c box",
    "d circle",
  ]);
  expect(dot.nodes[0]!.attributes.label).toBe("First");
  expect(dot.edges.map((e) => `${e.from}${e.to}${e.attributes.label ?? ""}`)).toEqual([
    "abgoes",
    "bcgoes",
    "ad",
    "bd",
  ]);
});

test("clusters hold nodes, and stand in each other", () => {
  const dot = readDot(`graph {
    subgraph cluster_outer { label="Outer"; x
      subgraph cluster_inner { y -- x2 }
    }
    subgraph plain { z }
    x -- z
  }`);
  expect(dot.directed).toBe(false);
  expect(dot.clusters.map((c) => `${c.id} in ${c.cluster}`)).toEqual([
    "cluster_inner in cluster_outer",
    "cluster_outer in undefined",
  ]);
  expect(dot.clusters[1]!.attributes.label).toBe("Outer");
  expect(Object.fromEntries(dot.nodes.map((n) => [n.id, n.cluster]))).toEqual({
    x: "cluster_outer",
    y: "cluster_inner",
    x2: "cluster_inner",
    z: undefined,
  });
});

test("what is no graph says so", () => {
  expect(() => readDot("digraph { a -> }")).toThrow();
});

test("labels", () => {
  expect(lines(readDot('graph { a [label="one\ntwo"] }').nodes[0]!.attributes.label!, "a")).toEqual([
    "one",
    "two",
  ]);
  expect(lines("one\\ntwo\\l", "n")).toEqual(["one", "two"]);
  expect(lines("\\N", "name")).toEqual(["name"]);
});
