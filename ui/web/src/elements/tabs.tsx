import { type KeyboardEvent, useId, useRef, useState } from "react";
import { useWidget } from "../screen/context";
import { Children } from "../screen/ElementView";
import type { ViewProps } from "../screen/registry";
import "./tabs.css";

/** Tabs. All panels stay mounted, so that what is in them keeps its state and loads once. */
export function Tabs(view: ViewProps<"tabs">) {
  return view.element.id ? <Tracked {...view} /> : <Free {...view} />;
}

/** The app knows which tab is shown. */
function Tracked(view: ViewProps<"tabs">) {
  const [chosen, choose] = useWidget(view.element, view.props.value ?? 0, view.props.rev);
  return <Panels view={view} chosen={chosen} choose={choose} />;
}

function Free(view: ViewProps<"tabs">) {
  const [chosen, choose] = useState(view.props.default ?? 0);
  return <Panels view={view} chosen={chosen} choose={choose} />;
}

interface PanelsProps {
  view: ViewProps<"tabs">;
  chosen: number;
  choose: (tab: number) => void;
}

function Panels({ view: { props, children }, chosen, choose }: PanelsProps) {
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const labels = props.labels ?? [];
  const active = Math.min(chosen, Math.max(0, labels.length - 1));
  const keys = (e: KeyboardEvent) => {
    const to = {
      ArrowRight: (active + 1) % labels.length,
      ArrowLeft: (active - 1 + labels.length) % labels.length,
      Home: 0,
      End: labels.length - 1,
    }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    choose(to);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[to]?.focus();
  };
  return (
    <div className="tabs">
      <div ref={list} role="tablist" className="tab-list" onKeyDown={keys}>
        {labels.map((label, i) => (
          <button
            key={i}
            type="button"
            role="tab"
            id={`${id}-tab-${i}`}
            aria-controls={`${id}-panel-${i}`}
            aria-selected={i === active}
            tabIndex={i === active ? 0 : -1}
            onClick={() => choose(i)}
          >
            {label}
          </button>
        ))}
      </div>
      {children.map((path, i) => (
        <div
          key={path}
          role="tabpanel"
          id={`${id}-panel-${i}`}
          aria-labelledby={`${id}-tab-${i}`}
          hidden={i !== active}
          className="tab-panel"
        >
          <Children paths={[path]} />
        </div>
      ))}
    </div>
  );
}
