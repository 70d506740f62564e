// Three files of 200 MB arrive at once, in parts: how long it takes and what the server holds in memory,
// beside writing the same bytes to the same disk.
//
//   TELLONCE_BINARY=target/release/tellonce TELLONCE_DEMO=DIR node bench/uploads/run.js

import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { cpSync, fsyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const BYTES = 200_000_000;
const PART = 8 * 1024 * 1024;
const FILES = 3;

const dir = mkdtempSync(join(process.env.TELLONCE_SCRATCH ?? tmpdir(), "uploads-"));
cpSync(process.env.TELLONCE_DEMO, join(dir, "area"), { recursive: true });
const port = Number(process.env.PORT ?? 18081);
const address = `http://127.0.0.1:${port}`;
const server = spawn(
  process.env.TELLONCE_BINARY ?? "target/release/tellonce",
  ["serve", "--demo", "--insecure-cookies", "--today", "2026-11-23", "--port", String(port), "--dir", join(dir, "area")],
  { stdio: "ignore" },
);
process.on("exit", () => {
  server.kill("SIGKILL");
  rmSync(dir, { recursive: true, force: true });
});
while (!(await fetch(`${address}/health`).then((answer) => answer.ok, () => false))) {
  await new Promise((done) => setTimeout(done, 50));
}

const megabytes = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))[1]) / 1000;

/** A form of somebody without an account. */
async function begin() {
  const answer = await fetch(`${address}/ask/you`, {
    method: "POST",
    redirect: "manual",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ asker: "parent", "your-name": "A parent", relation: "mother", telephone: "01632 960 001" }),
  });
  return answer.headers.get("location").replace(/\/child$/, "");
}

const block = randomBytes(PART);
block.write("%PDF-1.7 ");

async function send(form, number) {
  const tus = { "Tus-Resumable": "1.0.0" };
  const name = Buffer.from(`${number}.pdf`).toString("base64");
  const made = await fetch(`${address}${form}/uploads`, {
    method: "POST",
    headers: { ...tus, "Upload-Length": String(BYTES), "Upload-Metadata": `filename ${name}` },
  });
  const at = address + made.headers.get("location");
  for (let offset = 0; offset < BYTES; ) {
    const body = block.subarray(0, Math.min(PART, BYTES - offset));
    const answer = await fetch(at, {
      method: "PATCH",
      headers: { ...tus, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" },
      body,
    });
    if (answer.status !== 204) throw new Error(`${answer.status} ${await answer.text()}`);
    offset += body.length;
  }
}

const seconds = (since) => ((performance.now() - since) / 1000).toFixed(1);
const forms = [];
for (let number = 0; number < FILES; number += 1) forms.push(await begin());
await new Promise((done) => setTimeout(done, 1000));
const before = megabytes();
let most = before;
const watch = setInterval(() => (most = Math.max(most, megabytes())), 20);
let began = performance.now();
await Promise.all(forms.map(send));
const took = seconds(began);
clearInterval(watch);
console.log(`${FILES} files of ${BYTES / 1e6} MB at once: ${took} s`);
console.log(`memory of the server: ${before.toFixed(0)} MB before, at most ${most.toFixed(0)} MB, ${megabytes().toFixed(0)} MB after`);

// The machine's own limit: the same bytes written and flushed, and read once for two fingerprints.
began = performance.now();
const hash = createHash("sha256");
for (let number = 0; number < FILES; number += 1) {
  const file = openSync(join(dir, `beside-${number}`), "w");
  for (let offset = 0; offset < BYTES; ) {
    const body = block.subarray(0, Math.min(PART, BYTES - offset));
    writeSync(file, body);
    hash.update(body);
    offset += body.length;
  }
  fsyncSync(file);
}
hash.digest();
console.log(`the same bytes written, flushed and hashed by one plain program: ${seconds(began)} s`);
process.exit(0);
