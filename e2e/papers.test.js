// Journey 1 and 4: a mother adds papers on a line that breaks, has a receipt for them, and the officer
// reads them, adds one of the council's own and makes a redacted copy of it for her.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startArea } from "./support/area.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

/** A file of this name on the disk, the same file whenever it is chosen. */
function file(name, bytes) {
  const path = join(mkdtempSync(join(process.env.TELLONCE_SCRATCH ?? tmpdir(), "papers-")), name);
  writeFileSync(path, bytes);
  return path;
}

const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");
const pdf = (length, filling) => Buffer.concat([Buffer.from("%PDF-1.7 "), Buffer.alloc(length, filling)]);

const REPORT = pdf(3_000_000, "what the therapist found ");
const REDACTED = pdf(60_000, "what the neighbour saw, taken out ");

/** A picture that a browser can show. */
const picture = async (visitor) =>
  visitor.page.screenshot({ clip: { x: 0, y: 0, width: 300, height: 200 }, type: "jpeg" });

/** Notes where each part of a file begins; `cutAt` takes the line away before that part, `forGood` until
 * the parts are no longer watched. */
async function watchParts(visitor, cutAt, forGood = false) {
  const offsets = [];
  await visitor.page.route("**/uploads/*", async (route) => {
    if (route.request().method() === "PATCH") {
      offsets.push(Number(route.request().headers()["upload-offset"]));
      if (forGood && offsets.length >= cutAt) return route.abort("internetdisconnected");
      if (offsets.length === cutAt) await visitor.setOffline(true);
    }
    return route.continue();
  });
  return offsets;
}

async function openPapers(mother) {
  await mother.goTo("/family");
  await mother.follow("See everything about Jordan Lee");
  await mother.follow("Add papers");
}

