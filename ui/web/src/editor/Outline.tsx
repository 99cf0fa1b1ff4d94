import { useEffect, useState } from "react";
import { useCell } from "../screen/keyed";
import { editor as text } from "../text/messages/editor";
import type { Actions } from "./actions";

interface Heading {
  cell: string;
  level: number;
  title: string;
}

/** The headings of the Markdown cells, as a way through the notebook. */
export function Outline({ actions }: { actions: Actions }) {
  const { notebook } = actions;
  const order = useCell(notebook.order);
  const [, renew] = useState(0);
  // Headings change with the text, which has no subscription for all cells: look now and then.
  useEffect(() => {
    const timer = setInterval(() => renew((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  const headings = order.flatMap((cell) =>
    actions.markdown(cell) ? headingsOf(cell, notebook.source(cell)) : [],
  );
  return (
    <nav className="outline" aria-label={text.outline}>
      <h2>{text.outline}</h2>
      {headings.length === 0 && <p className="loading-note">{text.noHeadings}</p>}
      {headings.map((h, i) => (
        <button
          key={i}
          type="button"
          style={{ paddingLeft: 10 + (h.level - 1) * 14 }}
          onClick={() => {
            actions.select(h.cell);
            document.getElementById(`cell-${h.cell}`)?.scrollIntoView({ block: "start" });
          }}
        >
          {h.title}
        </button>
      ))}
    </nav>
  );
}

function headingsOf(cell: string, source: string): Heading[] {
  const out: Heading[] = [];
  let fenced = false;
  for (const line of source.split("\n")) {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    const match = fenced ? null : /^(#{1,4})\s+(.+?)\s*#*$/.exec(line);
    if (match) out.push({ cell, level: match[1]!.length, title: match[2]!.replace(/[*_`]/g, "") });
  }
  return out;
}
