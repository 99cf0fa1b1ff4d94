// Values of a frame's cells as text, as shown and as copied.

import type { ColumnConfig } from "../protocol/element";
import { printf } from "../text/format";

/** How a column is shown: its own kind, or the one the author configured. */
export function shownKind(kind: string, config: ColumnConfig | undefined): string {
  if (config?.kind) return config.kind;
  switch (kind) {
    case "int":
    case "float":
    case "decimal":
      return "number";
    case "bool":
      return "checkbox";
    case "date":
    case "time":
    case "datetime":
    case "list":
      return kind;
    default:
      return "text";
  }
}

/** A cell's text. Times are shown as they are in the frame, without a zone. */
export function display(value: unknown, kind: string, columnKind: string, config?: ColumnConfig): string {
  if (value === null || value === undefined) return "";
  switch (kind) {
    case "number":
      return formatNumber(value, columnKind, config?.format);
    case "date":
      return formatDate(value, config?.format) ?? String(value);
    case "datetime":
      return formatDatetime(value, config?.format) ?? String(value);
    case "time":
      return formatTime(value) ?? String(value);
  }
  return plain(value);
}

const numbers = new Intl.NumberFormat("en-US", { maximumFractionDigits: 6, useGrouping: false });

function formatNumber(value: unknown, columnKind: string, format?: string): string {
  if (typeof value === "bigint" && !format) return value.toString();
  // Exact numbers come as text, and so do edited ones that are longer than a number.
  if (typeof value === "string" && !format && /^-?\d+(\.\d+)?$/.test(value)) return value;
  const n = Number(value);
  if (Number.isNaN(n)) return typeof value === "number" ? "NaN" : String(value);
  if (!Number.isFinite(n)) return n > 0 ? "∞" : "-∞";
  if (format) {
    if (format.includes("%")) return printf(format, n);
    switch (format) {
      case "percent":
        return `${Number((n * 100).toFixed(2))} %`;
      case "compact":
        return new Intl.NumberFormat("en-US", { notation: "compact" }).format(n);
      case "localized":
        return n.toLocaleString();
      case "scientific":
        return n.toExponential();
      case "dollar":
        return n.toLocaleString("en-US", { style: "currency", currency: "USD" });
      case "euro":
        return n.toLocaleString("en-US", { style: "currency", currency: "EUR" });
    }
  }
  if (columnKind === "int") return String(n);
  if (n !== 0 && (Math.abs(n) < 1e-4 || Math.abs(n) >= 1e15)) return n.toExponential(4);
  return numbers.format(n);
}

/** A point in time in ms since 1970, from what Arrow or an edit gives. */
export function toMillis(value: unknown): number | undefined {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number") return value;
  if (typeof value === "string") {
    const text = /[zZ]|[+-]\d\d:\d\d$/.test(value) || !value.includes("T") ? value : `${value}Z`;
    const ms = Date.parse(text.replace(" ", "T"));
    return Number.isNaN(ms) ? undefined : ms;
  }
  return undefined;
}

/** A time that no Date holds: DuckDB's dates go further, and may be infinite. */
const beyond = (ms: number) => (Math.abs(ms) <= 8.64e15 ? undefined : ms > 0 ? "∞" : "-∞");

function formatDate(value: unknown, format?: string): string | undefined {
  const ms = toMillis(value);
  if (ms === undefined) return undefined;
  const far = beyond(ms);
  if (far) return far;
  if (format) return byPattern(ms, format);
  return new Date(ms).toISOString().split("T")[0]; // a year may have six digits
}

function formatDatetime(value: unknown, format?: string): string | undefined {
  const ms = toMillis(value);
  if (ms === undefined) return undefined;
  const far = beyond(ms);
  if (far) return far;
  if (format) return byPattern(ms, format);
  const [day, time = ""] = new Date(ms).toISOString().split("T");
  const fraction = time.slice(8, 12);
  return `${day} ${time.slice(0, 8)}${fraction === ".000" ? "" : fraction}`;
}

/** A time of day: text as it is, a number as the microseconds (or ms, when small) since midnight. */
function formatTime(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const n = Number(value);
  if (!Number.isFinite(n)) return undefined;
  const seconds = Math.floor(n / (n >= 86_400_000 ? 1e6 : 1e3));
  const two = (v: number) => String(v).padStart(2, "0");
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** Formats by YYYY MM DD HH mm ss and MMM, or by a named style. */
function byPattern(ms: number, format: string): string {
  const d = new Date(ms);
  if (format === "localized") return d.toLocaleString(undefined, { timeZone: "UTC" });
  const two = (v: number) => String(v).padStart(2, "0");
  const parts: Record<string, string> = {
    YYYY: String(d.getUTCFullYear()),
    YY: String(d.getUTCFullYear()).slice(-2),
    MMMM: d.toLocaleString("en-US", { month: "long", timeZone: "UTC" }),
    MMM: d.toLocaleString("en-US", { month: "short", timeZone: "UTC" }),
    MM: two(d.getUTCMonth() + 1),
    M: String(d.getUTCMonth() + 1),
    DD: two(d.getUTCDate()),
    D: String(d.getUTCDate()),
    HH: two(d.getUTCHours()),
    hh: two(d.getUTCHours() % 12 || 12),
    mm: two(d.getUTCMinutes()),
    ss: two(d.getUTCSeconds()),
    SSS: String(d.getUTCMilliseconds()).padStart(3, "0"),
    ddd: d.toLocaleString("en-US", { weekday: "short", timeZone: "UTC" }),
    A: d.getUTCHours() < 12 ? "AM" : "PM",
    a: d.getUTCHours() < 12 ? "am" : "pm",
  };
  return format.replace(/YYYY|YY|MMMM|MMM|MM|M|DD|D|HH|hh|mm|ss|SSS|ddd|A|a/g, (p) => parts[p] ?? p);
}

/** A value of any kind as text: lists and structs as JSON. */
export function plain(value: unknown): string {
  if (value === null || value === undefined) return "";
  switch (typeof value) {
    case "string":
      return value;
    case "bigint":
    case "number":
    case "boolean":
      return String(value);
  }
  if (value instanceof Uint8Array) {
    const hex = Array.from(value.slice(0, 32), (b) => b.toString(16).padStart(2, "0")).join(" ");
    return value.length > 32 ? `${hex} … (${value.length} bytes)` : hex;
  }
  if (value instanceof Date) return value.toISOString();
  return JSON.stringify(value, (_, v) => {
    if (typeof v === "bigint") return Number.isSafeInteger(Number(v)) ? Number(v) : String(v);
    return ArrayBuffer.isView(v) ? [...(v as unknown as Iterable<unknown>)] : v;
  });
}

/** The elements of a list value. */
export function items(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (value !== null && typeof value === "object" && Symbol.iterator in value)
    return [...(value as Iterable<unknown>)];
  return value === null || value === undefined ? [] : [value];
}

/** The numbers of a list value, for small charts in cells. */
export function series(value: unknown): number[] {
  return items(value)
    .map(Number)
    .filter((n) => Number.isFinite(n));
}
