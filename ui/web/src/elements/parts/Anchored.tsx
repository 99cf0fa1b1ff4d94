import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";

interface AnchoredProps {
  anchor: RefObject<HTMLElement | null>;
  className: string;
  /** As wide as the anchor. */
  match?: boolean;
  onOutside: () => void;
  children: ReactNode;
}

interface Place {
  left: number;
  top?: number;
  bottom?: number;
  width?: number;
  maxHeight: number;
}

const gap = 4;
const edge = 8;

/** A box beside its anchor: below when there is room, else above; it follows when the page moves. */
export function Anchored({ anchor, className, match, onOutside, children }: AnchoredProps) {
  const box = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Place | undefined>(undefined);
  useLayoutEffect(() => {
    const put = () => {
      const at = anchor.current?.getBoundingClientRect();
      const own = box.current;
      if (!at || !own) return;
      const below = window.innerHeight - at.bottom - gap - edge;
      const above = at.top - gap - edge;
      const up = below < Math.min(own.scrollHeight, 240) && above > below;
      const width = match ? at.width : own.offsetWidth;
      setPlace({
        left: Math.max(edge, Math.min(at.left, window.innerWidth - width - edge)),
        ...(up ? { bottom: window.innerHeight - at.top + gap } : { top: at.bottom + gap }),
        width: match ? at.width : undefined,
        maxHeight: up ? above : below,
      });
    };
    put();
    window.addEventListener("scroll", put, { capture: true, passive: true });
    window.addEventListener("resize", put);
    const observer = new ResizeObserver(put);
    if (anchor.current) observer.observe(anchor.current);
    return () => {
      window.removeEventListener("scroll", put, { capture: true });
      window.removeEventListener("resize", put);
      observer.disconnect();
    };
  }, [anchor, match]);
  const outside = useRef(onOutside);
  outside.current = onOutside;
  useEffect(() => {
    const listen = (e: Event) => {
      const target = e.target as Node;
      if (box.current?.contains(target) || anchor.current?.contains(target)) return;
      // A list opened by a widget in this box stands elsewhere in the document, and later in it.
      const other = (target as Element).closest?.(".anchored");
      const later =
        other && box.current && box.current.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
      if (later) return;
      outside.current();
    };
    document.addEventListener("pointerdown", listen);
    return () => document.removeEventListener("pointerdown", listen);
  }, [anchor]);
  return createPortal(
    <div
      ref={box}
      className={`popup anchored ${className}`}
      // Not hidden before it has its place: what is hidden takes no focus.
      style={place ?? { left: 0, top: 0, opacity: 0 }}
    >
      {children}
    </div>,
    // In a modal dialog only what is inside it can be reached.
    anchor.current?.closest("dialog") ?? document.body,
  );
}
