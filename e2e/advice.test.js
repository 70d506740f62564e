// Journey 5, steps 4, 6, 7 and 8, and journey 4, steps 6 to 9: advice written in lines and signed,
// a plan that is true to it, and the adviser's two minutes.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { steps } from "./support/steps.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

describe("Advice is written in lines, and the plan says what became of each", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const step = steps(t);
      const marta = await visit(t, area, "Advice in lines", screen);
      const main = marta.page.getByRole("main");
      const openMaya = async (person) => {
        await person.follow("Children");
        await person.fill("Name, date of birth, UPN or NHS number", "Maya Turner");
        await person.press("Search", person.page.getByRole("main"));
        await person.follow("Maya Turner", person.page.getByRole("main"));
      };

      await step("a psychologist writes need, outcome and provision", async () => {
        await marta.signInAs("Marta Lind");
        await marta.follow(/^Answer for/);
        assert.equal(await marta.heading(), "Psychological advice");
        await marta.fill("In your own words", "I met the child twice and spoke with the class teacher.");
        await marta.press("Save", main);
        await marta.follow(/^B /, main);
        await marta.choose("Area of need", "Cognition and learning");
        await marta.fill("The need", "New words need to be met many times before they stay.");
        await marta.press("Add this need");
        await marta.follow("All sections");
        await marta.follow(/^E /, main);
        await marta.fill("The outcome", "Reads and uses ten new words of each topic.");
        await marta.fill("By when", "The end of the school year");
        await marta.press("Add this outcome");
        await marta.follow("All sections");
        await marta.follow(/^F /, main);
        await marta.fill("What will be provided", "Would benefit from access to pre-teaching of words");
        await marta.choose("Which needs does it meet?", /B1 /);
        await marta.choose("Which outcomes does it work towards?", /E1 /);
        await marta.press("Add this provision");
        await marta.follow("All sections");
      });

      await step("vague words are flagged, gently, and can be mended", async () => {
        await marta.sees("nobody can be held to “access to”", "F1 does not say who gives it, how often, how long");
        await marta.follow(/^F1: nobody can be held/);
        await marta.fill("What will be provided", "Pre-teaching of the words of each topic");
        await marta.fill("Who gives it", "A teaching assistant whom the class teacher briefs");
        await marta.fill("How often", "Three times a week");
        await marta.fill("How long", "15 minutes each time");
        await marta.press("Save", main);
        await marta.follow("All sections");
        assert.equal(await main.getByText("Look at", { exact: true }).count(), 0);
      });

      await step("the report is signed by a person, and there is a receipt", async () => {
        await marta.fill("Post", "Educational psychologist");
        await marta.press("Sign and send");
        assert.equal(await marta.heading(), "Psychological advice, signed");
        await marta.sees("Marta Lind", "Fingerprint", "Returned", "I met the child twice");
      });

      await step("she sees what became of her lines in Maya's draft, and objects to one", async () => {
        await marta.goTo("/advice");
        await marta.follow(/^Look at your lines for Maya Turner/);
        assert.equal(await marta.heading(), "Your lines in the draft");
        await marta.sees("Weekly", "Once each half term", "weekly was not possible to staff", "2 lines are kept as you wrote them; 1 is not");
        await marta.fill("Object to this, if it misreads you", "Once each half term is too late to change anything. Weekly for the first term.");
        await marta.press("I have looked at my lines");
        await marta.sees("You looked at these on Monday 23 November 2026", "Not answered yet");
        await marta.signOut();
      });

      const dev = await visit(t, area, "Advice in the plan", screen);
      await step("the officer settles what two reports disagree about", async () => {
        await dev.signInAs("Dev Patel");
        await openMaya(dev);
        await dev.follow("Answer what an adviser objects to in the draft");
        await dev.sees("How often it is given", "Must settle", "Twice a week in term time", "Once a week");
        dev.expectStatus(422);
        await dev.press("Settle it");
        await dev.sees("There is a problem", "Select which of the two holds");
        await dev.choose("Which holds?", /^What Occupational therapy/);
        await dev.fill("Why", "The therapist saw Maya at work in two lessons; the paediatrician agrees.");
        await dev.press("Settle it");
        await dev.sees("Settled");
      });

      await step("a recommendation that was left out needs its reason or goes into the plan", async () => {
        await dev.sees("1 line is changed or left out with no reason");
        await dev.press(/^Put it into the plan as written/);
        assert.ok(!(await dev.text()).includes("left out with no reason"));
      });

      await step("the objection is answered, and the advisers are asked to look again", async () => {
        await dev.fill("Your answer to the adviser", "Agreed for the first term: the line is changed, and reviewed in February.");
        await dev.press("Answer", dev.page.getByRole("main"));
        await dev.press("Send for the advisers’ check");
        await dev.sees("Asked to look");
      });
    });
  }
});
