// Journey 5, steps 2, 3, 5 and 9: a psychologist reads what there is in one order, books a visit, notes what
// she sees where there is no signal, keeps a film for her own advice, and asks what a locum would change.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { film } from "./support/film.js";
import { steps } from "./support/steps.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

describe("An adviser reads, visits and notes", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const step = steps(t);
      const marta = await visit(t, area, "A visit", screen);
      const main = marta.page.getByRole("main");

      await step("a locum from a day on moves the weeks, and nothing is saved", async () => {
        await marta.signInAs("Marta Lind");
        await marta.follow(/^Capacity/);
        await marta.fill("What if there were more days a week?", "5");
        await marta.fillDate("From which day?", "7 12 2026");
        await marta.press("Show the effect");
        await marta.sees("With 5 more days a week from Monday 7 December 2026", "reached in an earlier week", "Nothing of this is saved");
        await marta.follow("Back to the queue");
      });

      await step("earlier reports are read in one order", async () => {
        await marta.follow(/^Answer for/);
        await marta.follow("Read the earlier reports in order");
        assert.equal(await marta.heading(), "Everything to read");
        await marta.page.goBack();
      });

      await step("a visit is booked", async () => {
        await marta.follow("Visits and notes");
        await marta.fillDate("Which day?", "1 12 2026");
        await marta.fill("At what time?", "9:30");
        await marta.fill("Where?", "At school, in the small room by the library");
        await marta.press("Book the visit");
        assert.equal(await marta.heading(), "Visit on Tuesday 1 December 2026, 9:30am");
        await marta.sees("Marta Lind", "At school, in the small room by the library");
      });

      const notes = marta.page.getByLabel("What you saw and heard");
      if (screen.script) {
        await step("notes typed without signal are kept, and saved when it is back", async () => {
          await marta.setOffline(true);
          await notes.fill("Holds the pen in a fist.");
          await marta.page.getByText("No signal. Kept on this device until it can be sent.").waitFor();
          await marta.page.getByRole("button", { name: "Save the notes" }).click();
          assert.equal(await notes.inputValue(), "Holds the pen in a fist.");
          const saved = marta.page.waitForEvent("domcontentloaded");
          await marta.setOffline(false);
          await saved;
          await marta.page.getByText("Saved by Marta Lind").waitFor();
          assert.equal(await marta.page.evaluate(() => Object.keys(localStorage).length), 0);
        });
      } else {
        await step("notes are saved by a plain form", async () => {
          await notes.fill("Holds the pen in a fist.");
          await marta.press("Save the notes");
          await marta.sees("Saved by Marta Lind");
        });
      }

      await step("what two windows wrote is shown side by side", async () => {
        const other = await visit(t, area, "A visit, another tablet", screen);
        await other.signInAs("Marta Lind");
        await other.goTo(new URL(marta.page.url()).pathname);
        await other.page.getByLabel("What you saw and heard").fill("Laughs at jokes.");
        await other.press("Save the notes");
        await notes.fill("Tires after two lines.");
        marta.expectStatus(409);
        await marta.press("Save the notes");
        await marta.sees("There is a problem", "Laughs at jokes.", "Yours, not saved yet");
        assert.equal(await notes.inputValue(), "Tires after two lines.");
        await notes.fill("Laughs at jokes. Tires after two lines.");
        await marta.press("Save the notes");
        assert.equal(await notes.inputValue(), "Laughs at jokes. Tires after two lines.");
      });

      await step("it is moved with a reason", async () => {
        await marta.open("Move it");
        const form = marta.page.locator("form").filter({ has: marta.page.getByRole("button", { name: "Move the visit" }) });
        await marta.fillDate("Which day?", "3 12 2026", form);
        marta.expectStatus(422);
        await marta.press("Move the visit");
        await marta.sees("Say why it is moved");
        await marta.fill("Why is it moved?", "The class is on a trip.");
        await marta.press("Move the visit");
        await marta.sees("Moved from 1 December 2026: The class is on a trip.");
        if (screen.script) assert.equal(await marta.page.evaluate(() => Object.keys(localStorage).length), 0);
        await marta.follow("All visits for this advice", main);
        await marta.sees("Thursday 3 December 2026, 9:30am", "There are notes");
      });

      await step("a film of the assessment is kept, for those who write this advice alone", async () => {
        await marta.follow("Recordings that only you and your team can open");
        await marta.sees("Nothing is kept yet.");
        await marta.page.getByLabel(/Choose pictures, sound or video/).setInputFiles(await film(t, area));
        await marta.press("Keep it");
        await marta.sees("Private", "kept by Marta Lind on Monday 23 November 2026");
        const kept = new URL(marta.page.url()).pathname;
        const dev = await visit(t, area, "A visit, an officer", screen);
        await dev.signInAs("Dev Patel");
        dev.expectStatus(404);
        dev.expectStatus(403);
        await dev.goTo(kept);
        await dev.sees(/Page not found|You cannot do this/);
        await marta.press(/^Take out/);
        await marta.sees("Nothing is kept yet.");
      });
    });
  }
});
