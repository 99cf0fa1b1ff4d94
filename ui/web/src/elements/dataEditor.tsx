import type { ViewProps } from "../screen/registry";
import { Dataframe } from "./dataframe";

export function DataEditor({ element, props, path, children }: ViewProps<"dataEditor">) {
  return <Dataframe path={path} element={element} props={{ ...props, selection: "" }} children={children} />;
}
