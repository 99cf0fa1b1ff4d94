import { createContext, useCallback, useContext, useSyncExternalStore } from "react";
import type { Session } from "../net/session";
import type { Element } from "../protocol/element";
import type { Commit } from "./widgets";

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("no session around this component");
  return session;
}

/** What a click on a place in a cell does: the editor goes there, an app does nothing. */
export const GoToContext = createContext<((cell: string, line: number, column: number) => void) | null>(null);

/**
 * The value of a widget and how to change it. The value is the person's own until
 * the server sets another with a higher revision.
 */
export function useWidget<T>(element: Element, prop: T, rev = 0): [T, (value: T, commit?: Commit) => void] {
  const { widgets } = useSession();
  const id = element.id ?? "";
  const subscribe = useCallback((listener: () => void) => widgets.subscribe(id, listener), [widgets, id]);
  const value = useSyncExternalStore(subscribe, () => widgets.value(element, prop, rev) as T);
  const set = useCallback(
    (next: T, commit: Commit = "now") => widgets.set(element, next, commit),
    [widgets, element],
  );
  return [value, set];
}
