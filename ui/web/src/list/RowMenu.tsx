import { type FormEvent, useId, useRef, useState } from "react";
import { Anchored } from "../elements/parts/Anchored";
import { Modal } from "../elements/parts/Modal";
import { Icon } from "../icons";
import { address, send } from "../net/base";
import { list } from "../text/messages/list";
import { encodePath } from "./recent";

type Ask = "rename" | "delete";

/** A notebook, another file, or a folder. */
export interface Subject {
  path: string;
  title?: string;
  folder?: boolean;
}

/** What can be done with a notebook's file, without opening it. */
export function RowMenu({ info, onDone }: { info: Subject; onDone: () => void }) {
  const [open, setOpen] = useState(false);
  const [ask, setAsk] = useState<Ask | undefined>(undefined);
  const button = useRef<HTMLButtonElement>(null);
  const items: [string, () => void][] = [
    [list.rename, () => setAsk("rename")],
    ...(info.folder
      ? []
      : ([
          [list.duplicate, () => void post("duplicate", { path: info.path }).then(onDone, onDone)],
          [list.download, () => download(info.path)],
        ] as [string, () => void][])),
    [list.remove, () => setAsk("delete")],
  ];
  return (
    <>
      <button
        ref={button}
        type="button"
        className="icon-btn row-menu"
        aria-label={list.actionsOf(info.title || info.path)}
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
            tabIndex={-1}
            aria-label={list.actionsOf(info.title || info.path)}
            ref={(node) => {
              if (node && !node.contains(document.activeElement))
                node.querySelector<HTMLElement>("button")?.focus();
            }}
            onKeyDown={(e) => {
              const all = [...e.currentTarget.querySelectorAll<HTMLElement>("button")];
              const at = all.indexOf(document.activeElement as HTMLElement);
              if (e.key === "Escape") {
                setOpen(false);
                button.current?.focus();
              } else if (e.key === "ArrowDown" || e.key === "ArrowUp") {
                e.preventDefault();
                all[(at + (e.key === "ArrowDown" ? 1 : -1) + all.length) % all.length]?.focus();
              }
            }}
          >
            {items.map(([label, act]) => (
              <button
                key={label}
                type="button"
                role="menuitem"
                className="menu-item"
                onClick={() => {
                  setOpen(false);
                  act();
                }}
              >
                {label}
              </button>
            ))}
          </div>
        </Anchored>
      )}
      {ask && (
        <AskDialog
          ask={ask}
          info={info}
          onClose={() => {
            setAsk(undefined);
            button.current?.focus();
            onDone();
          }}
        />
      )}
    </>
  );
}

function AskDialog({ ask, info, onClose }: { ask: Ask; info: Subject; onClose: () => void }) {
  const [to, setTo] = useState(info.path);
  const [failed, setFailed] = useState("");
  const id = useId();
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    try {
      await post(ask, ask === "rename" ? { path: info.path, to: to.trim() } : { path: info.path });
      onClose();
    } catch (error) {
      setFailed(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Modal title={ask === "rename" ? list.rename : list.removeQuestion(info.path)} onClose={onClose}>
      <form onSubmit={(e) => void submit(e)}>
        {ask === "rename" ? (
          <>
            <label className="label" htmlFor={id}>
              {list.newPath}
            </label>
            <input
              id={id}
              className="field"
              autoComplete="off"
              spellCheck={false}
              value={to}
              onChange={(e) => {
                setTo(e.target.value);
                setFailed("");
              }}
            />
          </>
        ) : (
          <p>{list.removeHint}</p>
        )}
        {failed && (
          <p className="note bad" role="alert">
            {failed}
          </p>
        )}
        <div className="modal-foot">
          <button
            type="submit"
            className="btn primary"
            disabled={ask === "rename" && to.trim() === info.path}
          >
            {ask === "rename" ? list.rename : list.remove}
          </button>
        </div>
      </form>
    </Modal>
  );
}

async function post(what: string, body: object): Promise<void> {
  const response = await send(`api/notebooks/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error((await response.text()) || response.statusText);
}

function download(path: string): void {
  const a = document.createElement("a");
  a.href = address(`api/files/${encodePath(path)}`);
  a.download = path.split("/").at(-1) ?? "";
  a.click();
}
