// Feature 24: a mother invites a therapist of her own and hands in a finished report. Both are treated
// like every other adviser's advice, and nothing else of the record is shown.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startArea } from "./support/area.js";
import { steps } from "./support/steps.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

/** A file of this name on the disk. */
function file(name, text) {
  const path = join(mkdtempSync(join(process.env.TELLONCE_SCRATCH ?? tmpdir(), "independent-")), name);
  writeFileSync(path, text);
  return path;
}

/** What the demo's messages say, the newest first; none names the child. */
async function messages(t, area) {
  const reader = await visit(t, area, "Messages of an invitation");
  await reader.goTo("/demo/messages");
  const text = await reader.text();
  assert.doesNotMatch(text, /Maya|Turner\b(?!@)/);
  return text;
}

/** Waits for something in the demo's messages. */
async function told(t, area, what) {
  for (;;) {
    const found = what.exec(await messages(t, area));
    if (found) return found[1];
  }
}

describe("A family invites a professional of its own", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const step = steps(t);
      const mother = await visit(t, area, "Invite a professional", screen);
      const main = mother.page.getByRole("main");

      await step("a mother adds the report that she has", async () => {
        await mother.signInAs("Elise Turner");
        await mother.goTo("/family");
        await mother.follow("See everything about Maya Turner");
        await mother.follow("Add papers");
        const report = file("Sensory report.txt", "Maya tires when she writes. Rest after ten minutes helps.\n");
        await mother.page.getByLabel("Choose files").setInputFiles(report);
        if (screen.script) await mother.page.getByText("arrived").first().waitFor({ timeout: 10_000 }).catch(() => {});
        await mother.press("Add", main);
        await mother.select("What is it?", "A report by a professional");
        await mother.press("Send this paper");
      });

      await step("she invites a therapist; what is missing is said beside its field", async () => {
        await mother.goTo("/family");
        await mother.follow("See everything about Maya Turner");
        await mother.follow(/^Professionals of your own/);
        assert.equal(await mother.heading(), "Professionals of your own");
        await mother.fill("Their name", "Jane Roe");
        mother.expectStatus(422);
        await mother.press("Send the invitation");
        await mother.sees("There is a problem", "Enter their profession", "Enter an email address like name@example.com");
        await mother.fill("Their profession", "occupational therapist");
        await mother.fill("Their email address", "jane.roe@therapy.example");
        await mother.fill("What do you want to ask them?", "What does she need to write without pain?");
        await mother.choose("Which of your papers do they see?", /Sensory report/);
        await mother.press("Send the invitation");
        await mother.sees("The invitation is on its way", "Jane Roe, occupational therapist, independent", "Sent, can be taken up until Monday 21 December 2026");
      });

      const roe = await visit(t, area, "An invited professional", screen);
      await step("the therapist comes in by the link and a code, with no account and no password", async () => {
        const link = await told(t, area, /(\/invited\/[0-9a-f]{32})/);
        await roe.goTo(link);
        assert.equal(await roe.heading(), "A family asks for your advice");
        await roe.sees("You need no account and no password");
        await roe.press("Send me a code");
        await roe.fill("Six digits", await told(t, area, /Your code is (\d{6})/));
        await roe.press("Go on");
        assert.equal(await roe.heading(), "What you are asked");
        await roe.follow("Maya Turner");
        await roe.sees("What does she need to write without pain?", "Sensory report", "due on Monday 4 January 2027");
      });

      await step("she writes in the lines of every adviser and signs", async () => {
        const desk = roe.page.getByRole("main");
        await roe.press("Write your advice").catch(() => roe.follow("Write your advice"));
        await roe.follow(/^F /, desk);
        await roe.fill("What will be provided", "Lessons in typing, and rest from writing");
        await roe.fill("Who gives it", "A teaching assistant whom an occupational therapist trains");
        await roe.fill("How often", "Every school day");
        await roe.fill("How long", "15 minutes");
        await roe.press("Add this provision");
        await roe.follow("All sections");
        await roe.fill("Post", "Occupational therapist");
        await roe.press("Sign and send");
        assert.equal(await roe.heading(), "Advice the family reasonably asked for, signed");
        await roe.sees("Jane Roe", "In time", "Fingerprint", "Lessons in typing");
      });

      await step("nothing else of the record is there", async () => {
        const child = /children\/([0-9a-f-]{36})/.exec(roe.page.url())[1];
        for (const path of ["", "/advice", "/read", "/facts"]) {
          const answer = await roe.page.request.get(`${area.address}/children/${child}${path}`);
          assert.equal(answer.status(), 403, path);
        }
      });

      await step("a finished report is handed in, and the officer enters its lines with their pages", async () => {
        await mother.page.reload();
        await mother.sees("Advice signed on Monday 23 November 2026");
        await mother.follow("Hand in a finished report");
        await mother.choose("Which of your papers is it?", /Sensory report/);
        await mother.fill("Who wrote it?", "Ian Vale");
        await mother.fill("Their profession", "occupational therapist");
        await mother.fillDate("The date of the report", "3 9 2026");
        await mother.press("Hand it in");
        await mother.sees("The report is with the officer");

        const dev = await visit(t, area, "The officer and independent reports", screen);
        const desk = dev.page.getByRole("main");
        await dev.signInAs("Dev Patel");
        await dev.goTo("/children?q=Maya+Turner");
        await dev.follow("Maya Turner", desk);
        await dev.goTo(`${new URL(dev.page.url()).pathname}/advice`);
        await dev.sees("Invited by the family", "Invited by Elise Turner on Monday 23 November 2026", "Reports that the family handed in");
        await dev.press(/^Enter its lines/);
        await dev.sees("You enter what this report says, as it says it");
        await dev.follow(/^B /, desk);
        await dev.choose("Area of need", "Sensory and physical");
        await dev.fill("The need", "Tires when writing.");
        dev.expectStatus(422);
        await dev.press("Add this need");
        await dev.sees("Enter the page of the report on which this stands");
        await dev.fill("Page", "1");
        await dev.press("Add this need");
        await dev.follow("All sections");
        await dev.press("These lines say what the report says");
        await dev.sees("Ian Vale, occupational therapist", "The family handed in a finished report", "Dev Patel entered its lines", "page 1");
        await dev.follow(/^All advice for/);
        await dev.look();

        // Both count in the plan like any other advice.
        await dev.goTo(`${new URL(dev.page.url()).pathname.replace(/\/advice$/, "")}/draft/advice`);
        await dev.sees("Jane Roe, occupational therapist, independent", "Ian Vale, occupational therapist, independent", "left out with no reason");
      });
    });
  }
});
