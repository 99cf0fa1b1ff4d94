import { useEffect, useState } from "react";
import { HelpLink } from "../elements/parts/HelpLink";
import { Icon } from "../icons";
import { useKeyed } from "../screen/keyed";
import { toOffset } from "../text/position";
import type { Actions } from "./actions";
import type { Fix, Services } from "./services";

interface ProblemsProps {
  id: string;
  actions: Actions;
  services: Services;
}

/** A cell's problems, each a line that leads to its place, with what would mend it. */
export function Problems({ id, actions, services }: ProblemsProps) {
  const problems = useKeyed(actions.notebook.problems, id);
  const [fixes, setFixes] = useState<Fix[]>([]);
  useEffect(() => {
    let current = true;
    setFixes([]);
    if (problems?.some((p) => p.code === "undefined" || p.code === "foreign"))
      void services.fixes(id).then((found) => current && setFixes(found));
    return () => {
      current = false;
    };
  }, [problems, id, services]);
  if (!problems || problems.length === 0) return null;
  return (
    <ul className="problems">
      {problems.map((p, i) => {
        const { start } = p.range;
        return (
          <li key={i} className={p.severity}>
            <button
              type="button"
              className="problem"
              onClick={() =>
                actions.edit(id, toOffset(actions.notebook.source(id), start.line, start.column))
              }
            >
              <Icon
                name={p.severity === "error" ? "error" : p.severity === "warning" ? "warning" : "info"}
                size={14}
              />
              <span>{p.message}</span>
              {start.line > 0 && (
                <span className="place">
                  {start.line}:{start.column}
                </span>
              )}
            </button>
            <HelpLink topic={p.code} />
            {fixes
              .filter((f) => f.at.line === start.line && f.at.column === start.column)
              .map((f) => (
                <button
                  key={f.title}
                  type="button"
                  className="btn fix"
                  onClick={() => actions.apply(f.edits)}
                >
                  {f.title}
                </button>
              ))}
            {p.notes?.map((note, n) => (
              <p key={n} className="problem-note">
                {note.message}
              </p>
            ))}
          </li>
        );
      })}
    </ul>
  );
}
