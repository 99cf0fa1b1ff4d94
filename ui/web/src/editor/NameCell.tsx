import { type FormEvent, useState } from "react";
import { Modal } from "../elements/parts/Modal";
import { editor as text } from "../text/messages/editor";
import type { Actions } from "./actions";

/** Gives the selected cell a name, or takes it away. */
export function NameCell({ actions }: { actions: Actions }) {
  const [cell] = useState(() => actions.selection.active.get());
  const [name, setName] = useState(actions.notebook.cells.get(cell)?.name ?? "");
  const close = () => actions.overlay.set("none");
  const submit = (e: FormEvent) => {
    e.preventDefault();
    actions.setName(cell, name.trim());
    close();
  };
  return (
    <Modal title={text.cellName} onClose={close}>
      <form onSubmit={submit}>
        <input
          className="field mono"
          aria-label={text.cellName}
          autoComplete="off"
          spellCheck={false}
          value={name}
          onChange={(e) => setName(e.target.value)}
        />
        <div className="modal-foot">
          <button type="submit" className="btn primary">
            {text.setName}
          </button>
        </div>
      </form>
    </Modal>
  );
}
