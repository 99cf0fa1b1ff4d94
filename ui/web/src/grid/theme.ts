import type { Theme } from "@glideapps/glide-data-grid";
import { token } from "../style/theme";

/** The grid's colours from the page's tokens. */
export function gridTheme(): Partial<Theme> {
  const text = token("--text");
  const muted = token("--muted");
  const border = token("--border");
  return {
    accentColor: token("--accent"),
    accentFg: token("--on-accent"),
    accentLight: token("--accent-soft"),
    textDark: text,
    textMedium: muted,
    textLight: token("--faint"),
    textBubble: text,
    bgIconHeader: muted,
    fgIconHeader: token("--bg"),
    textHeader: muted,
    textGroupHeader: muted,
    textHeaderSelected: token("--on-accent"),
    bgCell: token("--bg"),
    bgCellMedium: token("--surface"),
    bgHeader: token("--surface"),
    bgHeaderHasFocus: token("--sunken"),
    bgHeaderHovered: token("--sunken"),
    bgBubble: token("--sunken"),
    bgBubbleSelected: token("--accent-soft"),
    bgSearchResult: token("--sunken"),
    borderColor: border,
    horizontalBorderColor: border,
    drilldownBorder: border,
    linkColor: token("--accent"),
    cellHorizontalPadding: 10,
    cellVerticalPadding: 5,
    headerFontStyle: "550 13px",
    baseFontStyle: "13px",
    markerFontStyle: "11px",
    editorFontSize: "13px",
    fontFamily: token("--font"),
    lineHeight: 1.4,
  };
}
