import { type RefObject, useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { Cell, useCell } from "../screen/keyed";

/** How far from the view, in pixels, a cell is made ready, and a group of cells looked into. */
const margin = 900;
const groupMargin = 1800;

/** A group's cells that wait to be told, and whether it is near. */
interface Watched {
  near: boolean;
  readonly cells: Set<Element>;
}

const told = new WeakMap<Element, (near: boolean) => void>();
const groups = new WeakMap<Element, Watched>();

const cellObserver = new IntersectionObserver(
  (entries) => {
    for (const e of entries) told.get(e.target)?.(e.isIntersecting);
  },
  { rootMargin: `${margin}px 0px` },
);

// The cells of a group that is far cost nothing: nobody asks where they are.
const groupObserver = new IntersectionObserver(
  (entries) => {
    for (const e of entries) {
      const group = watched(e.target);
      group.near = e.isIntersecting;
      e.target.classList.toggle("far", !group.near);
      for (const cell of group.cells) {
        if (group.near) cellObserver.observe(cell);
        else {
          cellObserver.unobserve(cell);
          told.get(cell)?.(false);
        }
      }
    }
  },
  { rootMargin: `${groupMargin}px 0px` },
);

function watched(node: Element): Watched {
  let group = groups.get(node);
  if (!group) {
    group = { near: false, cells: new Set() };
    groups.set(node, group);
  }
  return group;
}

/** Tells when a cell's node comes near the view and leaves it. */
function watch(node: Element, tell: (near: boolean) => void): () => void {
  const group = watched(node.parentElement!);
  told.set(node, tell);
  group.cells.add(node);
  if (group.near) cellObserver.observe(node);
  return () => {
    told.delete(node);
    group.cells.delete(node);
    cellObserver.unobserve(node);
  };
}

/** Lets the cells in a node, a group, know when they are near the view. */
export function useGroup(box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const node = box.current;
    if (!node) return;
    groupObserver.observe(node);
    return () => groupObserver.unobserve(node);
  }, [box]);
}

/** All is to be there: the page is about to be printed. */
const everything = new Cell(false);
window.addEventListener("beforeprint", () => flushSync(() => everything.set(true)));

/**
 * Whether a cell is near the view, and whether it ever was: what was seen stays, so
 * that outputs keep what was done in them, and what was not costs little. atOnce: it
 * is near to begin with; gone: it is not on the page at all.
 */
export function useNear(
  box: RefObject<HTMLElement | null>,
  atOnce: boolean,
  gone: boolean,
): { near: boolean; seen: boolean } {
  const [state, setState] = useState({ near: atOnce, seen: atOnce });
  const all = useCell(everything);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with gone, the node comes and goes
  useEffect(() => {
    if (!box.current) return;
    return watch(box.current, (near) => {
      setState((s) => (s.near === near ? s : { near, seen: s.seen || near }));
    });
  }, [box, gone]);
  return { near: state.near, seen: state.seen || all };
}
