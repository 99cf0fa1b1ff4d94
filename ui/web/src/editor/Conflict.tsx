import { useEffect, useState } from "react";
import { Modal } from "../elements/parts/Modal";
import { useCell } from "../screen/keyed";
import { editor as text } from "../text/messages/editor";
import type { Actions } from "./actions";
import { Diff } from "./Diff";
import type { Services, Texts } from "./services";

/** The file changed on disk while it was open here: three ways on, and what differs. */
export function Conflict({ actions, services }: { actions: Actions; services: Services }) {
  const saved = useCell(actions.notebook.saved);
  const [later, setLater] = useState<string | undefined>(undefined);
  const [texts, setTexts] = useState<Texts | undefined>(undefined);
  const conflict = saved.state === "conflict";
  const theirs = saved.theirs ?? "";
  useEffect(() => {
    if (!conflict) return;
    let gone = false;
    actions.notebook.flush();
    void services
      .text()
      .then((t) => !gone && setTexts({ ...t, theirs: t?.theirs || theirs, mine: t?.mine ?? "" }));
    return () => {
      gone = true;
    };
  }, [conflict, theirs, actions, services]);
  if (!conflict) return null;
  if (later === theirs) {
    return (
      <div className="notice-bar bad floating" role="alert">
        <strong>{text.conflictTitle}</strong>
        <button type="button" className="btn small" onClick={() => setLater(undefined)}>
          {text.decide}
        </button>
      </div>
    );
  }
  const resolve = (keep: string) => {
    actions.notebook.flush();
    actions.session.do({ resolve: { keep } });
  };
  const choices = [
    ["mine", text.keepMine, text.keepMineHint],
    ["theirs", text.takeTheirs, text.takeTheirsHint],
    ["both", text.keepBoth, text.keepBothHint],
  ] as const;
  return (
    <Modal title={text.conflictTitle} className="large" onClose={() => setLater(theirs)}>
      <p>{text.conflictText}</p>
      <p className="diff-legend">
        <span className="added">+ {text.onlyMine}</span> <span className="gone">− {text.onlyTheirs}</span>
      </p>
      {texts && <Diff before={texts.theirs ?? ""} after={texts.mine} label={text.difference} />}
      <div className="choices">
        {choices.map(([keep, name, hint]) => (
          <button key={keep} type="button" className="choice" onClick={() => resolve(keep)}>
            <strong>{name}</strong>
            <span>{hint}</span>
          </button>
        ))}
      </div>
      <div className="modal-foot">
        <button type="button" className="btn quiet" onClick={() => setLater(theirs)}>
          {text.decideLater}
        </button>
      </div>
    </Modal>
  );
}
