// A SEN2 return is brought in through the browser, looked at before and after, and worked on.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { steps } from "./support/steps.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

const MAKE_RETURN = process.env.TELLONCE_MAKE_RETURN ?? "target/debug/examples/make_return";
const PEOPLE = 60;
/** The demo area's own number. */
const AUTHORITY = "980";

/** Waits until the page, which loads itself anew, no longer says that the file is being worked on. */
async function untilDone(someone) {
  await someone.page.getByRole("main").filter({ hasNotText: /is being/ }).waitFor({ timeout: 60_000 });
  await someone.look();
}

describe("A SEN2 return is brought in", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const file = join(area.dir, "sen2-return.xml");
      execFileSync(MAKE_RETURN, [String(PEOPLE), file, AUTHORITY]);
      const step = steps(t);
      const someone = await visit(t, area, "Imports", screen);
      const main = someone.page.getByRole("main");
      const send = async (path) => {
        await someone.follow("Imports");
        await someone.choose("What is in the file?", "SEN2 return");
        await someone.page.getByLabel("The file").setInputFiles(path);
        await someone.press("Check this file");
        await untilDone(someone);
      };

      await step("a file that breaks off is refused with the reason, and nothing of it is written", async () => {
        const broken = join(area.dir, "broken.xml");
        writeFileSync(broken, readFileSync(file, "utf8").slice(0, 20_000));
        await someone.signInAs("Sol Archer");
        await send(broken);
        await someone.sees("The file was not loaded", "Nothing of it was written");
      });

      await step("a whole file is shown before anything is written", async () => {
        await send(file);
        await someone.sees("Nothing is written yet", "What the file holds", "What it would bring");
        await someone.sees(new RegExp(`People ${PEOPLE}`));
      });

      await step("it is brought in", async () => {
        await someone.press("Bring it in");
        await untilDone(someone);
        await someone.sees("The file is in", "What it brought");
      });

      await step("the same file brings nothing the second time", async () => {
        await send(file);
        await someone.press("Bring it in");
        await untilDone(someone);
        await someone.sees("The file is in");
        await someone.signOut();
      });

      await step("a manager finds a child of the file, and names who works with them", async () => {
        const upn = /<UPN>(\w+)<\/UPN>/i.exec(readFileSync(file, "utf8"))?.[1];
        assert.ok(upn, "the file has a UPN");
        await someone.signInAs("Helen Ward");
        await someone.follow("Children");
        await someone.fill("Name, date of birth, UPN or NHS number", upn);
        await someone.press("Search", main);
        const child = main.locator('a[href^="/children/"]').first();
        const name = (await child.innerText()).trim();
        await someone.follow(name, main);
        assert.equal(await someone.heading(), name);
        await someone.follow("Change the officer", main);
        await someone.select("Officer", "Dev Patel");
        await someone.press("Save", main);
        await someone.sees("Dev Patel", "Dates", "History");
      });

      await step("the journal is whole", async () => {
        await area.stop();
        assert.match(area.verify(), / 0 fault/);
      });
    });
  }
});
