import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import { Icon } from "../icons";
import { useWidget } from "../screen/context";
import type { ViewProps } from "../screen/registry";
import { text } from "../text/messages";
import { Anchored } from "./parts/Anchored";
import { Field } from "./parts/Field";
import "./select.css";

const rowHeight = 34;
const listHeight = 306;

interface Row {
  /** Index into the options; -2 adds what was typed. */
  index: number;
  label: string;
}

interface ComboProps {
  id: string;
  options: readonly string[];
  chosen: (index: number) => boolean;
  disabled?: boolean;
  placeholder: string;
  /** What a closed single select shows in its field. */
  shown: string;
  multi?: boolean;
  acceptNew?: boolean;
  full?: boolean;
  before?: ReactNode;
  after?: ReactNode;
  onPick: (row: Row) => void;
  /** Backspace in the empty field. */
  onBack?: () => void;
}

/** A field that opens a list, filtered by what is typed; it draws only the rows in view, so 100,000 are as quick as ten. */
function Combo(p: ComboProps) {
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const [top, setTop] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLDivElement>(null);
  const listID = useId();

  const rows = useMemo(() => {
    if (!open) return [];
    const q = fold(query.trim());
    const out: Row[] = [];
    let exact = false;
    p.options.forEach((label, index) => {
      if (q && !fold(label).includes(q)) return;
      if (fold(label) === q) exact = true;
      out.push({ index, label });
    });
    if (q) out.sort((a, b) => rank(a.label, q) - rank(b.label, q) || a.index - b.index);
    if (p.acceptNew && q && !exact) out.push({ index: -2, label: query.trim() });
    return out;
  }, [open, query, p.options, p.acceptNew]);

  const show = (i: number) => {
    const box = list.current;
    if (!box) return;
    const y = i * rowHeight;
    if (y < box.scrollTop) box.scrollTop = y;
    else if (y + rowHeight > box.scrollTop + box.clientHeight)
      box.scrollTop = y + rowHeight - box.clientHeight;
  };
  const start = () => {
    if (p.disabled || open) return;
    setOpen(true);
    setQuery("");
    const at = p.multi
      ? 0
      : Math.max(
          0,
          p.options.findIndex((_, i) => p.chosen(i)),
        );
    setActive(at);
    requestAnimationFrame(() => show(at));
  };
  const close = () => {
    setOpen(false);
    setQuery("");
    setTop(0);
  };
  const pick = (row: Row | undefined) => {
    if (!row) return;
    p.onPick(row);
    setQuery("");
    if (!p.multi) close();
  };
  const go = (to: number) => {
    const i = Math.max(0, Math.min(rows.length - 1, to));
    setActive(i);
    show(i);
  };
  const keys = (e: KeyboardEvent) => {
    if (e.nativeEvent.isComposing) return;
    const page = Math.floor(listHeight / rowHeight) - 1;
    switch (e.key) {
      case "ArrowDown":
        e.preventDefault();
        if (open) go(active + 1);
        else start();
        break;
      case "ArrowUp":
        e.preventDefault();
        if (open) go(active - 1);
        else start();
        break;
      case "PageDown":
        if (open) go(active + page);
        break;
      case "PageUp":
        if (open) go(active - page);
        break;
      case "Home":
      case "End":
        if (open && !query) {
          e.preventDefault();
          go(e.key === "Home" ? 0 : rows.length - 1);
        }
        break;
      case "Enter":
        if (open) {
          e.preventDefault();
          pick(rows[active]);
        } else start();
        break;
      case "Escape":
        if (open) {
          e.preventDefault();
          e.stopPropagation();
          close();
        }
        break;
      case "Backspace":
        if (!query) p.onBack?.();
        break;
      case "Tab":
        close();
        break;
    }
  };

  useEffect(() => {
    setActive((a) => Math.min(a, Math.max(0, rows.length - 1)));
  }, [rows.length]);

  const first = Math.max(0, Math.floor(top / rowHeight) - 4);
  const last = Math.min(rows.length, first + Math.ceil(listHeight / rowHeight) + 8);
  const optionID = (i: number) => `${listID}-${i}`;
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a click beside the input is a click on it */}
      <div
        ref={field}
        className="combo field"
        aria-disabled={p.disabled || undefined}
        onMouseDown={(e) => {
          if ((e.target as HTMLElement).closest("button")) return;
          if (e.target !== input.current) e.preventDefault();
          input.current?.focus();
          if (open && e.target !== input.current) close();
          else start();
        }}
      >
        {p.before}
        <input
          ref={input}
          id={p.id}
          role="combobox"
          aria-expanded={open}
          aria-controls={listID}
          aria-autocomplete="list"
          aria-activedescendant={open && rows[active] ? optionID(active) : undefined}
          autoComplete="off"
          spellCheck={false}
          disabled={p.disabled}
          value={open ? query : p.shown}
          placeholder={open && p.shown ? p.shown : p.placeholder}
          onChange={(e) => {
            if (!open) setOpen(true);
            setQuery(e.target.value);
            setActive(0);
            if (list.current) list.current.scrollTop = 0;
          }}
          onKeyDown={keys}
          onBlur={(e) => {
            if (!list.current?.contains(e.relatedTarget)) close();
          }}
        />
        {p.after}
        <span className="combo-arrow">
          <Icon name="chevronDown" size={14} />
        </span>
      </div>
      {open && (
        <Anchored anchor={field} className="combo-popup" match onOutside={close}>
          <div
            ref={list}
            id={listID}
            role="listbox"
            aria-multiselectable={p.multi || undefined}
            aria-labelledby={`${p.id}-label`}
            className="combo-list"
            style={{ maxHeight: listHeight }}
            onScroll={(e) => setTop(e.currentTarget.scrollTop)}
            onMouseDown={(e) => e.preventDefault()}
          >
            {p.full ? (
              <p className="combo-none">{text.widget.most(p.options.filter((_, i) => p.chosen(i)).length)}</p>
            ) : rows.length === 0 ? (
              <p className="combo-none">{text.widget.noMatch}</p>
            ) : (
              <div role="presentation" style={{ height: rows.length * rowHeight, position: "relative" }}>
                {rows.slice(first, last).map((row, k) => {
                  const i = first + k;
                  const selected = row.index >= 0 && p.chosen(row.index);
                  return (
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, by aria-activedescendant
                    <div
                      key={row.index}
                      id={optionID(i)}
                      role="option"
                      tabIndex={-1}
                      aria-selected={selected}
                      aria-setsize={rows.length}
                      aria-posinset={i + 1}
                      className={i === active ? "combo-option active" : "combo-option"}
                      style={{ top: i * rowHeight, height: rowHeight }}
                      onMouseMove={() => setActive(i)}
                      onClick={() => pick(row)}
                    >
                      <span>{row.index === -2 ? text.widget.add(row.label) : row.label}</span>
                      {selected && <Icon name="check" size={14} />}
                    </div>
                  );
                })}
              </div>
            )}
          </div>
        </Anchored>
      )}
    </>
  );
}

