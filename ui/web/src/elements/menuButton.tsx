import { type KeyboardEvent, useRef, useState } from "react";
import { Icon, UserIcon } from "../icons";
import { useSession } from "../screen/context";
import type { ViewProps } from "../screen/registry";
import { look, pixels } from "./button";
import { Anchored } from "./parts/Anchored";
import { LabelText } from "./parts/Field";
import { Help } from "./parts/Help";
import "./menuButton.css";

/** A button that opens a menu; what is chosen there is a click of its own. */
export function MenuButton({ element, props }: ViewProps<"menuButton">) {
  const { widgets } = useSession();
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  const keys = (e: KeyboardEvent<HTMLElement>) => {
    const all = [...e.currentTarget.querySelectorAll<HTMLElement>("[role=menuitem]")];
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[e.key];
    if (e.key === "Escape" || e.key === "Tab") {
      e.stopPropagation();
      close();
    } else if (to !== undefined) {
      e.preventDefault();
      all.at(to % all.length)?.focus();
    }
  };
  return (
    <div className="button-row">
      <button
        ref={button}
        type="button"
        className={look(props.type, props.width)}
        style={pixels(props.width)}
        disabled={props.disabled}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <UserIcon icon={props.icon} />
        <span>
          <LabelText props={props} />
        </span>
        <Icon name="chevronDown" size={14} />
      </button>
      {open && (
        <Anchored anchor={button} className="menu-button" onOutside={() => setOpen(false)}>
          <div
            role="menu"
            aria-label={props.label}
            tabIndex={-1}
            ref={(node) => {
              if (node && !node.contains(document.activeElement)) {
                node.querySelector<HTMLElement>("[role=menuitem]")?.focus();
              }
            }}
            onKeyDown={keys}
          >
            {(props.options ?? []).map((option, i) => (
              <button
                key={i}
                type="button"
                role="menuitem"
                tabIndex={-1}
                onClick={() => {
                  close();
                  widgets.trigger(element, i);
                }}
              >
                {option}
              </button>
            ))}
          </div>
        </Anchored>
      )}
      <Help text={props.help} />
    </div>
  );
}
