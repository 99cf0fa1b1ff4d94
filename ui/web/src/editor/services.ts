import type { Session } from "../net/session";
import type { Notebook } from "./notebook";

/** A place in a cell, or in a file beside the notebook: line and byte column from 1. */
export interface At {
  cell: string;
  line: number;
  column: number;
  file?: string;
}

export interface Range {
  start: At;
  end: At;
}

export interface CompletionItem {
  label: string;
  kind?: string;
  detail?: string;
  doc?: string;
  insert?: string;
  snippet?: string;
  /** Changes that belong to it: an import at the top of the cell. */
  edits?: TextEdit[];
}

export interface Hover {
  signature?: string;
  doc?: string;
  range?: Range;
}

export interface Signature {
  label: string;
  doc?: string;
  /** Where in the label the current parameter stands. */
  active?: [number, number];
}

export interface TextEdit {
  range: Range;
  text: string;
}

/** A change that mends the problem that begins at a place. */
export interface Fix {
  at: At;
  title: string;
  edits: TextEdit[];
}

/**
 * The services of the language, asked over the session's connection. What is typed
 * is on the server first, so that an answer is about the text the person sees. A service
 * that fails answers nothing: it is a help, and never in the way.
 */
export class Services {
  private session: Session;
  private notebook: Notebook;

  constructor(session: Session, notebook: Notebook) {
    this.session = session;
    this.notebook = notebook;
  }

  complete(at: At): Promise<{ items: CompletionItem[]; range?: Range } | undefined> {
    return this.ask<{ items: CompletionItem[] | null; range?: Range }>("complete", at).then(
      (r) => r && { ...r, items: r.items ?? [] },
    );
  }

  hover(at: At): Promise<Hover | undefined> {
    return this.ask("hover", at);
  }

  signature(at: At): Promise<Signature | undefined> {
    return this.ask("signature", at);
  }

  definition(at: At): Promise<Range | undefined> {
    return this.ask("definition", at);
  }

  references(at: At): Promise<Range[] | undefined> {
    return this.ask("references", at);
  }

  rename(at: At, name: string): Promise<TextEdit[] | undefined> {
    return this.strict("rename", { ...at, name });
  }

  /** What mends the cell's problems; none when the question fails. */
  fixes(cell: string): Promise<Fix[]> {
    return this.strict<Fix[]>("fixes", { cell }).then(
      (fixes) => fixes ?? [],
      () => [],
    );
  }

  format(cell: string): Promise<string | undefined> {
    return this.strict("format", { cell });
  }

  private async ask<T>(method: string, at: At): Promise<T | undefined> {
    try {
      return await this.strict<T>(method, at);
    } catch {
      return undefined;
    }
  }

  private async strict<T>(method: string, params: { cell: string; name?: string }): Promise<T | undefined> {
    await this.notebook.texts.get(params.cell)?.settle();
    return (await this.session.socket.request<T | null>(method, params)) ?? undefined;
  }
}