const fold = (s: string) => s.toLocaleLowerCase();

function rank(label: string, query: string): number {
  const i = fold(label).indexOf(query);
  return i === 0 ? 0 : 1;
}

export function Selectbox({ element, props }: ViewProps<"selectbox">) {
  const [value, set] = useWidget<number | string>(
    element,
    props.value === -2 ? (props.text ?? "") : props.value,
    props.rev,
  );
  const id = useId();
  const options = props.options ?? [];
  const shown = typeof value === "string" ? value : (options[value] ?? "");
  return (
    <Field props={props} control={id} labelID={`${id}-label`}>
      <Combo
        id={id}
        options={options}
        chosen={(i) => i === value}
        disabled={props.disabled}
        placeholder={props.placeholder || text.widget.choose}
        shown={shown}
        acceptNew={props.acceptNew}
        after={
          props.clearable && value !== -1 && !props.disabled ? (
            <button
              type="button"
              className="combo-clear"
              aria-label={text.widget.clear}
              onClick={() => set(-1)}
            >
              <Icon name="close" size={14} />
            </button>
          ) : undefined
        }
        onPick={(row) => set(row.index === -2 ? row.label : row.index)}
      />
    </Field>
  );
}

export function Multiselect({ element, props }: ViewProps<"multiselect">) {
  const [value, set] = useWidget(element, props.value ?? [], props.rev);
  const id = useId();
  const options = props.options ?? [];
  const chosen = useMemo(() => new Set(value), [value]);
  const full = !!props.max && value.length >= props.max;
  const remove = (i: number) => set(value.filter((v) => v !== i));
  return (
    <Field props={props} control={id} labelID={`${id}-label`}>
      <Combo
        id={id}
        multi
        full={full}
        options={options}
        chosen={(i) => chosen.has(i)}
        disabled={props.disabled}
        placeholder={value.length > 0 ? "" : props.placeholder || text.widget.chooseMany}
        shown=""
        before={value.map((i) => (
          <span key={i} className="tag">
            <span>{options[i]}</span>
            {!props.disabled && (
              <button
                type="button"
                aria-label={text.widget.remove(options[i] ?? "")}
                onClick={() => remove(i)}
              >
                <Icon name="close" size={12} />
              </button>
            )}
          </span>
        ))}
        after={
          value.length > 1 && !props.disabled ? (
            <button
              type="button"
              className="combo-clear"
              aria-label={text.widget.clearAll}
              onClick={() => set([])}
            >
              <Icon name="close" size={14} />
            </button>
          ) : undefined
        }
        onPick={(row) => {
          if (chosen.has(row.index)) remove(row.index);
          else if (!full) set([...value, row.index]);
        }}
        onBack={() => value.length > 0 && set(value.slice(0, -1))}
      />
    </Field>
  );
}
