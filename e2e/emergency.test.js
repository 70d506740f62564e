// A record opened in an emergency: a school that has nobody who knows the child says what is happening,
// sees what is needed, and a manager looks at it.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { steps } from "./support/steps.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

describe("A record is opened in an emergency", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const step = steps(t);
      const ruth = await visit(t, area, "An emergency", screen);
      let record;

      await step("a child of another school is found by nobody", async () => {
        await ruth.signInAs("Ruth Deans");
        await ruth.goTo("/children?q=Robin+Hale");
        await ruth.sees("No child you may see matches “Robin Hale”", "In an emergency");
        await ruth.follow("open a record in an emergency");
        assert.equal(await ruth.heading(), "Open a record in an emergency");
        await ruth.sees("call 999 first", "until the end of Tuesday 24 November 2026");
      });

      await step("half a name opens nothing, and nothing typed is lost", async () => {
        await ruth.fill("First name", "Robin");
        await ruth.fill("Family name", "Hal");
        await ruth.fillDate("Date of birth", "2 6 2012");
        await ruth.choose("Which comes nearest?", "The child is with us, and nobody who knows them can be reached");
        const asked = "What is happening, and what do you need to know?";
        await ruth.fill(asked, "A pupil on a visit to us is unwell; the escort cannot be reached.");
        await ruth.choose("Can the family be told now?", "Yes");
        ruth.expectStatus(422);
        await ruth.press("Open the record");
        await ruth.sees("No record here is exactly this child’s");
        assert.match(await ruth.page.getByLabel(asked).inputValue(), /the escort cannot be reached/);
      });

      await step("named exactly, it shows who to call and the plan", async () => {
        await ruth.fill("Family name", "Hale");
        await ruth.press("Open the record");
        assert.equal(await ruth.heading(), "Robin Hale");
        await ruth.sees("You opened this record in an emergency", "Carys Hale", "Who to call", "Section B", "Section F");
        record = new URL(ruth.page.url()).pathname;
        await ruth.goTo("/children?q=Robin+Hale");
        await ruth.sees("No child you may see matches");
      });

      await step("a manager is told, and says whether it was right", async () => {
        const helen = await visit(t, area, "A manager looks at an emergency", screen);
        await helen.signInAs("Helen Ward");
        await helen.goTo("/team");
        await helen.follow("Emergencies");
        await helen.sees("Robin Hale", "Ruth Deans, School or college", "Still open", "To be looked at");
        await helen.sees("Named a child who was not found");
        await helen.follow(/^Robin Hale/);
        await helen.sees("the escort cannot be reached");
        await helen.choose("Was it right to open the record?", "Yes");
        await helen.fill("Why?", "Nobody else could say what Robin needs.");
        await helen.press("Save");
        await helen.sees("It was right, said Helen Ward");
        await helen.goTo("/openings?show=open");
        await helen.sees("All of them were looked at.");
      });

      await step("it is needed no longer", async () => {
        await ruth.goTo(record);
        await ruth.press("I need it no longer");
        ruth.expectStatus(404);
        await ruth.goTo(record);
        await ruth.sees("Page not found");
      });
    });
  }
});
