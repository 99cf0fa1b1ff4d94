import {
  type CustomCell,
  type CustomRenderer,
  type GridCell,
  GridCellKind,
  type ProvideEditorComponent,
} from "@glideapps/glide-data-grid";
import { useEffect } from "react";
import { text } from "../text/messages";
import { type Opened, Rich } from "./Rich";

// Cells the grid has no kind for: small charts and progress bars, drawn on its
// canvas; choices and dates, edited by the browser's own controls; and what is seen
// whole only when it is opened. And the editor of numbers.

type Spark = { kind: "spark"; type: "line" | "bar" | "area"; values: number[]; min: number; max: number };
type Bar = { kind: "bar"; value: number; text: string };
type Choice = { kind: "choice"; value: string; options: readonly string[] };
type When = {
  kind: "when";
  type: "date" | "time" | "datetime-local";
  value: string;
  text: string;
  min?: string;
  max?: string;
};

type Tags = {
  kind: "tags";
  values: readonly string[];
  options: readonly string[];
  /** Whether values may be typed that are no options. */
  open: boolean;
};
type Opens = { kind: "opens"; type: Opened; value: string };

export type SparkCell = CustomCell<Spark>;
export type BarCell = CustomCell<Bar>;
export type ChoiceCell = CustomCell<Choice>;
export type WhenCell = CustomCell<When>;
export type TagsCell = CustomCell<Tags>;
export type OpensCell = CustomCell<Opens>;

const is = (kind: string) => (cell: CustomCell) => (cell.data as { kind?: string }).kind === kind;

export function spark(
  type: Spark["type"],
  values: number[],
  min?: number | null,
  max?: number | null,
): SparkCell {
  return {
    kind: GridCellKind.Custom,
    allowOverlay: false,
    copyData: values.join(", "),
    data: {
      kind: "spark",
      type,
      values,
      min: min ?? Math.min(0, ...values),
      max: max ?? Math.max(1e-9, ...values),
    },
  };
}

const sparkRenderer: CustomRenderer<SparkCell> = {
  kind: GridCellKind.Custom,
  isMatch: is("spark") as (cell: CustomCell) => cell is SparkCell,
  draw: ({ ctx, rect, theme }, cell) => {
    const { values, type, min, max } = cell.data;
    if (values.length === 0) return true;
    const x = rect.x + theme.cellHorizontalPadding;
    const width = rect.width - 2 * theme.cellHorizontalPadding;
    const top = rect.y + 5;
    const height = rect.height - 10;
    const y = (v: number) => top + height - ((v - min) / (max - min || 1)) * height;
    ctx.save();
    ctx.fillStyle = theme.accentColor;
    ctx.strokeStyle = theme.accentColor;
    if (type === "bar") {
      const step = width / values.length;
      const zero = y(Math.max(min, 0));
      values.forEach((v, i) => {
        ctx.fillRect(
          x + i * step,
          Math.min(y(v), zero),
          Math.max(1, step - 1),
          Math.max(1, Math.abs(zero - y(v))),
        );
      });
    } else {
      const step = values.length > 1 ? width / (values.length - 1) : 0;
      ctx.beginPath();
      values.forEach((v, i) => {
        if (i === 0) ctx.moveTo(x, y(v));
        else ctx.lineTo(x + i * step, y(v));
      });
      ctx.lineWidth = 1.5;
      ctx.stroke();
      if (type === "area") {
        ctx.lineTo(x + width, top + height);
        ctx.lineTo(x, top + height);
        ctx.globalAlpha = 0.18;
        ctx.fill();
      }
    }
    ctx.restore();
    return true;
  },
  provideEditor: undefined,
};

export function bar(value: number, text: string, raw: string): BarCell {
  return {
    kind: GridCellKind.Custom,
    allowOverlay: false,
    copyData: raw,
    data: { kind: "bar", value: Math.max(0, Math.min(1, value)), text },
  };
}

const barRenderer: CustomRenderer<BarCell> = {
  kind: GridCellKind.Custom,
  isMatch: is("bar") as (cell: CustomCell) => cell is BarCell,
  draw: ({ ctx, rect, theme }, cell) => {
    const { value, text } = cell.data;
    const pad = theme.cellHorizontalPadding;
    const label = text ? 56 : 0;
    const width = Math.max(4, rect.width - 2 * pad - label);
    const y = rect.y + rect.height / 2 - 3;
    ctx.save();
    ctx.fillStyle = theme.bgSearchResult;
    ctx.beginPath();
    ctx.roundRect(rect.x + pad, y, width, 6, 3);
    ctx.fill();
    ctx.fillStyle = theme.accentColor;
    ctx.beginPath();
    ctx.roundRect(rect.x + pad, y, Math.max(value > 0 ? 6 : 0, width * value), 6, 3);
    ctx.fill();
    if (text) {
      ctx.fillStyle = theme.textDark;
      ctx.font = theme.baseFontFull;
      ctx.textAlign = "right";
      ctx.fillText(text, rect.x + rect.width - pad, rect.y + rect.height / 2 + 0.5);
    }
    ctx.restore();
    return true;
  },
  provideEditor: undefined,
};

