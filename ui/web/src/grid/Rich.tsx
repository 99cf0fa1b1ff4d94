import { useEffect, useState } from "react";
import { Html } from "../elements/text";
import { JsonNode } from "../elements/value";
import { address } from "../net/base";
import { useSession } from "../screen/context";
import { safeLink } from "../text/link";
import { text } from "../text/messages";
import { renderMarkdown } from "./frames";
import "../elements/value.css";
import "../style/prose.css";

/** What a cell shows when it is opened. */
export type Opened = "json" | "markdown" | "audio" | "video";

/** A cell's value, opened. */
export function Rich({ type, value }: { type: Opened; value: string }) {
  switch (type) {
    case "json":
      return <div className="grid-opened">{tree(value)}</div>;
    case "markdown":
      return (
        <div className="grid-opened prose">
          <Rendered source={value} />
        </div>
      );
  }
  return <Media key={value} type={type} value={value} />;
}

function Media({ type, value }: { type: "audio" | "video"; value: string }) {
  const [failed, setFailed] = useState(false);
  const src = mediaOf(type, value);
  if (!src || failed) return <div className="grid-opened">{text.grid.noMedia}</div>;
  const common = { src, controls: true, autoPlay: true, onError: () => setFailed(true) };
  return (
    <div className="grid-opened">
      {type === "audio" ? <audio {...common} /> : <video playsInline {...common} />}
    </div>
  );
}

function tree(value: string) {
  try {
    return <JsonNode value={JSON.parse(value)} open={2} />;
  } catch {
    return <pre>{value}</pre>; // no JSON: it is what it is
  }
}

/** A medium's address, unless it is none: a scheme that is no medium's would be asked of the page's policy. */
function mediaOf(type: "audio" | "video", url: string): string | undefined {
  const data = type === "audio" ? /^data:audio\//i : /^data:video\//i;
  return data.test(url.trim()) || safeLink(url) ? address(url) : undefined;
}

function Rendered({ source }: { source: string }) {
  const { handle } = useSession();
  const [shown, setShown] = useState<{ html: string; math: boolean } | undefined>(undefined);
  useEffect(() => {
    const stop = new AbortController();
    renderMarkdown(handle, source, stop.signal).then(setShown, () => {});
    return () => stop.abort();
  }, [handle, source]);
  return shown ? <Html tag="div" {...shown} /> : <pre>{source}</pre>;
}
