import { tableFromIPC } from "@uwdata/flechette";
import { send } from "../net/base";
import type { Reply, Request } from "../protocol/page";
import type { FrameRequest } from "../protocol/protocol";

/** Asks for a window of a frame: the reply's description and the columns' values. */
export async function fetchWindow(
  session: string,
  request: Request,
  signal?: AbortSignal,
): Promise<{ reply: Reply; columns: unknown[][] }> {
  const response = await post(session, request, signal);
  const reply = JSON.parse(response.headers.get("X-Stnb-Reply") ?? "{}") as Reply;
  const body = new Uint8Array(await response.arrayBuffer());
  if (body.length === 0) return { reply, columns: [] };
  const table = tableFromIPC(body, { useBigInt: true });
  const columns = table.schema.fields.map((_, i) => [...table.getChildAt(i)]);
  return { reply, columns };
}

/** A part of a file made of the frame, under the request's order and filters. */
export async function fetchPart(
  session: string,
  request: Request,
  signal?: AbortSignal,
): Promise<{ reply: Reply; blob: Blob }> {
  const response = await post(session, request, signal);
  const reply = JSON.parse(response.headers.get("X-Stnb-Reply") ?? "{}") as Reply;
  return { reply, blob: await response.blob() };
}

async function post(session: string, request: Request, signal?: AbortSignal): Promise<Response> {
  const body: FrameRequest = { session, request };
  const response = await send("frames", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal,
  });
  if (!response.ok) throw new Error((await response.text()).slice(0, 300) || response.statusText);
  return response;
}

/** Lets the browser save a blob. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
