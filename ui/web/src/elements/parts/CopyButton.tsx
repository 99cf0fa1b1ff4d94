import { useState } from "react";
import { Icon } from "../../icons";
import { text } from "../../text/messages";
import { copyText } from "./copy";

export function CopyButton({ get }: { get: () => string }) {
  const [done, setDone] = useState(false);
  const label = done ? text.output.copied : text.output.copy;
  return (
    <button
      type="button"
      className="icon-btn copy-btn"
      aria-label={label}
      title={label}
      onClick={async () => {
        if (!(await copyText(get()))) return;
        setDone(true);
        setTimeout(() => setDone(false), 1500);
      }}
    >
      <Icon name={done ? "check" : "copy"} size={14} />
    </button>
  );
}
