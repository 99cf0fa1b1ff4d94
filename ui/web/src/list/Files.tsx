import { type FormEvent, useCallback, useEffect, useRef, useState } from "react";
import { Icon } from "../icons";
import { address, send } from "../net/base";
import type { Entry, Folder } from "../protocol/protocol";
import { bytes } from "../text/format";
import { text } from "../text/messages";
import { list } from "../text/messages/list";
import { ago } from "../text/time";
import { Kernel } from "./Kernel";
import { RowMenu } from "./RowMenu";
import { encodePath, link } from "./recent";

/** The files of one folder, and ways to change them. */
export function Files({ folder, onFolder }: { folder: string; onFolder: (folder: string) => void }) {
  const [entries, setEntries] = useState<Entry[] | undefined>(undefined);
  const [says, setSays] = useState("");
  const [failed, setFailed] = useState("");
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const load = useCallback(async () => {
    try {
      const response = await fetch(address(`api/folder?path=${encodeURIComponent(folder)}`), {
        credentials: "same-origin",
      });
      if (!response.ok) throw new Error((await response.text()) || response.statusText);
      setEntries(((await response.json()) as Folder).entries ?? []);
    } catch (e) {
      setFailed(words(e));
    }
  }, [folder]);
  useEffect(() => {
    void load();
  }, [load]);
  const upload = async (files: File[]) => {
    setFailed("");
    let done = 0;
    for (const file of files) {
      const path = folder ? `${folder}/${file.name}` : file.name;
      const response = await send(`api/files/${encodePath(path)}`, { method: "PUT", body: file });
      if (response.ok) done++;
      else setFailed((await response.text()) || response.statusText);
    }
    setSays(list.uploaded(done));
    await load();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files are dropped here; the button does the same by keyboard
    <div
      className={over ? "files over" : "files"}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(e) => {
        e.preventDefault();
        setOver(false);
        void upload([...e.dataTransfer.files]);
      }}
    >
      <div className="files-tools">
        <Crumbs folder={folder} onFolder={onFolder} />
        <NewFolder folder={folder} onDone={load} />
        <button type="button" className="btn small" onClick={() => input.current?.click()}>
          <Icon name="upload" />
          {list.upload}
        </button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={list.upload}
          onChange={(e) => {
            void upload([...(e.target.files ?? [])]);
            e.target.value = "";
          }}
        />
      </div>
      <p className="visually-hidden" role="status">
        {says}
      </p>
      {failed && (
        <p className="note bad" role="alert">
          {failed}
        </p>
      )}
      {entries?.length === 0 && <p className="hint">{list.emptyFolder}</p>}
      <ul className="rows">
        {entries?.map((e) => (
          <li key={e.path}>
            <Line entry={e} onFolder={onFolder} />
            <RowMenu info={e} onDone={() => void load()} />
          </li>
        ))}
      </ul>
      {over && <p className="drop-note">{list.dropFiles}</p>}
    </div>
  );
}

const words = (e: unknown) => (e instanceof Error ? e.message : String(e));

function Line({ entry: e, onFolder }: { entry: Entry; onFolder: (folder: string) => void }) {
  if (e.folder) {
    return (
      <button type="button" className="row-folder" onClick={() => onFolder(e.path)}>
        <Icon name="folder" />
        <span className="row-name">
          <span className="row-title">{e.name}</span>
        </span>
      </button>
    );
  }
  return (
    <a href={e.notebook ? link(e) : address(`api/files/${encodePath(e.path)}`)}>
      <Icon name="file" />
      <span className="row-name">
        <span className="row-title">{e.name}</span>
        {e.title && <span className="row-path">{e.title}</span>}
      </span>
      <Kernel info={e} />
      <span className="row-size">{bytes(e.size)}</span>
      <span className="row-time" title={new Date(e.modified).toLocaleString()}>
        {ago(e.modified)}
      </span>
    </a>
  );
}

function Crumbs({ folder, onFolder }: { folder: string; onFolder: (folder: string) => void }) {
  const parts = folder ? folder.split("/") : [];
  return (
    <nav className="crumbs" aria-label={list.path}>
      <button type="button" onClick={() => onFolder("")}>
        {list.root}
      </button>
      {parts.map((part, i) => (
        <button key={i} type="button" onClick={() => onFolder(parts.slice(0, i + 1).join("/"))}>
          {part}
        </button>
      ))}
    </nav>
  );
}

function NewFolder({ folder, onDone }: { folder: string; onDone: () => Promise<void> }) {
  const [name, setName] = useState<string | undefined>(undefined);
  const [failed, setFailed] = useState("");
  const make = async (e: FormEvent) => {
    e.preventDefault();
    const path = folder ? `${folder}/${name?.trim()}` : name?.trim();
    const response = await send("api/folder", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ path }),
    });
    if (!response.ok) {
      setFailed((await response.text()) || response.statusText);
      return;
    }
    setName(undefined);
    setFailed("");
    await onDone();
  };
  if (name === undefined) {
    return (
      <button type="button" className="btn small" onClick={() => setName("")}>
        <Icon name="plus" />
        {list.newFolder}
      </button>
    );
  }
  return (
    <form className="new-folder" onSubmit={(e) => void make(e)}>
      <input
        className="field"
        aria-label={list.folderName}
        placeholder={list.folderName}
        autoComplete="off"
        spellCheck={false}
        ref={(node) => node?.focus()}
        value={name}
        onChange={(e) => setName(e.target.value)}
        onKeyDown={(e) => {
          if (e.key === "Escape") setName(undefined);
        }}
      />
      <button
        type="button"
        className="icon-btn"
        aria-label={text.app.dismiss}
        onClick={() => setName(undefined)}
      >
        <Icon name="close" size={14} />
      </button>
      {failed && (
        <p className="note bad" role="alert">
          {failed}
        </p>
      )}
    </form>
  );
}
