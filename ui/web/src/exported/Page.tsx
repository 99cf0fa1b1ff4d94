import { useState } from "react";
import { Source } from "../elements/parts/Source";
import { Html } from "../elements/text";
import type { Delta } from "../protocol/element";
import { useSession } from "../screen/context";
import { Children, Root } from "../screen/ElementView";
import { useKeyed } from "../screen/keyed";
import { text } from "../text/messages";
import type { StoredFrame } from "./frames";
import "../style/prose.css";
import "../elements/code.css";
import "./exported.css";

interface StoredCell {
  id: string;
  kind: string;
  name?: string;
  source?: string;
  html?: string;
  hidden?: boolean;
}

/** The notebook in the page, as package notebook/export writes it. */
export interface Stored {
  title: string;
  cells: StoredCell[];
  screen: Delta[];
  frames: Record<string, StoredFrame>;
  hideCode?: boolean;
}

export function Page({ stored }: { stored: Stored }) {
  const [code, setCode] = useState(!stored.hideCode);
  const hasCode = !stored.hideCode && stored.cells.some((c) => c.source);
  const cut = Object.values(stored.frames).filter((f) => f.total > f.rows);
  const { tree } = useSession();
  const sidebar = useKeyed(tree.nodes, "sidebar");
  return (
    <div className="exported">
      {hasCode && (
        <header className="exported-bar">
          <button type="button" className="btn quiet" aria-pressed={code} onClick={() => setCode(!code)}>
            {code ? text.exported.hideCode : text.exported.showCode}
          </button>
        </header>
      )}
      <main aria-label={stored.title}>
        {(sidebar?.children.length ?? 0) > 0 && (
          <aside className="exported-side stack" aria-label={text.app.sidebar}>
            <Root path="sidebar" />
          </aside>
        )}
        {stored.cells.map((cell) => (
          <CellView key={cell.id} cell={cell} code={code} />
        ))}
      </main>
      {cut.length > 0 && (
        <footer className="exported-note">
          {cut
            .map((f) => text.exported.cut(f.rows, f.total))
            .filter((t, i, all) => all.indexOf(t) === i)
            .join(" ")}
        </footer>
      )}
    </div>
  );
}

function CellView({ cell, code }: { cell: StoredCell; code: boolean }) {
  const { tree } = useSession();
  const outputs = useKeyed(tree.outputs, `main#${cell.id}`);
  const bottom = useKeyed(tree.outputs, `bottom#${cell.id}`);
  const math = /\$|\\\(/.test(cell.html ?? "") || (cell.html ?? "").includes("math");
  return (
    <section className="exported-cell">
      {cell.html && (
        <div className="prose">
          <Html html={cell.html} math={math} tag="div" />
        </div>
      )}
      {cell.source && code && <Code cell={cell} />}
      {outputs && outputs.length > 0 && (
        <div className="stack">
          <Children paths={outputs} />
        </div>
      )}
      {bottom && bottom.length > 0 && (
        <div className="stack">
          <Children paths={bottom} />
        </div>
      )}
    </section>
  );
}

function Code({ cell }: { cell: StoredCell }) {
  const shown = (
    <div className="code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <pre tabIndex={0}>
        <code>
          <Source source={cell.source!} language={cell.kind} />
        </code>
      </pre>
    </div>
  );
  if (!cell.hidden) return shown;
  return (
    <details>
      <summary>{cell.name || text.exported.code}</summary>
      {shown}
    </details>
  );
}
