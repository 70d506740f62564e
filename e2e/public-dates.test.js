// Journey 1, a parent carer: why these dates? Nobody has to sign in to be told.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

describe("A parent works out the dates of a request received on 23 November 2026", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const parent = await visit(t, area, "Public dates", screen);
      await parent.goTo("/");
      await parent.follow("Work out your dates");
      await parent.fillDate("When did the council receive the request?", "23 11 2026");
      await parent.press("Show the dates");
      await parent.sees("If the request was received on Monday 23 November 2026");
      await parent.sees("Monday 4 January 2027", "Monday 15 March 2027", "Monday 12 April 2027");

      for (const details of await parent.page.locator("details").all()) {
        if ((await details.getAttribute("open")) === null) await details.locator("summary").click();
      }
      await parent.look();
      await parent.sees("The sum", "Rule", "What you can do if the day passes");
      // Each of the three dates has its rule's law beside it.
      const links = parent.page.locator("main a[href*='legislation.gov.uk']");
      assert.equal(await links.count(), 3);
      for (const link of await links.all()) assert.ok(await link.isVisible());
    });
  }

  test("a day that cannot be read is asked for again, with what was typed still there", async (t) => {
    const area = await startArea(t);
    const parent = await visit(t, area, "Public dates to mend");
    await parent.goTo("/dates");
    await parent.fillDate("When did the council receive the request?", "31 2 2026");
    await parent.press("Show the dates");
    await parent.sees("There is a problem");
    assert.match(await parent.page.title(), /^Error: /);
    assert.equal(await parent.page.getByLabel("Month").inputValue(), "2");
  });

  test("the pages about the service itself can be read", async (t) => {
    const area = await startArea(t);
    const parent = await visit(t, area, "About", WAYS["on a phone"]);
    for (const path of ["/accessibility", "/privacy", "/cookies", "/sign-in"]) await parent.goTo(path);
    parent.expectStatus(404);
    await parent.goTo("/no-such-page");
    await parent.sees("Page not found");
  });
});
