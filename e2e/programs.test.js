// Programs: an administrator adds a service and makes its token, a program uses it, and it ends when
// it is revoked; a person makes a token of their own.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

/** The token that a page shows, this once. */
async function shownToken(visitor) {
  await visitor.sees("Copy the token now");
  return (await visitor.page.locator("pre.app-listing").first().innerText()).trim();
}

/** Who the API says this token is; the code of the problem when it does not work. */
async function who(area, token) {
  const answer = await fetch(`${area.address}/api/v1/me`, { headers: { Authorization: `Bearer ${token}` } });
  const said = await answer.json();
  return answer.ok ? said.name : said.code;
}

describe("Programs use what people see", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const sol = await visit(t, area, "Tokens of services", screen);
      await sol.signInAs("Sol Archer");
      await sol.goTo("/services");
      await sol.sees("There are no services yet");
      sol.expectStatus(422);
      await sol.press("Add the service");
      await sol.sees("Enter the name of the service");
      await sol.fill("Name of the service", "School system");
      await sol.select("What may it do?", "Data analyst");
      await sol.press("Add the service");
      assert.equal(await sol.heading(), "Tokens of School system (service)");
      sol.expectStatus(422);
      await sol.press("Make a token");
      await sol.sees("Enter a name that says what the token is for");
      await sol.fill("What is it for?", "Nightly read");
      await sol.press("Make a token");
      const token = await shownToken(sol);
      assert.match(token, /^tellonce_svc_[0-9a-f]{64}$/);
      assert.equal(await who(area, token), "School system (service)");
      await sol.press(/^Revoke/);
      await sol.sees("Revoked");
      assert.equal(await who(area, token), "token_refused");
      await sol.goTo("/services");
      await sol.sees("0 tokens that work");

      await sol.goTo("/api");
      await sol.sees("What the pages show and do");
      await sol.follow("problems");
      await sol.follow("version_changed");
      await sol.sees("Read it again");

      const priya = await visit(t, area, "Tokens of a person", screen);
      await priya.goTo("/");
      await priya.follow("For developers");
      await priya.sees("Sign in to make one");
    });
  }
});
