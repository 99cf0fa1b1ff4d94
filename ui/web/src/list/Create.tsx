import { type FormEvent, useId, useRef, useState } from "react";
import { Icon } from "../icons";
import { send } from "../net/base";
import type { NotebookInfo, Template } from "../protocol/protocol";
import { text } from "../text/messages";
import { list } from "../text/messages/list";
import { link, remember } from "./recent";

/** Asks for a new notebook's name and template, makes it in the folder, and opens it. */
export function Create({ folder, templates }: { folder: string; templates: Template[] }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [name, setName] = useState("");
  const [template, setTemplate] = useState("");
  const [failed, setFailed] = useState("");
  const id = useId();
  const create = async (e: FormEvent) => {
    e.preventDefault();
    const trimmed = name.trim() || list.namePlaceholder;
    const file = /\.(md|ipynb)$/i.test(trimmed) ? trimmed : `${trimmed}.md`;
    const path = folder ? `${folder}/${file}` : file;
    try {
      const response = await send("api/notebooks", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(template ? { path, template } : { path }),
      });
      if (!response.ok) throw new Error((await response.text()) || response.statusText);
      const info = (await response.json()) as NotebookInfo;
      remember(info.path);
      location.href = link(info);
    } catch (error) {
      setFailed(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      <button type="button" className="btn primary" onClick={() => dialog.current?.showModal()}>
        <Icon name="plus" />
        {list.create}
      </button>
      <dialog ref={dialog} className="modal" aria-labelledby={`${id}-title`}>
        <form onSubmit={(e) => void create(e)}>
          <div className="modal-head">
            <h2 id={`${id}-title`}>{list.create}</h2>
            <button
              type="button"
              className="icon-btn"
              aria-label={text.app.dismiss}
              onClick={() => dialog.current?.close()}
            >
              <Icon name="close" />
            </button>
          </div>
          <label className="label" htmlFor={id}>
            {list.name}
          </label>
          <input
            id={id}
            className="field"
            autoComplete="off"
            spellCheck={false}
            placeholder={list.namePlaceholder}
            value={name}
            onChange={(e) => {
              setName(e.target.value);
              setFailed("");
            }}
          />
          <label className="label" htmlFor={`${id}-template`}>
            {list.template}
          </label>
          <select
            id={`${id}-template`}
            className="field"
            value={template}
            onChange={(e) => setTemplate(e.target.value)}
          >
            <option value="">{list.emptyTemplate}</option>
            {templates.map((t) => (
              <option key={t.name} value={t.name}>
                {t.title}
              </option>
            ))}
          </select>
          {failed && (
            <p className="note bad" role="alert">
              {list.createFailed}: {failed}
            </p>
          )}
          <div className="modal-foot">
            <button type="submit" className="btn primary">
              {list.createIt}
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}
