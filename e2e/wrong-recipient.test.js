// Journey 4, step 11: the officer tries to send Ella Marsh's plan to the family of the other Ella
// Marsh, who was born a day later. It is held with the reason, and the attempt is in the history.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

/** Opens the Ella Marsh who was born on this day. */
async function openElla(visitor, born) {
  await visitor.goTo("/children?q=Ella+Marsh");
  const row = visitor.page.getByRole("row").filter({ hasText: born });
  await visitor.follow("Ella Marsh", row);
  await visitor.sees("Ella Marsh", born);
}

describe("A plan is not sent to the other family", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const dev = await visit(t, area, "The wrong family", screen);
      await dev.signInAs("Dev Patel");
      await openElla(dev, "18 April 2016");
      await dev.follow("Send a copy of a paper");
      await dev.choose("Which paper?", "The plan that is in force");
      await dev.choose("Who is it for?", "Someone else");
      await dev.fill("Name, if it is someone else", "Denise Marsh-Hale");
      await dev.fill("Address, if it goes somewhere else", "3 Beacon Street, Alderbourne");
      dev.expectStatus(422);
      await dev.press("Check and send");
      await dev.sees("Held: nothing has left", "Denise Marsh-Hale", "is not on this child’s record");
      await dev.sees("belongs to the family of another child in this area", "is not the address that is on the record");

      // What was typed is there when he goes back.
      await dev.press("Go back and change it");
      const name = dev.page.getByLabel("Name, if it is someone else");
      assert.equal(await name.inputValue(), "Denise Marsh-Hale");
      dev.expectStatus(422);
      await dev.press("Check and send");
      await dev.sees("Held: nothing has left");
      dev.expectStatus(422);
      await dev.press("Send it, for these reasons");
      await dev.sees("There is a problem", "Select why this is right, or change what you send");

      await openElla(dev, "18 April 2016");
      await dev.sees("A send was held, and nothing left (copy of a paper)", "Dev Patel");
      assert.doesNotMatch(await dev.text(), /A copy of a paper was sent/);

      // The other's birth date in a message is for a manager to let go.
      await dev.goTo(new URL(dev.page.url()).pathname + "/messages");
      await dev.fill("Your message", "Here is the plan of Ella Marsh, born on 19 April 2016.");
      dev.expectStatus(422);
      await dev.press("Send");
      await dev.sees("Held: nothing has left", "19 April 2016", "is the birth date of another child");
      await dev.sees("is let go by a SEND manager other than you");

      const helen = await visit(t, area, "The wrong family, the manager", screen);
      await helen.signInAs("Helen Ward");
      await helen.follow(/^Team$/);
      await helen.follow("Sends held");
      await helen.sees("2 were held so far", "0 of them let go", "Another child’s birth date");
      await helen.follow(/Ella Marsh ?message to the family/);
      await helen.sees("Tried by", "Dev Patel");
      helen.expectStatus(422);
      await helen.press("Let it go, for these reasons");
      await helen.sees("There is a problem");
      await helen.goTo("/held?state=released");
      await helen.sees("Nothing matches");

      // To her own mother it may go.
      await openElla(dev, "18 April 2016");
      await dev.follow("Send a copy of a paper");
      await dev.choose("Which paper?", "The plan that is in force");
      await dev.choose("Who is it for?", "Joanne Marsh (mother)");
      await dev.press("Check and send");
      await dev.sees("The copy may go", "A copy of a paper was sent on 23 November 2026");
      await dev.sees("A send that was held was put right before it went");
    });
  }
});
