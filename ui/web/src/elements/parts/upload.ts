import { address } from "../../net/base";
import type { Upload } from "../../protocol/element";
import { text } from "../../text/messages";

interface Listener {
  progress?: (percent: number) => void;
  done: (sent: Upload) => void;
  /** why is empty when the person stopped it. */
  failed: (why: string) => void;
}

/** Sends a file to a widget's address; what it returns stops it. */
export function upload(url: string, file: File, on: Listener): () => void {
  const request = new XMLHttpRequest();
  request.upload.onprogress = (e) => on.progress?.(Math.round((e.loaded / Math.max(1, e.total)) * 100));
  request.onload = () => {
    if (request.status >= 300) on.failed(request.responseText.slice(0, 200) || String(request.status));
    else on.done(JSON.parse(request.responseText) as Upload);
  };
  request.onerror = () => on.failed(text.app.connectionLost);
  request.onabort = () => on.failed("");
  request.open("PUT", `${address(url).replace(/\/$/, "")}/${encodeURIComponent(file.name)}`);
  request.setRequestHeader("X-Stnb", "1");
  request.setRequestHeader("Content-Type", file.type || "application/octet-stream");
  request.send(file);
  return () => request.abort();
}
