// Journey 1, steps 7 and 9 to 12, a parent carer: she is asked only what she has not told, reads the
// draft with the report behind each sentence, comments on a line, sees who looked, and has it on paper
// and in easy read. Journey 4, step 8: her officer answers.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { enter, tabTo } from "./support/keyboard.js";
import { steps } from "./support/steps.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

/** The newest message of the demo whose words are looked for. */
async function message(t, area, words) {
  const reader = await visit(t, area, "Messages of the demo");
  for (let tries = 0; tries < 40; tries += 1) {
    await reader.goTo("/demo/messages");
    const text = await reader.text();
    if (words.test(text)) return text;
    await reader.page.waitForTimeout(250);
  }
  assert.fail(`no message says ${words}`);
}

describe("A mother reads the draft", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const step = steps(t);
      const elise = await visit(t, area, "Own plan", screen);
      const main = elise.page.getByRole("main");

      await step("the draft is there, and what to do with it", async () => {
        await elise.signInAs("Elise Turner");
        await elise.follow("See everything about Maya Turner");
        await elise.follow("The draft plan: read it and say what you think");
        assert.equal(await elise.heading(), "Draft plan for Maya Turner");
        await elise.sees("Nothing in it is decided", "What you say now is read too", "One comment has no answer yet");
        await elise.sees("Please say that Maya may type in every lesson", "Dev Patel must accept or answer this before the plan can be finished");
        await elise.sees("Changed", "No report is named for");
      });

      await step("a sentence leads to the report, the line and what was changed", async () => {
        await elise.follow("Direct therapy for hand strength and typing");
        await elise.sees("As in the report", /Occupational therapy.*, signed by Ffion Rees, Occupational therapist, 23 September 2026, its line F1/);
        await elise.follow("Back to the plan");
        await elise.follow("A conversation with Maya on what helped and what did not");
        await elise.sees("Changed", "The report says: “Weekly”", "Why it was changed: The school can give this time once each half term");
        await elise.follow(/signed by Marta Lind/);
        await elise.sees("Signed by Marta Lind, Educational psychologist", "I met Maya twice", "A conversation with Maya on what helped");
        await elise.follow("Back to the plan");
      });

      await step("she comments on the line, with the report and its page", async () => {
        await elise.follow("A conversation with Maya on what helped and what did not");
        elise.expectStatus(422);
        await elise.press("Send", main);
        await elise.sees("There is a problem", "Say what you think");
        await elise.fill("What do you think of this line?", "Weekly, as the psychologist wrote. Once each half term is too late.");
        await elise.fill("Page of that report", "four");
        elise.expectStatus(422);
        await elise.press("Send", main);
        await elise.sees("The page must be a number");
        assert.match(await elise.page.getByLabel("What do you think of this line?").inputValue(), /^Weekly/, "nothing typed is lost");
        await elise.select("Does a report say so?", "Psychological advice, Educational psychology service");
        await elise.fill("Page of that report", "4");
        await elise.press("Send", main);
        await elise.sees("We have it", "Weekly, as the psychologist wrote", /Points to: Psychological advice.*, page 4/);
        await elise.sees("Dev Patel must accept or answer this before the plan can be finished");
      });

      await step("what she did not mean she takes back", async () => {
        await elise.follow("Back to the plan");
        await elise.fill("What do you think of the plan?", "I will write this again in other words.");
        await elise.press("Send", main);
        await elise.sees("3 comments have no answer yet");
        await elise.press(/^Take it back\W+I will write this again/);
        await elise.sees("It is taken back", "Taken back on Monday 23 November 2026", "2 comments have no answer yet");
      });

      await step("she asks for a school", async () => {
        await elise.follow("Which school or college do you want?");
        await elise.fill("Its name", "Hollin Bank Acad");
        await elise.press("Search", main);
        elise.expectStatus(422);
        await elise.press("Ask for this one");
        await elise.sees("Select a school or college");
        await elise.choose("School or college", /Hollin Bank Academy \(/);
        await elise.press("Ask for this one");
        await elise.sees("Hollin Bank Academy, asked for by Elise Turner on Monday 23 November 2026", "No answer yet");
        await elise.follow("Back to the plan");
      });

      await step("she asks for it on paper and in easy read", async () => {
        await message(t, area, /./);
        await elise.follow("On paper, in easy read or to keep");
        await elise.sees("Draft plan in easy read", "one sentence at a time");
        const opened = elise.page.waitForEvent("download").catch(() => undefined);
        const address = await elise.page.getByRole("link", { name: "Draft plan in easy read" }).first().getAttribute("href");
        const file = await elise.page.request.get(area.address + address);
        assert.equal(file.status(), 200);
        assert.match((await file.body()).subarray(0, 5).toString(), /%PDF-/);
        void opened;
        await elise.press(/^Send it to me on paper\W+Draft plan in easy read/);
        await elise.sees("Asked for on Monday 23 November 2026. It is in the post by Monday 30 November 2026");
      });

      const dev = await visit(t, area, "Own plan, the officer", screen);
      await step("her officer answers the comment, and she is told so without a name", async () => {
        await dev.signInAs("Dev Patel");
        await dev.goTo("/children?q=Maya+Turner");
        await dev.follow("Maya Turner", dev.page.getByRole("main"));
        await dev.follow("Answer the family’s comments");
        await dev.sees("Elise Turner wrote it here", "It points to: Psychological advice, page 4", "Taken back by the family");
        await dev.follow(/^Answer the comment on F\d/);
        await dev.choose(/Accept|Your answer|Do you/, "Accept it: the plan will be changed");
        await dev.fill(/answer|reasons/i, "Agreed: weekly, for the first term.");
        await dev.press(/answer/i, dev.page.getByRole("main"));
        const told = await message(t, area, /The family said what it thinks of the draft plan\. There is an answer/);
        assert.doesNotMatch(told, /Maya/);
        await elise.goTo(new URL(elise.page.url()).pathname.replace("/copies", "/plan"));
        await elise.sees("Accepted", "Agreed: weekly, for the first term.");
      });

      await step("the paper is posted to the address on record", async () => {
        await dev.follow(/^Back to/);
        await dev.follow("Post what the family asked for on paper");
        await dev.sees("Elise Turner asked on Monday 23 November 2026 for this on paper: Draft plan in easy read");
        await dev.follow(/^Fill in the form for it/);
        await dev.press("Check and send");
        await dev.sees("The copy may go");
        await elise.follow("On paper, in easy read or to keep");
        await elise.sees("Posted on Monday 23 November 2026");
      });

      await step("who looked is there, with the day and their job", async () => {
        await elise.follow("Back");
        await elise.sees("Who has looked", "Dev Patel", "SEND officer", "Monday 23 November 2026");
      });
    });
  }

  test("by keyboard alone", async (t) => {
    const area = await startArea(t);
    const elise = await visit(t, area, "Own plan by keyboard");
    await elise.signInAs("Elise Turner");
    await enter(elise, /^See everything/);
    await enter(elise, /^The draft plan/);
    await enter(elise, /^Direct therapy for hand strength/);
    await tabTo(elise, /^What do you think of this line/);
    await elise.page.keyboard.type("Please say where this is given.");
    await enter(elise, /^Send$/);
    await elise.sees("We have it", "Please say where this is given.");
  });
});

