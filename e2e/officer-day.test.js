// Journey 4, the SEND officer Dev Patel on Monday 23 November 2026: steps 1 to 5.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { enter, tabTo } from "./support/keyboard.js";
import { steps } from "./support/steps.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

async function search(visitor, words) {
  await visitor.follow("Children");
  await visitor.fill("Name, date of birth, UPN or NHS number", words);
  await visitor.press("Search", visitor.page.getByRole("main"));
}

async function openChild(visitor, name) {
  await search(visitor, name);
  await visitor.follow(name, visitor.page.getByRole("main"));
}

describe("An officer's day", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const dev = await visit(t, area, "Officer", screen);
      const step = steps(t);

      await step("1. today's list is in order of harm, with the reason", async () => {
        await dev.signInAs("Dev Patel");
        assert.equal(await dev.heading(), "Today");
        const names = await dev.page.getByRole("listitem").getByRole("heading", { level: 2 }).allInnerTexts();
        assert.deepEqual(names.slice(0, 3), ["Maya Turner", "Noor Aziz", "Ava Brandt"], names.slice(0, 8).join(", "));
        await dev.sees(/Maya Turner.{0,200}Due today/, /Noor Aziz.{0,200}No review has ever been held/);
        await dev.sees(/Noor Aziz.{0,300}Out of school since/, /Ava Brandt.{0,200}Last safe day/);
        await dev.open("How the order is worked out");
        await dev.look();
      });

      await step("2. a name heard wrongly finds both children of that name, and says that they are two", async () => {
        await search(dev, "Ela March");
        const rows = dev.page.getByRole("row").filter({ hasText: "Ella Marsh" });
        assert.equal(await rows.count(), 2);
        await dev.sees("Different children here have the same name");
        const born = await rows.allInnerTexts();
        assert.notEqual(born[0], born[1]);
      });

      await step("3. a request shows when it came, what is missing and whether that matters", async () => {
        await openChild(dev, "Sami Okafor");
        await dev.follow("The request: receipt, evidence and gaps");
        await dev.sees("Request received on Monday 23 November 2026", "Receipt number", "Possible duplicates None");
        await dev.sees("Evidence, and whether a gap matters");
      });

      await step("the dates of the request explain themselves", async () => {
        await openChild(dev, "Sami Okafor");
        await dev.sees("Monday 4 January 2027", "Monday 12 April 2027");
        await dev.follow(/^Why this date\?.*20 weeks|^Why this date\?.*[Ff]inal/);
        assert.equal(await dev.heading(), "Why this date?");
        await dev.sees("Monday 12 April 2027", "The sum", "Rule", "What you can do if the day passes");
        await dev.follow("Back to the child’s page");
      });

      await step("4. what if the school's advice comes after the summer: later dates move, nothing is recorded", async () => {
        const before = await dev.text();
        await dev.follow("What if something changes?");
        await dev.choose("What might happen?", "The last advice comes on a certain day");
        await dev.fillDate("From, or on", "6 9 2027");
        await dev.press("Show what would change");
        await dev.sees("What would change", "When each step can be expected", "6 September 2027");
        await dev.follow("Leave everything as it is");
        assert.equal(await dev.text(), before);
      });

      await step("5. after the decision to assess, everyone is asked in one act, due on 26 January 2027", async () => {
        await area.moveClockTo("2026-12-15");
        await dev.signInAs("Dev Patel");
        await openChild(dev, "Sami Okafor");
        await dev.follow("Tell the family you are considering an assessment");
        await dev.press("Send the letter");
        await dev.follow("Decide whether to assess");
        await dev.choose(/^1\. Does the child have/, "Yes");
        await dev.page.getByLabel("Why?").nth(0).fill("The notes of the speech and language therapist and two cycles of support show a need.");
        await dev.choose(/^2\. May it be necessary/, "Yes");
        await dev.page.getByLabel("Why?").nth(1).fill("What school can give by itself has been given, and has not been enough.");
        await dev.press("Record the decision and send the letter");
        await dev.sees("Done");
        await dev.follow("Ask for advice");
        await dev.sees("Ask all of them in one act", "Tuesday 26 January 2027");
        await dev.press("Ask for advice", dev.page.getByRole("main"));
        await dev.sees("All of them were asked");
        await dev.follow("Advice: who was asked and who has answered");
        const rows = dev.page.getByRole("row").filter({ hasText: "26 January 2027" });
        assert.ok((await rows.count()) >= 5, `${await rows.count()} advisers were asked`);
        for (const kind of ["Educational", "Psychological", "Medical", "Social care", "The family"]) await dev.sees(kind);
      });
    });
  }

  test("by keyboard alone: sign in, the day, a child, why this date, and back", async (t) => {
    const area = await startArea(t);
    const dev = await visit(t, area, "Officer by keyboard");
    await dev.goTo("/sign-in");
    await enter(dev, /^Dev Patel/);
    assert.equal(await dev.heading(), "Today");
    await tabTo(dev, /^Skip to main content$/);
    await dev.page.keyboard.press("Enter");
    await enter(dev, /^Maya Turner$/);
    assert.equal(await dev.heading(), "Maya Turner");
    await enter(dev, /^Why this date\?/);
    assert.equal(await dev.heading(), "Why this date?");
    await enter(dev, /^Back to the child’s page$/);
    assert.equal(await dev.heading(), "Maya Turner");
    await enter(dev, /^Sign out$/);
    assert.equal(await dev.heading(), "Sign in");
  });

  test("a wrong password is refused without saying who is known here", async (t) => {
    const area = await startArea(t);
    const nobody = await visit(t, area, "Sign in to mend", WAYS["on a phone"]);
    await nobody.goTo("/sign-in");
    await nobody.fill("Email address", "nobody@alderbourne.example");
    await nobody.fill("Password", "not this one");
    nobody.expectStatus(422);
    await nobody.press("Sign in", nobody.page.getByRole("main"));
    await nobody.sees("There is a problem", "Check your email address and password");
  });
});
