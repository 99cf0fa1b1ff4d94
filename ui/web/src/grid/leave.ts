import { send } from "../net/base";
import { randomID } from "../net/socket";
import type { Edits } from "../protocol/page";
import type { FrameRequest } from "../protocol/protocol";

// A table's edits may be many: they go to the server once, and requests name them.

/** Characters of one message: the server takes 512 kB. */
const atOnce = 300_000;

/** The names under which lists of edits are at the server, by the lists themselves. */
const names = new WeakMap<object, Promise<string>>();

/** Leaves edits at the server, unless they are there, and returns their names. */
export async function leave(session: string, frame: string, edits: Edits, again = false): Promise<Edits> {
  const kept: string[] = [];
  for (const part of ["cells", "deleted"] as const) {
    const list = edits[part];
    if (!list || list.length === 0) continue;
    let name = again ? undefined : names.get(list);
    if (!name) {
      name = leaveList(session, frame, part, list);
      names.set(list, name);
      name.catch(() => names.delete(list));
    }
    kept.push(await name);
  }
  return { kept };
}

async function leaveList(
  session: string,
  frame: string,
  part: "cells" | "deleted",
  list: readonly unknown[],
): Promise<string> {
  const name = randomID();
  for (const some of parts(list)) {
    const body: FrameRequest = {
      session,
      request: { frame, offset: 0, limit: 0, format: "edits", edits: { kept: [name], [part]: some } },
    };
    const response = await send("frames", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error((await response.text()).slice(0, 300) || response.statusText);
  }
  return name;
}

/** A list in parts that each fit into a message. */
export function parts<T>(list: readonly T[], size = atOnce): T[][] {
  const out: T[][] = [];
  let used = size;
  for (const item of list) {
    const length = JSON.stringify(item).length + 1;
    if (used + length > size) {
      out.push([]);
      used = 0;
    }
    out.at(-1)!.push(item);
    used += length;
  }
  return out;
}
