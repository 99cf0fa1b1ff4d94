import { send } from "../net/base";
import type { Reply, Request } from "../protocol/page";
import type { FrameRequest } from "../protocol/protocol";
import { columnsOf } from "./arrow";
import { leave } from "./leave";

/** A frame whose rows are all here. */
export interface LocalFrames {
  window(request: Request): { reply: Reply; columns: unknown[][] };
  file(request: Request): { reply: Reply; blob: Blob };
}

let local: LocalFrames | undefined;

/** Takes frames from here instead of the server: an exported page has none. */
export function serveFrames(frames: LocalFrames): void {
  local = frames;
}

/** Whether frames are made into Parquet: by the server alone. */
export const makesParquet = () => local === undefined;

/** Asks for a window of a frame: the reply's description and the columns' values. */
export async function fetchWindow(
  session: string,
  request: Request,
  signal?: AbortSignal,
): Promise<{ reply: Reply; columns: unknown[][] }> {
  if (local) return local.window(request);
  const response = await post(session, request, signal);
  const reply = JSON.parse(response.headers.get("X-Stnb-Reply") ?? "{}") as Reply;
  const body = new Uint8Array(await response.arrayBuffer());
  return { reply, columns: columnsOf(body) };
}

/** How much is done of the pass that this grid waits for, from 0 to 1, when that is known. */
export async function fetchProgress(
  session: string,
  frame: string,
  asker: string,
): Promise<number | undefined> {
  if (local) return undefined;
  const request: Request = { frame, offset: 0, limit: 0, view: asker, progress: true };
  const response = await ask({ session, request });
  if (!response.ok) return undefined;
  return (JSON.parse(response.headers.get("X-Stnb-Reply") ?? "{}") as Reply).done ?? undefined;
}

/** Markdown as HTML that is safe to show; a page without a server has none. */
export async function renderMarkdown(
  session: string,
  source: string,
  signal: AbortSignal,
): Promise<{ html: string; math: boolean }> {
  if (local) throw new Error("no server");
  const request: Request = { frame: "", offset: 0, limit: 0, format: "markdown", text: source };
  const response = await ask({ session, request }, signal);
  if (!response.ok) throw new Error(response.statusText);
  return response.json();
}

/** A part of a file made of the frame, under the request's order and filters. */
export async function fetchPart(
  session: string,
  request: Request,
  signal?: AbortSignal,
): Promise<{ reply: Reply; blob: Blob }> {
  if (local) return local.file(request);
  const response = await post(session, request, signal);
  const reply = JSON.parse(response.headers.get("X-Stnb-Reply") ?? "{}") as Reply;
  return { reply, blob: await response.blob() };
}

async function post(session: string, request: Request, signal?: AbortSignal): Promise<Response> {
  for (let again = false; ; again = true) {
    const edits = request.edits && (await leave(session, request.frame, request.edits, again));
    const response = await ask({ session, request: { ...request, edits } }, signal);
    if (response.ok) return response;
    const why = await response.text();
    // A kernel that started anew, or that keeps no more, wants them once more.
    if (again || !edits || !why.includes("edits are not here")) {
      throw new Error(why.slice(0, 300) || response.statusText);
    }
  }
}

function ask(body: FrameRequest, signal?: AbortSignal): Promise<Response> {
  return send("frames", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
}
