import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import type { ViewProps } from "../screen/registry";
import "./balloons.css";

const colours = ["#e8590c", "#2f9e44", "#1971c2", "#9c36b5", "#f08c00", "#0c8599"];

interface Piece {
  left: number;
  delay: number;
  seconds: number;
  size: number;
  colour: string;
}

/** Balloons, or snow: once for every run that asks, and nothing for who prefers less motion. */
export function Balloons({ props }: ViewProps<"balloons">) {
  const [pieces, setPieces] = useState<Piece[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: n changes with every run that asks
  useEffect(() => {
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    setPieces(
      Array.from({ length: props.snow ? 50 : 24 }, () => ({
        left: Math.random() * 100,
        delay: Math.random() * 1.2,
        seconds: 2.4 + Math.random() * 2,
        size: props.snow ? 5 + Math.random() * 8 : 30 + Math.random() * 24,
        colour: colours[Math.floor(Math.random() * colours.length)]!,
      })),
    );
    const timer = setTimeout(() => setPieces([]), 6000);
    return () => clearTimeout(timer);
  }, [props.n, props.snow]);
  if (pieces.length === 0) return null;
  return createPortal(
    <div className={props.snow ? "fall snow" : "fall"} aria-hidden="true">
      {pieces.map((p, i) => (
        <i
          key={i}
          style={{
            left: `${p.left}%`,
            width: p.size,
            height: props.snow ? p.size : p.size * 1.2,
            background: props.snow ? undefined : p.colour,
            animationDelay: `${p.delay}s`,
            animationDuration: `${p.seconds}s`,
          }}
        />
      ))}
    </div>,
    document.body,
  );
}
