import { type FormEvent, useState } from "react";
import { useCell } from "../screen/keyed";
import { editor as text } from "../text/messages/editor";
import type { Actions } from "./actions";

/** The program reads standard input: a line is asked for here. */
export function Stdin({ actions }: { actions: Actions }) {
  const ask = useCell(actions.notebook.ask);
  const [value, setValue] = useState("");
  if (!ask) return null;
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
      <label htmlFor="stdin">{ask.prompt || text.inputTitle}</label>
      <input
        id="stdin"
        // biome-ignore lint/a11y/noAutofocus: the program waits for it
        autoFocus
        className="field"
        autoComplete="off"
        value={value}
        onChange={(e) => setValue(e.target.value)}
      />
      <button type="submit" className="btn primary">
        {text.inputSend}
      </button>
      <button type="button" className="btn" onClick={() => answer(true)}>
        {text.inputEnd}
      </button>
    </form>
  );
}
