// Journey 13, the front door, steps 1 to 4: who rings, what was promised, two contacts about one thing,
// where a contact goes and why, a letter with its scan and receipt; and two records that are one child's,
// or are not.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

async function search(bea, words) {
  await bea.goTo("/contacts");
  await bea.fill("Who is it about?", words);
  await bea.press("Search");
}

async function note(bea, how, line) {
  await bea.choose("How did they get in touch?", how);
  await bea.fill("Who got in touch?", "Amara Okafor, mother");
  await bea.fill("What was it about, in one line?", line);
}

describe("Somebody rings, and writes about the same", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const bea = await visit(t, area, "Front door contacts", screen);
      await bea.signInAs("Bea Firth");
      await bea.follow("Contacts");
      await search(bea, "Amarah Okafer");
      await bea.sees("Sami Okafor, born Sunday 14 May 2017", "Amara Okafor, mother", "No contact noted yet");
      await bea.follow(/^Note a contact/);
      await note(bea, "Telephone", "Asks whether the school will be visited.");
      await bea.fill("What did you promise?", "Ring back about the visit");
      bea.expectStatus(422);
      await bea.press("Note it");
      await bea.sees("Enter the day by which it is promised");
      await bea.fillDate("By when?", "25 11 2026");
      await bea.press("Note it");
      await bea.sees("Ring back about the visit. Promised by Wednesday 25 November 2026");
      await search(bea, "Okafor");
      await bea.sees("Ring back about the visit", "Last contact: Telephone, Monday 23 November 2026");

      await bea.follow(/^Note a contact/);
      await note(bea, "Email", "Writes that the visit should be in the morning.");
      await bea.press("Note it");
      await bea.sees("Is this about the same thing as the call of 23 November 2026?");
      await bea.press(/^Join them/);
      await bea.sees("About the same thing:");
      await bea.press(/^Take apart/);
      await bea.sees("Is this about the same thing as the call of 23 November 2026?");
      await bea.press(/^It is done/);
      await bea.sees("Done on 23 November 2026, as promised");

      await bea.follow("taken in with its scan and a receipt");
      await bea.fill("Who sent it?", "Amara Okafor, mother");
      await bea.fill("What is it about, in one line?", "A report of the speech therapist.");
      const scan = { name: "report.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\nan invented report\n%%EOF") };
      await bea.page.getByLabel("The scan of the letter").setInputFiles(scan);
      await bea.press("Put it on the record");
      const number = /Receipt (\d{4}-\d{5})/.exec(await bea.heading())?.[1];
      assert.ok(number, await bea.heading());
      assert.doesNotMatch(await bea.text(), /Sami/);
      await bea.goTo("/contacts");
      await bea.fill("The number on it, scanned or typed", number);
      await bea.press("Open the record");
      assert.equal(await bea.heading(), "A letter that came by post");

      await bea.goTo("/contacts");
      await bea.open("Note a contact before its child is known");
      await note(bea, "In person", "An aunt asks about a boy in Year 5.");
      await bea.press("Note it");
      await bea.follow(/^Find the child/);
      await bea.fill("Who is it about?", "Okafor");
      await bea.press("Search");
      await bea.press(/^It is about this child/);
      await bea.sees("An aunt asks about a boy in Year 5.");
      await bea.goTo("/contacts");
      await bea.sees("Nothing is waiting");
    });
  }
});

