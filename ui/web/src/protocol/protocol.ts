// Generated from the Go types by `go test ./ui/protocol -update`. Do not edit.
import type * as page from "./page";
import type * as session from "./session";

export interface Client {
  hello?: Hello;
  op?: session.Op;
  seq?: number;
  req?: Request;
}

export interface Hello {
  client: string;
  session?: string;
  query?: string;
  page?: string;
}

export interface Request {
  id: number;
  method: string;
  params?: unknown;
}

export interface Server {
  welcome?: Welcome;
  events?: session.Event[];
  ack?: number;
  res?: Response;
  error?: Failure;
}

export interface Welcome {
  session: string;
  handle: string;
  mode: string;
  client: string;
  seq?: number;
  build?: string;
}

export interface Response {
  id: number;
  result?: unknown;
  error?: string;
}

export interface Failure {
  text: string;
  seq?: number;
  fatal?: boolean;
}

export interface FrameRequest {
  session: string;
  request: page.Request;
}

export interface Listing {
  root: string;
  notebooks: NotebookInfo[] | null;
  templates: Template[] | null;
  tour?: boolean;
}

export interface NotebookInfo {
  path: string;
  title?: string;
  modified: number;
  size: number;
  kernel?: string;
  engine?: string;
}

export interface Template {
  name: string;
  title: string;
}

export interface Folder {
  path: string;
  entries: Entry[] | null;
}

export interface Entry {
  name: string;
  path: string;
  folder?: boolean;
  notebook?: boolean;
  title?: string;
  size: number;
  modified: number;
  kernel?: string;
}

export interface Hits {
  hits: Hit[] | null;
  more?: boolean;
}

export interface Hit {
  path: string;
  line?: number;
  text?: string;
}

export interface Trash {
  deleted: Deleted[] | null;
}

export interface Deleted {
  id: string;
  path: string;
  at: number;
  folder?: boolean;
  size: number;
}

export interface Restore {
  id: string;
}

export interface Restored {
  path: string;
}

export interface NewNotebook {
  path: string;
  template?: string;
}

export interface RenameNotebook {
  path: string;
  to: string;
}

export interface At {
  cell: string;
  line: number;
  column: number;
}

export interface Rename {
  cell: string;
  line: number;
  column: number;
  name: string;
}

export interface Format {
  cell: string;
}
