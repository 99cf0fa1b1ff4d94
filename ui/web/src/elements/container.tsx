import { useEffect, useLayoutEffect, useRef } from "react";
import { useSession } from "../screen/context";
import { Children } from "../screen/ElementView";
import type { ViewProps } from "../screen/registry";

const gaps: Record<string, string> = {
  none: "0",
  xxsmall: "4px",
  xsmall: "8px",
  small: "16px",
  medium: "32px",
  large: "64px",
};

export function Container({ props, children }: ViewProps<"container"> | ViewProps<"tabBox">) {
  const p = props as ViewProps<"container">["props"];
  const ref = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  // A container that follows its end stays there, unless the person scrolled up.
  useLayoutEffect(() => {
    const box = ref.current;
    if (p.autoScroll && box && atEnd.current) box.scrollTop = box.scrollHeight;
  });
  const names = ["stack"];
  if (p.border) names.push("bordered");
  if (p.horizontal) names.push("horizontal");
  if (p.height) names.push("scrolls");
  return (
    <div
      ref={ref}
      className={names.join(" ")}
      style={{ gap: p.gap ? gaps[p.gap] : undefined, height: p.height || undefined }}
      // A box that scrolls must be reachable with the keyboard.
      tabIndex={p.height ? 0 : undefined}
      onScroll={(e) => {
        const box = e.currentTarget;
        atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < 24;
      }}
    >
      <Children paths={children} />
    </div>
  );
}

export function Empty({ children }: ViewProps<"empty">) {
  return <Children paths={children.slice(-1)} />;
}

const alignment: Record<string, string> = { top: "start", center: "center", bottom: "end" };

export function Columns({ props, children }: ViewProps<"columns">) {
  const weights = props.weights ?? [];
  const columns = children.map((_, i) => `minmax(0, ${weights[i] ?? 1}fr)`).join(" ");
  return (
    <div
      className={props.border ? "columns bordered-columns" : "columns"}
      style={{
        gridTemplateColumns: columns,
        columnGap: props.gap ? gaps[props.gap] : undefined,
        alignItems: props.align ? alignment[props.align] : undefined,
      }}
    >
      <Children paths={children} />
    </div>
  );
}

export function Column({ children }: ViewProps<"columnBox">) {
  return (
    <div className="stack">
      <Children paths={children} />
    </div>
  );
}

/** What a fragment emits; its timer asks for a run of just this fragment. */
export function FragmentBox({ element, props, children }: ViewProps<"fragmentBox">) {
  const session = useSession();
  const { fragment } = element;
  const every = props.runEvery ?? 0;
  useEffect(() => {
    if (!fragment || every <= 0) return;
    const timer = setInterval(() => {
      // A tick that comes while the connection is away would only pile up.
      if (session.socket.link.get() === "open" && !document.hidden) {
        session.interact({ fragment, tick: true });
      }
    }, every);
    return () => clearInterval(timer);
  }, [session, fragment, every]);
  return (
    <div className="stack">
      <Children paths={children} />
    </div>
  );
}
