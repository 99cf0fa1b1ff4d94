import type { GridCell, Item } from "@glideapps/glide-data-grid";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { randomID } from "../net/socket";
import type { FrameRef } from "../protocol/element";
import { useSession } from "../screen/context";
import { Source, type View } from "./source";
import { useProgress } from "./useProgress";

/**
 * The rows of a frame under a view. What is shown stays until the first rows of
 * another frame or view are there. The version grows with every page that comes in.
 */
export function useSource(data: FrameRef, view: View) {
  const session = useSession();
  const [version, renew] = useReducer((n: number) => n + 1, 0);
  const [source, setSource] = useState<Source | undefined>(undefined);
  const asker = useRef("");
  asker.current ||= randomID();
  const inView = useRef<[number, number]>([0, 20]);
  useEffect(() => {
    const come = () => {
      setSource(next);
      renew();
    };
    const next = new Source(session.handle, data.ref, data.rows, view, come, undefined, asker.current);
    next.want(...inView.current);
    return () => next.close();
  }, [session, data.ref, data.rows, view]);
  const onVisible = useCallback(
    (from: number, to: number) => {
      inView.current = [from, to];
      source?.want(from, to);
    },
    [source],
  );
  const loading = source?.view !== view;
  const done = useProgress(session.handle, data.ref, asker.current, loading);
  return { source, version, onVisible, asker: asker.current, loading, done };
}

/** What the grid copies: the cells of a range, once their rows are there. */
export function useCopied(
  content: (item: Item) => GridCell,
  ready: (from: number, to: number) => Promise<void>,
) {
  return useCallback(
    (range: { x: number; y: number; width: number; height: number }) => async () => {
      await ready(range.y, range.y + range.height);
      return Array.from({ length: range.height }, (_, r) =>
        Array.from({ length: range.width }, (_, c) => content([range.x + c, range.y + r])),
      );
    },
    [content, ready],
  );
}
