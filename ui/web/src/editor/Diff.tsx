import { useMemo } from "react";
import { diff, hunks } from "../text/diff";
import { editor as text } from "../text/messages/editor";

/** What differs between two texts, line by line. */
export function Diff({ before, after, label }: { before: string; after: string; label: string }) {
  const lines = useMemo(() => hunks(diff(before, after)), [before, after]);
  if (lines.length === 0) return <p className="loading-note">{text.noDifference}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls can be reached by keyboard
    <section className="diff" aria-label={label} tabIndex={0}>
      {lines.map((line, i) =>
        "skipped" in line ? (
          <div key={i} className="skipped">
            {text.sameLines(line.skipped)}
          </div>
        ) : (
          <div key={i} className={line.sign === "+" ? "added" : line.sign === "-" ? "gone" : undefined}>
            <span className="sign">{line.sign}</span>
            <span>{line.text || " "}</span>
          </div>
        ),
      )}
    </section>
  );
}
