import { useEffect, useState } from "react";
import { fetchProgress } from "./frames";

const every = 300;

/** How much is done of what a grid waits for, once it takes a while; undefined while nobody can say. */
export function useProgress(
  session: string,
  frame: string,
  asker: string,
  loading: boolean,
): number | undefined {
  const [done, setDone] = useState<number | undefined>(undefined);
  useEffect(() => {
    if (!loading) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const ask = async () => {
      const now = await fetchProgress(session, frame, asker).catch(() => undefined);
      if (gone) return;
      // It never goes back: between two steps of a query nobody knows.
      if (now !== undefined) setDone((before) => Math.max(before ?? 0, now));
      timer = setTimeout(ask, every);
    };
    timer = setTimeout(ask, every);
    return () => {
      gone = true;
      clearTimeout(timer);
      setDone(undefined);
    };
  }, [session, frame, asker, loading]);
  return loading ? done : undefined;
}