describe("Papers are added, read and redacted", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const mother = await visit(t, area, "Add papers", screen);
      await mother.signInAs("Mina Lee");
      await openPapers(mother);
      await mother.sees("Everyone who may read the record can read them too. You get a receipt");
      const report = file("report.pdf", REPORT);
      const letter = await picture(mother);

      if (screen.script) {
        // The line goes before the third part. Nothing has to be pressed when it is back.
        const offsets = await watchParts(mother, 3);
        await mother.page.getByLabel("Choose files").setInputFiles([report]);
        await mother.page.getByRole("button", { name: "Add", exact: true }).click();
        await mother.page.getByText("The connection was lost: this goes on by itself").waitFor();
        await mother.page.getByRole("status").getByText("The connection was lost").waitFor();
        const arrived = mother.page.waitForEvent("domcontentloaded");
        await mother.setOffline(false);
        await arrived;
        await mother.look();
        assert.ok(offsets.length > 4 && offsets.lastIndexOf(0) === 0, `parts began at ${offsets.join(", ")}`);
        await mother.page.unroute("**/uploads/*");
        await mother.sees("report.pdf", "document, 3.0 MB");
        await mother.press("Remove report.pdf");

        // The line goes and the page is opened again: the same file goes on where it stopped.
        const first = await watchParts(mother, 3, true);
        await mother.page.getByLabel("Choose files").setInputFiles([report]);
        await mother.page.getByRole("button", { name: "Add", exact: true }).click();
        await mother.page.getByText("The connection was lost: this goes on by itself").waitFor();
        mother.page.once("dialog", (dialog) => dialog.accept());
        await openPapers(mother);
        await mother.page.unroute("**/uploads/*");
        await mother.sees("Not finished", "report.pdf", "of 3.0 MB arrived");
        const second = await watchParts(mother);
        await mother.page.getByLabel("Choose files").setInputFiles([report, file("letter.jpg", letter)]);
        await mother.press("Add");
        // The letter begins at its beginning, and the report where it stopped.
        const wentOn = Math.min(...second.filter((offset) => offset > 0));
        const begun = second.filter((offset) => offset === 0).length;
        assert.ok(wentOn >= first[1] && begun === 1, `parts began at ${second.join(", ")} after ${first.join(", ")}`);
        await mother.page.unroute("**/uploads/*");
      } else {
        await mother.page.getByLabel("Choose files").setInputFiles([report]);
        await mother.press("Add");
        await mother.page.getByLabel("Choose more files").setInputFiles([file("letter.jpg", letter)]);
        await mother.press("Add");
      }
      await mother.sees("report.pdf", "letter.jpg", "picture");

      // What cannot be taken is said beside the file, and what is there stays.
      await mother.page.getByLabel("Choose more files").setInputFiles([file("tool.exe", Buffer.from("MZ a program"))]);
      mother.expectStatus(422);
      if (screen.script) {
        await mother.page.getByRole("button", { name: "Add", exact: true }).click();
        await mother.page.getByText("tool.exe cannot be taken").first().waitFor();
        await mother.look();
      } else {
        await mother.press("Add");
      }
      await mother.sees("tool.exe cannot be taken", "report.pdf", "letter.jpg");

      // Something is missing; what was typed is still there.
      const cards = mother.page.locator(".govuk-summary-card");
      const card = (name) => cards.filter({ hasText: name });
      await mother.fillDate("The date on it, if there is one", "2 11 2026", card("report.pdf"));
      await card("report.pdf").getByLabel("What is it?").selectOption("A report by a professional");
      mother.expectStatus(422);
      await mother.press(/^Send these 2 papers/);
      await mother.sees("Choose what letter.jpg is");
      assert.equal(await card("report.pdf").getByLabel("Year").inputValue(), "2026");
      await card("letter.jpg").getByLabel("What is it?").selectOption("A photo, sound or video");
      await mother.press(/^Send these 2 papers/);
      await mother.sees("Received", "2026-00001", "Monday 23 November 2026", sha256(REPORT), sha256(letter));
      await mother.sees("A report by a professional, of Monday 2 November 2026");

      // She sees the picture; the report is saved, as it was sent.
      await mother.follow(/See it\W+letter\.jpg/);
      await mother.sees("Mina Lee, family", "receipt 2026-00001");
      if (screen.script) {
        const isDrawn = await mother.page.getByAltText("The picture letter.jpg").evaluate((image) => image.naturalWidth);
        assert.equal(isDrawn, 300);
      }
      await mother.goTo("/family");
      await mother.follow("See everything about Jordan Lee");
      await mother.follow("report.pdf");
      const [saved] = await Promise.all([
        mother.page.waitForEvent("download"),
        mother.page.getByRole("link", { name: /Save it on this device/ }).click(),
      ]);
      assert.equal(saved.suggestedFilename(), "report.pdf");
      assert.equal(sha256(readFileSync(await saved.path())), sha256(REPORT), "it is the file that she sent");

      // The officer reads it, adds a paper and a redacted copy of it for the family.
      const officer = await visit(t, area, "Add papers, the officer", screen);
      await officer.signInAs("Dev Patel");
      await officer.goTo("/children?q=Jordan+Lee");
      await officer.follow(/Jordan Lee/, officer.page.getByRole("main"));
      await officer.sees("The family added 2 papers, receipt 2026-00001", "report.pdf");
      await officer.follow("Add papers");
      await officer.sees("It is not on the family’s page");
      await officer.page.getByLabel("Choose files").setInputFiles([file("note.pdf", pdf(80_000, "what the neighbour saw "))]);
      await officer.press("Add");
      await officer.page.getByLabel("What is it?").selectOption("Another letter or email");
      await officer.press("Send this paper");
      await officer.follow(/See it\W+note\.pdf/);
      await officer.follow("Add a redacted copy");
      officer.expectStatus(422);
      await officer.press("Add the redacted copy");
      await officer.sees("Choose the file with the words taken out", "Choose what the copy is for");
      await officer.page.getByLabel("The redacted copy").setInputFiles([file("note redacted.pdf", REDACTED)]);
      await officer.choose("What is the copy for?", "For the family to read");
      await officer.fill("What was taken out, and why?", "What a neighbour said of somebody else");
      await officer.fill("Whose names or words, if not the child’s?", "A neighbour");
      await officer.press("Add the redacted copy");
      await officer.sees("This is a redacted copy", "note.pdf, is kept apart", "What a neighbour said of somebody else");
      await officer.follow("note.pdf");
      await officer.sees("There is a redacted copy of this paper. Send the copy");

      await mother.goTo("/family");
      await mother.follow("See everything about Jordan Lee");
      await mother.follow("Redacted: note.pdf");
      await mother.sees("Dev Patel on Monday 23 November 2026", "For the family to read");
      assert.doesNotMatch(await mother.text(), /neighbour/);
    });
  }
});

describe("A PDF is read page by page", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const printer = await visit(t, area, "The printed page");
      await printer.goTo("/dates?received-on=2026-11-23");
      const printed = file("dates.pdf", await printer.page.pdf({ format: "A5" }));
      const mother = await visit(t, area, "Page by page", screen);
      await mother.signInAs("Mina Lee");
      await openPapers(mother);
      await mother.page.getByLabel("Choose files").setInputFiles([printed]);
      await mother.press("Add");
      const card = mother.page.locator(".govuk-summary-card").filter({ hasText: "dates.pdf" });
      await card.getByLabel("What is it?").selectOption("Something else");
      await mother.press(/^Send/);
      await mother.follow(/See it\W+dates\.pdf/);
      await mother.follow("Read it here, page by page");
      await mother.sees(/Page 1 of \d+/);
      const picture = mother.page.getByAltText("Page 1. Its words are below the picture.");
      if (screen.script) assert.equal(await picture.evaluate((image) => image.naturalWidth), 1000);
      await mother.open("The words of this page");
      await mother.sees("Monday 23 November 2026");
      await mother.follow("Next page");
      await mother.sees(/Page 2 of \d+/);
      await mother.follow("Previous page");
      await mother.sees(/Page 1 of \d+/);
    });
  }
});
