import * as Radix from "@radix-ui/react-slider";
import { useId } from "react";
import { useWidget } from "../screen/context";
import type { ViewProps } from "../screen/registry";
import { formatSlider } from "../text/format";
import { text } from "../text/messages";
import { Field } from "./parts/Field";
import "./slider.css";

interface TrackProps {
  labelID: string;
  min: number;
  max: number;
  step: number;
  value: number[];
  disabled?: boolean;
  show: (value: number) => string;
  onChange: (value: number[]) => void;
  onCommit: (value: number[]) => void;
}

function Track({ labelID, min, max, step, value, disabled, show, onChange, onCommit }: TrackProps) {
  return (
    <div className="slider">
      <Radix.Root
        className="slider-root"
        min={min}
        max={max}
        step={step}
        value={value}
        disabled={disabled}
        onValueChange={onChange}
        onValueCommit={onCommit}
      >
        <Radix.Track className="slider-track">
          <Radix.Range className="slider-range" />
        </Radix.Track>
        {value.map((v, i) => (
          <Radix.Thumb
            key={i}
            className="slider-thumb"
            aria-labelledby={value.length === 1 ? labelID : undefined}
            aria-label={value.length > 1 ? (i === 0 ? text.widget.from : text.widget.to) : undefined}
            aria-valuetext={show(v)}
          >
            <span className="slider-value" aria-hidden="true">
              {show(v)}
            </span>
          </Radix.Thumb>
        ))}
      </Radix.Root>
      <div className="slider-ends" aria-hidden="true">
        <span>{show(min)}</span>
        <span>{show(max)}</span>
      </div>
    </div>
  );
}

export function Slider({ element, props }: ViewProps<"slider">) {
  const [value, set] = useWidget(element, props.value ?? [props.min], props.rev);
  const id = useId();
  const show = (v: number) => formatSlider(v, props.type, props.format, props.step);
  return (
    <Field props={props} labelID={id}>
      <Track
        labelID={id}
        min={props.min}
        max={props.max}
        step={props.step > 0 ? props.step : (props.max - props.min) / 100 || 1}
        value={value}
        disabled={props.disabled}
        show={show}
        onChange={(v) => set(v, "live")}
        onCommit={(v) => set(v, "now")}
      />
    </Field>
  );
}

export function SelectSlider({ element, props }: ViewProps<"selectSlider">) {
  const [value, set] = useWidget(element, props.value ?? [0], props.rev);
  const id = useId();
  const options = props.options ?? [];
  return (
    <Field props={props} labelID={id}>
      <Track
        labelID={id}
        min={0}
        max={Math.max(0, options.length - 1)}
        step={1}
        value={value}
        disabled={props.disabled}
        show={(v) => options[v] ?? ""}
        onChange={(v) => set(v, "live")}
        onCommit={(v) => set(v, "now")}
      />
    </Field>
  );
}
