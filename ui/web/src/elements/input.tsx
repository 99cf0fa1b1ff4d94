import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { Icon, UserIcon } from "../icons";
import type { Element } from "../protocol/element";
import { useSession, useWidget } from "../screen/context";
import { useKeyed } from "../screen/keyed";
import type { ViewProps } from "../screen/registry";
import { decimals, printf } from "../text/format";
import { text } from "../text/messages";
import { Field } from "./parts/Field";
import "./input.css";

/** Enter in a field of a form submits it by its first submit button, unless the form says no. */
function useSubmit(element: Element): (() => boolean) | undefined {
  const session = useSession();
  const path = useKeyed(session.formsThatEnterSubmits, element.form ?? "");
  if (!element.form || path === undefined) return undefined;
  return () => {
    const button = session.widgets.submitButton(element.form!);
    if (button) session.widgets.trigger(button);
    return button !== undefined;
  };
}

function hint(element: Element, dirty: boolean, submits: boolean, area: boolean): string {
  if (!dirty) return "";
  if (element.form) return submits && !area ? text.widget.pressEnterSubmit : "";
  return area ? text.widget.pressCtrlEnter : text.widget.pressEnter;
}

export function TextInput({ element, props }: ViewProps<"textInput">) {
  const [value, set] = useWidget(element, props.value, props.rev);
  const { widgets } = useSession();
  const submit = useSubmit(element);
  const [dirty, setDirty] = useState(false);
  const [shown, setShown] = useState(false);
  const id = useId();
  const commit = () => {
    widgets.commit(element.id!);
    setDirty(false);
  };
  const leave = () => {
    widgets.leave(element.id!);
    setDirty(false);
  };
  return (
    <Field
      props={props}
      control={id}
      note={count(value.length, props.maxChars)}
      hint={hint(element, dirty, !!submit, false)}
    >
      <div className="input-wrap">
        {props.icon && (
          <span className="input-icon">
            <UserIcon icon={props.icon} />
          </span>
        )}
        <input
          id={id}
          className="field"
          type={props.password && !shown ? "password" : "text"}
          value={value}
          placeholder={props.placeholder}
          maxLength={props.maxChars || undefined}
          autoComplete={props.autocomplete || (props.password ? "current-password" : "off")}
          disabled={props.disabled}
          onChange={(e) => {
            set(e.target.value, "soon");
            setDirty(true);
          }}
          onBlur={leave}
          onKeyDown={(e) => {
            if (e.key !== "Enter" || e.nativeEvent.isComposing) return;
            commit();
            submit?.();
          }}
        />
        {props.password && (
          <button
            type="button"
            className="icon-btn input-end"
            aria-label={shown ? text.widget.hidePassword : text.widget.showPassword}
            onClick={() => setShown(!shown)}
          >
            <Icon name={shown ? "eyeOff" : "eye"} />
          </button>
        )}
      </div>
    </Field>
  );
}

export function TextArea({ element, props }: ViewProps<"textArea">) {
  const [value, set] = useWidget(element, props.value, props.rev);
  const { widgets } = useSession();
  const submit = useSubmit(element);
  const [dirty, setDirty] = useState(false);
  const id = useId();
  const commit = () => {
    widgets.commit(element.id!);
    setDirty(false);
  };
  const leave = () => {
    widgets.leave(element.id!);
    setDirty(false);
  };
  return (
    <Field
      props={props}
      control={id}
      note={count(value.length, props.maxChars)}
      hint={hint(element, dirty, !!submit, true)}
    >
      <textarea
        id={id}
        className="field area"
        value={value}
        rows={4}
        style={props.height ? { height: props.height } : undefined}
        placeholder={props.placeholder}
        maxLength={props.maxChars || undefined}
        disabled={props.disabled}
        onChange={(e) => {
          set(e.target.value, "hold");
          setDirty(true);
        }}
        onBlur={leave}
        onKeyDown={(e) => {
          if (e.key !== "Enter" || !(e.ctrlKey || e.metaKey)) return;
          e.preventDefault();
          commit();
          submit?.();
        }}
      />
    </Field>
  );
}

