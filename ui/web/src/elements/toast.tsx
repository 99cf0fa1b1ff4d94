import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { Icon, UserIcon } from "../icons";
import type { ViewProps } from "../screen/registry";
import { text } from "../text/messages";
import "./toast.css";

/** Where all toasts of a page stand, made by the first one. */
function corner(): HTMLElement {
  let node = document.getElementById("toasts");
  if (!node) {
    node = document.createElement("div");
    node.id = "toasts";
    node.setAttribute("role", "status");
    node.setAttribute("aria-live", "polite");
    document.body.append(node);
  }
  return node;
}

export function Toast({ props }: ViewProps<"toast">) {
  const [gone, setGone] = useState(false);
  const [held, setHeld] = useState(false);
  const seconds = props.seconds || 4;
  // New text shows again a toast that went, and gives it its time anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: html and icon start the time again
  useEffect(() => setGone(false), [props.html, props.icon]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: html starts the time again
  useEffect(() => {
    if (held || gone) return;
    const timer = setTimeout(() => setGone(true), seconds * 1000);
    return () => clearTimeout(timer);
  }, [props.html, seconds, held, gone]);
  if (gone) return null;
  return createPortal(
    // biome-ignore lint/a11y/noStaticElementInteractions: hovering only keeps it longer
    <div className="toast" onMouseEnter={() => setHeld(true)} onMouseLeave={() => setHeld(false)}>
      <UserIcon icon={props.icon} />
      <div className="html" dangerouslySetInnerHTML={{ __html: props.html }} />
      <button type="button" className="icon-btn" aria-label={text.app.dismiss} onClick={() => setGone(true)}>
        <Icon name="close" size={14} />
      </button>
    </div>,
    corner(),
  );
}
