// A demo area of a test's own: a copy of the prepared one, served on a free port on a fixed day.

import { execFileSync, spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The Monday on which the demo's people stand. */
export const TODAY = "2026-11-23";

const BINARY = process.env.TELLONCE_BINARY ?? "target/debug/tellonce";
const PREPARED = process.env.TELLONCE_DEMO;
const START_SECONDS_MAX = 60;

// However this process ends, no server outlives it.
const running = new Set();
process.on("exit", () => running.forEach((server) => server.kill("SIGKILL")));
process.once("SIGTERM", () => process.exit(143));

/** Starts an area; `t` is the test whose end is also the area's. `prepare` is told its address first
 * and may return more arguments to serve it with. */
export async function startArea(t, { today = TODAY, prepare } = {}) {
  if (!PREPARED) throw new Error("TELLONCE_DEMO names no prepared demo: run ./test --browser");
  const dir = await mkdtemp(join(process.env.TELLONCE_SCRATCH ?? tmpdir(), "area-"));
  await cp(PREPARED, dir, { recursive: true });
  const area = new Area(dir);
  t.after(() => area.remove());
  area.prepare = prepare;
  await area.start(today);
  return area;
}

class Area {
  dir;
  #server;
  address;
  prepare;

  constructor(dir) {
    this.dir = dir;
  }

  /** Serves the area as on the day `today`. */
  async start(today) {
    const port = await freePort();
    const said = [];
    this.address = `http://localhost:${port}`;
    const more = (await this.prepare?.(this.address)) ?? [];
    this.#server = spawn(
      BINARY,
      ["serve", "--demo", "--insecure-cookies", "--dir", this.dir, "--port", String(port), "--today", today, ...more],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    const server = this.#server;
    running.add(server);
    server.once("exit", () => running.delete(server));
    for (const stream of [server.stdout, server.stderr]) stream.on("data", (text) => said.push(text));
    for (let tries = 0; tries < START_SECONDS_MAX * 10; tries += 1) {
      if (server.exitCode !== null) throw new Error(`the server ended at its start:\n${said.join("")}`);
      const answer = await fetch(`${this.address}/health`).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`the server did not answer in ${START_SECONDS_MAX} seconds:\n${said.join("")}`);
  }

  /** Stops the server as an operator does, with what it was doing finished. */
  async stop() {
    const server = this.#server;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    const ended = new Promise((done) => server.once("exit", done));
    server.kill("SIGTERM");
    // A browser's open connection may keep a graceful stop waiting.
    const timer = setTimeout(() => server.kill("SIGKILL"), 5000);
    await ended;
    clearTimeout(timer);
  }

  /** The same area on a later day. */
  async moveClockTo(today) {
    await this.stop();
    await this.start(today);
  }

  /** What `tellonce verify` says of the area. */
  verify() {
    return execFileSync(BINARY, ["verify", "--dir", this.dir], { encoding: "utf8" });
  }

  async remove() {
    await this.stop();
    await rm(this.dir, { recursive: true, force: true });
  }
}

export function freePort() {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}
