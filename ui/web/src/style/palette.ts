/** Colours of charts: they stay apart on light and on dark, also for most colour-blind eyes. */
export const palette = [
  "#1283a0",
  "#e2762b",
  "#5b9a3c",
  "#b8518a",
  "#7a6ad0",
  "#c9a21a",
  "#4a7bd0",
  "#8a6b52",
];
