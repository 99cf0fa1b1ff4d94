import { useEffect, useState } from "react";
import { Icon, UserIcon } from "../icons";
import { Children } from "../screen/ElementView";
import type { ViewProps } from "../screen/registry";
import { text } from "../text/messages";
import "./expander.css";
import "./status.css";

export function Status({ props, children }: ViewProps<"status">) {
  const [open, setOpen] = useState(props.expanded);
  useEffect(() => setOpen(props.expanded), [props.expanded]);
  return (
    <details className="expander status" open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>
        <Icon name="chevron" size={14} />
        {props.state === "running" ? (
          <span className="spin" role="img" aria-label={text.app.running} />
        ) : (
          <span className={`status-icon ${props.state}`}>
            <Icon name={props.state === "error" ? "error" : "ok"} size={18} />
          </span>
        )}
        <span>{props.label}</span>
      </summary>
      <div className="stack expander-body">
        <Children paths={children} />
      </div>
    </details>
  );
}

const icons = { success: "ok", info: "info", warning: "warning", error: "error" } as const;

export function Alert({ props }: ViewProps<"alert">) {
  const type = (props.type in icons ? props.type : "info") as keyof typeof icons;
  return (
    <div className={`alert ${type}`} role={type === "error" || type === "warning" ? "alert" : "status"}>
      {props.icon ? <UserIcon icon={props.icon} /> : <Icon name={icons[type]} size={18} />}
      <div className="prose html" dangerouslySetInnerHTML={{ __html: props.html }} />
    </div>
  );
}

export function Progress({ props }: ViewProps<"progress">) {
  const percent = Math.round(Math.max(0, Math.min(1, props.value)) * 1000) / 10;
  return (
    <div className="progress">
      {props.html && <div className="prose html" dangerouslySetInnerHTML={{ __html: props.html }} />}
      <div
        className="progress-track"
        role="progressbar"
        aria-label={text.app.running}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <div style={{ transform: `scaleX(${percent / 100})` }} />
      </div>
    </div>
  );
}

export function Spinner({ props }: ViewProps<"spinner">) {
  return (
    <div className="spinner" role="status">
      <span className="spin" />
      <div className="html" dangerouslySetInnerHTML={{ __html: props.html }} />
      {props.showTime && <Elapsed />}
    </div>
  );
}

function Elapsed() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const start = performance.now();
    const timer = setInterval(() => setSeconds((performance.now() - start) / 1000), 100);
    return () => clearInterval(timer);
  }, []);
  return <span className="muted">({seconds.toFixed(1)} s)</span>;
}
