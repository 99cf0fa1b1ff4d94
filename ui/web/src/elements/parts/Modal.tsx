import { type ReactNode, useEffect, useId, useRef } from "react";
import { Icon } from "../../icons";
import { text } from "../../text/messages";

interface ModalProps {
  title: string;
  className?: string;
  onClose: () => void;
  children: ReactNode;
}

/** A dialog that is open as long as it is rendered. The focus goes back where it was. */
export function Modal({ title, className, onClose, children }: ModalProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    ref.current?.showModal();
    // The dialog gives the focus to its first button, which closes it. Better what it is there for:
    // a field to type into, or what Enter should do.
    const main =
      ref.current?.querySelector<HTMLElement>("input") ??
      ref.current?.querySelector<HTMLElement>(".btn.primary");
    main?.focus();
    return () => before?.focus?.();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the dialog's own, in onCancel
    <dialog
      ref={ref}
      className={`modal ${className ?? ""}`}
      aria-labelledby={id}
      onCancel={(e) => {
        e.preventDefault();
        onClose();
      }}
      onClick={(e) => {
        if (e.target === ref.current) onClose();
      }}
    >
      <div className="modal-head">
        <h2 id={id}>{title}</h2>
        <button type="button" className="icon-btn" aria-label={text.app.dismiss} onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      {children}
    </dialog>
  );
}
