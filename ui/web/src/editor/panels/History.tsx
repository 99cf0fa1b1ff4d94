import { useEffect, useState } from "react";
import { Modal } from "../../elements/parts/Modal";
import type { Version } from "../../protocol/session";
import { useCell } from "../../screen/keyed";
import { bytes } from "../../text/format";
import { editor as text } from "../../text/messages/editor";
import { ago } from "../../text/time";
import { Diff } from "../Diff";
import type { Services, Texts } from "../services";
import type { PanelProps } from "./Side";

/** What was saved of the notebook, newest first: look at one, or have it back. */
export function HistoryPanel({ actions, services }: PanelProps) {
  const [versions, setVersions] = useState<Version[] | undefined>(undefined);
  const [open, setOpen] = useState<Version | undefined>(undefined);
  const [failed, setFailed] = useState("");
  const saved = useCell(actions.notebook.saved);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each save may add a version
  useEffect(() => {
    let gone = false;
    services.history().then(
      (all) => !gone && setVersions(all),
      (e) => !gone && setFailed(words(e)),
    );
    return () => {
      gone = true;
    };
  }, [services, saved.state, saved.at]);
  return (
    <div className="history">
      {failed && <p className="note bad">{failed}</p>}
      {versions?.length === 0 && <p className="loading-note">{text.noVersions}</p>}
      <ul>
        {versions?.map((v) => (
          <li key={v.id}>
            <button type="button" onClick={() => setOpen(v)}>
              <span>{new Date(v.at).toLocaleString()}</span>
              <span className="history-facts">
                {ago(v.at)}, {bytes(v.size)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {open && <OneVersion version={open} services={services} onClose={() => setOpen(undefined)} />}
    </div>
  );
}

function OneVersion(p: { version: Version; services: Services; onClose: () => void }) {
  const { version, services, onClose } = p;
  const [texts, setTexts] = useState<Texts | undefined>(undefined);
  const [failed, setFailed] = useState("");
  useEffect(() => {
    services.version(version.id).then(setTexts, (e) => setFailed(words(e)));
  }, [services, version.id]);
  const restore = () => void services.restore(version.id).then(onClose, (e) => setFailed(words(e)));
  return (
    <Modal title={text.versionOf(new Date(version.at).toLocaleString())} className="large" onClose={onClose}>
      <p className="diff-legend">
        <span className="gone">− {text.onlyThen}</span> <span className="added">+ {text.onlyNow}</span>
      </p>
      {texts && <Diff before={texts.old ?? ""} after={texts.mine} label={text.difference} />}
      {failed && (
        <p className="note bad" role="alert">
          {failed}
        </p>
      )}
      <div className="modal-foot">
        <button type="button" className="btn primary" disabled={!texts} onClick={restore}>
          {text.restoreVersion}
        </button>
      </div>
    </Modal>
  );
}

const words = (e: unknown) => (e instanceof Error ? e.message : String(e));
