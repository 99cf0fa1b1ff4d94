import { useEffect, useRef } from "react";
import { address } from "../net/base";
import type { ViewProps } from "../screen/registry";
import { safeLink } from "../text/link";
import { text } from "../text/messages";
import "./media.css";

export function Image({ props }: ViewProps<"image">) {
  return (
    <figure className="figure">
      <img
        src={address(props.url)}
        alt={props.alt || props.caption || ""}
        width={props.width || undefined}
        loading="lazy"
        decoding="async"
      />
      {props.caption && <figcaption>{props.caption}</figcaption>}
    </figure>
  );
}

/** Begins where the author said. */
function useStart(start: number | undefined) {
  const ref = useRef<HTMLMediaElement>(null);
  useEffect(() => {
    const media = ref.current;
    if (!media || !start) return;
    const seek = () => {
      media.currentTime = start;
    };
    if (media.readyState > 0) seek();
    else media.addEventListener("loadedmetadata", seek, { once: true });
  }, [start]);
  return ref;
}

export function Audio({ props }: ViewProps<"audio">) {
  const ref = useStart(props.start);
  return (
    // biome-ignore lint/a11y/useMediaCaption: captions are the author's to give
    <audio
      ref={ref as never}
      className="audio"
      controls
      preload="metadata"
      src={address(props.url)}
      autoPlay={props.autoplay}
      loop={props.loop}
    />
  );
}

export function Video({ props }: ViewProps<"video">) {
  const ref = useStart(props.start);
  return (
    <video
      ref={ref as never}
      className="video"
      controls
      preload="metadata"
      playsInline
      src={address(props.url)}
      autoPlay={props.autoplay}
      loop={props.loop}
      muted={props.muted}
    />
  );
}

/** A document in the browser's own viewer, with a link for browsers that have none. */
export function Pdf({ props }: ViewProps<"pdf">) {
  const url = address(props.url);
  return (
    <figure className="figure pdf">
      <iframe src={url} title={text.output.document} style={{ height: props.height || "80vh" }} />
      <figcaption>
        <a href={url} target="_blank" rel="noreferrer">
          {text.output.openDocument}
        </a>
      </figcaption>
    </figure>
  );
}

const heights: Record<string, number> = { small: 20, medium: 24, large: 32 };

export function Logo({ props }: ViewProps<"logo">) {
  const image = <img src={address(props.url)} alt={text.app.logo} height={heights[props.size ?? ""] ?? 28} />;
  const link = props.link ? safeLink(props.link) : undefined;
  return (
    <div className="logo">
      {link ? (
        <a href={link} target="_blank" rel="noreferrer">
          {image}
        </a>
      ) : (
        image
      )}
    </div>
  );
}
