import { useRef, useState } from "react";
import { Anchored } from "../elements/parts/Anchored";
import { Icon } from "../icons";
import { signOut } from "../net/base";
import { text } from "../text/messages";

/** Signs out here, or wherever the owner is signed in. */
export function SignOut() {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <button
        ref={button}
        type="button"
        className="icon-btn"
        aria-label={text.app.signOut}
        title={text.app.signOut}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="leave" />
      </button>
      {open && (
        <Anchored anchor={button} className="menu" onOutside={() => setOpen(false)}>
          <div
            role="menu"
            tabIndex={-1}
            aria-label={text.app.signOut}
            ref={(node) => {
              if (node && !node.contains(document.activeElement))
                node.querySelector<HTMLElement>("button")?.focus();
            }}
            onKeyDown={(e) => {
              if (e.key === "Escape") {
                setOpen(false);
                button.current?.focus();
              }
              if (e.key === "ArrowDown" || e.key === "ArrowUp") {
                e.preventDefault();
                const all = [...e.currentTarget.querySelectorAll<HTMLElement>("button")];
                all.find((b) => b !== document.activeElement)?.focus();
              }
            }}
          >
            {[false, true].map((everywhere) => (
              <button
                key={String(everywhere)}
                type="button"
                role="menuitem"
                className="menu-item"
                onClick={() => void signOut(everywhere)}
              >
                {everywhere ? text.app.signOutEverywhere : text.app.signOut}
              </button>
            ))}
          </div>
        </Anchored>
      )}
    </>
  );
}
