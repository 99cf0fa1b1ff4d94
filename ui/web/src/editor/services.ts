import type { Session } from "../net/session";
import type { Graph, VariableShown, Version } from "../protocol/session";
import type { Var } from "../protocol/wire";
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

/** Texts to compare, as Markdown notebooks. */
export interface Texts {
  mine: string;
  theirs?: string;
  old?: string;
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

  /** The notebook's variables, as a new last cell would see them. */
  variables(): Promise<Var[]> {
    return this.session.socket.request<Var[] | null>("variables", {}).then((v) => v ?? []);
  }

  /** A variable's value shown whole. */
  variable(name: string): Promise<VariableShown> {
    return this.session.socket.request<VariableShown>("variable", { name });
  }

  graph(): Promise<Graph> {
    return this.session.socket.request<Graph>("graph", {});
  }

  history(): Promise<Version[]> {
    return this.session.socket.request<Version[] | null>("history", {}).then((v) => v ?? []);
  }

  version(id: string): Promise<Texts> {
    return this.session.socket.request<Texts>("version", { id });
  }

  async restore(id: string): Promise<void> {
    this.notebook.flush();
    await this.session.socket.request<null>("restore", { id });
  }

  /** The document, and in a conflict the file, as one can read and compare them. */
  async text(): Promise<Texts | undefined> {
    try {
      return await this.session.socket.request<Texts>("text", {});
    } catch {
      return undefined;
    }
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
