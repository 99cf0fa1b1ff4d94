import { useEffect, useState } from "react";
import { Modal } from "../elements/parts/Modal";
import { editor as text } from "../text/messages/editor";
import { toOffset, toPosition } from "../text/position";
import type { Actions } from "./actions";
import type { Range, Services } from "./services";

/** Where the name at the cursor is used: each place a line that leads there. */
export function References({ actions, services }: { actions: Actions; services: Services }) {
  const [places, setPlaces] = useState<Range[] | undefined>(undefined);
  const { notebook } = actions;
  useEffect(() => {
    const cell = actions.selection.active.get();
    const cursor = actions.handle()?.cursor() ?? 0;
    void services
      .references({ cell, ...toPosition(actions.notebook.source(cell), cursor) })
      .then((r) => setPlaces(r ?? []));
  }, [actions, services]);
  const close = () => actions.overlay.set("none");
  const go = ({ start, end }: Range) => {
    close();
    const source = notebook.source(start.cell);
    const from = toOffset(source, start.line, start.column);
    setTimeout(() => actions.reach(start.cell, from, toOffset(source, end.line, end.column)));
  };
  return (
    <Modal title={text.references} onClose={close}>
      {!places && <p className="loading-note">{text.loading}</p>}
      {places?.length === 0 && <p className="loading-note">{text.noReferences}</p>}
      <ul className="places">
        {places?.map((p, i) => (
          <li key={i}>
            <button type="button" onClick={() => go(p)}>
              <span className="place">
                {text.cellNumber(notebook.order.get().indexOf(p.start.cell) + 1)}, {p.start.line}
              </span>
              <code>{notebook.source(p.start.cell).split("\n")[p.start.line - 1]?.trim()}</code>
            </button>
          </li>
        ))}
      </ul>
    </Modal>
  );
}
