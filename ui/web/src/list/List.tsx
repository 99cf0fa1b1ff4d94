import { type FormEvent, useCallback, useEffect, useId, useMemo, useRef, useState } from "react";
import { Icon } from "../icons";
import { address, send } from "../net/base";
import type { Listing, NotebookInfo } from "../protocol/protocol";
import { text } from "../text/messages";
import { list } from "../text/messages/list";
import { ago } from "../text/time";
import { RowMenu } from "./RowMenu";
import { ThemeButton } from "./ThemeButton";
import "./list.css";

const recentKey = "stnb.recent";

function recentPaths(): string[] {
  try {
    return JSON.parse(localStorage.getItem(recentKey) ?? "[]") as string[];
  } catch {
    return [];
  }
}

export function List() {
  const [listing, setListing] = useState<Listing | undefined>(undefined);
  const [failed, setFailed] = useState("");
  const [filter, setFilter] = useState("");
  const load = useCallback(async () => {
    try {
      const response = await fetch(address("api/notebooks"), { credentials: "same-origin" });
      if (!response.ok) throw new Error((await response.text()) || response.statusText);
      setListing((await response.json()) as Listing);
      setFailed("");
    } catch (e) {
      setFailed(e instanceof Error ? e.message : String(e));
    }
  }, []);
  useEffect(() => {
    void load();
    // Other programs make files too: look again when the page is looked at, and now and then.
    const look = () => document.visibilityState === "visible" && void load();
    document.addEventListener("visibilitychange", look);
    const timer = setInterval(look, 10_000);
    return () => {
      document.removeEventListener("visibilitychange", look);
      clearInterval(timer);
    };
  }, [load]);
  useEffect(() => {
    document.title = listing?.root ? `${listing.root} – ${text.app.title}` : text.app.title;
  }, [listing?.root]);

  const all = listing?.notebooks ?? [];
  const shown = useMemo(() => {
    const q = filter.trim().toLowerCase();
    const all = listing?.notebooks ?? [];
    return q ? all.filter((n) => `${n.path} ${n.title ?? ""}`.toLowerCase().includes(q)) : all;
  }, [listing, filter]);
  const recent = useMemo(() => {
    const all = listing?.notebooks ?? [];
    const opened = recentPaths().flatMap((path) => all.find((n) => n.path === path) ?? []);
    return opened.slice(0, 4);
  }, [listing]);

  return (
    <div className="list-page">
      <header className="list-head">
        <div className="brand">
          <Mark />
          <h1>{listing?.root || list.title}</h1>
        </div>
        <ThemeButton />
      </header>
      <main>
        <div className="list-tools">
          <label className="list-filter field">
            <Icon name="search" />
            <span className="visually-hidden">{list.filter}</span>
            <input
              type="search"
              placeholder={list.filter}
              value={filter}
              onChange={(e) => setFilter(e.target.value)}
              onKeyDown={(e) => {
                if (e.key === "Enter" && shown[0]) location.href = link(shown[0]);
              }}
            />
          </label>
          <Create />
        </div>
        {failed && (
          <p className="list-failed" role="alert">
            {list.failed} {failed}
          </p>
        )}
        {recent.length > 0 && !filter && all.length > 4 && (
          <section aria-labelledby="recent">
            <h2 id="recent">{list.recent}</h2>
            <div className="recent">
              {recent.map((n) => (
                <a key={n.path} href={link(n)} className="recent-card">
                  <span className="card-title">{n.title || n.path}</span>
                  <span className="card-path">{n.path}</span>
                  <span className="card-foot">
                    <Kernel info={n} />
                    {ago(n.modified)}
                  </span>
                </a>
              ))}
            </div>
          </section>
        )}
        {listing && all.length === 0 && !failed && (
          <div className="list-empty">
            <p>{list.empty}</p>
            <p className="hint">{list.emptyHint}</p>
          </div>
        )}
        {listing && all.length > 0 && (
          <section aria-labelledby="all">
            <h2 id="all">{list.all}</h2>
            {folders(shown).map(([folder, notebooks]) => (
              <div key={folder} className="folder">
                {folder && <h3>{folder}</h3>}
                <ul className="rows">
                  {notebooks.map((n) => (
                    <Row key={n.path} info={n} folder={folder} onDone={() => void load()} />
                  ))}
                </ul>
              </div>
            ))}
            {shown.length === 0 && <p className="hint">{list.noMatch}</p>}
          </section>
        )}
      </main>
    </div>
  );
}

function Row({ info, folder, onDone }: { info: NotebookInfo; folder: string; onDone: () => void }) {
  const file = folder ? info.path.slice(folder.length + 1) : info.path;
  return (
    <li>
      <a href={link(info)} onClick={() => remember(info.path)}>
        <Icon name="file" />
        <span className="row-name">
          <span className="row-title">{info.title || file}</span>
          {info.title && <span className="row-path">{file}</span>}
        </span>
        <Kernel info={info} />
        <span className="row-time" title={new Date(info.modified).toLocaleString()}>
          {ago(info.modified)}
        </span>
      </a>
      <RowMenu info={info} onDone={onDone} />
    </li>
  );
}

/** The notebooks by folder: the root's first, then folder by folder. */
function folders(notebooks: NotebookInfo[]): [string, NotebookInfo[]][] {
  const by = new Map<string, NotebookInfo[]>();
  for (const n of notebooks) {
    const folder = n.path.slice(0, Math.max(0, n.path.lastIndexOf("/")));
    by.set(folder, [...(by.get(folder) ?? []), n]);
  }
  return [...by].sort(([a], [b]) => a.localeCompare(b, undefined, { numeric: true }));
}

function link(info: { path: string }): string {
  return address(`edit/${info.path.split("/").map(encodeURIComponent).join("/")}`);
}

function remember(path: string): void {
  try {
    localStorage.setItem(
      recentKey,
      JSON.stringify([path, ...recentPaths().filter((p) => p !== path)].slice(0, 12)),
    );
  } catch {
    // The list of recent notebooks is a comfort, no more.
  }
}

function Kernel({ info }: { info: NotebookInfo }) {
  const state = info.kernel ?? "none";
  const name = list.kernelState[state];
  if (!name) return null;
  return (
    <span className={`kernel-chip ${state}`}>
      <i aria-hidden="true" />
      {name}
    </span>
  );
}

function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="28" height="28" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="#0b7285" />
      <path d="M8 10.5h10M8 16h16M8 21.5h7" stroke="#fff" strokeWidth="2.6" strokeLinecap="round" />
      <circle cx="22.5" cy="10.5" r="2.6" fill="#ffd43b" />
      <circle cx="19.5" cy="21.5" r="2.6" fill="#ffd43b" />
    </svg>
  );
}

function Create() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [name, setName] = useState("");
  const [failed, setFailed] = useState("");
  const id = useId();
  const create = async (e: FormEvent) => {
    e.preventDefault();
    const trimmed = name.trim() || list.namePlaceholder;
    const path = /\.(md|ipynb)$/i.test(trimmed) ? trimmed : `${trimmed}.md`;
    try {
      const response = await send("api/notebooks", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ path }),
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
