import { useEffect, useState } from "react";
import { address } from "../net/base";
import type { Hits } from "../protocol/protocol";
import { list } from "../text/messages/list";
import { link } from "./recent";

const waitFor = 250;

/** Where the notebooks' texts hold what is looked for. */
export function Results({ query }: { query: string }) {
  const [hits, setHits] = useState<Hits | undefined>(undefined);
  const text = query.trim();
  useEffect(() => {
    if (!text) return;
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const url = `api/search?q=${encodeURIComponent(text)}`;
        const response = await fetch(address(url), { credentials: "same-origin", signal: abort.signal });
        if (response.ok) setHits((await response.json()) as Hits);
      } catch {
        // A newer search took its place, or the server is away: the list says that.
      }
    }, waitFor);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [text]);
  if (!hits) return null;
  const inText = (hits.hits ?? []).filter((h) => h.line);
  return (
    <section aria-labelledby="found">
      <h2 id="found">{list.inTexts}</h2>
      {inText.length === 0 && <p className="hint">{list.nothingFound}</p>}
      <ul className="rows hits">
        {inText.map((h) => (
          <li key={`${h.path} ${h.line}`}>
            <a href={/\.(md|ipynb)$/i.test(h.path) ? link(h) : address(`api/files/${h.path}`)}>
              <span className="row-path">
                {h.path}, {list.line(h.line ?? 0)}
              </span>
              <code>{h.text}</code>
            </a>
          </li>
        ))}
      </ul>
      {hits.more && <p className="hint">{list.moreFound}</p>}
    </section>
  );
}
