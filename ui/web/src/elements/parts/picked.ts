import { useCallback, useSyncExternalStore } from "react";
import type { Element, Picked, Selection } from "../../protocol/element";
import { useSession } from "../../screen/context";

const none: Picked = { data: "" };
const never = () => () => {};

/**
 * What is selected in a chart, and how to select something else. Without a
 * selection the chart is no widget, and nothing is ever selected in it.
 */
export function usePicked(
  element: Element,
  selection: Selection | undefined,
): [Picked, (next: Omit<Picked, "data">) => void] {
  const { widgets } = useSession();
  const id = selection && element.id;
  const subscribe = useCallback(
    (listener: () => void) => (id ? widgets.subscribe(id, listener) : never()),
    [widgets, id],
  );
  const value = useSyncExternalStore(subscribe, () =>
    id && selection ? (widgets.value(element, selection.value, selection.rev ?? 0) as Picked) : none,
  );
  const data = selection?.data ?? "";
  const set = useCallback(
    (next: Omit<Picked, "data">) => widgets.set(element, { ...next, data }, "live"),
    [widgets, element, data],
  );
  // What was selected when the chart showed something else is not there.
  return [value.data === data ? value : none, set];
}

export type Point = [number, number];

/** The points after one was hit: it joins, leaves, or takes the place of the other. */
export function toggled(points: readonly Point[], hit: Point, multi: boolean): Point[] {
  const others = points.filter(([s, i]) => s !== hit[0] || i !== hit[1]);
  if (others.length < points.length) return others;
  return multi ? [...others, hit] : [hit];
}
