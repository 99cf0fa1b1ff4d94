import { type KeyboardEvent, type PointerEvent, useId, useRef } from "react";
import { useWidget } from "../screen/context";
import type { ViewProps } from "../screen/registry";
import { decimals, formatSlider } from "../text/format";
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
  const track = useRef<HTMLDivElement>(null);
  const thumbs = useRef<(HTMLDivElement | null)[]>([]);
  /** The thumb a pointer holds. */
  const held = useRef(-1);
  const latest = useRef(value);
  latest.current = value;
  const span = max - min || 1;
  const part = (v: number) => ((Math.max(min, Math.min(max, v)) - min) / span) * 100;

  const move = (i: number, to: number, end: boolean) => {
    const places = Math.max(decimals(step), decimals(min));
    const stepped = to >= max ? max : min + Math.round((to - min) / step) * step;
    let v = Number(Math.max(min, Math.min(max, stepped)).toFixed(Math.min(20, places)));
    // The ends of a range push against each other and do not pass.
    if (i > 0) v = Math.max(v, latest.current[i - 1]!);
    if (i < latest.current.length - 1) v = Math.min(v, latest.current[i + 1]!);
    const next = latest.current.map((old, k) => (k === i ? v : old));
    const same = next[i] === latest.current[i];
    latest.current = next;
    if (end) onCommit(next);
    else if (!same) onChange(next);
  };
  const at = (e: PointerEvent) => {
    const box = track.current!.getBoundingClientRect();
    return min + ((e.clientX - box.left) / (box.width || 1)) * span;
  };
  const nearest = (v: number) => {
    const [a = min, b = a] = value;
    if (value.length < 2) return 0;
    if (a === b) return v < a ? 0 : 1;
    return Math.abs(v - a) <= Math.abs(v - b) ? 0 : 1;
  };
  const keys = (e: KeyboardEvent, i: number) => {
    const big = Math.max(step, span / 10);
    const to = {
      ArrowRight: value[i]! + step,
      ArrowUp: value[i]! + step,
      ArrowLeft: value[i]! - step,
      ArrowDown: value[i]! - step,
      PageUp: value[i]! + big,
      PageDown: value[i]! - big,
      Home: min,
      End: max,
    }[e.key];
    if (to === undefined || disabled) return;
    e.preventDefault();
    move(i, to, false);
  };
  const from = value.length > 1 ? part(value[0]!) : 0;
  const to = part(value.at(-1) ?? min);
  return (
    <div className={disabled ? "slider off" : "slider"}>
      <div
        ref={track}
        className="slider-root"
        onPointerDown={(e) => {
          if (disabled || e.button !== 0) return;
          const v = at(e);
          held.current = nearest(v);
          e.currentTarget.setPointerCapture(e.pointerId);
          e.preventDefault();
          thumbs.current[held.current]?.focus();
          move(held.current, v, false);
        }}
        onPointerMove={(e) => {
          if (held.current >= 0) move(held.current, at(e), false);
        }}
        onPointerUp={(e) => {
          if (held.current < 0) return;
          move(held.current, at(e), true);
          held.current = -1;
        }}
        onPointerCancel={() => {
          held.current = -1;
        }}
      >
        <div className="slider-track">
          <div className="slider-range" style={{ left: `${from}%`, right: `${100 - to}%` }} />
        </div>
        {value.map((v, i) => (
          <div
            key={i}
            ref={(node) => {
              thumbs.current[i] = node;
            }}
            role="slider"
            tabIndex={disabled ? -1 : 0}
            className="slider-thumb"
            style={{ left: `${part(v)}%` }}
            aria-labelledby={value.length === 1 ? labelID : undefined}
            aria-label={value.length > 1 ? (i === 0 ? text.widget.from : text.widget.to) : undefined}
            aria-valuemin={min}
            aria-valuemax={max}
            aria-valuenow={v}
            aria-valuetext={show(v)}
            aria-disabled={disabled || undefined}
            onKeyDown={(e) => keys(e, i)}
          >
            <span className="slider-value" aria-hidden="true">
              {show(v)}
            </span>
          </div>
        ))}
      </div>
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
