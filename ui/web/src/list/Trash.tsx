import { useCallback, useEffect, useState } from "react";
import { Modal } from "../elements/parts/Modal";
import { Icon } from "../icons";
import { address, send } from "../net/base";
import type { Deleted, Restored, Trash as TrashList } from "../protocol/protocol";
import { bytes } from "../text/format";
import { list } from "../text/messages/list";
import { ago } from "../text/time";

/** What was deleted, to be had back or done away with. */
export function Trash({ onChange }: { onChange: () => void }) {
  const [deleted, setDeleted] = useState<Deleted[] | undefined>(undefined);
  const [says, setSays] = useState("");
  const [failed, setFailed] = useState("");
  /** What is asked to go for good: one thing, or all. */
  const [asked, setAsked] = useState<Deleted | "all" | undefined>(undefined);
  const load = useCallback(async () => {
    const response = await fetch(address("api/trash"), { credentials: "same-origin" });
    if (response.ok) setDeleted(((await response.json()) as TrashList).deleted ?? []);
    else setFailed((await response.text()) || response.statusText);
  }, []);
  useEffect(() => {
    void load();
  }, [load]);
  const restore = async (d: Deleted) => {
    const response = await send("api/trash/restore", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id: d.id }),
    });
    if (response.ok) {
      setSays(list.restored(((await response.json()) as Restored).path));
      setFailed("");
    } else setFailed((await response.text()) || response.statusText);
    onChange();
    await load();
  };
  const drop = async () => {
    const which = asked === "all" || !asked ? "" : `?id=${encodeURIComponent(asked.id)}`;
    setAsked(undefined);
    const response = await send(`api/trash${which}`, { method: "DELETE" });
    if (!response.ok) setFailed((await response.text()) || response.statusText);
    setSays("");
    await load();
  };
  return (
    <section aria-label={list.view.trash}>
      {deleted && deleted.length > 0 && (
        <div className="files-tools">
          <button type="button" className="btn small" onClick={() => setAsked("all")}>
            {list.emptyTrash}
          </button>
        </div>
      )}
      <p className={says ? "hint" : "visually-hidden"} role="status">
        {says}
      </p>
      {failed && (
        <p className="note bad" role="alert">
          {failed}
        </p>
      )}
      {deleted?.length === 0 && <p className="hint">{list.trashEmpty}</p>}
      <ul className="rows trash">
        {deleted?.map((d) => (
          <li key={d.id}>
            <Icon name={d.folder ? "panel" : "file"} />
            <span className="row-name">
              <span className="row-title">{d.path}</span>
              <span className="row-path">
                {list.deletedAt(ago(d.at))}
                {!d.folder && `, ${bytes(d.size)}`}
              </span>
            </span>
            <button
              type="button"
              className="btn small"
              aria-label={list.restoreOf(d.path)}
              onClick={() => void restore(d)}
            >
              {list.restore}
            </button>
            <button
              type="button"
              className="icon-btn"
              aria-label={list.forGoodOf(d.path)}
              title={list.forGood}
              onClick={() => setAsked(d)}
            >
              <Icon name="trash" />
            </button>
          </li>
        ))}
      </ul>
      {asked && (
        <Modal
          title={asked === "all" ? list.emptyTrashQuestion : list.removeQuestion(asked.path)}
          onClose={() => setAsked(undefined)}
        >
          <p>{asked === "all" ? list.emptyTrashHint(deleted?.length ?? 0) : list.forGoodHint}</p>
          <div className="modal-foot">
            <button type="button" className="btn danger" onClick={() => void drop()}>
              {asked === "all" ? list.emptyTrash : list.forGood}
            </button>
          </div>
        </Modal>
      )}
    </section>
  );
}
