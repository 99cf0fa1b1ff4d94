import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

// Secrets that every server under test has, and that nothing it emits or writes may
// hold: all tests look for them, whatever else they are about.

const mark = "canary-0b5e55ed-";

/** The variables that a server gets its secrets in. */
export const secretEnv = {
  STNB_TOKEN: `${mark}token`,
  STNB_METRICS_TOKEN: `${mark}metrics`,
  STNB_OIDC_CLIENT_SECRET: `${mark}oidc`,
};

/** A file of secrets for notebooks. */
export const secretFile = `canary_key = "${mark}of-the-file"\n[connections.canary]\nurl = "postgres://user:${mark}password@127.0.0.1:9/db"\n`;

/** Throws when the text holds a secret. */
export function mustBeClean(what: string, text: string): void {
  const at = text.indexOf(mark);
  if (at >= 0) throw new Error(`${what} holds a secret: …${text.slice(Math.max(0, at - 200), at + 60)}…`);
}

/** Throws when a file below the folder holds a secret, but the file of secrets itself. */
export function filesMustBeClean(dir: string): void {
  for (const name of readdirSync(dir)) {
    const path = join(dir, name);
    const info = statSync(path, { throwIfNoEntry: false });
    if (!info) continue;
    if (info.isDirectory()) filesMustBeClean(path);
    else if (info.isFile() && name !== "secrets.toml" && info.size < 64 << 20)
      mustBeClean(path, readFileSync(path, "latin1"));
  }
}
