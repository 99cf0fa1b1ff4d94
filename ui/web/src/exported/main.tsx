import "../style/base.css";
import "../style/elements.css";
import "../style/theme";
import { createRoot } from "react-dom/client";
import { serveFrames } from "../grid/frames";
import { Session } from "../net/session";
import { SessionContext } from "../screen/context";
import { load } from "../screen/registry";
import { localFrames } from "./frames";
import { Page, type Stored } from "./Page";

const stored = JSON.parse(document.getElementById("stnb-notebook")!.textContent!) as Stored;
serveFrames(localFrames(stored.frames));
const session = new Session({ path: "", storage: "stnb.exported" });
session.tree.onKind = load;
session.show({ order: stored.cells.map((c) => c.id), deltas: stored.screen });

createRoot(document.getElementById("root")!).render(
  <SessionContext value={session}>
    <Page stored={stored} />
  </SessionContext>,
);
