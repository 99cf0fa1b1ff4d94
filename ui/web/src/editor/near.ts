import { type RefObject, useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { Cell, useCell } from "../screen/keyed";

/** How far from the view a cell is made ready, in pixels. */
const margin = 900;

const told = new WeakMap<Element, (near: boolean) => void>();
let observer: IntersectionObserver | undefined;

/** Tells when a node comes near the view and leaves it. One observer serves all. */
function watch(node: Element, tell: (near: boolean) => void): () => void {
  observer ??= new IntersectionObserver(
    (entries) => {
      for (const e of entries) told.get(e.target)?.(e.isIntersecting);
    },
    { rootMargin: `${margin}px 0px` },
  );
  told.set(node, tell);
  observer.observe(node);
  return () => {
    told.delete(node);
    observer?.unobserve(node);
  };
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
