import { useEffect, useMemo, useRef, useState } from "react";
import { Icon } from "../icons";
import { useCell } from "../screen/keyed";
import { text as common } from "../text/messages";
import { editor as text } from "../text/messages/editor";
import type { Actions } from "./actions";
import { expression, type Found, findIn, mostFound, type Query, replaceIn, replacement } from "./find";
import "./find.css";

/** Finds and replaces in all cells of the notebook. */
export default function Find({ actions }: { actions: Actions }) {
  const start = useCell(actions.find);
  const { notebook } = actions;
  const order = useCell(notebook.order);
  const [query, setQuery] = useState<Query>({
    text: start?.text ?? "",
    regex: false,
    matchCase: false,
    word: false,
  });
  const [by, setBy] = useState("");
  const [at, setAt] = useState(-1);
  const version = useTexts(actions);
  const field = useRef<HTMLInputElement>(null);
  const re = useMemo(() => expression(query), [query]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: version counts changes of the texts
  const found = useMemo(() => {
    const out: Found[] = [];
    if (re) for (const id of order) out.push(...findIn(id, notebook.source(id), re));
    return out.slice(0, mostFound);
  }, [re, order, notebook, version]);
  useEffect(() => {
    if (start?.text) setQuery((q) => ({ ...q, text: start.text }));
    field.current?.focus();
    field.current?.select();
  }, [start]);
  useEffect(() => {
    actions.looking.set(re);
  }, [actions, re]);
  useEffect(() => {
    return () => {
      actions.looking.set(undefined);
      actions.shownSource.set("");
      paint(undefined);
    };
  }, [actions]);
  // Rendered text changes with the cells' texts, and with which cell shows its source.
  // biome-ignore lint/correctness/useExhaustiveDependencies: version and at stand for those changes
  useEffect(() => {
    const frame = requestAnimationFrame(() => paint(re));
    return () => cancelAnimationFrame(frame);
  }, [re, version, at]);
  const change = (more: Partial<Query>) => {
    setQuery((q) => ({ ...q, ...more }));
    setAt(-1);
  };
  const go = (to: number) => {
    if (found.length === 0) return;
    const i = (to + found.length) % found.length;
    setAt(i);
    const f = found[i]!;
    // The bar keeps the keys: Enter goes to the next match.
    actions.mark(f.cell, f.from, f.to);
  };
  const close = () => {
    const f = found[at];
    actions.find.set(undefined);
    if (f) actions.reach(f.cell, f.from, f.to);
  };
  const replaceOne = () => {
    const i = Math.max(0, at);
    const f = found[i];
    if (!f || !re) return;
    const source = notebook.source(f.cell);
    const one = replacement(source.slice(f.from, f.to), re, query, by);
    actions.setText(f.cell, source.slice(0, f.from) + one + source.slice(f.to));
    setAt(i - 1);
  };
  const replaceAll = () => {
    if (!re) return;
    const before = new Map<string, string>();
    let count = 0;
    for (const id of new Set(found.map((f) => f.cell))) {
      const source = notebook.source(id);
      const out = replaceIn(source, re, query, by);
      if (out.count === 0) continue;
      before.set(id, source);
      count += out.count;
      actions.setText(id, out.text);
    }
    notebook.flush();
    if (count === 0) return;
    notebook.notify({ level: "undo", text: text.replaced(count, before.size) }, () => {
      for (const [id, source] of before) actions.setText(id, source);
    });
  };
  const options = [
    ["matchCase", "Aa", text.matchCase],
    ["word", "W", text.wholeWord],
    ["regex", ".*", text.regex],
  ] as const;
  const keys = (e: React.KeyboardEvent, enter: () => void) => {
    if (e.key === "Enter") {
      e.preventDefault();
      enter();
    } else if (e.key === "Escape") {
      e.preventDefault();
      close();
    }
  };
  return (
    <search className="find" aria-label={text.findTitle}>
      <div className="find-row">
        <input
          ref={field}
          className="field"
          aria-label={text.find}
          placeholder={text.find}
          spellCheck={false}
          value={query.text}
          onChange={(e) => change({ text: e.target.value })}
          onKeyDown={(e) => keys(e, () => go(e.shiftKey ? at - 1 : at + 1))}
        />
        {options.map(([name, sign, label]) => (
          <button
            key={name}
            type="button"
            className="icon-btn find-option"
            aria-pressed={query[name]}
            aria-label={label}
            title={label}
            onClick={() => change({ [name]: !query[name] })}
          >
            {sign}
          </button>
        ))}
        <span className="find-count" role="status">
          {query.text && (re ? text.foundCount(at + 1, found.length) : text.badExpression)}
        </span>
        <Tool icon="up" label={text.previousMatch} onClick={() => go(at - 1)} />
        <Tool icon="down" label={text.nextMatch} onClick={() => go(at + 1)} />
        <Tool icon="close" label={common.app.dismiss} onClick={close} />
      </div>
      <div className="find-row">
        <input
          className="field"
          aria-label={text.replaceBy}
          placeholder={text.replaceBy}
          spellCheck={false}
          value={by}
          onChange={(e) => setBy(e.target.value)}
          onKeyDown={(e) => keys(e, replaceOne)}
        />
        <button type="button" className="btn small" disabled={found.length === 0} onClick={replaceOne}>
          {text.replaceOne}
        </button>
        <button type="button" className="btn small" disabled={found.length === 0} onClick={replaceAll}>
          {text.replaceAll}
        </button>
      </div>
    </search>
  );
}

function Tool(p: { icon: "up" | "down" | "close"; label: string; onClick: () => void }) {
  return (
    <button type="button" className="icon-btn" aria-label={p.label} title={p.label} onClick={p.onClick}>
      <Icon name={p.icon} size={14} />
    </button>
  );
}

/** Marks every match in text that is rendered; the code editors mark their own. */
function paint(re: RegExp | undefined): void {
  if (typeof CSS === "undefined" || !CSS.highlights) return;
  const ranges: Range[] = [];
  for (const node of re ? document.querySelectorAll(".cells .markdown-view") : []) {
    const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
    while (re && walker.nextNode() && ranges.length < mostFound) {
      for (const f of findIn("", walker.currentNode.nodeValue ?? "", re)) {
        const range = new Range();
        range.setStart(walker.currentNode, f.from);
        range.setEnd(walker.currentNode, f.to);
        ranges.push(range);
      }
    }
  }
  CSS.highlights.set("found", new Highlight(...ranges));
}

/** Counts the changes of the cells' texts. */
function useTexts(actions: Actions): number {
  const [version, setVersion] = useState(0);
  useEffect(
    () => actions.notebook.edited.subscribe(() => setVersion(actions.notebook.edited.get())),
    [actions],
  );
  return version;
}
