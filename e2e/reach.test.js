// Journey 13 and 4 step 14: a mother says how she is reached and gets texts, not at night; her officer
// goes on leave, and she is told who has her child's plan; a manager sees whether answers came in time.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

/** The messages of one channel as the demo's page shows them; none names a child. */
async function sink(reader, channel, wanted) {
  for (let tries = 0; tries < 40; tries += 1) {
    await reader.goTo(`/demo/messages?channel=${channel}`);
    const text = await reader.text();
    assert.doesNotMatch(text, /Jordan/);
    const found = wanted.exec(text);
    if (found) return found;
    await new Promise((done) => setTimeout(done, 250));
  }
  assert.fail(`no ${channel} says ${wanted}: ${await reader.text()}`);
}

describe("How people are reached", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const reader = await visit(t, area, "Reach, messages of the demo", screen);

      // She chooses texts, and proves that the number is hers.
      const mother = await visit(t, area, "Reach, a mother", screen);
      await mother.signInAs("Mina Lee");
      await mother.follow(/^Mina Lee/);
      await mother.follow(/^How we reach you/);
      await mother.sees("Nothing waits", "Nothing yet", "The draft plan is ready for you");
      mother.expectStatus(422);
      await mother.choose("How should we tell you?", "Text message");
      await mother.fill("Mobile number", "01632 960100");
      await mother.fill("Do you need another language, an interpreter or another format?", "A call in Polish");
      await mother.press("Save");
      await mother.sees("Enter a UK mobile number, like 07700 900 123");
      await mother.fill("Mobile number", "07700 900123");
      await mother.press("Save");
      await mother.sees("We have sent a text with a code to 07700 900123");
      mother.expectStatus(422);
      await mother.fill("Six digits", "12");
      await mother.press("Confirm");
      await mother.sees("This is not the code that was sent last");
      const [, code] = await sink(reader, "text", /Your code is (\d{6})/);
      await mother.fill("Six digits", code);
      await mother.press("Confirm");
      await mother.sees("Your number is confirmed");

      // Her officer sees what she needs and writes: a text says so, and not what.
      const officer = await visit(t, area, "Reach, the officer", screen);
      await officer.signInAs("Dev Patel");
      await officer.goTo("/children?q=Jordan+Lee");
      await officer.follow("Jordan Lee");
      await officer.sees("Reached by: text message", "Needs: A call in Polish");
      const child = new URL(officer.page.url()).pathname;
      await officer.goTo(`${child}/messages`);
      await officer.fill("Your message", "The college has a place for Jordan.");
      await officer.press("Send");
      await sink(reader, "text", /Text message to 07700 900123, .*? SEND: The council has written to you\./);

      // Quiet hours that hold now: nothing comes until they end.
      await mother.goTo("/account/reach");
      await mother.select("No texts from", "9am");
      await mother.select("until", "2pm");
      await mother.press("Save");
      await mother.sees("Saved. This is how we reach you from now on", "sent on Monday 23 November 2026 at 2:00pm");
      await officer.fill("Your message", "And a bus.");
      await officer.press("Send");
      await sink(reader, "text", /Goes on Monday 23 November 2026 at 2:00pm/);
      await mother.goTo("/account/reach");
      await mother.sees("The council wrote a message (text message, Monday 23 November 2026 at 2:00pm). Waits");

      // Once a week, by post.
      await mother.choose("How should we tell you?", "Letter by post");
      await mother.fill("Address for letters", "4 Mill Row\nAlderbourne\nAB1 2CD");
      await mother.press("Save");
      await officer.fill("Your message", "The bus leaves at eight.");
      await officer.press("Send");
      const frontDoor = await visit(t, area, "Reach, letters to post", screen);
      await frontDoor.signInAs("Bea Firth");
      for (let tries = 0; tries < 40; tries += 1) {
        await frontDoor.goTo("/letters");
        if ((await frontDoor.text()).includes("Mina Lee")) break;
        await new Promise((done) => setTimeout(done, 250));
      }
      await frontDoor.sees("Mina Lee, 4 Mill Row, Alderbourne, AB1 2CD", "You have a message");
      await frontDoor.press(/^It is in the post/);
      await frontDoor.sees("No letter waits to be printed", "Posted on Monday 23 November 2026");
      await frontDoor.press(/^It came back/);
      await mother.goTo("/account/reach");
      await mother.sees("A letter to you came back. Until it is put right we email you.");

      // The officer goes on leave today.
      await officer.goTo("/today");
      await officer.follow("Away and cover");
      officer.expectStatus(422);
      await officer.press("Save");
      await officer.sees("The first day away must have a day, a month and a year", "Select who covers");
      await officer.fillDate("First day away", "23 11 2026");
      await officer.fillDate("Last day away", "4 12 2026");
      await officer.select("Who covers?", "Helen Ward");
      await officer.press("Save");
      await officer.sees("Dev Patel is away from Monday 23 November 2026 to Friday 4 December 2026. Helen Ward covers.", "Away now");
      await sink(reader, "email", /Until then Helen Ward has everything/);
      await mother.goTo("/family");
      await mother.sees("Away until Friday 4 December 2026: Helen Ward has it until then");
      await mother.follow("See everything about Jordan Lee");
      await mother.goTo(`${new URL(mother.page.url()).pathname}/messages`);
      await mother.fill("Your message", "Who do I ring?");
      await mother.press("Send");
      await mother.sees("You have an answer by Monday 30 November 2026");

      const manager = await visit(t, area, "Reach, the manager", screen);
      await manager.signInAs("Helen Ward");
      await manager.goTo("/today");
      await manager.sees("For Dev Patel until 4 December 2026", "Families that wait for an answer", "Jordan Lee: promised by Monday 30 November 2026");
      await manager.goTo("/team");
      await manager.sees("Answers to families", "Dev Patel: from Monday 23 November 2026 to Friday 4 December 2026. Helen Ward covers");
      await manager.follow(/^1 waiting/);
      await manager.sees("Messages that wait for an answer", "Jordan Lee", "Promised by Monday 30 November 2026");

      const administrator = await visit(t, area, "Reach, the administrator", screen);
      await administrator.signInAs("Sol Archer");
      await administrator.goTo("/outbox");
      await administrator.sees("No emails wait.", "No texts wait.");
      assert.match(area.verify(), / 0 fault/);
    });
  }
});

