import { useEffect, useRef, useState } from "react";
import { Icon } from "../icons";
import { canSignOut, signOut } from "../net/base";
import { useSession } from "../screen/context";
import { useCell } from "../screen/keyed";
import { setTheme, theme } from "../style/theme";
import { text } from "../text/messages";

const themes = [
  ["light", "sun"],
  ["dark", "moon"],
  ["system", "system"],
] as const;

/** The app's own small menu: rerun, layout, theme. */
export function Menu({ wide, setWide }: { wide: boolean; setWide: (wide: boolean) => void }) {
  const session = useSession();
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const now = useCell(theme);
  useEffect(() => {
    if (!open) return;
    box.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const close = (e: Event) => {
      if (!box.current?.contains(e.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", close);
    return () => document.removeEventListener("pointerdown", close);
  }, [open]);
  const done = (act: () => void) => () => {
    act();
    setOpen(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the menu and of its button
    <div
      ref={box}
      className="menu-wrap"
      onKeyDown={(e) => {
        if (!open) return;
        const items = [...box.current!.querySelectorAll<HTMLElement>(".menu-item")];
        const at = items.indexOf(document.activeElement as HTMLElement);
        if (e.key === "Escape") {
          setOpen(false);
          box.current?.querySelector("button")?.focus();
        } else if (e.key === "ArrowDown" || e.key === "ArrowUp") {
          e.preventDefault();
          const step = e.key === "ArrowDown" ? 1 : -1;
          items[(at + step + items.length) % items.length]?.focus();
        }
      }}
    >
      <button
        type="button"
        className="icon-btn"
        aria-label={text.app.menu}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="moreDots" />
      </button>
      {open && (
        <div className="menu app-menu" role="menu" aria-label={text.app.menu}>
          <button
            type="button"
            role="menuitem"
            className="menu-item"
            onClick={done(() => session.interact({ rerun: true }))}
          >
            <Icon name="restart" />
            {text.app.rerun}
          </button>
          <button
            type="button"
            role="menuitemcheckbox"
            aria-checked={wide}
            className="menu-item"
            onClick={done(() => setWide(!wide))}
          >
            <Icon name={wide ? "check" : "app"} />
            {text.app.wide}
          </button>
          <button type="button" role="menuitem" className="menu-item" onClick={done(() => window.print())}>
            <Icon name="file" />
            {text.app.print}
          </button>
          <hr />
          {themes.map(([name, icon]) => (
            <button
              key={name}
              type="button"
              role="menuitemradio"
              aria-checked={now === name}
              className="menu-item"
              onClick={done(() => setTheme(name))}
            >
              <Icon name={icon} />
              {text.app[name]}
              {now === name && <Icon name="check" />}
            </button>
          ))}
          {canSignOut && (
            <>
              <hr />
              {[false, true].map((everywhere) => (
                <button
                  key={String(everywhere)}
                  type="button"
                  role="menuitem"
                  className="menu-item"
                  onClick={done(() => void signOut(everywhere))}
                >
                  <Icon name="leave" />
                  {everywhere ? text.app.signOutEverywhere : text.app.signOut}
                </button>
              ))}
            </>
          )}
        </div>
      )}
    </div>
  );
}
