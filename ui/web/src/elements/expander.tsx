import { useEffect, useState } from "react";
import { Icon, UserIcon } from "../icons";
import { Children } from "../screen/ElementView";
import type { ViewProps } from "../screen/registry";
import "./expander.css";

export function Expander({ props, children }: ViewProps<"expander">) {
  const [open, setOpen] = useState(!!props.expanded);
  useEffect(() => setOpen(!!props.expanded), [props.expanded]);
  return (
    <details className="expander" open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>
        <Icon name="chevron" size={14} />
        <UserIcon icon={props.icon} />
        <span>{props.label}</span>
      </summary>
      <div className="stack expander-body">
        <Children paths={children} />
      </div>
    </details>
  );
}
