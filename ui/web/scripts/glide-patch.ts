import type { Plugin } from "vite";

// Build-time corrections of @glideapps/glide-data-grid 6.0.4-alpha24. Each one
// fails the build when the text it replaces is gone, so that an upgrade cannot
// lose it silently.
interface Edit {
  why: string;
  file: string;
  from: string;
  to: string;
}

const edits: Edit[] = [
  {
    why: "scrollTo() misses when rows are taller together than the browser's largest element: scroll by virtual position (part 1)",
    file: "/internal/scrolling-data-grid/infinite-scroller.js",
    from: "const lastProps = React.useRef();",
    to: `React.useLayoutEffect(() => {
    const el = scroller.current;
    if (el === null) return;
    el.stnbScrollBy = dy => {
      const real = el.scrollHeight - el.clientHeight;
      if (real <= 0 || scrollHeight <= el.scrollHeight + 5) return false;
      const last = scrollHeight - el.clientHeight;
      const y = Math.max(0, Math.min(virtualScrollY.current + dy, last));
      const top = Math.round((y / last) * real);
      el.scrollTop = Math.max(y > 0 ? 1 : 0, Math.min(y < last ? real - 1 : real, top));
      virtualScrollY.current = y;
      lastScrollY.current = el.scrollTop;
      onScrollRef.current();
      return true;
    };
  });
  const lastProps = React.useRef();`,
  },
  {
    why: "the same (part 2): use it where the grid scrolls to a cell",
    file: "/data-editor/data-editor.js",
    from: "scrollRef.current.scrollTo({\n                            left: scrollX + scrollRef.current.scrollLeft,",
    to: `if (scrollY !== 0 && scrollRef.current.stnbScrollBy?.(scrollY) === true) {
                            if (scrollX !== 0) scrollRef.current.scrollLeft += scrollX;
                            return;
                        }
                        scrollRef.current.scrollTo({
                            left: scrollX + scrollRef.current.scrollLeft,`,
  },
  {
    why: "paste: the event carries the data; navigator.clipboard is missing on plain http and asks for permission elsewhere",
    file: "/data-editor/data-editor.js",
    from: "if (navigator.clipboard.read !== undefined) {",
    to: `if (e?.clipboardData != null) {
                if (e.clipboardData.types.includes(textHtml)) data = decodeHTML(e.clipboardData.getData(textHtml));
                if (data === undefined && e.clipboardData.types.includes(textPlain)) text = e.clipboardData.getData(textPlain);
            }
            else if (navigator.clipboard?.read !== undefined) {`,
  },
  {
    why: "paste: the same where only text can be read",
    file: "/data-editor/data-editor.js",
    from: "else if (navigator.clipboard.readText !== undefined) {",
    to: "else if (navigator.clipboard?.readText !== undefined) {",
  },
  {
    why: "React 19 delays a first Suspense reveal by 300 ms and the first keys of the first edit are lost: load the overlay eagerly",
    file: "/data-editor/data-editor.js",
    from: 'const DataGridOverlayEditor = React.lazy(async () => await import("../internal/data-grid-overlay-editor/data-grid-overlay-editor.js"));',
    to: 'import DataGridOverlayEditor from "../internal/data-grid-overlay-editor/data-grid-overlay-editor.js";',
  },
  {
    why: "the same for the editor of numbers",
    file: "/cells/number-cell.js",
    from: 'const NumberOverlayEditor = React.lazy(async () => await import("../internal/data-grid-overlay-editor/private/number-overlay-editor.js"));',
    to: 'import NumberOverlayEditor from "../internal/data-grid-overlay-editor/private/number-overlay-editor.js";',
  },
  {
    why: "a cell's editor closes a moment after the key that ends it, and keys that come in between are lost: close it at once",
    file: "/internal/data-grid-overlay-editor/data-grid-overlay-editor.js",
    from: "window.setTimeout(() => {\n            if (!finished.current && customMotion.current !== undefined) {",
    to: "(end => end())(() => {\n            if (!finished.current && customMotion.current !== undefined) {",
  },
  {
    why: "the Enter that ends the composition of a character is none that ends the editing",
    file: "/internal/data-grid-overlay-editor/data-grid-overlay-editor.js",
    from: "let save = false;",
    to: "if (event.nativeEvent.isComposing) return;\n        let save = false;",
  },
  {
    why: "screen readers get a number without its format",
    file: "/cells/number-cell.js",
    from: 'getAccessibilityString: c => c.data?.toString() ?? "",',
    to: 'getAccessibilityString: c => c.displayData ?? c.data?.toString() ?? "",',
  },
  {
    why: "the same of cells of our own",
    file: "/internal/data-grid/data-grid.js",
    from: "return cell.copyData;",
    to: "return cell.data?.text ?? cell.copyData;",
  },
];

export function glidePatch(): Plugin {
  const used = new Set<Edit>();
  return {
    name: "glide-patch",
    enforce: "pre",
    transform(code, id) {
      const file = id.split("?")[0]!;
      if (!file.includes("@glideapps/glide-data-grid/dist/esm")) return null;
      let out = code;
      for (const edit of edits) {
        if (!file.endsWith(edit.file)) continue;
        if (!out.includes(edit.from)) throw new Error(`glide-patch: no longer applies (${edit.why})`);
        out = out.replace(edit.from, () => edit.to);
        used.add(edit);
      }
      return out === code ? null : { code: out, map: null };
    },
    buildEnd(err) {
      if (err || used.size === 0) return;
      for (const edit of edits) {
        if (!used.has(edit)) throw new Error(`glide-patch: file not seen (${edit.why})`);
      }
    },
  };
}
