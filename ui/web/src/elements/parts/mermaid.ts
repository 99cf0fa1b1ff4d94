import mermaid from "mermaid";
import { nonce } from "../../net/base";

/** How diagrams look. Colours are by the names that Mermaid has for them. */
export interface Look {
  dark: boolean;
  font: string;
  colours: Record<string, string>;
}

let n = 0;
let last: Promise<unknown> = Promise.resolve();

/** Draws a diagram; throws what is wrong with its text. One after the other: Mermaid has one configuration. */
export function draw(source: string, look: Look): Promise<SVGSVGElement> {
  const drawn = last.then(() => render(source, look));
  last = drawn.catch(() => {});
  return drawn;
}

async function render(source: string, look: Look): Promise<SVGSVGElement> {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    suppressErrorRendering: true,
    theme: "base",
    themeVariables: { ...look.colours, darkMode: look.dark },
    fontFamily: look.font,
  });
  let text = "";
  const rules = await styledBySheet(async () => {
    text = (await mermaid.render(`stnb-mermaid-${n++}`, source)).svg;
  });
  const parsed = new DOMParser().parseFromString(text, "text/html").querySelector("svg");
  if (!parsed) throw new Error("there is no diagram");
  const svg = document.importNode(parsed, true);
  const style = document.createElement("style");
  style.nonce = nonce;
  style.textContent = rules;
  svg.prepend(style);
  return svg;
}

/**
 * Mermaid measures in the page with the rules of the diagram, in a style element, and
 * then cleans its SVG in a document of its own. The page's policy lets neither have
 * inline styles: while it works its rules are a style sheet instead. They are returned.
 */
async function styledBySheet(work: () => Promise<void>): Promise<string> {
  const create = document.createElement;
  const sheet = new CSSStyleSheet();
  let rules = "";
  document.createElement = function (this: Document, name: string, options?: ElementCreationOptions) {
    const made = create.call(this, name, options);
    if (name !== "style") return made;
    made.nonce = nonce;
    return Object.defineProperty(made, "innerHTML", {
      set(text: string) {
        rules = text;
        sheet.replaceSync(text);
        queueMicrotask(() => made.remove()); // it has been put into the diagram
      },
    });
  } as typeof create;
  document.adoptedStyleSheets.push(sheet);
  try {
    await work();
  } finally {
    document.createElement = create;
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((s) => s !== sheet);
  }
  return rules;
}
