import { useId, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { Icon } from "../../icons";
import { text } from "../../text/messages";

/** A small question mark that shows a text on hover, focus and tap. */
export function Help({ text: help }: { text?: string }) {
  const [at, setAt] = useState<{ left: number; top: number; below: boolean } | null>(null);
  const ref = useRef<HTMLButtonElement>(null);
  const id = useId();
  if (!help) return null;
  const open = () => {
    const box = ref.current!.getBoundingClientRect();
    const below = box.top < 120;
    setAt({ left: box.left + box.width / 2, top: below ? box.bottom + 6 : box.top - 6, below });
  };
  const close = () => setAt(null);
  return (
    <>
      <button
        type="button"
        ref={ref}
        className="help"
        aria-label={text.widget.help}
        aria-describedby={at ? id : undefined}
        onMouseEnter={open}
        onMouseLeave={close}
        onFocus={open}
        onBlur={close}
        onClick={(e) => {
          e.preventDefault();
          open();
        }}
        onKeyDown={(e) => {
          if (e.key === "Escape" && at) {
            e.stopPropagation();
            close();
          }
        }}
      >
        <Icon name="help" size={14} />
      </button>
      {at &&
        createPortal(
          <div
            id={id}
            role="tooltip"
            className={at.below ? "tooltip help-text below" : "tooltip help-text"}
            style={{ left: Math.max(168, Math.min(at.left, window.innerWidth - 168)), top: at.top }}
          >
            {help}
          </div>,
          document.body,
        )}
    </>
  );
}
