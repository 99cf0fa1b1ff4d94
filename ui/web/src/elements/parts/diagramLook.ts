import { dark, token } from "../../style/theme";
import type { Look } from "./mermaid";

/** The page's theme, for diagrams. */
export function look(): Look {
  return {
    dark: dark.get(),
    font: token("--font"),
    colours: {
      background: token("--bg"),
      primaryColor: token("--accent-soft"),
      primaryTextColor: token("--text"),
      primaryBorderColor: token("--accent"),
      secondaryColor: token("--sunken"),
      tertiaryColor: token("--surface"),
      lineColor: token("--muted"),
      textColor: token("--text"),
      edgeLabelBackground: token("--bg"),
      noteBkgColor: token("--warn-soft"),
      noteTextColor: token("--text"),
    },
  };
}
