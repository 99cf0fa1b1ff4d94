import { address } from "../net/base";
import type { ViewProps } from "../screen/registry";

/** A page of somebody else, in a frame; in an exported file, which shows no other pages, its address. */
export function Iframe({ props }: ViewProps<"iframe">) {
  if (props.src.startsWith("data:")) {
    return (
      <p>
        <a href={props.link} target="_blank" rel="noreferrer">
          {props.title || props.link}
        </a>
      </p>
    );
  }
  return (
    <iframe
      className="foreign-frame"
      title={props.title || props.link}
      src={address(props.src)}
      allow="fullscreen"
      style={{ height: props.height || 400, width: "100%", border: 0, display: "block" }}
    />
  );
}
