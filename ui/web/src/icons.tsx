import type { MaterialIcon } from "./protocol/element";

// The few icons of the interface, drawn on a 16 by 16 grid.

const paths = {
  play: "M5 3.5v9l7.5-4.5z",
  runAll: "M3 4v8l5-4zM8.5 4v8l5-4z",
  stop: "M4.5 4.5h7v7h-7z",
  auto: "M2.6 8a5.4 5.4 0 0 1 9.2-3.8M13.4 8a5.4 5.4 0 0 1-9.2 3.8M12 1.8v2.6H9.4M4 14.2v-2.6h2.6M9 5.4L6.6 8.6h2.8L7 11.4",
  restart: "M12.8 8a4.8 4.8 0 1 1-1.5-3.5M12.8 2.2v2.8H10",
  plus: "M8 3.2v9.6M3.2 8h9.6",
  minus: "M3.2 8h9.6",
  trash: "M3 4.5h10M6.2 4.3V2.8h3.6v1.5M4.3 4.6l.6 8.6h6.2l.6-8.6",
  up: "M8 13V3.2M4 7l4-4 4 4",
  down: "M8 3v9.8M4 9l4 4 4-4",
  more: "M3.6 8h.01M8 8h.01M12.4 8h.01",
  check: "M3 8.5l3.2 3.2L13 4.8",
  close: "M4 4l8 8M12 4l-8 8",
  chevron: "M6 3.8L10.2 8 6 12.2",
  chevronDown: "M3.8 6L8 10.2 12.2 6",
  search: "M7 11.6a4.6 4.6 0 1 0 0-9.2 4.6 4.6 0 0 0 0 9.2zM10.4 10.4l3.2 3.2",
  download: "M8 2.8v7.4M4.8 7.2L8 10.4l3.2-3.2M3 13.2h10",
  expand: "M9.5 2.8h3.7v3.7M6.5 13.2H2.8V9.5M13.2 2.8L9 7M2.8 13.2L7 9",
  shrink: "M13 6.7H9.3V3M3 9.3h3.7V13M9.5 6.5l4-4M6.5 9.5l-4 4",
  copy: "M5.5 5.5h7.3v7.3H5.5zM10.5 5.3V3.2H3.2v7.3h2.1",
  sun: "M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.8.8M11.8 11.8l.8.8M12.6 3.4l-.8.8M4.2 11.8l-.8.8",
  moon: "M13 9.6A5.5 5.5 0 0 1 6.4 3a5.3 5.3 0 1 0 6.6 6.6z",
  system: "M2.5 3.2h11v7.6h-11zM6 13.4h4M8 10.8v2.6",
  keyboard: "M1.8 4.2h12.4v7.6H1.8zM4.4 7h.01M7 7h.01M9.6 7h.01M11.8 7h.01M5 9.4h6",
  eye: "M1.6 8S4 3.8 8 3.8 14.4 8 14.4 8 12 12.2 8 12.2 1.6 8 1.6 8zM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z",
  eyeOff:
    "M6.3 4A6.6 6.6 0 0 1 8 3.8c4 0 6.4 4.2 6.4 4.2a12 12 0 0 1-1.9 2.3M4.2 5.2A11 11 0 0 0 1.6 8S4 12.2 8 12.2c1.1 0 2-.3 2.9-.7M2.5 2.5l11 11",
  help: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.3 6.4a1.8 1.8 0 1 1 2.5 1.7c-.5.2-.8.6-.8 1.1M8 11.2h.01",
  warning: "M8 2.6l6 10.6H2zM8 6.6v3M8 11.4h.01",
  error: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3.6M8 11h.01",
  info: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.4V11M8 5h.01",
  ok: "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM5.4 8.2l1.8 1.8 3.4-3.8",
  menu: "M2.6 4.4h10.8M2.6 8h10.8M2.6 11.6h10.8",
  grip: "M6 3.6h.01M10 3.6h.01M6 8h.01M10 8h.01M6 12.4h.01M10 12.4h.01",
  send: "M2.6 8h9.8M8.6 4l4 4-4 4",
  undo: "M3 6.4h6.2a3.3 3.3 0 0 1 0 6.6H6M5.8 3.4L2.8 6.4l3 3",
  redo: "M13 6.4H6.8a3.3 3.3 0 0 0 0 6.6H10M10.2 3.4l3 3-3 3",
  split: "M8 2.5v11M2.5 8h3M10.5 8h3",
  file: "M4 2.2h5l3 3v8.6H4zM9 2.2v3h3",
  upload: "M8 10.4V3M4.8 6L8 2.8 11.2 6M3 13.2h10",
  panel: "M2.4 3.2h11.2v9.6H2.4zM6.2 3.2v9.6",
  app: "M2.4 3.2h11.2v9.6H2.4zM2.4 6h11.2",
  link: "M6.8 9.2a2.4 2.4 0 0 0 3.4 0l2-2a2.4 2.4 0 0 0-3.4-3.4l-.9.9M9.2 6.8a2.4 2.4 0 0 0-3.4 0l-2 2a2.4 2.4 0 0 0 3.4 3.4l.9-.9",
  list: "M5.6 4h8M5.6 8h8M5.6 12h8M2.4 4h.01M2.4 8h.01M2.4 12h.01",
  thumbUp:
    "M5 7.2L7.6 2.4c1 0 1.6.8 1.4 1.8L8.6 6.4h3.6c.8 0 1.4.8 1.2 1.6l-1 4.2c-.2.6-.6 1-1.3 1H5zM5 7.2H2.8v6H5",
  thumbDown:
    "M5 8.8l2.6 4.8c1 0 1.6-.8 1.4-1.8l-.4-2.2h3.6c.8 0 1.4-.8 1.2-1.6l-1-4.2c-.2-.6-.6-1-1.3-1H5zM5 8.8H2.8v-6H5",
  star: "M8 2l1.8 3.8 4.1.5-3 2.9.8 4.1L8 11.3l-3.7 2 .8-4.1-3-2.9 4.1-.5z",
  leave: "M9.6 2.6H3.2v10.8h6.4M6.6 8h7M10.8 5.2L13.6 8l-2.8 2.8",
  home: "M2.6 7.6L8 3l5.4 4.6M4.2 6.6v6.4h7.6V6.6",
  person: "M8 7.6a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2zM2.8 13.6a5.2 5.2 0 0 1 10.4 0",
  heart: "M8 13.2S2.4 9.8 2.4 6.2A2.8 2.8 0 0 1 8 5a2.8 2.8 0 0 1 5.6 1.2c0 3.6-5.6 7-5.6 7z",
  pencil: "M3 13h2.4l7.4-7.4-2.4-2.4L3 10.6zM9 4.6L11.4 7",
  calendar: "M2.8 3.8h10.4v9.4H2.8zM2.8 6.8h10.4M5.4 2.4v2.4M10.6 2.4v2.4",
  mail: "M2.2 3.8h11.6v8.4H2.2zM2.2 4.2L8 8.8l5.8-4.6",
  lock: "M3.8 7h8.4v6H3.8zM5.4 7V5.2a2.6 2.6 0 0 1 5.2 0V7",
  bolt: "M8.8 2L3.6 9h4L7 14l5.2-7h-4z",
  bars: "M2.8 13.2h10.4M4.4 13V8.6M8 13V4M11.6 13V6.6",
  settings:
    "M8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM8 1.8v2M8 12.2v2M1.8 8h2M12.2 8h2M3.6 3.6L5 5M11 11l1.4 1.4M3.6 12.4L5 11M11 5l1.4-1.4",
  folder: "M2.2 4h4l1.4 1.6h6.2v7H2.2z",
  table: "M2.4 3.2h11.2v9.6H2.4zM2.4 6.4h11.2M6.4 6.4v6.4",
  moreDots: "M8 3.6h.01M8 8h.01M8 12.4h.01",
} as const;

