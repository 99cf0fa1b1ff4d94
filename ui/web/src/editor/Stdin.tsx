import { type FormEvent, useEffect, useRef, useState } from "react";
import { useCell } from "../screen/keyed";
import { editor as text } from "../text/messages/editor";
import type { Actions } from "./actions";

/** The cell waits for standard input: a line is asked for below what it printed. */
export function Stdin({ id, actions }: { id: string; actions: Actions }) {
  const ask = useCell(actions.notebook.ask);
  const [value, setValue] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const asked = ask?.cell === id;
  useEffect(() => {
    if (asked) field.current?.focus();
  }, [asked]);
  if (!asked) return null;
  const answer = (eof: boolean) => {
    actions.session.do({ input: eof ? { text: value, eof } : { text: `${value}\n` } });
    actions.notebook.ask.set(undefined);
    setValue("");
  };
  return (
    <form
      className="stdin"
      onSubmit={(e: FormEvent) => {
        e.preventDefault();
        answer(false);
      }}
    >
      <input
        ref={field}
        className="field"
        aria-label={text.inputTitle}
        placeholder={text.inputTitle}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={(e) => setValue(e.target.value)}
        onKeyDown={(e) => {
          e.stopPropagation(); // the page's own keys do not count here
          if (e.key === "Escape") actions.interrupt();
          if (e.key === "d" && e.ctrlKey) {
            e.preventDefault();
            answer(true);
          }
        }}
      />
      <button type="submit" className="btn primary">
        {text.inputSend}
      </button>
      <button type="button" className="btn" title={text.inputEndTitle} onClick={() => answer(true)}>
        {text.inputEnd}
      </button>
    </form>
  );
}
