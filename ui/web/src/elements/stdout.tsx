import { useMemo, useState } from "react";
import type { ViewProps } from "../screen/registry";
import { spans } from "../text/ansi";
import { bytes } from "../text/format";
import { text } from "../text/messages";
import "./stdout.css";

/** More than this many lines are folded until asked for. */
const most = 160;

export function Stdout({ props }: ViewProps<"stdout">) {
  const [all, setAll] = useState(false);
  const source = props.text.replace(/\n$/, "");
  const [head, tail, hidden] = useMemo(() => (all ? [source, "", 0] : fold(source)), [source, all]);
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the label tells error output from plain output
    <div
      className={props.stream === "stderr" ? "stdout stderr" : "stdout"}
      role={props.stream === "stderr" ? "group" : undefined}
      aria-label={props.stream === "stderr" ? text.output.stderr : undefined}
    >
      <pre>
        <Ansi source={head} />
      </pre>
      {hidden > 0 && (
        <button type="button" className="btn quiet" onClick={() => setAll(true)}>
          {text.output.cut(text.output.moreLines(hidden))}. {text.output.showAll}
        </button>
      )}
      {(props.cut ?? 0) > 0 && <p className="cut">{text.output.cut(bytes(props.cut!))}</p>}
      {tail && (
        <pre>
          <Ansi source={tail} />
        </pre>
      )}
    </div>
  );
}

/** The first and the last lines of a long text, and how many stand between them. */
function fold(source: string): [string, string, number] {
  let lines = 0;
  for (let i = source.indexOf("\n"); i >= 0; i = source.indexOf("\n", i + 1)) lines++;
  if (lines <= most) return [source, "", 0];
  const all = source.split("\n");
  const half = most / 2;
  return [all.slice(0, half).join("\n"), all.slice(-half).join("\n"), all.length - most];
}

function Ansi({ source }: { source: string }) {
  const parts = useMemo(() => (/[\x1b\r]/.test(source) ? spans(source) : undefined), [source]);
  if (!parts) return <>{source}</>;
  return parts.map((s, i) => (
    <span key={i} className={s.classes || undefined} style={{ color: s.color, background: s.background }}>
      {s.text}
    </span>
  ));
}
