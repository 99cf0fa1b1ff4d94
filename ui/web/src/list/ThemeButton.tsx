import { Icon } from "../icons";
import { useCell } from "../screen/keyed";
import { setTheme, type Theme, theme } from "../style/theme";
import { text } from "../text/messages";

const next: Record<Theme, Theme> = { system: "light", light: "dark", dark: "system" };
const icons = { system: "system", light: "sun", dark: "moon" } as const;

/** Goes round the three themes. */
export function ThemeButton() {
  const now = useCell(theme);
  const label = `${text.app.theme}: ${text.app[now]}`;
  return (
    <button
      type="button"
      className="icon-btn"
      aria-label={label}
      title={label}
      onClick={() => setTheme(next[now])}
    >
      <Icon name={icons[now]} />
    </button>
  );
}
