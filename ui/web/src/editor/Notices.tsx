import { useEffect, useState } from "react";
import { HelpLink } from "../elements/parts/HelpLink";
import { Icon } from "../icons";
import { useCell } from "../screen/keyed";
import { text as common } from "../text/messages";
import { editor as text } from "../text/messages/editor";
import type { Actions } from "./actions";

/** What the person should know: the kernel died, cells were deleted, the server says something. */
export function Notices({ actions }: { actions: Actions }) {
  const { notebook } = actions;
  const notices = useCell(notebook.notices);
  const link = useCell(actions.session.socket.link);
  return (
    <>
      <KernelNotice actions={actions} />
      {link === "refused" && (
        <div className="notice-bar bad" role="alert">
          <span>{common.app.refused}</span>
          <button type="button" className="btn small" onClick={() => location.reload()}>
            {common.app.reload}
          </button>
        </div>
      )}
      <div className="notices" role="status" aria-live="polite">
        {notices.map((n) => (
          <div key={n.key} className={`notice ${n.level}`}>
            <span>{n.text}</span>
            {n.level === "undo" && (
              <button
                type="button"
                className="btn small"
                onClick={() => {
                  if (n.undo) n.undo();
                  else actions.undo();
                  notebook.dismiss(n.key);
                }}
              >
                {text.undo}
              </button>
            )}
            <button
              type="button"
              className="icon-btn"
              aria-label={common.app.dismiss}
              onClick={() => notebook.dismiss(n.key)}
            >
              <Icon name="close" size={14} />
            </button>
          </div>
        ))}
      </div>
    </>
  );
}

function KernelNotice({ actions }: { actions: Actions }) {
  const kernel = useCell(actions.notebook.kernel);
  const [dismissed, setDismissed] = useState(false);
  const dead = kernel.state === "dead";
  // biome-ignore lint/correctness/useExhaustiveDependencies: another death is another notice
  useEffect(() => setDismissed(false), [dead]);
  if (!dead || dismissed) return null;
  return (
    <div className="notice-bar bad" role="alert">
      <Icon name="warning" size={18} />
      <div className="notice-text">
        <strong>
          {text.kernelDied(kernel.reason ?? "")}
          <HelpLink topic="kernel-ended" />
        </strong>
        <span>{text.kernelDiedHint}</span>
      </div>
      <button type="button" className="btn small" onClick={() => actions.restart(false)}>
        {text.restartNow}
      </button>
      <button type="button" className="btn primary small" onClick={() => actions.restart(true)}>
        {text.restartAndRun}
      </button>
      <button
        type="button"
        className="icon-btn"
        aria-label={common.app.dismiss}
        onClick={() => setDismissed(true)}
      >
        <Icon name="close" size={14} />
      </button>
    </div>
  );
}
