import type { DocItem } from "../protocol/element";
import type { ViewProps } from "../screen/registry";
import { text } from "../text/messages";
import { Source } from "./parts/Source";
import "./doc.css";

/** What is written about a value. */
export function Doc({ props }: ViewProps<"doc">) {
  return (
    <section className="doc" aria-label={props.name}>
      <p className="doc-name">
        <code>
          <Source source={`${props.name} ${props.type}`} language="go" />
        </code>
      </p>
      {props.value && <p className="doc-value">{props.value}</p>}
      {props.text && <p className="doc-text">{flowing(props.text)}</p>}
      <Items title={text.output.fields} items={props.fields} />
      <Items title={text.output.methods} items={props.methods} />
    </section>
  );
}

/** A comment without the line breaks of its source, but for those between paragraphs and of what is indented. */
function flowing(comment: string): string {
  return comment.replace(/([^\n])\n(?=[^\s])/g, "$1 ");
}

function Items({ title, items }: { title: string; items?: DocItem[] | null }) {
  if (!items?.length) return null;
  return (
    <details>
      <summary>
        {title} <span className="doc-count">{items.length}</span>
      </summary>
      <dl>
        {items.map((i) => (
          <div key={i.name}>
            <dt>
              <code>
                <Source
                  source={i.type.startsWith("(") ? i.name + i.type : `${i.name} ${i.type}`}
                  language="go"
                />
              </code>
            </dt>
            {i.text && <dd className="doc-text">{flowing(i.text)}</dd>}
          </div>
        ))}
      </dl>
    </details>
  );
}
