import { useEffect } from "react";
import { useSession } from "../screen/context";
import { Children } from "../screen/ElementView";
import { useCell } from "../screen/keyed";
import type { ViewProps } from "../screen/registry";
import { text } from "../text/messages";

/** Holds the values of its widgets until a submit button sends them all at once. */
export function Form({ element, props, children }: ViewProps<"form">) {
  const session = useSession();
  const id = element.id ?? "";
  // While a run goes on, the button may still be on its way.
  const { running } = useCell(session.run);
  useEffect(() => {
    if (!props.enterSubmits) return;
    session.formsThatEnterSubmits.set(id, true);
    return () => session.formsThatEnterSubmits.delete(id);
  }, [session, id, props.enterSubmits]);
  return (
    <div
      role="form"
      aria-label={element.key || undefined}
      className={props.border ? "stack bordered" : "stack"}
    >
      <Children paths={children} />
      {!running && children.length > 0 && !session.widgets.hasSubmit(id) && (
        <p className="note bad">{text.widget.noSubmit}</p>
      )}
    </div>
  );
}
