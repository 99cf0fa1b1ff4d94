import { type FormEvent, useState } from "react";
import { Modal } from "../elements/parts/Modal";
import { editor as text } from "../text/messages/editor";
import { toPosition } from "../text/position";
import type { Actions } from "./actions";
import type { Services } from "./services";

/** Asks for a name's new name and renames it in all cells. */
export function Rename({ actions, services }: { actions: Actions; services: Services }) {
  const [cell] = useState(() => actions.selection.active.get());
  const [cursor] = useState(() => actions.handle()?.cursor() ?? 0);
  const source = actions.notebook.source(cell);
  const old = wordAt(source, cursor);
  const [name, setName] = useState(old);
  const [failed, setFailed] = useState("");
  const close = () => actions.overlay.set("none");
  const rename = async (e: FormEvent) => {
    e.preventDefault();
    try {
      const edits = await services.rename({ cell, ...toPosition(source, cursor) }, name.trim());
      actions.apply(edits ?? []);
      close();
    } catch (error) {
      setFailed(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <Modal title={`${text.rename} ${old}`} onClose={close}>
      <form onSubmit={(e) => void rename(e)}>
        <label className="label" htmlFor="rename">
          {text.renameTo}
        </label>
        <input
          id="rename"
          className="field mono"
          autoComplete="off"
          spellCheck={false}
          value={name}
          onFocus={(e) => e.target.select()}
          onChange={(e) => setName(e.target.value)}
        />
        {failed && (
          <p className="note bad" role="alert">
            {failed}
          </p>
        )}
        <div className="modal-foot">
          <button type="submit" className="btn primary" disabled={name.trim() === "" || name.trim() === old}>
            {text.rename}
          </button>
        </div>
      </form>
    </Modal>
  );
}

function wordAt(source: string, offset: number): string {
  const before = /[\p{L}\p{N}_]*$/u.exec(source.slice(0, offset))?.[0] ?? "";
  const after = /^[\p{L}\p{N}_]*/u.exec(source.slice(offset))?.[0] ?? "";
  return before + after;
}