describe("Somebody who lost their address", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const reader = await visit(t, area, "Lost address, messages of the demo", screen);
      const frontDoor = await visit(t, area, "Lost address, the front door", screen);
      await frontDoor.signInAs("Bea Firth");
      await frontDoor.goTo("/children?q=Jordan+Lee");
      await frontDoor.follow("Jordan Lee");
      await frontDoor.follow(/^Lost their email.*Mina Lee/);
      frontDoor.expectStatus(422);
      await frontDoor.fill("New email address", "mina@new.example");
      await frontDoor.press("Send a code to the new address");
      await frontDoor.sees("Enter how you know that it is this person");
      await frontDoor.fill("How do you know that it is this person?", "Driving licence seen, and she has been here before.");
      await frontDoor.press("Send a code to the new address");
      const [, code] = await sink(reader, "email", /Your code is (\d{6})\. Type it on the page that asked for it, or read it/);
      await frontDoor.fill("Six digits", code);
      await frontDoor.press("Confirm");
      await frontDoor.sees("Lost addresses", "Waits for a second person: somebody other than you");

      const manager = await visit(t, area, "Lost address, the manager", screen);
      await manager.signInAs("Helen Ward");
      await manager.goTo("/restores");
      await manager.sees("mina@new.example", "Driving licence seen");
      await manager.press(/^I agree/);
      await manager.sees("Works from Thursday 26 November 2026");

      // She has her old address after all, and it was not she.
      await sink(reader, "email", /you sign in with another email address/);
      const link = /\/sign-in\/stop\/[0-9a-f]+/.exec(await reader.text());
      const mother = await visit(t, area, "Lost address, the mother", screen);
      await mother.goTo(link[0]);
      await mother.press("It was not me: stop it");
      await mother.sees("The change is stopped");
      await mother.follow("Sign in with a code");
      await mother.sees("To my email address", "To the mobile number that I confirmed here");
      assert.match(area.verify(), / 0 fault/);
    });
  }
});
