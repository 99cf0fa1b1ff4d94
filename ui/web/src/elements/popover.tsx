import { useId, useRef, useState } from "react";
import { Icon, UserIcon } from "../icons";
import { useWidget } from "../screen/context";
import { Children } from "../screen/ElementView";
import type { ViewProps } from "../screen/registry";
import { Anchored } from "./parts/Anchored";
import "./popover.css";

export function Popover(view: ViewProps<"popover">) {
  return view.element.id ? <Tracked {...view} /> : <Free {...view} />;
}

/** The app knows whether it is open. */
function Tracked(view: ViewProps<"popover">) {
  const [open, setOpen] = useWidget(view.element, !!view.props.open, view.props.rev);
  return <Box view={view} open={open} setOpen={setOpen} />;
}

function Free(view: ViewProps<"popover">) {
  const [open, setOpen] = useState(false);
  return <Box view={view} open={open} setOpen={setOpen} />;
}

interface BoxProps {
  view: ViewProps<"popover">;
  open: boolean;
  setOpen: (open: boolean) => void;
}

function Box({ view: { props, children }, open, setOpen }: BoxProps) {
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  return (
    <>
      <button
        ref={button}
        type="button"
        className={`btn ${props.type ?? ""}`}
        disabled={props.disabled}
        aria-expanded={open}
        aria-haspopup="dialog"
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        <UserIcon icon={props.icon} />
        <span>{props.label}</span>
        <Icon name="chevronDown" size={14} />
      </button>
      {open && (
        <Anchored anchor={button} className="popover" onOutside={() => setOpen(false)}>
          <div
            id={id}
            role="dialog"
            aria-label={props.label}
            tabIndex={-1}
            className="stack"
            ref={(node) => {
              if (node && !node.contains(document.activeElement)) node.focus();
            }}
            onKeyDown={(e) => {
              if (e.key !== "Escape") return;
              setOpen(false);
              button.current?.focus();
            }}
          >
            <Children paths={children} />
          </div>
        </Anchored>
      )}
    </>
  );
}
