import { type FormEvent, useState } from "react";
import { editor as text } from "../text/messages/editor";
import { toOffset, toPosition } from "../text/position";
import type { Actions } from "./actions";
import { Modal } from "./Modal";
import type { Services, TextEdit } from "./services";

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
      apply(actions, edits ?? []);
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

/** Applies edits from the last to the first of each cell, so that places stay right. */
function apply(actions: Actions, edits: TextEdit[]): void {
  const cells = new Map<string, TextEdit[]>();
  for (const e of edits) cells.set(e.range.start.cell, [...(cells.get(e.range.start.cell) ?? []), e]);
  for (const [cell, list] of cells) {
    let source = actions.notebook.source(cell);
    const placed = list.map((e) => ({
      from: toOffset(source, e.range.start.line, e.range.start.column),
      to: toOffset(source, e.range.end.line, e.range.end.column),
      text: e.text,
    }));
    for (const e of placed.sort((a, b) => b.from - a.from))
      source = source.slice(0, e.from) + e.text + source.slice(e.to);
    actions.setText(cell, source);
    actions.notebook.texts.get(cell)?.flush();
  }
}

function wordAt(source: string, offset: number): string {
  const before = /[\p{L}\p{N}_]*$/u.exec(source.slice(0, offset))?.[0] ?? "";
  const after = /^[\p{L}\p{N}_]*/u.exec(source.slice(offset))?.[0] ?? "";
  return before + after;
}
