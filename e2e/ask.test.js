// Journey 1, a parent carer: she asks for an assessment on her phone without an account, stops
// halfway, comes back by the code, adds a photo and a voice note, sends it, and is told when she is
// answered and why then. Journey 4: the officer reads what she sent.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startArea } from "./support/area.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

/** A file of this name that begins as its type does. */
function file(name, bytes) {
  const path = join(mkdtempSync(join(process.env.TELLONCE_SCRATCH ?? tmpdir(), "sent-")), name);
  writeFileSync(path, bytes);
  return path;
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

const PHOTO = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(300_000, "a photo of a letter ")]);
const PAGE_TWO = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(200_000, "its second page ")]);
const VOICE = Buffer.concat([Buffer.from("RIFF$   WAVEfmt "), Buffer.alloc(240_000, "thirty seconds ")]);

async function answersHalf(parent) {
  await parent.goTo("/");
  await parent.follow("I am worried about how my child is getting on");
  await parent.sees("Talk to the school", "SENDIASS", "Telephone");
  await parent.follow("Ask for an assessment");
  await parent.sees("You need no account");
  await parent.press("Start now");
  await parent.choose("Who are you?", "I am a parent or carer");
  await parent.fill("Your name", "Amara Okafor");
  await parent.select("If you are a parent or carer: what are you to the child?", "Mother");
  await parent.fill("Telephone number", "01632 960 001");
  await parent.press("Continue");
  await parent.fill("First name", "Sami");
  await parent.fill("Last name", "Okafor");
  await parent.fillDate("Date of birth", "14 5 2017");
  await parent.press("Continue");
  await parent.press("Save and come back later");
  await parent.sees("Saved. Use this link or code within 30 days", "No account was made");
  return /[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(await parent.text())[0];
}

describe("A parent asks for an assessment without an account", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const code = await answersHalf(await visit(t, area, "Ask for an assessment", screen));

      const parent = await visit(t, area, "Ask, come back and send", screen);
      await parent.goTo("/ask");
      await parent.fill("Your code", code.toLowerCase());
      await parent.press("Go on");
      await parent.select("Where do they go?", "Hollin Bank Primary");
      await parent.press("Continue");
      await parent.fill("What worries you?", "He cannot follow the lesson, and he comes home in tears.");
      await parent.fill("What would help at home?", "A break at weekends");
      await parent.press("Continue");
      await parent.page
        .getByLabel("Choose files")
        .setInputFiles([file("letter.jpg", PHOTO), file("letter 2.jpg", PAGE_TWO)]);
      await parent.press("Add");
      await parent.sees("letter.jpg", "picture, 300 KB");
      await parent.press("Remove letter 2.jpg");
      await parent.page
        .getByLabel("Choose more files")
        .setInputFiles([file("letter 2.jpg", PAGE_TWO), file("voice.wav", VOICE)]);
      await parent.press("Continue");
      await parent.sees("Check your answers", "Sami Okafor", "Sunday 14 May 2017", "Hollin Bank Primary", "letter 2.jpg");
      await parent.press("Send the request");

      await parent.sees("Your request is sent", "2026-00001");
      await parent.sees(/We received this on Monday 23 November 2026, at 10:0\dam/);
      for (const sent of [PHOTO, PAGE_TWO, VOICE]) await parent.sees(sha256(sent));
      await parent.sees("Monday 4 January 2027", "Monday 12 April 2027");
      for (const details of await parent.page.locator("details").all()) await details.locator("summary").click();
      await parent.look();
      await parent.sees("The sum", "Rule", "What you can do if the day passes", "He cannot follow the lesson");
      const words = await (await fetch(`${area.address}/ask/${code}/receipt/words.txt`)).text();
      await parent.sees(sha256(words));

      // Back in the browser's history there is nothing left to change.
      await parent.goTo(`/ask/${code}/child`);
      await parent.sees("Your request is sent");

      const officer = await visit(t, area, "Ask, read by the officer", screen);
      await officer.signInAs("Dev Patel");
      await officer.goTo("/children?q=Sami+Okafor");
      const links = await officer.page.getByRole("link", { name: "Sami Okafor" }).all();
      assert.equal(links.length, 2, "the Sami who is on record already, and the one just asked for");
      let found = 0;
      for (const href of await Promise.all(links.map((link) => link.getAttribute("href")))) {
        await officer.goTo(`${href.split("?")[0]}/request`);
        const text = await officer.text();
        if (!text.includes("2026-00001")) continue;
        found += 1;
        await officer.sees("Online form", "He cannot follow the lesson", "A break at weekends", sha256(VOICE));
        const duplicates = officer.page.locator("dd", { has: officer.page.getByRole("link", { name: "Sami Okafor" }) });
        assert.equal(await duplicates.count(), 1, "the other Sami, born on the same day, is shown beside");
      }
      assert.equal(found, 1);
    });
  }

  test("what cannot be taken is said beside the field, and nothing typed is lost", async (t) => {
    const area = await startArea(t);
    const parent = await visit(t, area, "Ask with mistakes", WAYS["on a phone"]);
    await parent.goTo("/ask/you");
    await parent.fill("Your name", "Amara Okafor");
    parent.expectStatus(422);
    await parent.press("Continue");
    await parent.sees("There is a problem", "Select who you are", "so that we can answer");
    assert.equal(await parent.page.getByLabel("Your name", { exact: true }).inputValue(), "Amara Okafor");
    await parent.goTo("/ask");
    await parent.fill("Your code", "KX7M-2PQ9-TR4D");
    parent.expectStatus(422);
    await parent.press("Go on");
    await parent.sees("There is no saved request with this code");

    const code = await answersHalf(parent);
    await parent.goTo(`/ask/${code}/files`);
    await parent.page.getByLabel("Choose files").setInputFiles([file("game.exe", "MZ a program that nobody asked for")]);
    parent.expectStatus(422);
    await parent.page.getByRole("button", { name: "Add", exact: true }).click();
    await parent.page.getByText("game.exe cannot be taken").first().waitFor();
    await parent.look();
    await parent.press("Add");
    assert.doesNotMatch(await parent.text(), /game\.exe/, "nothing of it stays");
  });

  test("by keyboard alone", async (t) => {
    const area = await startArea(t);
    const parent = await visit(t, area, "Ask by keyboard");
    await parent.goTo("/ask/you");
    const { page } = parent;
    await page.getByLabel("I am a parent or carer").focus();
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Amara Okafor");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Mo");
    await page.keyboard.press("Tab");
    await page.keyboard.type("amara@example.com");
    await Promise.all([page.waitForEvent("domcontentloaded"), page.keyboard.press("Enter")]);
    await parent.look();
    assert.equal(await parent.heading(), "The child or young person");
  });
});
