import { useId, useMemo, useRef, useState } from "react";
import { Modal } from "../elements/parts/Modal";
import { commands as names, editor as text } from "../text/messages/editor";
import { shown } from "../text/shortcut";
import type { Actions } from "./actions";
import type { Command, When } from "./commands";

/** Every command by name, with its key. */
export function Palette({ commands, actions }: { commands: Command[]; actions: Actions }) {
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const found = useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return commands.filter((c) => words.every((w) => c.name.toLowerCase().includes(w)));
  }, [commands, query]);
  const close = () => actions.overlay.set("none");
  const pick = (command: Command | undefined) => {
    if (!command) return;
    close();
    // After the dialog has given the focus back to the cell.
    setTimeout(command.run);
  };
  const go = (to: number) => {
    const i = (to + found.length) % Math.max(1, found.length);
    setActive(i);
    list.current?.children[i]?.scrollIntoView({ block: "nearest" });
  };
  return (
    <Modal title={text.commands} className="palette" onClose={close}>
      <input
        className="field"
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={found[active] ? `${id}-${active}` : undefined}
        aria-label={text.searchCommands}
        placeholder={text.searchCommands}
        value={query}
        onChange={(e) => {
          setQuery(e.target.value);
          setActive(0);
        }}
        onKeyDown={(e) => {
          if (e.key === "ArrowDown" || e.key === "ArrowUp") {
            e.preventDefault();
            go(active + (e.key === "ArrowDown" ? 1 : -1));
          } else if (e.key === "Enter") {
            e.preventDefault();
            pick(found[active]);
          }
        }}
      />
      <div ref={list} id={id} role="listbox" aria-label={text.commands} className="palette-list">
        {found.map((command, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, by aria-activedescendant
          <div
            key={command.name}
            id={`${id}-${i}`}
            role="option"
            tabIndex={-1}
            aria-selected={i === active}
            className={i === active ? "palette-item active" : "palette-item"}
            onMouseMove={() => setActive(i)}
            onClick={() => pick(command)}
          >
            <span>{command.name}</span>
            <KeyCaps command={command} />
          </div>
        ))}
        {found.length === 0 && <p className="loading-note">{text.noCommand}</p>}
      </div>
    </Modal>
  );
}

function KeyCaps({ command }: { command: Command }) {
  const first = command.keys[0];
  if (!first) return null;
  return <Caps keys={first.keys} when={first.when} />;
}

function Caps({ keys, when }: { keys: string; when: When }) {
  return (
    <span className="caps">
      {when === "command" && <kbd className="esc">{text.escapeKey}</kbd>}
      {keys.split(/ (?=.)/).map((k, i) => (
        <kbd key={i}>{pretty(k)}</kbd>
      ))}
    </span>
  );
}

function pretty(keys: string): string {
  return shown(keys)
    .replace("ArrowUp", "↑")
    .replace("ArrowDown", "↓")
    .replace(/\+ $/, `+${text.spaceKey}`)
    .replace(/(^|\+)([a-z])$/, (_, plus: string, letter: string) => plus + letter.toUpperCase());
}

/** All keys on one page. */
export function Keys({ commands, actions }: { commands: Command[]; actions: Actions }) {
  const groups = Object.entries(names.groups) as [Command["group"], string][];
  return (
    <Modal title={names.keysPage} className="large keys" onClose={() => actions.overlay.set("none")}>
      <p className="loading-note">{text.keysHint}</p>
      <div className="keys-groups">
        {groups.map(([group, title]) => (
          <section key={group}>
            <h3>{title}</h3>
            <dl>
              {commands
                .filter((c) => c.group === group && c.keys.length > 0)
                .map((c) => (
                  <div key={c.name}>
                    <dt>{c.name}</dt>
                    <dd>
                      {c.keys.map((k) => (
                        <Caps key={k.keys} keys={k.keys} when={k.when} />
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
