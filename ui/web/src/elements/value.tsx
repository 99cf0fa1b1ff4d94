import { type ReactNode, useState } from "react";
import { Icon } from "../icons";
import type { Node } from "../protocol/element";
import type { ViewProps } from "../screen/registry";
import { text } from "../text/messages";
import { CopyButton } from "./parts/CopyButton";
import "./value.css";

/** A Go value: one line, and a tree below it when it has parts. */
export function Value({ props }: ViewProps<"value">) {
  if (props.tree?.nodes?.length) {
    return (
      <div className="value">
        <Branch
          open
          head={
            <>
              <span className="value-type">{props.type}</span>{" "}
              <span className="value-text">{props.text}</span>
            </>
          }
        >
          <Nodes node={props.tree} depth={1} />
        </Branch>
      </div>
    );
  }
  return (
    <div className="value single">
      <pre className="value-text">{props.text}</pre>
      {props.type && <span className="value-type">{props.type}</span>}
    </div>
  );
}

function Nodes({ node, depth }: { node: Node; depth: number }) {
  return (
    <>
      {(node.nodes ?? []).map((child, i) => {
        const head = (
          <>
            {child.name && <span className="value-name">{child.name}</span>}
            {child.text !== undefined && <span className="value-text">{child.text}</span>}
            {child.type && <span className="value-type">{child.type}</span>}
          </>
        );
        return child.nodes?.length ? (
          <Branch key={i} head={head} open={depth < 1}>
            <Nodes node={child} depth={depth + 1} />
          </Branch>
        ) : (
          <div key={i} className="value-leaf">
            {head}
          </div>
        );
      })}
      {!!node.more && <div className="value-leaf value-more">{text.output.more(node.more)}</div>}
    </>
  );
}

/** One line that opens. What is inside is made when it is opened first. */
function Branch({
  head,
  open: openFirst,
  children,
}: {
  head: ReactNode;
  open: boolean;
  children: ReactNode;
}) {
  const [open, setOpen] = useState(openFirst);
  return (
    <div className="value-branch">
      <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name="chevron" size={12} />
        {head}
      </button>
      {open && <div className="value-children">{children}</div>}
    </div>
  );
}

/** A JSON document as a tree. */
export function Json({ props }: ViewProps<"json">) {
  return (
    <div className="value json">
      <JsonNode value={props.value} open={props.expanded} />
      <CopyButton get={() => JSON.stringify(props.value, null, 2)} />
    </div>
  );
}

const chunk = 200;

export function JsonNode({ name, value, open }: { name?: string; value: unknown; open: number }) {
  const [most, setMost] = useState(chunk);
  const label = name !== undefined && <span className="value-name">{name}</span>;
  if (value === null || typeof value !== "object") {
    const kind =
      value === null
        ? "keyword"
        : typeof value === "string"
          ? "string"
          : typeof value === "number"
            ? "number"
            : "keyword";
    return (
      <div className="value-leaf">
        {label}
        <span className={`value-text tok-${kind}`}>{JSON.stringify(value)}</span>
      </div>
    );
  }
  const array = Array.isArray(value);
  const entries = Object.entries(value);
  const size = array ? `[${entries.length}]` : `{${entries.length}}`;
  if (entries.length === 0) {
    return (
      <div className="value-leaf">
        {label}
        <span className="value-text">{array ? "[]" : "{}"}</span>
      </div>
    );
  }
  return (
    <Branch
      open={open > 0}
      head={
        <>
          {label}
          <span className="value-type">{size}</span>
        </>
      }
    >
      {entries.slice(0, most).map(([key, v]) => (
        <JsonNode key={key} name={key} value={v} open={open - 1} />
      ))}
      {entries.length > most && (
        <button type="button" className="btn quiet" onClick={() => setMost(most + 10 * chunk)}>
          {text.output.more(entries.length - most)}
        </button>
      )}
    </Branch>
  );
}
