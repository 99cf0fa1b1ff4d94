import { Icon } from "../icons";
import type { ViewProps } from "../screen/registry";
import { Help } from "./parts/Help";
import "./metric.css";

export function Metric({ props }: ViewProps<"metric">) {
  const down = /^\s*[-−]/.test(props.delta ?? "");
  const off = props.deltaColor === "off";
  const good = props.deltaColor === "inverse" ? down : !down;
  return (
    <div className={props.border ? "metric bordered" : "metric"}>
      <div className="metric-label">
        <span>{props.label}</span>
        <Help text={props.help} />
      </div>
      <div className="metric-value">{props.value}</div>
      {props.delta && (
        <div className={off ? "metric-delta" : good ? "metric-delta good" : "metric-delta bad"}>
          <Icon name={down ? "down" : "up"} size={13} />
          {props.delta.replace(/^\s*[-−]/, "")}
        </div>
      )}
    </div>
  );
}
