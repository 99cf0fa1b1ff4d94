import { Icon } from "../../icons";
import { address } from "../../net/base";
import { text } from "../../text/messages";

/** Leads to the section of the manual that says what a problem means. */
export function HelpLink({ topic }: { topic: string }) {
  const label = text.output.explain(topic);
  return (
    <a
      className="help-link"
      href={`${address("help/errors")}#${topic}`}
      target="_blank"
      rel="noreferrer"
      aria-label={label}
      title={label}
    >
      <Icon name="help" size={14} />
    </a>
  );
}
