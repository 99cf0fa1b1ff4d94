import { useId, useState } from "react";
import { useWidget } from "../screen/context";
import type { ViewProps } from "../screen/registry";
import { text } from "../text/messages";
import { Field } from "./parts/Field";
import "./date.css";

// The browser's own pickers: they know the person's calendar, language and keyboard.

export function DateInput({ element, props }: ViewProps<"dateInput">) {
  const [value, set] = useWidget(element, props.value ?? [], props.rev);
  const id = useId();
  const common = { min: props.min, max: props.max, disabled: props.disabled };
  if (!props.range) {
    return (
      <Field props={props} control={id}>
        <Picker id={id} type="date" value={value[0] ?? ""} {...common} onPick={(v) => set(v ? [v] : [])} />
      </Field>
    );
  }
  const [from = "", to = ""] = value;
  const both = (a: string, b: string) => {
    if (a && b) set(a <= b ? [a, b] : [b, a]);
    else set([a, b].filter(Boolean));
  };
  return (
    <Field props={props} labelID={id}>
      <div role="group" aria-labelledby={id} className="date-range">
        <Picker type="date" label={text.widget.from} value={from} {...common} onPick={(v) => both(v, to)} />
        <span aria-hidden="true">–</span>
        <Picker type="date" label={text.widget.to} value={to} {...common} onPick={(v) => both(from, v)} />
      </div>
    </Field>
  );
}

export function TimeInput({ element, props }: ViewProps<"timeInput">) {
  const [value, set] = useWidget(element, props.value, props.rev);
  const id = useId();
  return (
    <Field props={props} control={id}>
      <Picker id={id} type="time" value={value} step={props.step} disabled={props.disabled} onPick={set} />
    </Field>
  );
}

export function DatetimeInput({ element, props }: ViewProps<"datetimeInput">) {
  const [value, set] = useWidget(element, props.value, props.rev);
  const id = useId();
  return (
    <Field props={props} control={id}>
      <Picker
        id={id}
        type="datetime-local"
        value={value}
        min={props.min}
        max={props.max}
        step={props.step}
        disabled={props.disabled}
        onPick={set}
      />
    </Field>
  );
}

interface PickerProps {
  id?: string;
  type: "date" | "time" | "datetime-local";
  label?: string;
  value: string;
  min?: string;
  max?: string;
  step?: number;
  disabled?: boolean;
  onPick: (value: string) => void;
}

/** A native picker. Years on the way ("0002" while 2026 is typed) and values out of bounds are not sent. */
function Picker({ value, label, onPick, ...rest }: PickerProps) {
  const [typed, setTyped] = useState<string | undefined>(undefined);
  return (
    <input
      {...rest}
      className="field date"
      aria-label={label}
      value={typed ?? value}
      onChange={(e) => {
        const { value: v, validity } = e.target;
        const partial = rest.type !== "time" && v !== "" && v < "0100";
        if (!partial && !validity.rangeUnderflow && !validity.rangeOverflow && !validity.badInput) {
          setTyped(undefined);
          if (v !== value) onPick(v);
        } else setTyped(v);
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}

export function ColorPicker({ element, props }: ViewProps<"colorPicker">) {
  const [value, set] = useWidget(element, props.value, props.rev);
  const id = useId();
  return (
    <Field props={props} control={id}>
      <div className="colour">
        <input
          id={id}
          type="color"
          value={value}
          disabled={props.disabled}
          onChange={(e) => set(e.target.value, "live")}
        />
        <code>{value}</code>
      </div>
    </Field>
  );
}
