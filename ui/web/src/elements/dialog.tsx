import { useEffect, useId, useRef } from "react";
import { Icon } from "../icons";
import { useSession } from "../screen/context";
import { Children } from "../screen/ElementView";
import type { ViewProps } from "../screen/registry";
import { text } from "../text/messages";

/** A modal dialog of the app. It is open as long as the element is on the screen. */
export function Dialog({ element, props, children }: ViewProps<"dialog">) {
  const { widgets } = useSession();
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = ref.current!;
    if (!dialog.open) dialog.showModal();
    return () => dialog.close();
  }, []);
  const dismiss = () => {
    ref.current?.close();
    if (element.id) widgets.trigger(element);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own, in onCancel
    <dialog
      ref={ref}
      className={`modal ${props.width ?? ""}`}
      aria-labelledby={id}
      onCancel={(e) => {
        e.preventDefault();
        if (props.dismissible) dismiss();
      }}
      onClick={(e) => {
        if (e.target === ref.current && props.dismissible) dismiss();
      }}
    >
      <div className="modal-head">
        <h2 id={id}>{props.title}</h2>
        {props.dismissible && (
          <button type="button" className="icon-btn" aria-label={text.app.dismiss} onClick={dismiss}>
            <Icon name="close" />
          </button>
        )}
      </div>
      <div className="stack">
        <Children paths={children} />
      </div>
    </dialog>
  );
}
