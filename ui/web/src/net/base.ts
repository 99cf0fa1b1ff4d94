// Where the server is. It may sit below a path of the origin; the pages carry
// that path in a meta tag.

function meta(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
}

const base = new URL(meta("stnb-base") || "/", location.href);

/** The nonce that lets the code editor add its style sheet under the page's policy. */
export const nonce = meta("csp-nonce");

/** Resolves a path of the server, or an address an element carries. */
export function address(path: string): string {
  if (/^(https?|data|blob|mailto):/i.test(path)) return path;
  return new URL(path.replace(/^\//, ""), base).href;
}

/** The page's path below the base, without a leading slash. */
export function pagePath(): string {
  return decodeURIComponent(location.pathname.slice(base.pathname.length));
}

/** The WebSocket's address. */
export function socketAddress(path: string): string {
  const url = new URL(path, base);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** Whether the person signed in to see this page, and so can sign out. */
export const canSignOut = meta("stnb-sign-out") !== "";

/** Signs out in this browser, or wherever the person signed in, and shows where one signs in again. */
export async function signOut(everywhere: boolean): Promise<void> {
  await send(everywhere ? "logout/everywhere" : "logout", { method: "POST" });
  location.replace(base.href);
}

/** Sends a write with the header that the server's CSRF check asks for. */
export function send(path: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  headers.set("X-Stnb", "1");
  return fetch(address(path), { ...init, headers, credentials: "same-origin" });
}
