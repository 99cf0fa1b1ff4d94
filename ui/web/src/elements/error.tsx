import { useContext } from "react";
import { Icon } from "../icons";
import { GoToContext } from "../screen/context";
import type { ViewProps } from "../screen/registry";
import { text } from "../text/messages";
import { CopyButton } from "./parts/CopyButton";
import { HelpLink } from "./parts/HelpLink";
import "./error.css";

export function ErrorBox({ props }: ViewProps<"error">) {
  const goTo = useContext(GoToContext);
  const frames = props.frames ?? [];
  const plain = () =>
    [
      props.message,
      ...frames.map((f) => `    ${text.output.frame(f.func, f.line, f.file)}`),
      ...(props.errorId ? [text.output.errorId(props.errorId)] : []),
    ].join("\n");
  return (
    <div className="error-box" role="alert">
      <Icon name="error" size={18} />
      <div className="error-body">
        {props.errorKind && (
          <span className="error-kind">
            {props.errorKind}
            {goTo && props.topic && <HelpLink topic={props.topic} />}
          </span>
        )}
        {/* With a number it is words for a visitor, else what the program said. */}
        <pre className={props.errorId ? "words" : undefined}>{props.message}</pre>
        {frames.length > 0 && (
          <ol>
            {frames.map((f, i) => (
              <li key={i}>
                {goTo && f.cell ? (
                  <button type="button" onClick={() => goTo(f.cell, f.line, f.column)}>
                    {text.output.frame(f.func, f.line, f.file)}
                  </button>
                ) : (
                  text.output.frame(f.func, f.line, f.file)
                )}
              </li>
            ))}
          </ol>
        )}
        {props.errorId && <span className="error-id">{text.output.errorId(props.errorId)}</span>}
      </div>
      <CopyButton get={plain} />
    </div>
  );
}
