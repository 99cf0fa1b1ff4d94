import { Icon } from "../icons";
import { useCell, useKeyed } from "../screen/keyed";
import { editor as text } from "../text/messages/editor";
import type { Actions } from "./actions";
import { allHeadings, type Heading } from "./headings";

/** The headings of the Markdown cells, as a way through the notebook. */
export function Outline({ actions }: { actions: Actions }) {
  const { notebook, sections } = actions;
  useCell(notebook.outline);
  const headings = allHeadings(notebook);
  return (
    <nav className="outline" aria-label={text.outline}>
      {headings.length === 0 && <p className="loading-note">{text.noHeadings}</p>}
      {headings.length > 0 && (
        <div className="side-tools">
          <button type="button" className="btn quiet small" onClick={() => sections.all(true)}>
            {text.collapseAll}
          </button>
          <button type="button" className="btn quiet small" onClick={() => sections.all(false)}>
            {text.expandAll}
          </button>
        </div>
      )}
      {headings.map((h, i) => (
        <Line key={i} heading={h} first={headings[i - 1]?.cell !== h.cell} actions={actions} />
      ))}
    </nav>
  );
}

function Line({ heading: h, first, actions }: { heading: Heading; first: boolean; actions: Actions }) {
  const collapsed = useKeyed(actions.sections.collapsed, h.cell) !== undefined;
  return (
    <div className="outline-line" style={{ paddingLeft: (h.level - 1) * 14 }}>
      {first ? (
        <button
          type="button"
          className="icon-btn twist"
          aria-expanded={!collapsed}
          aria-label={collapsed ? text.expandSection(h.title) : text.collapseSection(h.title)}
          onClick={() => actions.sections.toggle(h.cell)}
        >
          <Icon name={collapsed ? "chevron" : "chevronDown"} size={12} />
        </button>
      ) : (
        <span className="twist" />
      )}
      <button
        type="button"
        className="to"
        onClick={() => {
          actions.select(h.cell);
          document.getElementById(`cell-${h.cell}`)?.scrollIntoView({ block: "start" });
        }}
      >
        {h.title}
      </button>
    </div>
  );
}
