// Webhooks: an administrator has a program told what happens; a receiver of the test's own checks the
// signature, fails, is sent it again.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { startArea } from "./support/area.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

/** A receiver on this machine: what it was sent, and what it answers next. */
async function startReceiver(t) {
  const receiver = { taken: [], says: 200 };
  const server = createServer((request, answer) => {
    let body = "";
    request.on("data", (part) => (body += part));
    request.on("end", () => {
      receiver.taken.push({ headers: request.headers, body });
      answer.writeHead(receiver.says).end();
    });
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  receiver.address = `http://127.0.0.1:${server.address().port}/hooks`;
  return receiver;
}

async function until(what, is) {
  for (let tries = 0; tries < 250; tries += 1) {
    if (is()) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`${what} did not come`);
}

describe("Programs are told what happens", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const receiver = await startReceiver(t);
      const area = await startArea(t, { prepare: async () => ["--webhooks-inside"] });
      const sol = await visit(t, area, "Webhooks", screen);
      await sol.signInAs("Helen Ward");
      await sol.goTo("/webhooks");
      await sol.sees("There are no webhooks yet");
      sol.expectStatus(422);
      await sol.press("Add the webhook");
      await sol.sees("Enter an address that begins with https://");
      await sol.fill("Who is told?", "School system");
      await sol.fill("Address", receiver.address);
      await sol.select("Whose rights decide what it is told?", "Helen Ward (you): SEND manager");
      await sol.page.getByLabel("Calls, emails and letters that were noted").check();
      await sol.press("Add the webhook");
      await sol.sees("Copy the secret now");
      const secret = (await sol.page.locator("pre.app-listing").first().innerText()).trim();
      assert.match(secret, /^whsec_/);
      const page = new URL(sol.page.url()).pathname;

      const child = await firstChild(sol);
      receiver.says = 500;
      await noteContact(sol, child);
      await until("the first try", () => receiver.taken.length === 1);
      receiver.says = 200;
      await until("the second try", () => receiver.taken.length === 2);
      const [first, second] = receiver.taken;
      assert.equal(first.headers["webhook-id"], second.headers["webhook-id"]);
      const { headers, body } = second;
      const key = Buffer.from(secret.slice("whsec_".length), "base64");
      const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
      assert.equal(headers["webhook-signature"], `v1,${createHmac("sha256", key).update(signed).digest("base64")}`);
      assert.equal(JSON.parse(body).type, "enquiries.noted");

      await sol.goTo("/webhooks");
      await sol.follow(/^What it was sent/);
      await sol.sees("answered 200");
      await sol.press(/^Send again/);
      await sol.sees("What was asked for goes once more");
      await until("the third", () => receiver.taken.length === 3);
      await sol.press("Pause");
      await sol.sees("What happens meanwhile waits");
      await sol.press("Use it again");
      await sol.sees("What waited goes now");
      sol.expectStatus(422);
      await sol.press("Send it again");
      await sol.sees("The first day must have a day, a month and a year");
      await sol.press("End the webhook");
      await sol.sees("The webhook has ended");
      assert.match(page, /^\/webhooks/);
    });
  }
});

/** The page of a child that the search finds. */
async function firstChild(visitor) {
  await visitor.goTo("/children?q=Marsh");
  const href = await visitor.page.locator("main a[href^='/children/']").first().getAttribute("href");
  return href.split("?")[0];
}

async function noteContact(visitor, child) {
  await visitor.goTo(`${child}/contacts`);
  await visitor.choose("How did they get in touch?", "Telephone");
  await visitor.fill("Who got in touch?", "An aunt");
  await visitor.fill("What was it about, in one line?", "Asks when the school will be visited.");
  await visitor.press("Note it");
}
