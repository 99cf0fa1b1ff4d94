import { dark } from "../../style/theme";
import { look } from "./diagramLook";
import "../diagram.css";

/** Draws the blocks of code in rendered Markdown whose language is mermaid; what cannot be drawn stays code. */
export function drawIn(root: HTMLElement): void {
  for (const code of root.querySelectorAll<HTMLElement>("pre > code.language-mermaid")) {
    const pre = code.parentElement!;
    const source = code.textContent ?? "";
    const box = document.createElement("div");
    box.className = "diagram";
    const draw = () =>
      import("./mermaid")
        .then((m) => m.draw(source, look()))
        .then(
          (svg) => {
            box.replaceChildren(svg);
            if (pre.isConnected) pre.replaceWith(box);
          },
          (e: unknown) => {
            pre.title = e instanceof Error ? e.message : String(e);
          },
        );
    draw();
    const stop = dark.subscribe(() => (root.isConnected ? void draw() : stop()));
  }
}
