import { useCallback, useEffect, useMemo, useState } from "react";
import { Icon } from "../icons";
import { address, canSignOut, send } from "../net/base";
import type { Listing, NotebookInfo } from "../protocol/protocol";
import { text } from "../text/messages";
import { list } from "../text/messages/list";
import { ago } from "../text/time";
import { Create } from "./Create";
import { Files } from "./Files";
import { Kernel } from "./Kernel";
import { Results } from "./Results";
import { RowMenu } from "./RowMenu";
import { link, recentPaths, remember } from "./recent";
import { SignOut } from "./SignOut";
import { ThemeButton } from "./ThemeButton";
import { Trash } from "./Trash";
import "./list.css";

export function List() {
  const [listing, setListing] = useState<Listing | undefined>(undefined);
  const [failed, setFailed] = useState("");
  const [filter, setFilter] = useState("");
  const [view, setView] = useState<"notebooks" | "files" | "trash">("notebooks");
  const [folder, setFolder] = useState("");
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
  const open = all.filter((n) => n.kernel && n.kernel !== "none");
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
        {canSignOut && <SignOut />}
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
          <Create folder={view === "files" ? folder : ""} templates={listing?.templates ?? []} />
        </div>
        <div className="views" role="tablist" aria-label={list.views}>
          {(["notebooks", "files", "trash"] as const).map((name) => (
            <button
              key={name}
              type="button"
              role="tab"
              aria-selected={view === name}
              onClick={() => setView(name)}
            >
              {list.view[name]}
            </button>
          ))}
        </div>
        {failed && (
          <p className="list-failed" role="alert">
            {list.failed} {failed}
          </p>
        )}
        {view === "trash" && <Trash onChange={() => void load()} />}
        {view === "files" && <Files folder={folder} onFolder={setFolder} />}
        {view === "notebooks" && open.length > 0 && !filter && (
          <section aria-labelledby="open">
            <h2 id="open">{list.openNotebooks}</h2>
            <ul className="rows">
              {open.map((n) => (
                <Row key={n.path} info={n} folder="" onDone={() => void load()} />
              ))}
            </ul>
          </section>
        )}
        {view === "notebooks" && recent.length > 0 && !filter && all.length > 4 && (
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
        {view === "notebooks" && listing && all.length === 0 && !failed && (
          <div className="list-empty">
            <p>{list.empty}</p>
            <p className="hint">{list.emptyHint}</p>
            {listing.tour && <Tour />}
          </div>
        )}
        {view === "notebooks" && listing && all.length > 0 && (
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
        {view === "notebooks" && filter && <Results query={filter} />}
      </main>
    </div>
  );
}

/** Takes the tour: notebooks that teach are made here, and the first is opened. */
function Tour() {
  const [failed, setFailed] = useState("");
  const take = async () => {
    const response = await send("api/tour", { method: "POST" });
    if (response.ok) location.href = link((await response.json()) as { path: string });
    else setFailed((await response.text()) || response.statusText);
  };
  return (
    <>
      <button type="button" className="btn" onClick={() => void take()}>
        {list.tour}
      </button>
      <p className="hint">{list.tourHint}</p>
      {failed && <p className="note bad">{failed}</p>}
    </>
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
