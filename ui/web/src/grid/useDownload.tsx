import { useRef, useState } from "react";
import { save } from "../net/save";
import type { FrameRef } from "../protocol/element";
import type { Request } from "../protocol/page";
import { useSession } from "../screen/context";
import { text } from "../text/messages";
import type { Row } from "./edits";
import { fetchPart, makesParquet } from "./frames";
import { Tool } from "./Grid";
import { type View, viewOf } from "./source";
import { plain } from "./values";

const t = text.grid;
const rowsAtOnce = 20_000;
const bytesAtOnce = 4 << 20;

/**
 * The download of a frame under a view: it comes in parts, so that it can be
 * followed and cancelled, and the server never holds more than a part of it.
 */
export function useDownload(
  data: FrameRef,
  view: View,
  asker: string,
  added?: { rows: readonly Row[]; columns: readonly { name: string }[] },
) {
  const session = useSession();
  const [state, setState] = useState<{ name: string; part: string; failed?: string } | undefined>(undefined);
  const running = useRef<AbortController | undefined>(undefined);

  const download = async (format: "csv" | "parquet") => {
    running.current?.abort();
    const abort = new AbortController();
    running.current = abort;
    const name = `${new Date().toISOString().slice(0, 16).replace(":", "-")}_export.${format}`;
    const ask = (offset: number, limit: number) => {
      const request: Request = {
        frame: data.ref,
        offset,
        limit,
        ...viewOf(view),
        edits: view.edits,
        format,
        view: asker,
      };
      return fetchPart(session.handle, request, abort.signal);
    };
    const parts: Blob[] = [];
    try {
      if (format === "csv") {
        for (let at = 0; ; ) {
          const { reply, blob } = await ask(at, rowsAtOnce);
          parts.push(blob);
          at += rowsAtOnce;
          if (at >= reply.total) break;
          setState({ name, part: `${Math.floor((at / reply.total) * 100)} %` });
        }
      } else {
        for (let at = 0; ; ) {
          const { reply, blob } = await ask(at, bytesAtOnce);
          parts.push(blob);
          at += blob.size;
          const size = reply.size ?? 0;
          if (size > 0 && at >= size) break;
          const part = size > 0 ? `${Math.floor((at / size) * 100)} %` : `${megabytes(reply.made ?? 0)} MB`;
          setState({ name, part });
        }
      }
      if (added && format === "csv") parts.push(new Blob([csv(added)]));
      save(new Blob(parts), name);
      setState(undefined);
    } catch (error) {
      if (abort.signal.aborted) return;
      setState({ name, part: "", failed: error instanceof Error ? error.message : String(error) });
    }
  };
  const cancel = () => {
    running.current?.abort();
    setState(undefined);
    const request: Request = {
      frame: data.ref,
      offset: 0,
      limit: -1,
      ...viewOf(view),
      format: "parquet",
      view: asker,
    };
    fetchPart(session.handle, request).catch(() => {});
  };
  return {
    tools: (
      <>
        <Tool icon="download" label={t.download} onClick={() => void download("csv")} />
        {makesParquet() && (added?.rows.length ?? 0) === 0 && (
          <Tool icon="file" label={t.downloadParquet} onClick={() => void download("parquet")} />
        )}
      </>
    ),
    foot: state && (
      <span role="status" className={state.failed ? "bad" : undefined}>
        {state.failed ? t.downloadFailed(state.failed) : t.downloading(state.name, state.part)}{" "}
        <button type="button" className="link" onClick={cancel}>
          {t.cancel}
        </button>
      </span>
    ),
  };
}

/** Added rows, as the server writes the others. */
function csv({ rows, columns }: { rows: readonly Row[]; columns: readonly { name: string }[] }): string {
  const field = (value: unknown) => {
    let s = plain(value);
    if (typeof value === "string" && /^[=+\-@\t\r]/.test(s)) s = `'${s}`;
    return /[",\r\n]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s;
  };
  return rows.map((row) => `${columns.map((c) => field(row[c.name])).join(",")}\r\n`).join("");
}

const megabytes = (bytes: number) => (bytes / 1e6).toFixed(1);
