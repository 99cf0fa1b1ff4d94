import "../style/base.css";
import "../style/theme";
import { createRoot } from "react-dom/client";
import { List } from "./List";

createRoot(document.getElementById("root")!).render(<List />);
