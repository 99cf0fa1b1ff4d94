import { useRef, useState } from "react";
import { Anchored } from "../elements/parts/Anchored";
import { Icon } from "../icons";
import type { Kind } from "../protocol/notebook";
import { commands as names, editor as text } from "../text/messages/editor";
import type { Actions } from "./actions";
import type { CellInfo } from "./notebook";

/** The cell's own tools, at its top right. */
export function CellMenu({
  info,
  actions,
  kinds,
}: {
  info: CellInfo;
  actions: Actions;
  kinds: Record<Kind, string>;
}) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const act = (run: () => void) => () => {
    if (!actions.selection.cells().includes(info.id)) actions.selection.select(info.id);
    setOpen(false);
    run();
  };
  const items: [string, () => void][] = [
    [names.runAbove, () => actions.runWhat("above")],
    [names.runBelow, () => actions.runWhat("below")],
    [names.duplicate, () => actions.duplicate()],
    [names.merge, () => void actions.merge()],
    [names.hideCode, () => actions.toggle("hideCode")],
    [names.hideOutput, () => actions.toggleOutput()],
    [names.disable, () => actions.toggle("disabled")],
    [names.once, () => actions.toggle("once")],
    [names.nameCell, () => actions.overlay.set("name")],
    [names.clear, () => actions.clear(false)],
  ];
  return (
    <div className="cell-tools">
      <select
        aria-label={text.kind}
        value={info.kind}
        onChange={(e) => {
          const kind = e.target.value as Kind;
          act(() => actions.convert(kind))();
        }}
      >
        {(Object.keys(kinds) as Kind[]).map((kind) => (
          <option key={kind} value={kind}>
            {kinds[kind]}
          </option>
        ))}
      </select>
      <Tool icon="up" label={names.up} onClick={act(() => actions.move(-1))} />
      <Tool icon="down" label={names.down} onClick={act(() => actions.move(1))} />
      <Tool icon="trash" label={names.remove} onClick={act(() => actions.remove())} />
      <button
        ref={button}
        type="button"
        className="icon-btn"
        aria-label={text.moreActions}
        title={text.moreActions}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="more" />
      </button>
      {open && (
        <Anchored anchor={button} className="menu" onOutside={() => setOpen(false)}>
          <div
            role="menu"
            aria-label={text.moreActions}
            tabIndex={-1}
            onKeyDown={(e) => {
              const all = [...e.currentTarget.querySelectorAll<HTMLElement>(".menu-item")];
              const at = all.indexOf(document.activeElement as HTMLElement);
              if (e.key === "Escape") {
                e.stopPropagation();
                setOpen(false);
                button.current?.focus();
              } else if (e.key === "ArrowDown" || e.key === "ArrowUp") {
                e.preventDefault();
                all[(at + (e.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]?.focus();
              }
            }}
            ref={(node) => {
              if (node && !node.contains(document.activeElement))
                node.querySelector<HTMLElement>(".menu-item")?.focus();
            }}
          >
            {items.map(([label, run]) => (
              <button key={label} type="button" role="menuitem" className="menu-item" onClick={act(run)}>
                {label}
              </button>
            ))}
          </div>
        </Anchored>
      )}
    </div>
  );
}

function Tool({
  icon,
  label,
  onClick,
}: {
  icon: "up" | "down" | "trash";
  label: string;
  onClick: () => void;
}) {
  return (
    <button
      type="button"
      className="icon-btn"
      tabIndex={-1}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