describe("A mother is asked only what she has not told", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const parent = await visit(t, area, "Asked once", screen);
      const main = parent.page.getByRole("main");
      await parent.goTo("/ask/you");
      await parent.choose("Who are you?", "I am a parent or carer");
      await parent.fill("Your name", "Amara Okafor");
      await parent.select("If you are a parent or carer: what are you to the child?", "Mother");
      await parent.fill("Email address", "amara.okafor@example.com");
      await parent.press("Continue");
      await parent.fill("First name", "Kemi");
      await parent.fill("Last name", "Okafor");
      await parent.fillDate("Date of birth", "2 3 2018");
      await parent.press("Continue");
      await parent.select("Where do they go?", "Not at a school, nursery or college now");
      await parent.press("Continue");
      await parent.fill("What worries you?", "She is at home since September.");
      await parent.fill("What would help at home?", "Somebody to show us how to practise words.");
      await parent.press("Continue");
      await parent.press("Continue");
      await parent.press("Send the request");
      await parent.follow("Make an account");
      await parent.press("Send me a code");
      const digits = /Your code is (\d{6})/.exec(await message(t, area, /Your code is \d{6}/))[1];
      await parent.fill("Six digits", digits);
      await parent.press("Go on");

      const dev = await visit(t, area, "Asked once, the officer", screen);
      await dev.signInAs("Dev Patel");
      await dev.goTo("/children?q=Kemi+Okafor");
      await dev.follow("Kemi Okafor", dev.page.getByRole("main"));
      const child = new URL(dev.page.url()).pathname;
      await dev.follow("Tell the family you are considering an assessment");
      await dev.press("Send the letter");
      await area.moveClockTo("2026-12-14");
      await dev.signInAs("Dev Patel");
      await dev.goTo(child);
      await dev.follow("Decide whether to assess");
      await dev.choose(/^1\. Does the child have/, "Yes");
      await dev.choose(/^2\. May it be necessary/, "Yes");
      await dev.page.getByLabel("Why?").nth(0).fill("She has lost words that she had.");
      await dev.page.getByLabel("Why?").nth(1).fill("Nothing that was tried has helped for long.");
      await dev.press("Record the decision and send the letter");
      await dev.follow("Ask for advice");
      await dev.press("Ask for advice", dev.page.getByRole("main"));

      const told = await message(t, area, /The council will assess/);
      assert.match(told, /it asks only what you have not said yet/);
      assert.doesNotMatch(told, /Kemi/);
      const link = /\/family\/[0-9a-f-]{36}\/views/.exec(told)[0];

      await parent.goTo("/sign-in/code");
      await parent.fill("Email address", "amara.okafor@example.com");
      await parent.press("Send me a code");
      const reader = await visit(t, area, "Codes of the demo");
      let code;
      for (let tries = 0; tries < 40 && !code; tries += 1) {
        await reader.goTo("/demo/messages");
        code = [.../Your code is (\d{6})/g[Symbol.matchAll](await reader.text())].map((found) => found[1]).find((found) => found !== digits);
        if (!code) await reader.page.waitForTimeout(250);
      }
      await parent.fill("Six digits", code);
      await parent.press("Go on");
      await parent.goTo(link);
      await parent.sees("You are asked only what you have not told us yet", "It helps most by", "What goes well, and what do they enjoy?");
      await parent.sees("What we have been told already", "She is at home since September.", "Somebody to show us how to practise words.");
      assert.equal(await parent.page.getByLabel("What worries you?").count(), 0, "what was told is not asked");
      assert.equal(await parent.page.getByLabel("What would help at home?").count(), 0);
      await parent.sees("Add what you left out before");
      parent.expectStatus(422);
      await parent.press("Send: this is all", main);
      await parent.sees("Answer at least one question");
      await parent.fill("What do you hope for, next year and later?", "A class where she is understood.");
      await parent.press("Send", main);
      await parent.sees("We have what you said. You will not be asked for it again", "A class where she is understood.");
      assert.equal(await parent.page.getByLabel("What do you hope for, next year and later?").count(), 0);

      await dev.goTo(`${child}/advice`);
      await dev.sees("The family's views", "Advice received on 14 December 2026");
      await dev.goTo(`${child}/request`);
      await dev.sees("What the family says", "What do you hope for, next year and later?");
      await parent.goTo("/measures/told-once");
      await parent.sees(/Each fact about a child was asked for 1\.\d\d times/);
    });
  }
});
