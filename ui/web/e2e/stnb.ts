import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { filesMustBeClean, mustBeClean, secretEnv, secretFile } from "./canary";

const repository = fileURLToPath(new URL("../../../", import.meta.url));
export const binary = process.env.STNB_BIN ?? join(repository, "bin/stnb");

/** Whether all is tried, as in make acceptance and make trust; make test leaves out what is tried there. */
export const whole = Boolean(process.env.STNB_ACCEPTANCE || process.env.STNB_WHOLE);

/** A server under test. */
export class Stnb {
  /** What it printed, both streams. */
  output = "";
  /** The first address it printed. */
  url = "";
  readonly process: ChildProcess;
  readonly started = performance.now();
  private readonly ended: Promise<number | null>;

  private constructor(args: string[], dir: string) {
    this.process = spawn(binary, args, {
      cwd: dir,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...secretEnv },
    });
    const add = (chunk: Buffer) => {
      this.output += chunk.toString();
    };
    this.process.stdout?.on("data", add);
    this.process.stderr?.on("data", add);
    this.ended = new Promise((resolve) => this.process.on("exit", (code) => resolve(code)));
  }

  /** Starts stnb on a free port and waits for its address. */
  static async start(command: "edit" | "run", target: string, ...flags: string[]): Promise<Stnb> {
    const s = new Stnb([command, "--port", "0", ...flags, target], repository);
    await until(`stnb ${command} to print its address`, 30_000, () => {
      s.url = /https?:\/\/\S+/.exec(s.output)?.[0] ?? "";
      if (s.process.exitCode !== null) throw new Error(`stnb ${command} ended:\n${s.output}`);
      return s.url !== "";
    });
    return s;
  }

  /** The pids of its kernels. */
  kernels(): number[] {
    return processes()
      .filter((p) => p.parent === this.process.pid && p.command.includes("kernel-worker"))
      .map((p) => p.pid);
  }

  /** Its memory in MB, without and with its kernels'. */
  memory(): { server: number; kernels: number } {
    const rss = (pid: number) =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
    const pid = this.process.pid ?? 0;
    return { server: rss(pid), kernels: this.kernels().reduce((sum, k) => sum + rss(k), 0) };
  }

  /** Ends it as Ctrl-C does. */
  async stop(): Promise<void> {
    this.process.kill("SIGTERM");
    const late = setTimeout(() => this.process.kill("SIGKILL"), 10_000);
    await this.ended;
    clearTimeout(late);
    mustBeClean("what the server printed", this.output);
  }

  /** Ends it as a power cut does. */
  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    await this.ended;
    mustBeClean("what the server printed", this.output);
  }
}

interface Process {
  pid: number;
  parent: number;
  command: string;
}

/** The processes of this machine, as /proc has them. */
function processes(): Process[] {
  const found: Process[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
      found.push({ pid: Number(name), parent, command });
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

/** Whether a process is there and no zombie. */
export function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}

/** A folder that a test may change: a copy of the examples, or an empty one. */
export function examples(empty = false): { dir: string; path: (name: string) => string; remove: () => void } {
  const dir = mkdtempSync(join(tmpdir(), "stnb-e2e-"));
  // What make run leaves beside the examples stays there: versions, outputs, sessions.
  const ours = (name: string) => !/\.stnb\/(?!secrets)/.test(name);
  if (!empty) cpSync(join(repository, "examples"), dir, { recursive: true, filter: ours });
  mkdirSync(join(dir, ".stnb"), { recursive: true });
  writeFileSync(join(dir, ".stnb/secrets.toml"), secretFile, { mode: 0o600 });
  return {
    dir,
    path: (name) => join(dir, name),
    remove: () => {
      try {
        filesMustBeClean(dir);
      } finally {
        rmSync(dir, { recursive: true, force: true });
      }
    },
  };
}

/**
 * Waits until check is true; asks often, since waiting is what takes time. A busy
 * machine gets ten times the ms that a machine at rest would never need.
 */
export async function until(
  what: string,
  ms: number,
  check: () => boolean | Promise<boolean>,
): Promise<void> {
  const began = performance.now();
  while (!(await check())) {
    const waited = performance.now() - began;
    if (waited > Math.min(10 * ms, 90_000))
      throw new Error(`waited ${Math.round(waited / 1000)} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
