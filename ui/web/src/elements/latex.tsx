import { useEffect, useRef } from "react";
import type { ViewProps } from "../screen/registry";
import { render } from "./parts/math";

export function Latex({ props }: ViewProps<"latex">) {
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (ref.current) render(ref.current, props.text, true);
  }, [props.text]);
  return <div ref={ref} className="latex" />;
}
