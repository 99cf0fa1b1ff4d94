import { useEffect, useRef } from "react";
import { drawIcons, UserIcon } from "../icons";
import type { ViewProps } from "../screen/registry";
import { text } from "../text/messages";
import { Help } from "./parts/Help";
import "../style/prose.css";

const levels = { title: "h1", header: "h2", subheader: "h3" } as const;

/** Rendered Markdown. The HTML was sanitised on the server. */
export function Markdown({ props }: ViewProps<"markdown">) {
  const style = props.style as keyof typeof levels | "caption" | undefined;
  const Heading = style && style in levels ? levels[style as keyof typeof levels] : undefined;
  if (Heading) {
    return (
      <div className={`heading ${style}`}>
        <Heading id={props.anchor || undefined}>
          <Html html={inline(props.html)} math={props.math} tag="span" />
          {props.anchor && (
            <a className="anchor" href={`#${props.anchor}`} tabIndex={-1} aria-label={text.output.anchor}>
              #
            </a>
          )}
          <Help text={props.help} />
        </Heading>
        {props.divider && <hr className={`rule ${colour(props.divider)}`} />}
      </div>
    );
  }
  return (
    <div className={style === "caption" ? "prose caption" : "prose"}>
      <Html html={props.html} math={props.math} tag="div" />
      <Help text={props.help} />
    </div>
  );
}

/** A heading holds phrases only: one paragraph around them is taken off. */
function inline(html: string): string {
  const match = /^\s*<(p|h[1-6])[^>]*>([\s\S]*)<\/\1>\s*$/.exec(html);
  return match && !match[2]!.includes(`<${match[1]}`) ? match[2]! : html;
}

export function Html({ html, math, tag: Tag }: { html: string; math?: boolean; tag: "span" | "div" }) {
  const ref = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new HTML holds new formulas
  useEffect(() => {
    if (!math || !ref.current) return;
    const root = ref.current;
    import("./parts/math").then((m) => m.renderIn(root));
  }, [html, math]);
  useEffect(() => {
    if (html.includes("st-icon") && ref.current) drawIcons(ref.current);
  }, [html]);
  useEffect(() => {
    if (!html.includes("language-mermaid") || !ref.current) return;
    const root = ref.current;
    import("./parts/mermaidBlocks").then((m) => m.drawIn(root));
  }, [html]);
  return <Tag ref={ref as never} className="html" dangerouslySetInnerHTML={{ __html: html }} />;
}

export function Text({ props }: ViewProps<"text">) {
  return <pre className="plain">{props.text}</pre>;
}

export function Divider() {
  return <hr className="rule" />;
}

const colours = ["red", "orange", "yellow", "green", "blue", "violet", "gray", "grey", "rainbow", "primary"];

export function colour(name: string): string {
  return colours.includes(name) ? `c-${name === "grey" ? "gray" : name}` : "c-rainbow";
}

export function Badge({ props }: ViewProps<"badge">) {
  return (
    <span className={`badge ${colour(props.color || "blue")}`}>
      <UserIcon icon={props.icon} />
      {props.label}
    </span>
  );
}
