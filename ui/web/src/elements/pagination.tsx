import { Icon } from "../icons";
import { useWidget } from "../screen/context";
import type { ViewProps } from "../screen/registry";
import { text } from "../text/messages";
import "./pagination.css";

/** The numbers to show: the ends, those around the current page, and 0 for a gap. */
export function numbers(page: number, pages: number): number[] {
  const out: number[] = [];
  for (let n = 1; n <= pages; n++) {
    const near = Math.abs(n - page) <= 1 || (page <= 3 && n <= 4) || (page >= pages - 2 && n >= pages - 3);
    if (n === 1 || n === pages || pages <= 7 || near) out.push(n);
    else if (out.at(-1) !== 0) out.push(0);
  }
  return out;
}

export function Pagination({ element, props }: ViewProps<"pagination">) {
  const [page, set] = useWidget(element, props.value, props.rev);
  const step = (to: number, name: string, icon: "chevron", back: boolean) => (
    <button
      type="button"
      className={back ? "back" : undefined}
      aria-label={name}
      disabled={props.disabled || to < 1 || to > props.pages}
      onClick={() => set(to)}
    >
      <Icon name={icon} size={14} />
    </button>
  );
  return (
    <nav className="pagination" aria-label={text.widget.pagesOf}>
      {step(page - 1, text.widget.previousPage, "chevron", true)}
      {numbers(page, props.pages).map((n, i) =>
        n === 0 ? (
          <span key={`gap-${i}`} aria-hidden="true">
            …
          </span>
        ) : (
          <button
            key={n}
            type="button"
            aria-label={text.widget.page(n)}
            aria-current={n === page ? "page" : undefined}
            disabled={props.disabled}
            onClick={() => set(n)}
          >
            {n}
          </button>
        ),
      )}
      {step(page + 1, text.widget.nextPage, "chevron", false)}
    </nav>
  );
}
