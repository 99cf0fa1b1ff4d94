import { Icon } from "../icons";
import { useSession } from "../screen/context";
import { Root } from "../screen/ElementView";
import { useKeyed } from "../screen/keyed";
import { editor as text } from "../text/messages/editor";
import type { Actions } from "./actions";

/** The screen as an app shows it, live, beside the cells. */
export function Preview({ actions }: { actions: Actions }) {
  const { tree } = useSession();
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
          <Root path="main" />
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