function count(length: number, most?: number) {
  if (!most) return undefined;
  return (
    <span className="input-note">
      {length}/{most}
    </span>
  );
}

export function NumberInput({ element, props }: ViewProps<"numberInput">) {
  const [value, set] = useWidget(element, props.value, props.rev);
  const { widgets } = useSession();
  const submit = useSubmit(element);
  const id = useId();
  const places = props.int ? 0 : decimals(props.step);
  const write = (v: number | null) => {
    if (v === null) return "";
    if (props.format?.includes("%")) return printf(props.format, v);
    if (props.int) return String(v);
    return decimals(v) > places ? String(v) : v.toFixed(places);
  };
  // What is typed stands as it is until it is left: "1." and "-" are on the way to a number.
  const [typed, setTyped] = useState<string | undefined>(undefined);
  const [wrong, setWrong] = useState("");
  const field = useRef<HTMLInputElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a value from the server replaces what was typed
  useEffect(() => {
    if (document.activeElement !== field.current) setTyped(undefined);
  }, [value]);

  const check = (v: number): string => {
    if (props.min != null && v < props.min) return text.widget.atLeast(write(props.min));
    if (props.max != null && v > props.max) return text.widget.atMost(write(props.max));
    return "";
  };
  const accept = (s: string, leaving = false): boolean => {
    const trimmed = s.trim().replace(",", ".");
    const send = () => (leaving ? widgets.leave(element.id!) : widgets.commit(element.id!));
    if (trimmed === "") {
      setWrong("");
      if (value !== null) set(null, "hold");
      send();
      return true;
    }
    const v = Number(trimmed);
    if (!Number.isFinite(v) || (props.int && !Number.isInteger(v))) {
      setWrong(text.widget.notNumber);
      return false;
    }
    const bad = check(v);
    setWrong(bad);
    if (bad) return false;
    if (v !== value) set(v, "hold");
    send();
    return true;
  };
  const move = (direction: number) => {
    const from = value ?? props.min ?? 0;
    let next = Number((from + direction * props.step).toFixed(Math.max(places, decimals(from))));
    if (props.min != null) next = Math.max(props.min, next);
    if (props.max != null) next = Math.min(props.max, next);
    setTyped(undefined);
    setWrong("");
    if (next !== value) set(next, "live");
  };
  const keys = (e: KeyboardEvent<HTMLInputElement>) => {
    if (e.key === "Enter") {
      if (typed === undefined || accept(typed)) {
        setTyped(undefined);
        submit?.();
      }
    } else if (e.key === "ArrowUp" || e.key === "ArrowDown") {
      e.preventDefault();
      move(e.key === "ArrowUp" ? 1 : -1);
    }
  };
  return (
    <Field
      props={props}
      control={id}
      hint={
        wrong ? (
          <span className="bad" role="alert">
            {wrong}
          </span>
        ) : undefined
      }
    >
      <div className="number field">
        {props.icon && (
          <span className="input-icon">
            <UserIcon icon={props.icon} />
          </span>
        )}
        <input
          ref={field}
          id={id}
          inputMode={props.int ? "numeric" : "decimal"}
          role="spinbutton"
          aria-valuenow={value ?? undefined}
          aria-valuemin={props.min ?? undefined}
          aria-valuemax={props.max ?? undefined}
          aria-invalid={wrong ? true : undefined}
          autoComplete="off"
          value={typed ?? write(value)}
          placeholder={props.placeholder}
          disabled={props.disabled}
          onChange={(e) => setTyped(e.target.value)}
          onBlur={() => {
            if (typed !== undefined && accept(typed, true)) setTyped(undefined);
          }}
          onKeyDown={keys}
        />
        <button
          type="button"
          tabIndex={-1}
          aria-label={text.widget.decrease}
          disabled={props.disabled || (props.min != null && value !== null && value <= props.min)}
          onClick={() => move(-1)}
        >
          <Icon name="minus" size={14} />
        </button>
        <button
          type="button"
          tabIndex={-1}
          aria-label={text.widget.increase}
          disabled={props.disabled || (props.max != null && value !== null && value >= props.max)}
          onClick={() => move(1)}
        >
          <Icon name="plus" size={14} />
        </button>
      </div>
    </Field>
  );
}
