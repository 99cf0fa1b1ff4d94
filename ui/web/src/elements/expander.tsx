import { useEffect, useState } from "react";
import { Icon, UserIcon } from "../icons";
import { useWidget } from "../screen/context";
import { Children } from "../screen/ElementView";
import type { ViewProps } from "../screen/registry";
import "./expander.css";

export function Expander(view: ViewProps<"expander">) {
  return view.element.id ? <Tracked {...view} /> : <Free {...view} />;
}

/** The app knows whether it is open. */
function Tracked(view: ViewProps<"expander">) {
  const [open, setOpen] = useWidget(view.element, !!view.props.expanded, view.props.rev);
  return <Box view={view} open={open} setOpen={setOpen} />;
}

function Free(view: ViewProps<"expander">) {
  const { expanded } = view.props;
  const [open, setOpen] = useState(!!expanded);
  useEffect(() => setOpen(!!expanded), [expanded]);
  return <Box view={view} open={open} setOpen={setOpen} />;
}

interface BoxProps {
  view: ViewProps<"expander">;
  open: boolean;
  setOpen: (open: boolean) => void;
}

function Box({ view: { props, children }, open, setOpen }: BoxProps) {
  return (
    <details
      className="expander"
      open={open}
      onToggle={(e) => {
        if (e.currentTarget.open !== open) setOpen(e.currentTarget.open);
      }}
    >
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
