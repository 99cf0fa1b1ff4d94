import "../style/base.css";
import "../style/elements.css";
import "../style/prose.css";
import "../style/theme";
import { createRoot } from "react-dom/client";
import { pagePath } from "../net/base";
import { Session } from "../net/session";
import { SessionContext } from "../screen/context";
import { load } from "../screen/registry";
import { Actions } from "./actions";
import { loadMount } from "./Code";
import { Editor } from "./Editor";
import { Notebook } from "./notebook";

const path = pagePath().replace(/^edit\//, "");
void loadMount();

const session = new Session({
  path: `ws?notebook=${encodeURIComponent(path)}`,
  storage: `stnb.edit.${path}`,
  onEvent: (event) => notebook.apply(event),
  onFailure: (text) => notebook.notify({ level: "error", text }),
});
session.tree.onKind = load;
const notebook = new Notebook(session);
const actions = new Actions(session, notebook);

// Opened notebooks come first in the list.
try {
  const key = "stnb.recent";
  const recent = JSON.parse(localStorage.getItem(key) ?? "[]") as string[];
  localStorage.setItem(key, JSON.stringify([path, ...recent.filter((p) => p !== path)].slice(0, 12)));
} catch {
  // A comfort, no more.
}

window.addEventListener("pagehide", () => notebook.flush());

createRoot(document.getElementById("root")!).render(
  <SessionContext value={session}>
    <Editor actions={actions} />
  </SessionContext>,
);
session.open();