export type IconName = keyof typeof paths;

const filled = new Set<IconName>(["play", "stop", "runAll"]);

export function Icon({ name, size }: { name: IconName; size?: number }) {
  return (
    <svg
      className="icon"
      viewBox="0 0 16 16"
      aria-hidden="true"
      focusable="false"
      style={size ? { width: size, height: size } : undefined}
      fill={filled.has(name) ? "currentColor" : undefined}
    >
      <path d={paths[name]} fill={filled.has(name) ? "currentColor" : undefined} />
    </svg>
  );
}

/** An author's icon: an emoji as it is; ":material/name:" is known by a few names, else left out. */
export function UserIcon({ icon }: { icon?: string }) {
  if (!icon) return null;
  const named = /^:(?:material\/)?([a-z0-9_]+):$/.exec(icon);
  if (!named) {
    return (
      <span className="user-icon" aria-hidden="true">
        {icon}
      </span>
    );
  }
  const name = iconOf(named[1]!);
  return name ? <Icon name={name} /> : null;
}

const iconOf = (name: string) => material[name as MaterialIcon] as IconName | undefined;

/** Draws the icons in rendered Markdown. */
export function drawIcons(root: HTMLElement): void {
  for (const span of root.querySelectorAll<HTMLElement>(".st-icon[data-icon]:empty")) {
    const name = iconOf(span.dataset.icon!);
    if (!name) continue;
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", paths[name]);
    if (filled.has(name)) path.setAttribute("fill", "currentColor");
    svg.append(path);
    span.append(svg);
  }
}

const material: Record<MaterialIcon, IconName> = {
  add: "plus",
  remove: "minus",
  delete: "trash",
  check: "check",
  close: "close",
  search: "search",
  download: "download",
  upload: "upload",
  play_arrow: "play",
  stop: "stop",
  refresh: "restart",
  restart_alt: "restart",
  info: "info",
  warning: "warning",
  error: "error",
  check_circle: "ok",
  help: "help",
  visibility: "eye",
  link: "link",
  menu: "menu",
  list: "list",
  send: "send",
  star: "star",
  thumb_up: "thumbUp",
  thumb_down: "thumbDown",
  light_mode: "sun",
  dark_mode: "moon",
  description: "file",
  undo: "undo",
  redo: "redo",
  home: "home",
  person: "person",
  favorite: "heart",
  edit: "pencil",
  calendar_month: "calendar",
  mail: "mail",
  lock: "lock",
  bolt: "bolt",
  bar_chart: "bars",
  settings: "settings",
  folder: "folder",
  table_chart: "table",
};
