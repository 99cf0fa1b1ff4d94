import katex from "katex";
import "katex/dist/katex.min.css";

/**
 * Renders a formula into a node. KaTeX builds DOM nodes and sets styles on them,
 * which the page's policy allows; its HTML strings with style attributes it would not.
 */
export function render(node: HTMLElement, source: string, display: boolean): void {
  try {
    katex.render(source, node, { displayMode: display, throwOnError: false, trust: false, maxExpand: 500 });
  } catch {
    node.textContent = source;
  }
}

/**
 * Renders the formulas in rendered Markdown: elements of class "math" ("math inline",
 * "math display") whose text is TeX.
 */
export function renderIn(root: HTMLElement): void {
  for (const node of root.querySelectorAll<HTMLElement>(".math:not([data-rendered])")) {
    const display = node.classList.contains("display") || node.classList.contains("math-display");
    const source = (node.textContent ?? "").replace(/^\s*(\$\$|\\\[|\$|\\\()|(\$\$|\\\]|\$|\\\))\s*$/g, "");
    node.dataset.rendered = "";
    render(node, source, display);
  }
}
