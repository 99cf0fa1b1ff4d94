import { useState } from "react";
import { useCell } from "../screen/keyed";
import { editor as text } from "../text/messages/editor";
import type { Actions } from "./actions";
import { Modal } from "./Modal";

/** The file changed on disk while it was open here: three ways on, and what differs. */
export function Conflict({ actions }: { actions: Actions }) {
  const saved = useCell(actions.notebook.saved);
  const [later, setLater] = useState<string | undefined>(undefined);
  if (saved.state !== "conflict") return null;
  const theirs = saved.theirs ?? "";
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
      <Difference
        theirs={theirs}
        mine={actions.notebook.order
          .get()
          .map((id) => actions.notebook.source(id))
          .join("\n")}
      />
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

/** Lines that only one side has. The file holds the cells in its own format, so lines are compared, not places. */
function Difference({ mine, theirs }: { mine: string; theirs: string }) {
  const here = lines(mine);
  const there = lines(theirs);
  const onlyTheirs = theirs.split("\n").filter((l) => l.trim() && !here.has(l.trim()) && !markup(l));
  const onlyMine = mine.split("\n").filter((l) => l.trim() && !there.has(l.trim()));
  if (onlyTheirs.length + onlyMine.length === 0) return <p className="loading-note">{text.noDifference}</p>;
  return (
    <div className="difference">
      <Side title={text.onlyMine} lines={onlyMine} sign="+" />
      <Side title={text.onlyTheirs} lines={onlyTheirs} sign="−" />
    </div>
  );
}

function Side({ title, lines: list, sign }: { title: string; lines: string[]; sign: string }) {
  return (
    <div>
      <h3>{title}</h3>
      <pre className={sign === "+" ? "added" : "gone"}>
        {list
          .slice(0, 60)
          .map((l) => `${sign} ${l}`)
          .join("\n") || " "}
      </pre>
    </div>
  );
}

const lines = (s: string) => new Set(s.split("\n").map((l) => l.trim()));
const markup = (line: string) => /^(```|<!-- |---$|\+\+\+$)/.test(line.trim());
