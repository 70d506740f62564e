// The main job, whole: from a request that the front door types in to an issued plan, inside the clocks.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { steps } from "./support/steps.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

const CHILD = "Rowan Ashdown";

describe("From a request to a final plan", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const step = steps(t);
      const someone = await visit(t, area, "Main job", screen);
      const main = someone.page.getByRole("main");
      // Pages of the child whose page is open or was opened last.
      const goToCasePage = async (page) => {
        const [, id] = /\/children\/([0-9a-f-]{36})/.exec(someone.page.url());
        await someone.goTo(`/children/${id}/${page}`);
      };
      const openChild = async () => {
        await someone.follow("Children");
        await someone.fill("Name, date of birth, UPN or NHS number", CHILD);
        await someone.press("Search", main);
        await someone.follow(CHILD, main);
      };

      await step("the front door types in a request that came by telephone", async () => {
        await someone.signInAs("Bea Firth");
        await someone.follow("New request");
        await someone.fill("First name", "Rowan");
        await someone.fill("Last name", "Ashdown");
        await someone.fillDate("Date of birth", "3 2 2018");
        await someone.choose("Who asked?", "Parent or carer");
        await someone.choose("How did it come?", "Telephone");
        await someone.fill("What was asked?", "He cannot follow what is said in class and comes home worn out. We would like him assessed.");
        await someone.press("Record the request");
        await someone.sees("The request is recorded and its clock is running", CHILD, "Monday 12 April 2027");
        await someone.signOut();
      });

      await step("an officer tells the family that an assessment is being considered", async () => {
        await someone.signInAs("Dev Patel");
        await openChild();
        await someone.follow("Tell the family you are considering an assessment");
        await someone.press("Send the letter");
        await someone.sees("The letter is on its way");
      });

      await step("deciding without reasons is refused, and what was chosen is still there", async () => {
        await someone.follow("Decide whether to assess");
        await someone.choose(/^1\. Does the child have/, "Yes");
        someone.expectStatus(422);
        await someone.press("Record the decision and send the letter");
        await someone.sees("There is a problem");
        assert.ok(await someone.page.getByRole("group", { name: /^1\. Does the child have/ }).getByLabel("Yes").isChecked());
      });

      await step("the decision to assess is made with the two parts of the test", async () => {
        await someone.choose(/^2\. May it be necessary/, "Yes");
        await someone.page.getByLabel("Why?").nth(0).fill("School's records show that he understands far less than others of his age.");
        await someone.page.getByLabel("Why?").nth(1).fill("Two cycles of support at school have not been enough.");
        await someone.press("Record the decision and send the letter");
        await someone.sees("Done");
      });

      await step("all advisers are asked in one act", async () => {
        await someone.follow("Ask for advice");
        await someone.press("Ask for advice", main);
        await someone.sees("All of them were asked");
      });

      await step("their answers are recorded as they come", async () => {
        await area.moveClockTo("2026-12-16");
        await someone.signInAs("Dev Patel");
        await openChild();
        await someone.follow("Advice: who was asked and who has answered");
        const waiting = main.getByRole("link", { name: /^Record answer/ });
        for (let left = await waiting.count(); left > 0; left -= 1) {
          await someone.follow(/^Record answer/, main);
          await someone.choose("What was answered?", "Advice was received");
          await someone.fill(
            "The advice, the professional’s name, or the reason",
            "Need: understanding spoken language. Outcome: follows two-step instructions. Provision: a speech and language therapist, 30 minutes once a week.",
          );
          await someone.press("Record the answer");
          await someone.sees("The answer is recorded");
          await someone.follow("Advice: who was asked and who has answered");
        }
        await someone.sees("Advice received on 16 December 2026");
        await someone.follow(`Back to ${CHILD}`);
      });

      await step("the decision to issue a plan is made", async () => {
        await someone.follow("Decide whether to issue a plan");
        await someone.choose(/^Is it necessary/, "Yes");
        await someone.fill("Why?", "What he needs is more than a school can give from what it has.");
        await someone.press("Record the decision");
        await someone.sees("Done");
      });

      await step("the plan is written from what is already there", async () => {
        await someone.follow("Write the draft plan");
        await someone.press("Start the draft");
        const section = async (name) => {
          await someone.follow("All sections");
          await someone.follow(name, main);
        };
        await someone.follow(/^A /, main);
        await someone.fill("Views, interests and aspirations", "Rowan says: I like trains. I want to know what my teacher means.");
        await someone.press("Save", main);
        await section(/^B /);
        await someone.choose("Area of need", "Communication and interaction");
        await someone.fill("The need", "Rowan understands single instructions when he sees what is meant; longer spoken ones are lost.");
        await someone.press("Add this need");
        await section(/^E /);
        await someone.fill("The outcome", "Rowan follows a spoken instruction of two steps in class, four times out of five.");
        await someone.fill("By when", "The end of year 4");
        await someone.press("Add this outcome");
        await section(/^F /);
        await someone.fill("What will be provided", "Regular therapy for understanding language");
        await someone.choose("Which needs does it meet?", /B1 /);
        await someone.choose("Which outcomes does it work towards?", /E1 /);
        await someone.press("Add this provision");
        await someone.follow("All sections");
        await someone.sees("“regular”", "does not say who gives it, how often, how long");
      });

      await step("the checks say what is vague, and are clear when it is said exactly", async () => {
        await someone.follow(/^F /, main);
        await someone.follow(/^Change/, main);
        await someone.fill("What will be provided", "Therapy for understanding spoken language, one to one");
        await someone.fill("Who gives it", "A speech and language therapist");
        await someone.fill("How often", "Once a week in term time");
        await someone.fill("How long", "30 minutes each time");
        await someone.press("Save", main);
        await someone.follow("All sections");
        await someone.sees("All clear");
        await someone.follow("Read the whole plan");
        await someone.sees("I like trains", "A speech and language therapist");
      });

      await step("the draft is sent, and the family's 15 days run to 30 December", async () => {
        await someone.follow("Change the draft");
        await someone.follow("Send the draft to the family");
        await someone.sees("Wednesday 30 December 2026");
        await someone.press("Send the draft");
        await someone.sees("The draft is on its way to the family");
      });

      await step("what the family says has to be answered before the plan can be issued", async () => {
        await goToCasePage("comments");
        await someone.fill("What did the family say?", "Please say who will tell us how each week went.");
        await someone.press("Record the comment");
        await someone.sees("Waiting for an answer");
        await someone.follow("What is left before the plan can be issued");
        await someone.sees("In the way");
        someone.expectStatus(422);
        await someone.press("Issue the final plan");
        await someone.sees("There is a problem");
        await goToCasePage("comments");
        await someone.follow(/^Answer/, main);
        await someone.choose("Do you accept it?", "Do not accept it, and say why");
        await someone.fill("Your answer", "The therapist writes in the home diary after every visit; that needs no line of the plan.");
        await someone.press("Save the answer");
        await someone.sees("Not accepted");
      });

      await step("a school is consulted, answers, and is named", async () => {
        await goToCasePage("placement");
        await someone.follow("Consult a school or college");
        await someone.fill("Search by name", "Hollin");
        await someone.press("Search", main);
        await someone.choose("School or college", /Hollin Bank/);
        await someone.press("Consult", main);
        await someone.sees("Waiting", "Thursday 31 December 2026");
        await someone.follow(/^Record the reply/, main);
        await someone.choose("What does it say?", /can meet/);
        await someone.press("Record the reply");
        await someone.sees("Can meet the needs");
        await someone.follow("Name the school or college", main);
        await someone.fill("Search by name", "Hollin");
        await someone.press("Search", main);
        await someone.choose("What is named in section I?", "A school, college or other institution");
        await someone.choose("School or college", /Hollin Bank/);
        await someone.press("Save", main);
        await someone.sees(/Section I Hollin Bank/);
      });

      await step("after the family's days are over the plan is issued, on time", async () => {
        await area.moveClockTo("2027-01-04");
        await someone.signInAs("Dev Patel");
        await openChild();
        await someone.follow("Issue the final plan");
        await someone.sees("The plan can be issued", "The family’s dates");
        await someone.press("Issue the final plan");
        await someone.sees("The final plan is issued", "On time", "Monday 12 April 2027");
        await someone.sees("Working copies", "Educational psychology service", "Appeal to the tribunal");
      });

      await step("the plan opens as a PDF", async () => {
        const link = main.getByRole("link", { name: "Final plan", exact: true });
        for (let tries = 0; tries < 30 && (await main.getByRole("link", { name: "Look again" }).count()) > 0; tries += 1) {
          await someone.page.waitForTimeout(1000);
          await someone.follow("Look again");
        }
        await someone.sees("Final plan: letter", "Final plan for Word", "My plan: the child’s version");
        const address = await link.getAttribute("href");
        const answer = await someone.page.request.get(area.address + address);
        assert.equal(answer.status(), 200);
        assert.equal(answer.headers()["content-type"], "application/pdf");
        const bytes = await answer.body();
        assert.equal(bytes.subarray(0, 5).toString("latin1"), "%PDF-");
        // The structure tree is what a screen reader reads by.
        assert.ok(bytes.includes("/StructTreeRoot"), "the PDF has no structure tree");
      });

      await step("the child's page tells the whole story", async () => {
        await openChild();
        await someone.sees("Documents", "History");
        const history = await someone.page.getByRole("region", { name: "History" }).getByRole("listitem").count();
        assert.ok(history >= 10, `${history} entries`);
      });
    });
  }
});
