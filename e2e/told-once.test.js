// Told once: how often each fact was asked for in the area, the children behind the figure, and one
// fact with every value it had, who said each, and who has been shown it.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

describe("Told once", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const helen = await visit(t, area, "Told once", screen);
      await helen.signInAs("Helen Ward");
      await helen.goTo("/measures/told-once");
      await helen.sees("Each fact about a child was asked for", "The aim is 1.00", "Date of birth", "How this is counted");
      const text = await helen.text();
      const figure = Number(/was asked for ([0-9.]+) times/.exec(text)[1]);
      assert.ok(figure > 1 && figure < 1.5, `a figure that can be: ${figure}`);
      await helen.follow("See the children");
      await helen.sees("Asked more than once", "name, date of birth, school or setting");

      const dev = await visit(t, area, "Told once, a fact", screen);
      await dev.signInAs("Dev Patel");
      await dev.goTo("/children?q=Maya+Turner");
      await dev.follow("Maya Turner");
      await dev.follow("Who said what");
      await dev.sees("Who said what", "The school or setting said it", "Asked once");
      await dev.follow("Correct details");
      await dev.fill("Language spoken at home", "Polish and English");
      dev.expectStatus(422);
      await dev.press("Save");
      await dev.sees("Select who says so");
      await dev.select("Who says so?", "The family");
      await dev.fill("Where can it be read? (if anywhere)", "telephone note of 20 November 2026");
      await dev.press("Save");
      await dev.follow("Who said what");
      await dev.follow("Language at home");
      await dev.sees("Polish and English", "The family said it (telephone note of 20 November 2026). Dev Patel put it on record");
      await dev.sees("What it was before", "Who has been shown it", "Dev Patel");
    });
  }
});
