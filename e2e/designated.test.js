// Journeys 6 and 7, the designated officers for health and social care: who knows each child, their
// own lines of plans, samples, recommendations, the month for the board, care records, reviews.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

describe("The designated clinical officer's work", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const anne = await visit(t, area, "Designated clinical officer", screen);
      await anne.signInAs("Anne Osei");
      // 1: requests by service, due days, who is known; a search.
      await anne.sees("Requests together", "Community paediatrics, Vale and Wharf NHS", "Child and adolescent mental health");
      await anne.sees("Who knows the child", /Known to|Not known so far/);
      await anne.fill("Who knows a child? Name, date of birth or NHS number", "Sami Okafor");
      await anne.press("Search");
      await anne.sees("Known to Bryn Calder", "Nothing is asked about this child now");
      // 2: pass on in bulk, and take back one.
      await anne.goTo("/advice");
      const boxes = anne.page.getByLabel(/^Pass on Medical advice/);
      const many = Math.min(9, await boxes.count());
      for (let at = 0; at < many; at += 1) await boxes.nth(at).check();
      await anne.select("Pass what is ticked on to", "Sensory support service");
      await anne.press("Pass on");
      await anne.sees(many === 1 ? "1 was passed on. Its six weeks run on, and the team is told." : `${many} were passed on. Their six weeks run on, and the team is told.`, "passed on by");
      await anne.page.getByLabel(/^Pass on Medical advice/).first().check();
      await anne.press("Take back");
      await anne.sees("1 was taken back. Its six weeks run on.");
      // 3: "known, nothing to add" is not sent without a name.
      const first = anne.page.getByRole("link", { name: /^Answer for/ }).first();
      const address = (await first.getAttribute("href")).replace(/\/write$/, "");
      await anne.goTo(address);
      await anne.page.getByLabel("The child is known, and there is nothing to add").check();
      anne.expectStatus(422);
      await anne.press("Record the answer");
      await anne.sees("Enter the name of the professional who said so");
      assert.ok(await anne.page.getByLabel("The child is known, and there is nothing to add").isChecked());
      await anne.fill("The advice, the professional’s name, or the reason", "Bryn Calder, discharged 2025");
      await anne.press("Record the answer");
      await anne.sees("The answer is recorded.");
      // 4: plans in which health's lines were changed; confirm, or ask about one.
      await anne.goTo("/designated");
      await anne.look();
      await anne.follow("What plans say");
      await anne.sees("In 3 drafts signed advice was changed or left out", "Not looked at");
      await anne.follow("Maya Turner");
      await anne.press("Confirm my lines");
      await anne.sees("nothing waits for an answer");
      await anne.follow("Drafts that wait for your look");
      await anne.follow("Iris Vane");
      await anne.sees("Changed", "Once a week in term time", "Once each half term", "Advice that the plan leaves out");
      anne.expectStatus(422);
      await anne.press("Send what I ask");
      await anne.sees("Say beside a line what you ask about it");
      await anne.page.getByLabel("What do you ask about this line? (optional)").first().fill("Why is this less often?");
      await anne.press("Send what I ask");
      await anne.sees("One question waits for the officer", "Why is this less often?");
      // 5: a sample drawn by a number, graded.
      await anne.goTo("/designated/samples");
      await anne.fill("Number to draw by (optional)", "2026");
      await anne.press("Draw a sample");
      await anne.sees("Sample 2026", "What both look at", "Nothing is graded by both yet");
      anne.expectStatus(422);
      await anne.press("Give the grade of entry 1");
      await anne.sees("Select a grade");
      await anne.page.getByLabel("Good: it meets every one of these").first().check();
      await anne.press("Give the grade of entry 1");
      await anne.sees("not graded yet");
      const sample = new URL(anne.page.url()).pathname;
      // 6: what the tribunal recommended.
      await anne.goTo("/designated/recommendations");
      await anne.sees("No recommendation to health is recorded");
      await anne.goTo("/children?q=Jordan+Lee");
      await anne.follow(/Jordan Lee/);
      await anne.follow("What the tribunal recommended to health or social care");
      await anne.page.getByLabel("Health", { exact: true }).check();
      await anne.fillDate("When did the tribunal decide?", "2 11 2026");
      await anne.fillDate("When was it received?", "6 11 2026");
      await anne.fill("Who answers for it?", "Ilse Brandvik, Vale and Wharf health board");
      await anne.fill("What did it recommend?", "Physiotherapy once a week.");
      await anne.press("Record the recommendation");
      await anne.sees("answers by Monday 7 December 2026");
      await anne.goTo("/designated/recommendations");
      await anne.sees("Jordan Lee", "Ilse Brandvik", "Waits for an answer");
      // 7: the month for the board; a number opens its list.
      await anne.goTo("/designated/month");
      await anne.sees("October 2026", "What each number means", "Download for the board (CSV)");
      await anne.follow(/, all, All teams$/);
      await anne.sees("All, October 2026: all teams");

      const paul = await visit(t, area, "Designated social care officer", screen);
      await paul.signInAs("Paul Whelan");
      // 1: by how each child stands, with what would help at home.
      await paul.sees("Requests together", "Not looked up yet", "The family on what would help at home:");
      // 3: H1 and H2 each with its guidance, and never as one.
      const write = paul.page.getByRole("link", { name: /^Answer for/ }).first();
      const report = await write.getAttribute("href");
      await paul.goTo(`${report}/h1`);
      await paul.sees("section 2 of the Chronically Sick and Disabled Persons Act 1970", "the two are not joined");
      await paul.fill("What will be provided", "H1/H2: a carer in the morning");
      paul.expectStatus(422);
      await paul.press("Add this provision");
      await paul.sees("H1 and H2 are not one section");
      await paul.fill("What will be provided", "A carer in the morning");
      await paul.press("Add this provision");
      await paul.goTo(`${report}/h2`);
      await paul.fill("What will be provided", "A carer in the morning");
      paul.expectStatus(422);
      await paul.press("Add this provision");
      await paul.sees("This stands in H1 already");
      // 4: the care record.
      await paul.goTo("/advice");
      await paul.page.getByRole("link", { name: /^Care record of/ }).first().click();
      await paul.sees("Nobody has looked the child up yet.");
      await paul.page.getByLabel("Known: open to social care").check();
      await paul.page.getByLabel("Looked up in the care system").check();
      await paul.fill("Worker (optional)", "Hanne Dorset, disability team");
      paul.expectStatus(422);
      await paul.press("Save");
      await paul.sees("Enter the number of the care record");
      await paul.fill("Number of the care record", "LCS 0817");
      await paul.press("Save");
      await paul.sees("LCS 0817", "Hanne Dorset, disability team", "Looked up in the care system, as of 23 November 2026");
      await paul.goTo("/advice?care=open");
      await paul.sees("Known: open to social care");
      // 5: Year 9 and over.
      await paul.goTo("/designated");
      await paul.follow("Year 9 and over");
      await paul.sees("Robin Hale", "Jordan Lee", "Not named", "Due before");
      await paul.follow("Name one for Robin Hale");
      await paul.fill("Who prepares for adult services?", "Tove Marlow, adult disability team");
      await paul.press("Name the adult worker");
      await paul.sees("Tove Marlow, adult disability team, named on 23 November 2026");
      // 6: reviews ahead: send, or decline with a reason.
      await paul.goTo("/designated/reviews");
      await paul.sees("Jordan Lee", "Robin Hale", "Esme Quarry", "Section H in the plan", "0 of");
      await paul.follow("Answer for Robin Hale");
      await paul.page.getByLabel("No: this is the reason").check();
      paul.expectStatus(422);
      await paul.press("Send the answer");
      await paul.sees("Give the reason");
      await paul.fill("What social care says, or the reason", "The family asked us to write instead.");
      await paul.press("Send the answer");
      await paul.sees("1 of", "Declined");
      // 7: his own lines, and nothing else.
      await paul.goTo("/designated/plans");
      await paul.follow("Rafi Daud");
      await paul.sees("Once a month", "Every second Saturday");
      assert.ok(!(await paul.text()).includes("Physiotherapy"), "health's lines are not his");
      await paul.press("Confirm my lines");
      await paul.sees("nothing waits for an answer");
      // The other side's grade comes after one's own.
      await paul.goTo(sample);
      await paul.page.getByLabel("Good: it meets every one of these").first().check();
      await paul.press("Give the grade of entry 1");
      await paul.sees("Both have graded 1. They agree on 1, 100%", "this is a hint and no more");
    });
  }
});