export function choice(value: string, options: readonly string[], editable: boolean): ChoiceCell {
  return {
    kind: GridCellKind.Custom,
    allowOverlay: editable,
    readonly: !editable,
    copyData: value,
    data: { kind: "choice", value, options },
  };
}

const choiceRenderer: CustomRenderer<ChoiceCell> = {
  kind: GridCellKind.Custom,
  isMatch: is("choice") as (cell: CustomCell) => cell is ChoiceCell,
  draw: ({ ctx, rect, theme }, cell) => {
    drawText(ctx, rect, theme, cell.data.value);
    return true;
  },
  provideEditor: () => ({
    disablePadding: true,
    deletedValue: (cell) => ({ ...cell, copyData: "", data: { ...cell.data, value: "" } }),
    editor: ({ value, onFinishedEditing }) => (
      <select
        // biome-ignore lint/a11y/noAutofocus: the editor opens where the person is
        autoFocus
        className="grid-edit"
        value={value.data.value}
        onChange={(e) => {
          const next = e.target.value;
          onFinishedEditing({ ...value, copyData: next, data: { ...value.data, value: next } }, [0, 1]);
        }}
      >
        <option value="" />
        {value.data.options.map((o) => (
          <option key={o} value={o}>
            {o}
          </option>
        ))}
      </select>
    ),
  }),
  onPaste: (text, data) =>
    text === "" || data.options.includes(text) ? { ...data, value: text } : undefined,
};

export function when(data: Omit<When, "kind">, editable: boolean, raw: string): WhenCell {
  return {
    kind: GridCellKind.Custom,
    allowOverlay: editable,
    readonly: !editable,
    copyData: raw,
    data: { kind: "when", ...data },
  };
}

const whenRenderer: CustomRenderer<WhenCell> = {
  kind: GridCellKind.Custom,
  isMatch: is("when") as (cell: CustomCell) => cell is WhenCell,
  draw: ({ ctx, rect, theme }, cell) => {
    drawText(ctx, rect, theme, cell.data.text);
    return true;
  },
  provideEditor: () => ({
    disablePadding: true,
    deletedValue: (cell) => ({ ...cell, copyData: "", data: { ...cell.data, value: "", text: "" } }),
    editor: ({ value, onChange }) => (
      <input
        // biome-ignore lint/a11y/noAutofocus: the editor opens where the person is
        autoFocus
        className="grid-edit"
        type={value.data.type}
        step={value.data.type === "date" ? undefined : 1}
        min={value.data.min}
        max={value.data.max}
        defaultValue={value.data.value}
        onChange={(e) => {
          const next = e.target.value;
          onChange({
            ...value,
            copyData: next,
            data: { ...value.data, value: next, text: next.replace("T", " ") },
          });
        }}
      />
    ),
  }),
  onPaste: (text, data) => ({ ...data, value: text.trim().replace(" ", "T"), text: text.trim() }),
};

export function tags(data: Omit<Tags, "kind">): TagsCell {
  return {
    kind: GridCellKind.Custom,
    allowOverlay: true,
    copyData: JSON.stringify(data.values),
    data: { kind: "tags", ...data },
  };
}

const tagsRenderer: CustomRenderer<TagsCell> = {
  kind: GridCellKind.Custom,
  isMatch: is("tags") as (cell: CustomCell) => cell is TagsCell,
  draw: ({ ctx, rect, theme }, cell) => {
    const high = theme.bubbleHeight;
    const y = rect.y + (rect.height - high) / 2;
    let x = rect.x + theme.cellHorizontalPadding;
    ctx.save();
    ctx.beginPath();
    ctx.rect(rect.x, rect.y, rect.width, rect.height);
    ctx.clip();
    ctx.font = theme.baseFontFull;
    ctx.textAlign = "left";
    for (const value of cell.data.values) {
      if (x > rect.x + rect.width) break;
      const wide = ctx.measureText(value).width + 2 * theme.bubblePadding;
      ctx.fillStyle = theme.bgBubble;
      ctx.beginPath();
      ctx.roundRect(x, y, wide, high, high / 2);
      ctx.fill();
      ctx.fillStyle = theme.textBubble;
      ctx.fillText(value, x + theme.bubblePadding, rect.y + rect.height / 2 + 0.5);
      x += wide + theme.bubbleMargin;
    }
    ctx.restore();
    return true;
  },
  provideEditor: () => ({
    disablePadding: true,
    deletedValue: (cell) => ({ ...cell, copyData: "[]", data: { ...cell.data, values: [] } }),
    editor: ({ value, onChange }) => (
      <Choices data={value.data} set={(values) => onChange(tags({ ...value.data, values }))} />
    ),
  }),
};

