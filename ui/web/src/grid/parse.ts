// Text typed or pasted into a cell, as a value of its column.

import { decimals } from "../text/format";
import type { Shown } from "./columns";

/** A value that the column takes, or undefined when it does not. */
export type Parsed = { value: unknown } | undefined;

const none: Parsed = { value: null };

/** Reads text as a value of the column; empty text is no value. */
export function parse(column: Shown, text: string): Parsed {
  const trimmed = text.trim();
  if (["text", "link", "markdown"].includes(column.kind)) return check(column, text === "" ? null : text);
  if (trimmed === "") return check(column, null);
  switch (column.kind) {
    case "number":
      return check(column, exact(column, trimmed) ?? number(trimmed));
    case "checkbox":
      return check(column, bool(trimmed));
    case "date":
    case "time":
    case "datetime":
      return check(column, moment(column.kind, trimmed));
    case "multiselect":
      return check(column, list(trimmed));
    default:
      return check(column, text);
  }
}

/** '["a", "b"]', or "a, b". */
function list(text: string): string[] {
  try {
    const parsed: unknown = JSON.parse(text);
    if (Array.isArray(parsed)) return parsed.map(String);
  } catch {
    // Then it is as people write it.
  }
  return text
    .split(",")
    .map((t) => t.trim())
    .filter(Boolean);
}

/** Checks a value against what the column allows. */
export function check(column: Shown, value: unknown): Parsed {
  const { kind, config } = column;
  if (value === undefined) return undefined;
  if (value === null || value === "") return config?.required ? undefined : none;
  switch (kind) {
    case "number": {
      const n = Number(value);
      if (!Number.isFinite(n)) return undefined;
      if (config?.min != null && n < config.min) return undefined;
      if (config?.max != null && n > config.max) return undefined;
      const digits = exact(column, String(value));
      if (digits !== undefined) return { value: digits };
      if (whole(column)) return { value: Math.round(n) };
      if (config?.step)
        return {
          value: Number(
            (Math.round(n / config.step) * config.step).toFixed(Math.min(20, decimals(config.step))),
          ),
        };
      return { value: n };
    }
    case "checkbox":
      return typeof value === "boolean" ? { value } : undefined;
    case "select": {
      const text = String(value);
      return (config?.options ?? []).includes(text) ? { value: text } : undefined;
    }
    case "date":
    case "time":
    case "datetime": {
      const text = String(value);
      if (config?.minText && text < config.minText) return undefined;
      if (config?.maxText && text > config.maxText) return undefined;
      return { value: text };
    }
    case "multiselect": {
      if (!Array.isArray(value)) return undefined;
      const values = value.map(String);
      if (values.length === 0 && config?.required) return undefined;
      if (!config?.acceptNew && values.some((v) => !config?.options?.includes(v))) return undefined;
      return { value: values };
    }
    case "text":
    case "markdown":
    case "link": {
      const text = String(value);
      if (config?.maxChars && text.length > config.maxChars) return undefined;
      if (config?.validate && !fits(config.validate, text)) return undefined;
      return { value: text };
    }
  }
  return undefined;
}

/** A column whose numbers have no fraction: by its type, or by whole bounds and step. */
function whole(column: Shown): boolean {
  const { config, columnKind } = column;
  if (columnKind === "int") return true;
  return (
    config?.step !== undefined && config.step !== null && Number.isInteger(config.step) && config.step > 0
  );
}

function fits(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern).test(text);
  } catch {
    return true;
  }
}

/** "1,234.5", "1 234,5", "12 %", "$3": numbers as people and spreadsheets write them. */
function number(text: string): number | undefined {
  let s = text.replace(/[\s\u00a0\u202f_'$€£]/g, "");
  const percent = s.endsWith("%");
  if (percent) s = s.slice(0, -1);
  const comma = s.lastIndexOf(",");
  const dot = s.lastIndexOf(".");
  if (comma >= 0 && dot >= 0) s = comma > dot ? s.replace(/\./g, "").replace(",", ".") : s.replace(/,/g, "");
  else if (comma >= 0) s = /^-?\d{1,3}(,\d{3})+$/.test(s) ? s.replace(/,/g, "") : s.replace(",", ".");
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(s)) return undefined;
  return percent ? Number(s) / 100 : Number(s);
}

/**
 * A number with more digits than JavaScript's numbers hold stays text, in columns that
 * hold it; undefined when it is none.
 */
function exact(column: Shown, text: string): string | undefined {
  const { columnKind, config } = column;
  if (columnKind !== "decimal" && columnKind !== "int") return undefined;
  const match = /^([+-]?)0*(\d+)(\.\d+)?$/.exec(text.replace(/[\s\u00a0\u202f_']/g, ""));
  if (!match || (match[3] && (columnKind === "int" || config?.step))) return undefined;
  const [, sign, whole, fraction = ""] = match as unknown as [string, string, string, string?];
  const safe = fraction ? whole.length + fraction.length <= 16 : Number.isSafeInteger(Number(whole));
  return safe ? undefined : (sign === "-" ? "-" : "") + whole + fraction;
}

function bool(text: string): boolean | undefined {
  if (/^(true|yes|y|1|on|x|✓)$/i.test(text)) return true;
  if (/^(false|no|n|0|off)$/i.test(text)) return false;
  return undefined;
}

/** A date or time in ISO form, also from "31.1.2026", "1/31/2026" and what Date understands. */
function moment(kind: string, text: string): string | undefined {
  if (kind === "time") {
    const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?/.exec(text);
    if (!match || Number(match[1]) > 23 || Number(match[2]) > 59 || Number(match[3] ?? 0) > 59)
      return undefined;
    return `${match[1]!.padStart(2, "0")}:${match[2]}:${match[3] ?? "00"}`;
  }
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?/.exec(text);
  const german = /^(\d{1,2})\.(\d{1,2})\.(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
  let parts: (string | undefined)[] | undefined;
  if (iso) parts = [iso[1], iso[2], iso[3], iso[4], iso[5], iso[6]];
  else if (german) parts = [german[3], german[2], german[1], german[4], german[5], german[6]];
  else {
    const ms = Date.parse(`${text} UTC`);
    if (Number.isNaN(ms)) return undefined;
    const d = new Date(ms).toISOString();
    return kind === "date" ? d.slice(0, 10) : d.slice(0, 19);
  }
  const [y, m, d, h = "00", min = "00", s = "00"] = parts;
  const two = (v: string | undefined) => (v ?? "").padStart(2, "0");
  const date = `${y}-${two(m)}-${two(d)}`;
  const time = `${two(h)}:${two(min)}:${two(s)}`;
  const check = new Date(`${date}T${time}Z`);
  if (Number.isNaN(check.getTime()) || check.toISOString().slice(0, 10) !== date) return undefined;
  return kind === "date" ? date : `${date}T${time}`;
}
