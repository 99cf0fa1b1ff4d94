import { useEffect, useRef, useState } from "react";
import { address } from "../net/base";
import type { ViewProps } from "../screen/registry";
import { text } from "../text/messages";

/** The author's HTML in a frame of its own origin: it can run scripts and reach nothing of the page. */
export function Html({ props }: ViewProps<"html">) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState(props.height || 150);
  useEffect(() => {
    if (props.height) {
      setHeight(props.height);
      return;
    }
    // The frame may ask for its height, and for nothing else.
    const listen = (e: MessageEvent) => {
      if (e.source !== frame.current?.contentWindow) return;
      const asked = (e.data as { stnbHeight?: unknown } | null)?.stnbHeight;
      if (typeof asked === "number" && asked >= 0) setHeight(Math.min(20_000, Math.ceil(asked)));
    };
    window.addEventListener("message", listen);
    return () => window.removeEventListener("message", listen);
  }, [props.height]);
  return (
    <iframe
      ref={frame}
      className="html-frame"
      title={text.output.html}
      src={address(props.src)}
      sandbox="allow-scripts allow-popups allow-forms"
      style={{ height, width: "100%", border: 0, display: "block" }}
    />
  );
}
