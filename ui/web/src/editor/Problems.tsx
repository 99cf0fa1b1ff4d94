import { Icon } from "../icons";
import { useKeyed } from "../screen/keyed";
import { toOffset } from "../text/position";
import type { Actions } from "./actions";

/** A cell's problems, each a line that leads to its place. */
export function Problems({ id, actions }: { id: string; actions: Actions }) {
  const problems = useKeyed(actions.notebook.problems, id);
  if (!problems || problems.length === 0) return null;
  return (
    <ul className="problems">
      {problems.map((p, i) => (
        <li key={i} className={p.severity}>
          <button
            type="button"
            onClick={() => {
              const { start } = p.range;
              actions.edit(id, toOffset(actions.notebook.source(id), start.line, start.column));
            }}
          >
            <Icon
              name={p.severity === "error" ? "error" : p.severity === "warning" ? "warning" : "info"}
              size={14}
            />
            <span>{p.message}</span>
            {p.range.start.line > 0 && (
              <span className="place">
                {p.range.start.line}:{p.range.start.column}
              </span>
            )}
          </button>
          {p.notes?.map((note, n) => (
            <p key={n} className="problem-note">
              {note.message}
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}