describe("A contact goes where it is answered", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const bea = await visit(t, area, "Front door routes", screen);
      await bea.signInAs("Bea Firth");
      await bea.goTo("/contacts");
      await search(bea, "Okafor");
      await bea.follow(/^Note a contact/);
      await note(bea, "Telephone", "Asks when it will be decided.");
      await bea.press("Note it");
      await bea.follow(/^Where does it go/);
      await bea.choose("What is it about?", "Where things stand, or a date");
      await bea.press("See what is suggested");
      await bea.sees("Suggested: Answer it now", "says where it stands, what comes next and by when", "Deciding whether to assess", "Monday 4 January 2027");
      await bea.press("Save");
      await bea.sees("Answered at first touch by Bea Firth on 23 November 2026");

      await note(bea, "Telephone", "The speech therapist has not come since September.");
      await bea.press("Note it");
      await bea.follow(/^Where does it go/);
      await bea.choose("What is it about?", "A therapy, a nurse, a medical question");
      await bea.press("See what is suggested");
      await bea.sees("Suggested: The designated clinical officer");
      await bea.choose("What happens with it?", "Pass it to: The managers");
      bea.expectStatus(422);
      await bea.press("Save");
      await bea.sees("Say why, because it is not what is suggested");
      await bea.choose("What happens with it?", "Pass it to: The designated clinical officer");
      await bea.fill("Why, or what should they know?", "She would like to be rung in the evening.");
      await bea.press("Save");
      await bea.sees("Passed to the designated clinical officer on 23 November 2026");
      await bea.goTo("/contacts");
      await bea.sees("Of 2 contacts of the last 12 weeks that were seen to, 1 (50%) was answered by whoever took it");
      await bea.open("By what it was about");

      const anne = await visit(t, area, "Passed to a clinical officer", screen);
      await anne.signInAs("Anne Osei");
      await anne.follow("Passed to you");
      await anne.sees("Sami Okafor", "has not come since September", "rung in the evening", "to be answered by Monday 30 November 2026");
      await anne.fill("What was answered?", "The sessions begin again on Tuesday; she knows.");
      await anne.press("It is answered");
      await anne.sees("Nothing waits for you.");
      await bea.goTo("/contacts");
      await search(bea, "Okafor");
      await bea.follow(/^Sami Okafor/);
      await bea.sees("The sessions begin again on Tuesday");
    });
  }
});

describe("A child is entered a second time", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const bea = await visit(t, area, "Front door one child", screen);
      await bea.signInAs("Bea Firth");
      await bea.goTo("/requests/new");
      await bea.fill("First name", "Samy");
      await bea.fill("Last name", "Okafer");
      await bea.fillDate("Date of birth", "14 5 2017");
      if (screen.script) {
        await bea.page.getByText("Is it one of these?").waitFor();
        await bea.look();
        await bea.sees("Sami Okafor", "the names sound alike; the same date of birth");
      }
      await bea.choose("Who asked?", "Parent or carer");
      await bea.choose("How did it come?", "Telephone");
      await bea.fillDate("When was it received?", "20 11 2026");
      await bea.fill("What was asked?", "His mother asks for an assessment.");
      bea.expectStatus(409);
      await bea.press("Record the request");
      await bea.sees("Is this the same child?", "Sami Okafor");
      await bea.page.getByLabel("No, this is a different child: open a new record").check();
      await bea.press("Record the request");
      await bea.sees("Samy Okafer", "The request is recorded");

      await bea.follow("Is there another record of this child?");
      await bea.follow(/^Compare the two records ?of Samy Okafer and Sami Okafor/);
      await bea.sees("This record, which is kept", "The other record, which is closed", "received Friday 20 November 2026");
      await bea.follow("Keep the other record instead");
      bea.expectStatus(422);
      await bea.press("Join the records");
      await bea.sees("Enter how you know that it is the same child");
      await bea.fill("How do you know that it is the same child?", "His mother says that the name was misspelt.");
      await bea.press("Join the records");
      await bea.sees("The two records are one", "Sami Okafor", "Friday 1 January 2027");
      await bea.goTo("/children?q=Samy Okafer");
      await bea.sees("Also recorded as Samy Okafer");
      await bea.follow("Sami Okafor");
      await bea.follow("See it, or take them apart");
      await bea.sees("an earlier day on which the clock starts: Friday 20 November 2026 instead of Monday 23 November 2026");
      await bea.fill("Why are they taken apart?", "It was somebody else after all.");
      await bea.press("Take them apart");
      await bea.sees("They are two records again", "Monday 4 January 2027");
    });
  }
});

describe("Two children who look alike are told apart", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const bea = await visit(t, area, "Front door two children", screen);
      await bea.signInAs("Bea Firth");
      await bea.goTo("/children?q=Ella Marsh 18/4/2016");
      await bea.follow("Ella Marsh");
      await bea.follow("Is there another record of this child?");
      await bea.sees("born one day apart");
      await bea.follow(/^Compare the two records.*19 April 2016/);
      await bea.sees("Two plans cannot become one");
      await bea.fill("How do you know that they are different children?", "Different mothers, addresses and schools.");
      await bea.press("Record that they are different");
      await bea.sees("No other record looks like this one", "Different child", "Different mothers, addresses and schools.");
      await bea.follow("Back to the child’s page");
      await bea.sees("Different children: this is not Ella Marsh, born Tuesday 19 April 2016");
    });
  }
});
