// Journey 5, an adviser, and 6 and 7, the designated officers: what they are asked, the first to be
// due first, and nothing else.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

/** The due days of the queue, in order. */
async function dueDays(visitor) {
  const cells = await visitor.page.locator("td[data-label='Due on']").allInnerTexts();
  return cells.map((text) => Date.parse(`${text.trim().replace(/^\w+ /, "")} 12:00 UTC`));
}

describe("What advisers are asked is a queue in fair order", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const marta = await visit(t, area, "Advice queue of a psychologist", screen);
      await marta.signInAs("Marta Lind");
      assert.equal(await marta.heading(), "Advice asked for");
      const days = await dueDays(marta);
      assert.ok(days.length > 0, "the demo asks her something");
      assert.deepEqual(days, [...days].sort((a, b) => a - b));
      const kinds = await marta.page.locator("td[data-label='What is asked']").allInnerTexts();
      assert.ok(kinds.every((kind) => kind.startsWith("Psychological advice")), kinds.join("; "));
      await marta.sees("Reached in the week of");
      // What one more person would change, and a week with a locum.
      await marta.follow(/^Capacity/);
      await marta.sees("The next twelve weeks", "finished after the six weeks");
      await marta.fill("What if there were more days a week?", "5");
      await marta.press("Show the effect");
      await marta.sees("Finished with 5 more");
      await marta.fillDate("A day of that week", "9 12 2026");
      await marta.fill("Days that week has for advice", "20");
      await marta.press("Save the week");
      await marta.sees("Week of 7 December 2026");
      await marta.follow("Back to the queue");
      await marta.follow(/^Answer for/);
      await marta.sees("Psychological advice");

      const anne = await visit(t, area, "Advice queue of a designated officer", screen);
      await anne.signInAs("Anne Osei");
      // What another team knows better is passed on; as many as are ticked go in one act.
      const boxes = anne.page.getByLabel(/^Pass on Medical advice/);
      const before = await boxes.count();
      await boxes.first().check();
      await anne.select("Pass what is ticked on to", "Occupational therapy, Vale and Wharf NHS");
      await anne.press("Pass on");
      await anne.sees("1 was passed on. Its six weeks run on, and the team is told.");
      assert.equal(await boxes.count(), before);
      const asked = await anne.page.locator("td[data-label='What is asked']").allInnerTexts();
      assert.ok(asked.every((kind) => kind.startsWith("Medical advice")), asked.join("; "));
      await anne.select("Which", "Only what is late");
      await anne.press("Show");
      assert.ok((await dueDays(anne)).every((day) => day < Date.parse("2026-11-23 00:00 UTC")));
    });
  }
});
