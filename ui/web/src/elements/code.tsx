import type { ViewProps } from "../screen/registry";
import { CopyButton } from "./parts/CopyButton";
import { Source } from "./parts/Source";
import "./code.css";

export function Code({ props }: ViewProps<"code">) {
  const lines = props.lineNumbers ? props.text.split("\n").length : 0;
  return (
    <div className="code">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard */}
      <pre tabIndex={0}>
        {lines > 0 && (
          <span className="line-numbers" aria-hidden="true">
            {Array.from({ length: lines }, (_, i) => i + 1).join("\n")}
          </span>
        )}
        <code>
          <Source source={props.text} language={props.language} />
        </code>
      </pre>
      <CopyButton get={() => props.text} />
    </div>
  );
}
