import type { ViewProps } from "../screen/registry";
import { text } from "../text/messages";
import "./table.css";

const numeric = new Set(["int", "float", "decimal"]);

export function Table({ props }: ViewProps<"table">) {
  const columns = props.columns ?? [];
  const rows = props.rows ?? [];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <div className="table-wrap" tabIndex={0} role="group" aria-label={text.grid.label}>
      <table className="table">
        <thead>
          <tr>
            {columns.map((c, i) => (
              <th key={i} scope="col" title={c.type} className={numeric.has(c.kind) ? "num" : undefined}>
                {c.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            <tr key={r}>
              {row?.map((cell, i) => (
                <td key={i} className={numeric.has(columns[i]?.kind ?? "") ? "num" : undefined}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className="table-note">{text.grid.empty}</p>}
      {!!props.more && <p className="table-note">{text.output.moreRows(props.more)}</p>}
    </div>
  );
}
