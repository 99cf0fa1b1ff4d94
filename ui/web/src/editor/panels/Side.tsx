import { type ComponentType, useRef } from "react";
import { Icon } from "../../icons";
import { useCell } from "../../screen/keyed";
import { editor as text } from "../../text/messages/editor";
import type { Actions, SidePanel } from "../actions";
import { Outline } from "../Outline";
import type { Services } from "../services";
import { GraphPanel } from "./Graph";
import { HistoryPanel } from "./History";
import { Variables } from "./Variables";
import "./panels.css";

export interface PanelProps {
  actions: Actions;
  services: Services;
}

const panels: Record<SidePanel, { title: string; view: ComponentType<PanelProps> }> = {
  outline: { title: text.outline, view: Outline },
  variables: { title: text.variables, view: Variables },
  graph: { title: text.graph, view: GraphPanel },
  history: { title: text.history, view: HistoryPanel },
};

/** The panel at the editor's side, with tabs for what it can show. */
export default function Side({ actions, services }: PanelProps) {
  const panel = useCell(actions.panel) as SidePanel;
  const tabs = useRef<HTMLDivElement>(null);
  const all = Object.keys(panels) as SidePanel[];
  const { title, view: View } = panels[panel];
  const turn = (by: number) => {
    const next = all[(all.indexOf(panel) + by + all.length) % all.length]!;
    actions.panel.set(next);
    tabs.current?.querySelector<HTMLElement>(`[data-panel="${next}"]`)?.focus();
  };
  return (
    <aside className="side" aria-label={title}>
      <div className="side-head">
        <div ref={tabs} role="tablist" aria-label={text.panels} className="side-tabs">
          {all.map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              id={`side-tab-${name}`}
              data-panel={name}
              aria-selected={name === panel}
              aria-controls="side-body"
              tabIndex={name === panel ? 0 : -1}
              onClick={() => actions.panel.set(name)}
              onKeyDown={(e) => {
                if (e.key === "ArrowRight") turn(1);
                else if (e.key === "ArrowLeft") turn(-1);
              }}
            >
              {panels[name].title}
            </button>
          ))}
        </div>
        <button
          type="button"
          className="icon-btn"
          aria-label={text.closePanel}
          onClick={() => actions.panel.set("none")}
        >
          <Icon name="close" size={14} />
        </button>
      </div>
      <div id="side-body" role="tabpanel" aria-labelledby={`side-tab-${panel}`} className="side-body">
        <View actions={actions} services={services} />
      </div>
    </aside>
  );
}
