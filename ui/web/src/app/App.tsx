import { type ReactNode, useEffect, useState } from "react";
import { Icon, UserIcon } from "../icons";
import type { Navigation, PageConfig } from "../protocol/element";
import { useSession } from "../screen/context";
import { Root } from "../screen/ElementView";
import { type Cell, useCell, useKeyed } from "../screen/keyed";
import { text } from "../text/messages";
import { Menu } from "./Menu";
import "./app.css";

export interface Failure {
  text: string;
  fatal: boolean;
}

interface AppProps {
  title: Cell<string>;
  failure: Cell<Failure | undefined>;
}

/** In the frame of another page (?embed=true) the app has no bar of its own. */
const embedded = /^(|true|1)$/.test(new URLSearchParams(location.search).get("embed") ?? "no");

export function App({ title, failure }: AppProps) {
  const { tree } = useSession();
  const config = useKeyed(tree.nodes, "event/page")?.element?.props as PageConfig | undefined;
  const navigation = useKeyed(tree.nodes, "event/navigation")?.element?.props as Navigation | undefined;
  const sidebar = useKeyed(tree.nodes, "sidebar");
  const bottom = useKeyed(tree.nodes, "bottom");
  const main = useKeyed(tree.nodes, "main");
  const [wide, setWide] = useState(false);
  const name = useCell(title);
  useEffect(() => {
    document.title = config?.title || name || text.app.title;
  }, [config?.title, name]);
  useFavicon(config?.icon);

  const pages = navigation && navigation.position !== "hidden" ? (navigation.pages ?? []) : [];
  const besides = (sidebar?.children.length ?? 0) > 0 || (pages.length > 0 && navigation?.position !== "top");
  return (
    <div
      className={besides ? "app with-sidebar" : "app"}
      data-layout={wide ? "wide" : (config?.layout ?? "centered")}
      data-embedded={embedded || undefined}
    >
      {besides && (
        <Sidebar startOpen={config?.sidebar}>
          {pages.length > 0 && navigation?.position !== "top" && <Pages navigation={navigation!} />}
          <div className="stack">
            <Root path="sidebar" />
          </div>
        </Sidebar>
      )}
      <div className="app-column">
        <header className="app-bar">
          {pages.length > 0 && navigation?.position === "top" && <Pages navigation={navigation} />}
          <span className="spacer" />
          <Running />
          <Menu wide={wide} setWide={setWide} />
        </header>
        <Connection failure={failure} />
        <main className="app-main" aria-label={text.app.content}>
          <div className="stack">
            {main ? <Root path="main" /> : <p className="app-starting">{text.app.starting}</p>}
          </div>
        </main>
        {(bottom?.children.length ?? 0) > 0 && (
          <div className="app-bottom">
            <div className="stack">
              <Root path="bottom" />
            </div>
          </div>
        )}
      </div>
      <Root path="event" />
    </div>
  );
}

function Sidebar({ startOpen, children }: { startOpen?: string; children: ReactNode }) {
  const narrow = window.matchMedia("(max-width: 760px)").matches;
  const [open, setOpen] = useState(startOpen === "expanded" || (startOpen !== "collapsed" && !narrow));
  useEffect(() => {
    if (startOpen === "collapsed") setOpen(false);
  }, [startOpen]);
  return (
    <>
      {!open && (
        <button
          type="button"
          className="icon-btn sidebar-open"
          aria-label={text.app.openSidebar}
          title={text.app.openSidebar}
          onClick={() => setOpen(true)}
        >
          <Icon name="panel" />
        </button>
      )}
      <aside className={open ? "sidebar" : "sidebar closed"} aria-label={text.app.sidebar} inert={!open}>
        <div className="sidebar-head">
          <button
            type="button"
            className="icon-btn"
            aria-label={text.app.closeSidebar}
            title={text.app.closeSidebar}
            onClick={() => setOpen(false)}
          >
            <Icon name="panel" />
          </button>
        </div>
        {children}
      </aside>
      {open && <div className="sidebar-shade" aria-hidden="true" onClick={() => setOpen(false)} />}
    </>
  );
}

function Pages({ navigation }: { navigation: Navigation }) {
  const session = useSession();
  const sections = new Map<string, Navigation["pages"]>();
  for (const page of navigation.pages ?? []) {
    const section = page.section ?? "";
    sections.set(section, [...(sections.get(section) ?? []), page]);
  }
  return (
    <nav className="pages" aria-label={text.app.pages}>
      {[...sections].map(([section, pages]) => (
        <div key={section}>
          {section && <h2>{section}</h2>}
          {(pages ?? []).map((page) => (
            <a
              key={page.path}
              href={`?page=${encodeURIComponent(page.path)}`}
              aria-current={page.path === navigation.current ? "page" : undefined}
              onClick={(e) => {
                if (e.ctrlKey || e.metaKey || e.shiftKey) return;
                e.preventDefault();
                session.goToPage(page.path);
              }}
            >
              <UserIcon icon={page.icon} />
              {page.title}
            </a>
          ))}
        </div>
      ))}
    </nav>
  );
}

/** Shows that a run goes on, once it has for a moment, and lets the person stop it. */
function Running() {
  const session = useSession();
  const { running } = useCell(session.run);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!running) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), 300);
    return () => clearTimeout(timer);
  }, [running]);
  return (
    <div className="running" role="status" aria-live="polite">
      {shown && (
        <>
          <span className="pulse" />
          <span>{text.app.running}</span>
          <button type="button" className="btn quiet" onClick={() => session.do({ interrupt: {} })}>
            {text.app.stop}
          </button>
        </>
      )}
    </div>
  );
}

function Connection({ failure }: { failure: Cell<Failure | undefined> }) {
  const session = useSession();
  const link = useCell(session.socket.link);
  const failed = useCell(failure);
  const [late, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (link !== "lost") return;
    const timer = setTimeout(() => setLate(true), 1200);
    return () => clearTimeout(timer);
  }, [link]);
  if (link === "refused" || failed?.fatal) {
    return (
      <div className="banner bad" role="alert">
        <span>{failed?.text || text.app.refused}</span>
        <button type="button" className="btn" onClick={() => location.reload()}>
          {text.app.reload}
        </button>
      </div>
    );
  }
  if (link === "lost" && late) {
    return (
      <div className="banner" role="status">
        <span className="spin" />
        <span>{text.app.connectionLost}</span>
      </div>
    );
  }
  return null;
}

/** An emoji as the tab's icon. */
function useFavicon(icon: string | undefined) {
  useEffect(() => {
    if (!icon || icon.startsWith(":")) return;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 64;
    const ctx = canvas.getContext("2d");
    if (!ctx) return;
    ctx.font = "52px sans-serif";
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(icon, 32, 36);
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (!link) return;
    link.type = "image/png";
    link.href = canvas.toDataURL("image/png");
  }, [icon]);
}
