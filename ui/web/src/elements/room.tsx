import type { ViewProps } from "../screen/registry";

export function Space({ props }: ViewProps<"space">) {
  return <div style={{ height: props.height }} />;
}

/** A grey place for what is not there yet. */
export function Skeleton({ props }: ViewProps<"skeleton">) {
  return <div className="skeleton" aria-hidden="true" style={{ height: props.height }} />;
}
