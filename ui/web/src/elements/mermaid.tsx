import { useEffect, useRef, useState } from "react";
import { useCell } from "../screen/keyed";
import type { ViewProps } from "../screen/registry";
import { dark } from "../style/theme";
import { text } from "../text/messages";
import { look } from "./parts/diagramLook";
import "./diagram.css";

/** A diagram in Mermaid's language. Mermaid comes when the first is shown. */
export function Mermaid({ props }: ViewProps<"mermaid">) {
  const box = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState("");
  const isDark = useCell(dark);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes the look
  useEffect(() => {
    let gone = false;
    import("./parts/mermaid")
      .then((m) => m.draw(props.text, look()))
      .then(
        (svg) => {
          if (gone) return;
          box.current?.replaceChildren(svg);
          setFailed("");
        },
        (e: unknown) => {
          if (gone) return;
          box.current?.replaceChildren();
          setFailed(e instanceof Error ? e.message : String(e));
        },
      );
    return () => {
      gone = true;
    };
  }, [props.text, isDark]);
  const diagram = (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <div ref={box} className="diagram" tabIndex={0} style={{ maxHeight: props.height || undefined }} />
  );
  return (
    <>
      {diagram}
      {failed && (
        <div className="el-missing" role="alert">
          {text.chart.failed}: <pre>{failed}</pre>
        </div>
      )}
    </>
  );
}