/** Which of the options a cell has, and a field for others where these may be. */
function Choices({ data, set }: { data: Tags; set: (values: string[]) => void }) {
  const { values, options, open } = data;
  const all = [...options, ...values.filter((v) => !options.includes(v))];
  const has = (o: string, on: boolean) => set(all.filter((v) => (v === o ? on : values.includes(v))));
  return (
    <div className="grid-choices">
      {all.map((o, i) => (
        <label key={o}>
          <input
            // biome-ignore lint/a11y/noAutofocus: the editor opens where the person is
            autoFocus={i === 0}
            type="checkbox"
            checked={values.includes(o)}
            onChange={(e) => has(o, e.target.checked)}
          />
          {o}
        </label>
      ))}
      {open && (
        <input
          className="field"
          // biome-ignore lint/a11y/noAutofocus: the editor opens where the person is
          autoFocus={all.length === 0}
          aria-label={text.grid.newChoice}
          placeholder={text.grid.newChoice}
          onKeyDown={(e) => {
            const typed = e.currentTarget.value.trim();
            if (e.key !== "Enter" || typed === "") return;
            e.preventDefault();
            e.stopPropagation();
            e.currentTarget.value = "";
            if (!values.includes(typed)) set([...values, typed]);
          }}
        />
      )}
    </div>
  );
}

export function opens(type: Opened, value: string): OpensCell {
  return {
    kind: GridCellKind.Custom,
    allowOverlay: value !== "",
    readonly: true,
    copyData: value,
    data: { kind: "opens", type, value },
  };
}

const opensRenderer: CustomRenderer<OpensCell> = {
  kind: GridCellKind.Custom,
  isMatch: is("opens") as (cell: CustomCell) => cell is OpensCell,
  draw: ({ ctx, rect, theme }, cell) => {
    const { type, value } = cell.data;
    if (value === "") drawText(ctx, rect, theme, "—");
    else if (type === "json" || type === "markdown") {
      drawText(ctx, rect, theme, value.slice(0, 400).replace(/\s+/g, " "));
    } else {
      // A triangle that says: play.
      const x = rect.x + rect.width / 2;
      const y = rect.y + rect.height / 2;
      ctx.fillStyle = theme.accentColor;
      ctx.beginPath();
      ctx.moveTo(x - 5, y - 7);
      ctx.lineTo(x + 8, y);
      ctx.lineTo(x - 5, y + 7);
      ctx.fill();
    }
    return true;
  },
  provideEditor: () => ({
    disablePadding: true,
    editor: ({ value }) => <Rich type={value.data.type} value={value.data.value} />,
  }),
};

/**
 * A number is edited as the text it is: what is no number of the column is then
 * refused as a whole, and does not turn into another one on the way.
 */
const NumberInput: ProvideEditorComponent<GridCell> = (p) => {
  const { value, initialValue, isHighlighted, isValid, onChange } = p;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key that opened the editor is its first text
  useEffect(() => {
    if (initialValue !== undefined) onChange(textCell(initialValue));
  }, []);
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: the editor opens where the person is
      autoFocus
      className="grid-edit number"
      inputMode="decimal"
      aria-invalid={isValid === false}
      defaultValue={initialValue ?? value.copyData}
      onFocus={(e) => isHighlighted && e.target.select()}
      onChange={(e) => onChange(textCell(e.target.value))}
    />
  );
};

const textCell = (data: string): GridCell => ({
  kind: GridCellKind.Text,
  data,
  displayData: data,
  copyData: data,
  allowOverlay: true,
});

export const editorOf = (cell: GridCell) =>
  cell.kind === GridCellKind.Number ? { editor: NumberInput, disablePadding: true } : undefined;

function drawText(
  ctx: CanvasRenderingContext2D,
  rect: { x: number; y: number; height: number },
  theme: { textDark: string; baseFontFull: string; cellHorizontalPadding: number },
  text: string,
): void {
  ctx.fillStyle = theme.textDark;
  ctx.font = theme.baseFontFull;
  ctx.textAlign = "left";
  ctx.fillText(text, rect.x + theme.cellHorizontalPadding, rect.y + rect.height / 2 + 0.5);
}

export const renderers = [
  sparkRenderer,
  barRenderer,
  choiceRenderer,
  whenRenderer,
  tagsRenderer,
  opensRenderer,
] as const;
