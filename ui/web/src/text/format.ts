// How values are written: numbers by a printf verb, sizes, times.

/** Formats a number by one printf-like verb in a text, "%d items", "%.2f", "%,d", "%05.1f", "%e", "%x", "%%". */
export function printf(format: string, value: number): string {
  let used = false;
  return format.replace(
    /%%|%([-+ 0,]*)(\d+)?(?:\.(\d+))?([dfFeEgGisvxXob])/g,
    (all, flags, width, precision, verb) => {
      if (all === "%%") return "%";
      if (used) return all;
      used = true;
      let s = digits(
        value,
        verb,
        precision === undefined ? undefined : Number(precision),
        flags.includes(","),
      );
      if (value >= 0 && flags.includes("+")) s = `+${s}`;
      else if (value >= 0 && flags.includes(" ")) s = ` ${s}`;
      const w = Number(width ?? 0);
      if (s.length < w) {
        if (flags.includes("-")) s = s.padEnd(w);
        else if (flags.includes("0"))
          s = /^[+-]/.test(s) ? s[0] + s.slice(1).padStart(w - 1, "0") : s.padStart(w, "0");
        else s = s.padStart(w);
      }
      return s;
    },
  );
}

function digits(value: number, verb: string, precision: number | undefined, grouped: boolean): string {
  switch (verb) {
    case "d":
    case "i": {
      const n = Math.round(value);
      return grouped ? n.toLocaleString("en-US") : String(n);
    }
    case "f":
    case "F": {
      const p = precision ?? 6;
      return grouped
        ? value.toLocaleString("en-US", { minimumFractionDigits: p, maximumFractionDigits: p })
        : value.toFixed(Math.min(100, p));
    }
    case "e":
      return value.toExponential(precision ?? 6);
    case "E":
      return value.toExponential(precision ?? 6).toUpperCase();
    case "g":
    case "G":
      return precision === undefined ? String(value) : String(Number(value.toPrecision(precision || 1)));
    case "x":
      return Math.round(value).toString(16);
    case "X":
      return Math.round(value).toString(16).toUpperCase();
    case "o":
      return Math.round(value).toString(8);
    case "b":
      return Math.round(value).toString(2);
    default:
      return String(value);
  }
}

/** How many decimals a step needs: 0.25 needs 2. */
export function decimals(step: number): number {
  if (!Number.isFinite(step) || step <= 0) return 0;
  const s = step.toString();
  const e = s.indexOf("e-");
  if (e >= 0) return Number(s.slice(e + 2));
  const dot = s.indexOf(".");
  return dot < 0 ? 0 : s.length - dot - 1;
}

const utc = { timeZone: "UTC" } as const;
const dateFormat = new Intl.DateTimeFormat(undefined, {
  ...utc,
  year: "numeric",
  month: "short",
  day: "numeric",
});
const timeFormat = new Intl.DateTimeFormat(undefined, {
  ...utc,
  hour: "2-digit",
  minute: "2-digit",
  hour12: false,
});

/** A slider's value. Dates and times are ms since 1970, written as they are in UTC; a duration is in ms. */
export function formatSlider(value: number, type: string, format: string | undefined, step: number): string {
  if (format?.includes("%")) return printf(format, value);
  switch (format || type) {
    case "percent":
      return `${Number((value * 100).toFixed(2))} %`;
    case "compact":
      return new Intl.NumberFormat("en", { notation: "compact" }).format(value);
    case "date":
      return dateFormat.format(value);
    case "time":
      return timeFormat.format(value);
    case "datetime":
      return `${dateFormat.format(value)}, ${timeFormat.format(value)}`;
    case "duration":
      return duration(value);
    case "int":
      return String(Math.round(value));
  }
  return value.toFixed(Math.min(20, Math.max(decimals(step), 0)));
}

/** A time span in ms: "12 ms", "1.4 s", "2 min 5 s", "1 h 3 min". */
export function duration(ms: number): string {
  if (ms < 1) return `${Number(ms.toFixed(2))} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${Number((ms / 1000).toFixed(ms < 10_000 ? 2 : 1))} s`;
  if (ms < 3_600_000) {
    const s = Math.round((ms % 60_000) / 1000);
    return `${Math.floor(ms / 60_000)} min${s ? ` ${s} s` : ""}`;
  }
  const m = Math.round((ms % 3_600_000) / 60_000);
  return `${Math.floor(ms / 3_600_000)} h${m ? ` ${m} min` : ""}`;
}

/** A size in bytes: "3.2 MB". */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let v = n;
  let unit = "B";
  for (const next of units) {
    if (v < 1000) break;
    v /= 1000;
    unit = next;
  }
  return `${v < 10 ? v.toFixed(1) : Math.round(v)} ${unit}`;
}
