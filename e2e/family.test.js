// Journey 1, a parent carer, after she has sent her request: she makes an account without a
// password, sees where it is, who has it, by when, and who has looked.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

/** Sends a request in as few steps as there are, and returns its code. */
async function send(parent) {
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
  await parent.press("Continue");
  await parent.press("Continue");
  await parent.press("Send the request");
  await parent.sees("Your request is sent");
}

/** Reads the six digits of the latest message; it names no child. */
async function digits(t, area) {
  const reader = await visit(t, area, "Messages of the demo");
  for (;;) {
    await reader.goTo("/demo/messages");
    const found = /Your code is (\d{6})/.exec(await reader.text());
    assert.doesNotMatch(await reader.text(), /Kemi|Okafor\b(?!@)/);
    if (found) return found[1];
  }
}

describe("A parent follows her request", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const parent = await visit(t, area, "Follow a request", screen);
      await send(parent);
      await parent.follow("Make an account");
      assert.equal(await parent.page.getByLabel("Email address").inputValue(), "amara.okafor@example.com");
      await parent.press("Send me a code");
      await parent.sees("a code is on its way");
      await parent.fill("Six digits", await digits(t, area));
      await parent.press("Go on");
      await parent.sees("Kemi Okafor", "The council is deciding whether to assess", "Monday 4 January 2027");
      await parent.follow("See everything about Kemi Okafor");
      await parent.sees("Nobody has opened this record yet", "Nobody has been asked for advice yet");

      const officer = await visit(t, area, "Follow, the officer opens it", screen);
      await officer.signInAs("Dev Patel");
      await officer.goTo("/children?q=Kemi+Okafor");
      await officer.follow("Kemi Okafor");

      await parent.page.reload();
      for (const details of await parent.page.locator("details").all()) await details.locator("summary").click();
      await parent.look();
      await parent.sees("Who has looked", "Dev Patel", "Monday 23 November 2026", "Who may open this record");
      await parent.sees("The sum", "What you can do if the day passes");

      await parent.follow("What we already know");
      await parent.sees("Kemi Okafor", "Friday 2 March 2018", "Sent online with the request on Monday 23 November 2026");
      await parent.follow("Language at home");
      await parent.fill("Language at home", "Igbo");
      await parent.press("Send");
      await parent.sees("The council has what you say is right", "By Monday 7 December 2026", "Being looked at");

      await officer.page.reload();
      await officer.follow("Answer what the family says is wrong");
      await officer.sees("Language at home", "Igbo", "Monday 7 December 2026");
      officer.expectStatus(422);
      await officer.press("Send the answer");
      await officer.sees("Select whether the record is put right");
      await officer.choose("Your answer", "Put the record right");
      await officer.press("Send the answer");
      await officer.sees("Nothing is waiting for an answer");

      await parent.page.reload();
      await parent.look();
      await parent.sees("Put right on Monday 23 November 2026", "You said it. Dev Patel put it on record on Monday 23 November 2026");

      await parent.follow("Back");
      await parent.follow("Messages: ask about this");
      await parent.fill("Your message", "Who decides, and may I be there?");
      await parent.press("Send");
      await parent.sees("Who decides, and may I be there?", "You have an answer by Monday 30 November 2026");

      await officer.follow("Back to the child");
      await officer.follow("Answer the family’s message");
      await officer.fill("Your message", "A panel does, on 3 December. You may send it what you want it to read.");
      await officer.press("Send");
      await officer.sees("Answered on Monday 23 November 2026, as promised");
      await parent.page.reload();
      await parent.look();
      await parent.sees("Dev Patel, the council", "A panel does, on 3 December");

      await parent.signOut();
      await parent.goTo("/sign-in");
      await parent.follow("sign in with a code");
      await parent.fill("Email address", "amara.okafor@example.com");
      await parent.press("Send me a code");
      parent.expectStatus(422);
      await parent.fill("Six digits", "12345");
      await parent.press("Go on");
      await parent.sees("This is not the code that was sent last");
    });
  }
});
