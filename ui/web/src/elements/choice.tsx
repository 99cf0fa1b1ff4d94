import { type KeyboardEvent, useId, useRef } from "react";
import { Icon } from "../icons";
import { useWidget } from "../screen/context";
import type { ViewProps } from "../screen/registry";
import { text } from "../text/messages";
import { Field, LabelText } from "./parts/Field";
import { Help } from "./parts/Help";
import "./choice.css";

export function Checkbox({ element, props }: ViewProps<"checkbox">) {
  const [value, set] = useWidget(element, props.value, props.rev);
  const id = useId();
  return (
    <div className="check-row">
      <input
        id={id}
        type="checkbox"
        role={props.toggle ? "switch" : undefined}
        className={props.toggle ? "switch" : "check"}
        checked={value}
        disabled={props.disabled}
        onChange={(e) => set(e.target.checked)}
      />
      <label
        htmlFor={id}
        className={
          props.hideLabel === "collapsed"
            ? "visually-hidden"
            : props.hideLabel === "hidden"
              ? "invisible-label"
              : "check-label"
        }
      >
        <LabelText props={props} />
      </label>
      <Help text={props.help} />
    </div>
  );
}

export function Radio({ element, props }: ViewProps<"radio">) {
  const [value, set] = useWidget(element, props.value, props.rev);
  const id = useId();
  const options = props.options ?? [];
  return (
    <Field props={props} labelID={id}>
      <div
        role="radiogroup"
        aria-labelledby={id}
        className={props.horizontal ? "radios horizontal" : "radios"}
      >
        {options.map((option, i) => (
          <label key={i} className="radio">
            <input
              type="radio"
              name={id}
              checked={value === i}
              disabled={props.disabled}
              onChange={() => set(i)}
            />
            <span>
              {option}
              {props.captions?.[i] && <span className="option-caption">{props.captions[i]}</span>}
            </span>
          </label>
        ))}
      </div>
    </Field>
  );
}

/** Pills, and the segmented control: one or several of a few options. */
export function Pills({ element, props }: ViewProps<"pills">) {
  const [value, set] = useWidget(element, props.value ?? [], props.rev);
  const id = useId();
  const group = useRef<HTMLDivElement>(null);
  const options = props.options ?? [];
  const toggle = (i: number) => {
    if (props.multi) {
      set(value.includes(i) ? value.filter((v) => v !== i) : [...value, i].sort((a, b) => a - b));
    } else if (value.includes(i)) {
      if (!props.required) set([]);
    } else set([i]);
  };
  const roving = value[0] ?? 0;
  return (
    <Field props={props} labelID={id}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it has one of two roles */}
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both of them take a label */}
      <div
        ref={group}
        role={props.multi ? "group" : "radiogroup"}
        aria-labelledby={id}
        className={props.segmented ? "segments" : "pills"}
        onKeyDown={(e) => rove(e, group.current)}
      >
        {options.map((option, i) => (
          // biome-ignore lint/a11y/useAriaPropsSupportedByRole: a radio is checked, a toggle is pressed
          <button
            key={i}
            type="button"
            className="pill"
            role={props.multi ? undefined : "radio"}
            aria-checked={props.multi ? undefined : value.includes(i)}
            aria-pressed={props.multi ? value.includes(i) : undefined}
            tabIndex={props.multi || i === roving ? 0 : -1}
            disabled={props.disabled}
            onClick={() => toggle(i)}
          >
            {option}
          </button>
        ))}
      </div>
    </Field>
  );
}

/** Arrow keys go from button to button in a group. */
function rove(e: KeyboardEvent, group: HTMLElement | null): void {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
  if (!step || !group) return;
  const buttons = [...group.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")];
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
  e.preventDefault();
  buttons[(at + step + buttons.length) % buttons.length]?.focus();
}

const faces = ["😞", "🙁", "😐", "🙂", "😀"];

export function Feedback({ element, props }: ViewProps<"feedback">) {
  const [value, set] = useWidget(element, props.value, props.rev);
  const id = useId();
  const group = useRef<HTMLDivElement>(null);
  const thumbs = props.type === "thumbs";
  const count = thumbs ? 2 : 5;
  const name = (i: number) =>
    thumbs
      ? text.widget.thumbs[i]!
      : props.type === "faces"
        ? text.widget.faces[i]!
        : text.widget.star(i + 1);
  return (
    <Field props={props} labelID={id}>
      <div
        ref={group}
        role="radiogroup"
        aria-labelledby={id}
        className={`feedback ${props.type}`}
        onKeyDown={(e) => rove(e, group.current)}
      >
        {Array.from({ length: count }, (_, i) => {
          // Thumbs up stands first to the eye, and is 1 to the program.
          const v = thumbs ? 1 - i : i;
          const on = props.type === "stars" ? v <= value : v === value;
          return (
            <button
              key={v}
              type="button"
              role="radio"
              aria-checked={v === value}
              aria-label={name(v)}
              title={name(v)}
              className={on ? "on" : ""}
              tabIndex={v === value || (value < 0 && i === 0) ? 0 : -1}
              disabled={props.disabled}
              onClick={() => set(v === value ? -1 : v)}
            >
              {thumbs ? (
                <Icon name={v === 1 ? "thumbUp" : "thumbDown"} size={20} />
              ) : props.type === "faces" ? (
                <span aria-hidden="true">{faces[v]}</span>
              ) : (
                <Icon name="star" size={20} />
              )}
            </button>
          );
        })}
      </div>
    </Field>
  );
}
