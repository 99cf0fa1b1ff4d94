import { type GridCell, GridCellKind, type GridColumn } from "@glideapps/glide-data-grid";
import { address } from "../net/base";
import type { Column, ColumnConfig } from "../protocol/element";
import { safeLink } from "../text/link";
import { bar, choice, opens, spark, tags, when } from "./cells";
import { display, items, plain, series, shownKind, toMillis } from "./values";

/** One shown column: its place in the frame, and how it is shown. */
export interface Shown {
  /** Index into the frame's columns, which is what the server sorts by. */
  index: number;
  name: string;
  title: string;
  kind: string;
  columnKind: string;
  config?: ColumnConfig;
  width?: number;
  /** Stays in view at the left. */
  pinned: boolean;
}

/** The columns to show, in the author's order, without those the author hid. */
export function shownColumns(columns: Column[], config: ColumnConfig[], order: string[]): Shown[] {
  const by = new Map(config.map((c) => [c.name, c]));
  const names = order.length > 0 ? order : columns.map((c) => c.name);
  const shown: Shown[] = [];
  for (const name of names) {
    const index = columns.findIndex((c) => c.name === name);
    const column = columns[index];
    const conf = by.get(name);
    if (!column || conf?.hidden) continue;
    shown.push({
      index,
      name,
      title: conf?.label || name,
      kind: shownKind(column.kind, conf),
      columnKind: column.kind,
      config: conf,
      width: conf?.width,
      pinned: conf?.pinned ?? false,
    });
  }
  return shown;
}

/** A column's width by what is in it, until someone sets another. */
export function autoWidth(column: Shown, sample: readonly unknown[]): number {
  let longest = column.title.length + 3;
  if (column.kind === "audio" || column.kind === "video") sample = []; // an icon stands for the address
  for (const value of sample) {
    longest = Math.max(longest, display(value, column.kind, column.columnKind, column.config).length);
  }
  const wide = ["lineChart", "barChart", "areaChart", "progress"].includes(column.kind);
  // A number stands at the right: cut off at the left it would be another one.
  const [most, each] = column.kind === "number" ? [420, 8.6] : [340, 7.6];
  return Math.max(wide ? 160 : 56, Math.min(most, Math.round(longest * each + 22)));
}

export function gridColumn(column: Shown, width: number, mark: string, grow: boolean): GridColumn {
  return {
    id: String(column.index),
    title: mark ? `${column.title} ${mark}` : column.title,
    width,
    grow: grow ? 1 : undefined,
    hasMenu: true,
  };
}

const right = { contentAlign: "right" } as const;

/** The grid's cell for a value. */
export function cell(column: Shown, value: unknown, editable = false): GridCell {
  if (value === undefined)
    return {
      kind: GridCellKind.Loading,
      allowOverlay: false,
      skeletonWidth: 60,
      skeletonWidthVariability: 30,
    };
  const { kind, config } = column;
  const text = display(value, kind, column.columnKind, config);
  const missing = value === null && !editable;
  const raw = rawText(value, kind);
  switch (kind) {
    case "number":
      return {
        kind: GridCellKind.Number,
        data: value === null ? undefined : Number(value),
        displayData: missing ? "—" : text,
        copyData: raw,
        allowOverlay: editable,
        readonly: !editable,
        fixedDecimals: config?.step && Number.isInteger(config.step) ? 0 : undefined,
        style: missing ? "faded" : undefined,
        ...right,
      };
    case "checkbox":
      return {
        kind: GridCellKind.Boolean,
        data: value === null ? null : Boolean(value),
        allowOverlay: false,
        readonly: !editable,
        copyData: value === null ? "" : String(value),
      };
    case "select":
      return choice(plain(value), config?.options ?? [], editable);
    case "date":
    case "time":
    case "datetime":
      if (!editable) break;
      return when({ ...whenValue(value, kind, text), min: config?.minText, max: config?.maxText }, true, raw);
    case "multiselect":
    case "list": {
      if (editable)
        return tags({
          values: items(value).map(plain),
          options: config?.options ?? [],
          open: config?.acceptNew ?? false,
        });
      return {
        kind: GridCellKind.Bubble,
        data: items(value).map((item) => (item === null ? "—" : plain(item))),
        allowOverlay: true,
        copyData: plain(value),
      };
    }
    case "link": {
      const href = plain(value);
      return {
        kind: GridCellKind.Uri,
        data: href,
        displayData: linkText(href, config?.format),
        allowOverlay: editable,
        readonly: !editable,
        hoverEffect: true,
        cursor: "pointer",
        onClickUri: (e) => {
          e.preventDefault();
          const target = safeLink(href);
          if (target) window.open(target, "_blank", "noreferrer");
        },
      };
    }
    case "audio":
    case "video":
    case "json":
      return opens(kind, plain(value));
    case "markdown":
      if (editable) break; // its text is edited
      return opens(kind, plain(value));
    case "image":
      return {
        kind: GridCellKind.Image,
        data: value === null ? [] : imageOf(plain(value)),
        allowOverlay: true,
        readonly: true,
      };
    case "lineChart":
    case "barChart":
    case "areaChart":
      return spark(kind.slice(0, -5) as "line" | "bar" | "area", series(value), config?.min, config?.max);
    case "progress": {
      const min = config?.min ?? 0;
      const max = config?.max ?? 1;
      const n = Number(value ?? 0);
      const part = (n - min) / (max - min || 1);
      const label = config?.format
        ? display(value, "number", column.columnKind, config)
        : `${Math.round(part * 100)} %`;
      return bar(part, label, raw);
    }
  }
  return {
    kind: GridCellKind.Text,
    data: text,
    displayData: missing ? "—" : text.length > 400 ? `${text.slice(0, 400)}…` : text,
    copyData: raw,
    allowOverlay: true,
    readonly: !editable,
    style: missing ? "faded" : undefined,
  };
}

/** What is copied: the value itself, so that where it is pasted it is a number or a date again. */
function rawText(value: unknown, kind: string): string {
  if (value === null) return "";
  switch (kind) {
    case "date":
    case "datetime":
    case "time":
      return display(value, kind, kind);
  }
  return plain(value);
}

function linkText(href: string, format: string | undefined): string {
  if (!format) return href;
  try {
    const match = new RegExp(format).exec(href);
    if (match?.[1]) return decodeURI(match[1]);
  } catch {
    // A format that is no expression is the text itself.
  }
  return format;
}

function whenValue(value: unknown, kind: "date" | "time" | "datetime", text: string) {
  const type = kind === "datetime" ? ("datetime-local" as const) : kind;
  if (value === null) return { type, value: "", text: "" };
  if (kind === "time") return { type, value: text, text };
  const ms = toMillis(value);
  const iso = ms === undefined || Math.abs(ms) > 8.64e15 ? "" : new Date(ms).toISOString();
  return { type, value: kind === "date" ? iso.slice(0, 10) : iso.slice(0, 19), text };
}

/** An image's address, unless it is none: a scheme that is no image's would be asked of the page's policy. */
function imageOf(url: string): string[] {
  return /^data:image\//i.test(url.trim()) || safeLink(url) ? [address(url)] : [];
}
