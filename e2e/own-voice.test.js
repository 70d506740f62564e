// Journey 2, a young person: says who they are in their own way, decides who sees it, knows their
// rights, and says no to an outcome. Their mother sees what they let her see.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { enter, tabTo } from "./support/keyboard.js";
import { film } from "./support/film.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

/** A picture: one that the browser itself takes. */
async function picture(visitor) {
  return { name: "dog.png", mimeType: "image/png", buffer: await visitor.page.screenshot({ clip: { x: 0, y: 0, width: 300, height: 200 } }) };
}

describe("A young person’s own voice", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const jordan = await visit(t, area, "Own voice", screen);
      const { page } = jordan;
      await jordan.signInAs("Jordan Lee");
      await jordan.sees("Hello Jordan", "Your review is on Wednesday 2 December 2026", "Mina Lee", "Your mum", "Dev Patel");
      await jordan.sees("What you can ask", "Who will help me, and how often?");

      // About me: words, symbols, a picture and a film; private parts.
      await jordan.follow("About me");
      await jordan.sees("I like dogs, drums and chips.", "version 2");
      await jordan.follow(/^Add\W+What matters to me/);
      jordan.expectStatus(422);
      await jordan.press("Save");
      await jordan.sees("Write something, pick a symbol, or add a picture, sound or video");
      await jordan.fill("Words", "My dog Biscuit, and time on my own.");
      await page.getByLabel("Quiet", { exact: true }).check();
      await page.getByLabel("Add a picture").setInputFiles(await picture(jordan));
      await page.getByLabel("Add a video").setInputFiles(await film(t, area));
      await jordan.choose("Who can see this?", "Everyone who works with me, and my family");
      await jordan.press("Save");
      await jordan.sees("We have kept what you said", "My dog Biscuit", "Quiet", "version 3");
      await jordan.follow(/^Add\W+What is hard for me/);
      await jordan.fill("Words", "When people talk about me as if I were not there.");
      await jordan.choose("Who can see this?", "Only my officer at the council");
      await jordan.press("Save");
      await jordan.sees("as if I were not there", "only my officer at the council");
      await jordan.choose("Your three stars", "What matters to me");
      await jordan.press("Save my stars");
      await jordan.follow("Show it at a meeting");
      await jordan.sees("What matters to me", "1 of 3", "My dog Biscuit");
      assert.doesNotMatch(await jordan.text(), /as if I were not there/);
      const video = page.locator("video");
      assert.equal(await video.count(), 1);
      const address = await video.getAttribute("src");
      if (screen.script) {
        await video.evaluate((element) => element.play());
        await page.waitForFunction(() => document.querySelector("video").currentTime > 0);
      }
      await jordan.follow("Next");
      await jordan.sees("2 of 3");
      await jordan.follow("Back");

      // Mum can see my plan but not my video.
      await jordan.follow("Who sees what");
      await jordan.sees("You pick what your parents see here", "Mina Lee can sign in here too", "About me: what is hard for me");
      await page.getByLabel("My videos and sound").uncheck();
      await jordan.press("Save");
      await jordan.sees("It is set", "They do not see My videos and sound", "When staff must still tell someone");
      const mother = await visit(t, area, "Own voice, the mother", screen);
      await mother.signInAs("Mina Lee");
      await mother.sees("There is a plan");
      await mother.follow("See everything about Jordan Lee");
      await mother.follow("About me");
      await mother.sees("My dog Biscuit");
      assert.doesNotMatch(await mother.text(), /as if I were not there/);
      assert.equal(await mother.page.locator("video").count(), 0);
      const answer = await mother.page.request.get(area.address + address);
      assert.equal(answer.status(), 404, "the video, by its address");
      await mother.follow("Back");
      await mother.follow("Who sees what");
      await mother.sees("Jordan is old enough to decide", "Videos and sound");

      // My rights now.
      await jordan.follow("Back");
      await jordan.follow("My rights now");
      await jordan.open("Why that day?");
      await jordan.sees("up to you since Saturday 28 June 2025", "Friday 27 June 2025", "Alderbourne SENDIASS", "01632 960 130");
      await jordan.sees("Your new plan must be ready by Wednesday 31 March 2027", "by the end of March in that year");
      await jordan.follow("See how we worked out each day");
      await jordan.sees("Name the next school or college after 16 in the plan");
      await jordan.follow("Back");

      // My outcomes, and not what I want.
      await jordan.follow("My outcomes");
      await jordan.sees("Work and learning", "Living in my own way", "Friends and community", "Being healthy");
      await jordan.follow(/^Not what I want\W+Jordan will ring the doctor/);
      jordan.expectStatus(422);
      await jordan.press("Send");
      await jordan.sees("Say why, in your own words");
      await jordan.fill("Why is it not what you want?", "I do not like the phone. I want to write to them.");
      await jordan.press("Send");
      await jordan.sees("You said “not what I want” on Monday 23 November 2026", "must answer before the plan is made new");
      const officer = await visit(t, area, "Own voice, the officer", screen);
      await officer.signInAs("Dev Patel");
      await officer.goTo("/children?q=Jordan+Lee");
      await officer.follow("Jordan Lee");
      await officer.follow("Answer what the young person does not want");
      await officer.follow(/^Answer\W+Jordan will ring/);
      await officer.choose("What happens with the outcome?", "The outcome will be changed or taken out");
      await officer.fill("Your answer", "You are right. It will say: write to the doctor.");
      await officer.press("Send the answer");
      await officer.sees("It will be changed");
      await officer.follow("Back to the child");
      await officer.follow(/^About me/);
      await officer.sees("as if I were not there", "My dog Biscuit");
      await officer.follow("Back");
      await officer.follow("Rights and capacity");
      await officer.sees("own since Saturday 28 June 2025", "My videos and sound", "No talk is recorded yet");
      await officer.follow("Record an assessment of capacity");
      officer.expectStatus(422);
      await officer.press("Record it");
      await officer.sees("Select the decision that was assessed");
      await page.reload();
      await jordan.look();
      await jordan.sees("It will be changed.", "You are right. It will say: write to the doctor.");

      // After 19.
      await jordan.follow("Back");
      await jordan.follow("What happens after 19");
      await jordan.sees("You turn 19 on Saturday 12 August 2028", "You turn 18 on Thursday 12 August 2027", "Dev Patel, your officer");
      await jordan.follow("Back");
      await jordan.follow("Messages");
      await jordan.sees("Messages");
    });
  }

  test("by keyboard alone", async (t) => {
    const area = await startArea(t);
    const jordan = await visit(t, area, "Own voice by keyboard");
    const { page } = jordan;
    await jordan.goTo("/sign-in");
    await enter(jordan, /^Jordan Lee/);
    await enter(jordan, /^About me/);
    await enter(jordan, /^Add\W+My hopes/);
    await tabTo(jordan, /^Words/);
    await page.keyboard.type("A flat with a dog.");
    await tabTo(jordan, /^Home/);
    await page.keyboard.press("Space");
    await tabTo(jordan, /^Everyone who works with me, and my family/);
    await enter(jordan, /^Save/);
    await jordan.sees("A flat with a dog.", "Home");
    await enter(jordan, /^Back/);
    await enter(jordan, /^Who sees what/);
    await tabTo(jordan, /^My videos and sound/);
    await page.keyboard.press("Space");
    await enter(jordan, /^Save/);
    await jordan.sees("They do not see My videos and sound");
  });

  test("a term before, everyone is told", async (t) => {
    const area = await startArea(t);
    const officer = await visit(t, area, "Rights, the officer");
    await officer.signInAs("Dev Patel");
    await officer.goTo("/children?q=Kit+Rowan");
    await officer.follow("Kit Rowan");
    await officer.follow("Talk with the young person about making their own decisions");
    await officer.sees("The rights have been Kit Rowan’s own since Saturday 27 June 2026", "were told on Friday 3 April 2026");
    await officer.fillDate("When did you talk?", "20 11 2026");
    await officer.press("Record the talk");
    await officer.sees("The talk was held on Friday 20 November 2026");
    assert.match(area.verify(), / 0 fault/);
  });
});
