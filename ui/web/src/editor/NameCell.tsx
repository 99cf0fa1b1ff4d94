import { type FormEvent, useId, useState } from "react";
import { Modal } from "../elements/parts/Modal";
import { editor as text } from "../text/messages/editor";
import type { Actions } from "./actions";

/** Gives the selected cell a name and tags, or takes them away. */
export function NameCell({ actions }: { actions: Actions }) {
  const [cell] = useState(() => actions.selection.active.get());
  const info = actions.notebook.cells.get(cell);
  const [name, setName] = useState(info?.name ?? "");
  const [tags, setTags] = useState(info?.tags.join(", ") ?? "");
  const id = useId();
  const close = () => actions.overlay.set("none");
  const submit = (e: FormEvent) => {
    e.preventDefault();
    const list = tags.split(",").map((t) => t.trim());
    actions.setName(cell, name.trim(), [...new Set(list)].filter(Boolean));
    close();
  };
  return (
    <Modal title={text.nameAndTags} onClose={close}>
      <form onSubmit={submit}>
        <label className="label" htmlFor={`${id}-name`}>
          {text.cellName}
        </label>
        <input
          id={`${id}-name`}
          className="field mono"
          autoComplete="off"
          spellCheck={false}
          value={name}
          onChange={(e) => setName(e.target.value)}
        />
        <label className="label" htmlFor={`${id}-tags`}>
          {text.cellTags}
        </label>
        <input
          id={`${id}-tags`}
          className="field mono"
          autoComplete="off"
          spellCheck={false}
          value={tags}
          onChange={(e) => setTags(e.target.value)}
        />
        <p className="hint">{text.tagsHint}</p>
        <div className="modal-foot">
          <button type="submit" className="btn primary">
            {text.setName}
          </button>
        </div>
      </form>
    </Modal>
  );
}
