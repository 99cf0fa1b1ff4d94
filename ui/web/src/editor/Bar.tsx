import { useEffect } from "react";
import { Icon, type IconName } from "../icons";
import { ThemeButton } from "../list/ThemeButton";
import { address } from "../net/base";
import { useCell } from "../screen/keyed";
import { bytes } from "../text/format";
import { text as common } from "../text/messages";
import { commands as names, editor as text } from "../text/messages/editor";
import type { Actions } from "./actions";

/** The bar at the top: where we are, is it saved, run and stop, how the kernel is. */
export function Bar({ actions }: { actions: Actions }) {
  const { notebook } = actions;
  const title = useCell(notebook.title);
  const path = useCell(notebook.path);
  const panel = useCell(actions.panel);
  const name = title || path || text.untitled;
  useEffect(() => {
    document.title = name;
  }, [name]);
  return (
    <header className="bar">
      <a className="icon-btn" href={address("")} aria-label={text.notebooks} title={text.notebooks}>
        <Icon name="list" />
      </a>
      <button
        type="button"
        className="icon-btn"
        aria-pressed={panel !== "none" && panel !== "preview"}
        aria-label={text.panels}
        title={text.panels}
        onClick={() => actions.show(panel !== "none" && panel !== "preview" ? panel : "outline")}
      >
        <Icon name="panel" />
      </button>
      <div className="bar-title">
        <h1 title={path}>{name}</h1>
        <Saved actions={actions} />
      </div>
      <div className="bar-run" role="toolbar" aria-label={text.runTools}>
        <button type="button" className="btn primary small" onClick={() => actions.runWhat("all")}>
          <Icon name="runAll" />
          {text.runAll}
        </button>
        <RunStale actions={actions} />
        <Stop actions={actions} />
        <Tool icon="restart" label={text.restart} onClick={() => actions.restart(false)} />
      </div>
      <Kernel actions={actions} />
      <div className="bar-end">
        <button
          type="button"
          className="icon-btn"
          aria-pressed={panel === "preview"}
          aria-label={text.preview}
          title={text.preview}
          onClick={() => actions.show("preview")}
        >
          <Icon name="app" />
        </button>
        <Tool
          icon="keyboard"
          label={`${names.palette} (Ctrl+Shift+P)`}
          onClick={() => actions.overlay.set("palette")}
        />
        <ThemeButton />
      </div>
    </header>
  );
}

function Tool({
  icon,
  label,
  onClick,
  disabled,
}: {
  icon: IconName;
  label: string;
  onClick: () => void;
  disabled?: boolean;
}) {
  return (
    <button
      type="button"
      className="icon-btn"
      aria-label={label}
      title={label}
      disabled={disabled}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}

function Stop({ actions }: { actions: Actions }) {
  const run = useCell(actions.notebook.run);
  const kernel = useCell(actions.notebook.kernel);
  const busy = run.running || kernel.state === "busy";
  return (
    <button
      type="button"
      className="btn small"
      disabled={!busy}
      aria-label={text.stop}
      onClick={() => actions.interrupt()}
    >
      <Icon name="stop" />
      <span>{text.stop}</span>
    </button>
  );
}

/** Stale cells run by a click, or by themselves. */
function RunStale({ actions }: { actions: Actions }) {
  const reactive = useCell(actions.notebook.reactive);
  return (
    <>
      <button type="button" className="btn small" onClick={() => actions.runWhat("stale")}>
        {text.runStale}
      </button>
      <button
        type="button"
        className="icon-btn"
        aria-pressed={reactive}
        aria-label={text.reactive}
        title={text.reactive}
        onClick={() => actions.setReactive(!reactive)}
      >
        <Icon name="auto" />
      </button>
    </>
  );
}

function Saved({ actions }: { actions: Actions }) {
  const saved = useCell(actions.notebook.saved);
  const link = useCell(actions.session.socket.link);
  if (link === "lost" || link === "connecting") {
    return (
      <span className="saved bad" role="status">
        {link === "lost" ? common.app.connectionLost : text.loading}
      </span>
    );
  }
  const words = {
    saved: text.saved,
    dirty: text.dirty,
    saving: text.saving,
    conflict: text.conflict,
    failed: text.saveFailed(saved.reason ?? ""),
  }[saved.state];
  return (
    <span
      className={saved.state === "failed" || saved.state === "conflict" ? "saved bad" : "saved"}
      role="status"
    >
      {words}
    </span>
  );
}

function Kernel({ actions }: { actions: Actions }) {
  const kernel = useCell(actions.notebook.kernel);
  const run = useCell(actions.notebook.run);
  const details = [
    kernel.engine && text.engine(kernel.engine),
    kernel.reason,
    kernel.rss ? text.memory(bytes(kernel.rss)) : "",
    kernel.cpu ? text.cpu(kernel.cpu) : "",
  ].filter(Boolean);
  return (
    <button
      type="button"
      className={`kernel ${kernel.state}`}
      title={details.join("\n")}
      onClick={() => actions.show("variables")}
    >
      <i aria-hidden="true" />
      <span>{text.kernelState[kernel.state] ?? kernel.state}</span>
      {kernel.engine && <span className="engine">{kernel.engine}</span>}
      {!!run.queue && run.queue > 1 && <span className="queue">{text.queue(run.queue)}</span>}
    </button>
  );
}
