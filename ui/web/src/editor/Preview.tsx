import { Icon } from "../icons";
import { useSession } from "../screen/context";
import { Children, Root } from "../screen/ElementView";
import { useCell, useKeyed } from "../screen/keyed";
import { editor as text } from "../text/messages/editor";
import type { Actions } from "./actions";

/** The screen as an app shows it, live, beside the cells. */
export function Preview({ actions }: { actions: Actions }) {
  const { tree } = useSession();
  const order = useCell(actions.notebook.order);
  const sidebar = useKeyed(tree.nodes, "sidebar");
  const bottom = useKeyed(tree.nodes, "bottom");
  return (
    <aside className="preview" aria-label={text.preview}>
      <div className="preview-head">
        <span>{text.preview}</span>
        <button
          type="button"
          className="icon-btn"
          aria-label={text.closePreview}
          onClick={() => actions.panel.set("none")}
        >
          <Icon name="close" size={14} />
        </button>
      </div>
      <div className="preview-body">
        {(sidebar?.children.length ?? 0) > 0 && (
          <div className="stack preview-side">
            <Root path="sidebar" />
          </div>
        )}
        <div className="stack">
          {order.map((id) => (
            <Part key={id} id={id} actions={actions} />
          ))}
        </div>
        {(bottom?.children.length ?? 0) > 0 && (
          <div className="stack preview-bottom">
            <Root path="bottom" />
          </div>
        )}
      </div>
    </aside>
  );
}

/** What one cell shows in the app: its outputs, or a Markdown cell's text. */
function Part({ id, actions }: { id: string; actions: Actions }) {
  const { tree } = useSession();
  const info = useKeyed(actions.notebook.cells, id);
  const outputs = useKeyed(tree.outputs, `main#${id}`);
  if (outputs && outputs.length > 0) return <Children paths={outputs} />;
  if (info?.kind === "markdown" && info.html) {
    return <div className="prose html" dangerouslySetInnerHTML={{ __html: info.html }} />;
  }
  return null;
}
