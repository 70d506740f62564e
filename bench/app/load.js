// How long do the pages take that an officer lives in, with many people at once?
//
//   node bench/app/load.js ADDRESS [CLIENTS] [SECONDS] [PAUSE_MS]
//
// Each client opens a page, reads for PAUSE_MS on average, opens another: half of them children's
// pages chosen from the whole team's list and from searches, a quarter the officer's day, a quarter searches. "server"
// is what the Server-Timing header says, from the request read to the answer ready; "browser" is what
// the client waited. Beside them: the same load on /health, which is the server doing nothing, and on
// a bare Node server that sends as many bytes as a child's page has.

import http from "node:http";

const [address, clients = "50", seconds = "20", pause = "500"] = process.argv.slice(2);
const CLIENTS = Number(clients);
const SECONDS = Number(seconds);
const PAUSE_MS = Number(pause);
const LIST_PAGES = 12;

let seed = 7;
function random() {
  seed = (seed * 1103515245 + 12345) % 2147483648;
  return seed / 2147483648;
}
const pick = (list) => list[Math.floor(random() * list.length)];
const nap = (ms) => new Promise((done) => setTimeout(done, ms));

function get(base, path, agent, cookie) {
  return new Promise((done, failed) => {
    const began = performance.now();
    const request = http.get(base + path, { agent, headers: cookie ? { cookie } : {} }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => {
        const server = /dur=([\d.]+)/.exec(answer.headers["server-timing"] ?? "")?.[1];
        done({
          status: answer.statusCode,
          text: Buffer.concat(parts).toString(),
          browser: performance.now() - began,
          server: server === undefined ? undefined : Number(server),
        });
      });
      answer.on("error", failed);
    });
    request.on("error", failed);
  });
}

async function signIn(base, email) {
  const answer = await fetch(`${base}/sign-in`, {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ as: email }),
  });
  const cookie = answer.headers.getSetCookie()[0]?.split(";")[0];
  if (!cookie) throw new Error(`${email} could not sign in: ${answer.status}`);
  return cookie;
}

function say(name, times) {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.toFixed(1) ?? "-";
  console.log(`${name.padEnd(30)} ${String(times.length).padStart(7)} ${at(0.5).padStart(9)} ${at(0.95).padStart(9)} ${at(0.99).padStart(9)}`);
}

/** Loads `base` with all clients; `choose` says the next [kind, path, cookie]. */
async function load(base, choose) {
  const measured = new Map();
  const end = performance.now() + SECONDS * 1000;
  const one = async () => {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    await nap(random() * PAUSE_MS);
    while (performance.now() < end) {
      const [kind, path, cookie] = choose();
      const { status, browser, server } = await get(base, path, agent, cookie);
      if (status !== 200) throw new Error(`${path} answered ${status}`);
      if (!measured.has(kind)) measured.set(kind, { browser: [], server: [] });
      measured.get(kind).browser.push(browser);
      if (server !== undefined) measured.get(kind).server.push(server);
      if (PAUSE_MS > 0) await nap(random() * 2 * PAUSE_MS);
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: CLIENTS }, one));
  return measured;
}

function report(measured) {
  for (const [kind, { browser, server }] of [...measured].sort()) {
    if (server.length > 0) say(`${kind}, server`, server);
    say(`${kind}, browser`, browser);
  }
}

const officer = await signIn(address, "dev.patel@alderbourne.example");
const manager = await signIn(address, "helen.ward@alderbourne.example");
const agent = new http.Agent();
const children = new Set();
const lists = Array.from({ length: LIST_PAGES }, (_, page) => `/today?whose=all&page=${page + 1}`);
for (const letters of ["am", "os", "pr", "le", "ez", "wi", "is", "fr", "ai", "ha", "da", "ja"]) {
  lists.push(`/children?q=${letters}`);
}
for (const list of lists) {
  const { text } = await get(address, list, agent, manager);
  for (const [, path] of text.matchAll(/href="(\/children\/[0-9a-f-]{36})"/g)) children.add(path);
}
const paths = [...children];
if (paths.length === 0) throw new Error("the whole team's list has no children");
const sample = await get(address, paths[0], agent, manager);
const words = ["smith", "Ela March", "Okafor", "patel", "2016-04-18", "jon"];

console.log(`${CLIENTS} clients, a page every ${PAUSE_MS} ms each, ${SECONDS} s; ${paths.length} children`);
console.log(`${"milliseconds".padEnd(30)} ${"pages".padStart(7)} ${"median".padStart(9)} ${"95%".padStart(9)} ${"99%".padStart(9)}`);
const choose = () => {
  const dice = random();
  if (dice < 0.5) return ["child’s page", pick(paths), manager];
  if (dice < 0.75) return ["officer’s day", "/today", officer];
  return ["search", `/children?q=${encodeURIComponent(pick(words))}`, manager];
};
// The first seconds fill caches and are not counted.
for (const path of paths.slice(0, 50)) await get(address, path, agent, manager);
report(await load(address, choose));
report(await load(address, () => ["the server doing nothing", "/health"]));

const bare = http.createServer((_, answer) => answer.end(sample.text));
await new Promise((done) => bare.listen(0, "127.0.0.1", done));
report(await load(`http://127.0.0.1:${bare.address().port}`, () => ["bare server, same bytes", "/"]));
bare.close();
agent.destroy();
