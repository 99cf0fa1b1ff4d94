import "../style/base.css";
import "../style/elements.css";
import "../style/theme";
import { createRoot } from "react-dom/client";
import { Session } from "../net/session";
import { SessionContext } from "../screen/context";
import { Cell } from "../screen/keyed";
import { load } from "../screen/registry";
import { App, type Failure } from "./App";

const failure = new Cell<Failure | undefined>(undefined);
const title = new Cell("");

const query = new URLSearchParams(location.search);
const session = new Session({
  path: `ws?app=${encodeURIComponent(query.get("app") ?? "")}`,
  storage: `stnb.session.${location.pathname}`,
  onEvent: (event) => {
    if (event.document) title.set(event.document.title);
    if (event.query) setQuery(event.query.query);
  },
  onFailure: (text, fatal) => failure.set({ text, fatal }),
});
session.tree.onKind = load;

/** The program set the query string: it goes into the address without a new page. */
function setQuery(next: string): void {
  const url = new URL(location.href);
  url.search = next;
  history.replaceState(null, "", url);
}

window.addEventListener("popstate", () => {
  session.interact({
    query: location.search.replace(/^\?/, ""),
    page: new URLSearchParams(location.search).get("page") ?? "",
  });
});

createRoot(document.getElementById("root")!).render(
  <SessionContext value={session}>
    <App title={title} failure={failure} />
  </SessionContext>,
);
session.open();
