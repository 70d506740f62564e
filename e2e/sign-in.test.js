// Signing in for real: with an account of the council, of a school or of GOV.UK One Login; with a
// passkey; seeing where one is signed in, and ending it.

import { after, describe, test } from "node:test";
import assert from "node:assert/strict";
import { startArea } from "./support/area.js";
import { startProviders } from "./support/providers.js";
import { WAYS, closeBrowser, visit } from "./support/visitor.js";

after(closeBrowser);

/** The register number of the school of the demo's Ruth Deans. */
const SCHOOL = "900001";

async function startWithProviders(t) {
  let issuers;
  const prepare = async (address) => {
    const started = await startProviders(t, address, { urn: SCHOOL });
    issuers = started.issuers;
    return started.args;
  };
  const area = await startArea(t, { prepare });
  return { area, issuers };
}

/** Presses the button of a provider and says there who one is. */
async function signInWith(visitor, provider, name, status = 200) {
  await visitor.goTo("/sign-in");
  await visitor.page.getByRole("button", { name: `Sign in with ${provider}` }).click();
  if (status !== 200) visitor.expectStatus(status);
  await visitor.page.getByRole("link", { name, exact: true }).click();
  await visitor.page.waitForURL(/localhost/);
  await visitor.look();
}

async function signOutThere(visitor) {
  const menu = visitor.page.getByRole("button", { name: "Menu", exact: true });
  if (await menu.isVisible()) await menu.click();
  await visitor.page.getByRole("button", { name: "Sign out", exact: true }).click();
  await visitor.page.getByRole("button", { name: "Sign out of this account" }).click();
  await visitor.page.waitForURL(/\/sign-in$/);
  await visitor.look();
}

describe("People sign in with an account they have elsewhere", () => {
  for (const way of ["on a wide screen", "on a phone", "without script"]) {
    test(way, async (t) => {
      const { area, issuers } = await startWithProviders(t);
      const officer = await visit(t, area, "Sign in, an officer", WAYS[way]);
      await officer.goTo("/sign-in");
      await officer.sees("If you work for the council", "If you work at a school or college", "If you are a parent");
      await signInWith(officer, "Alderbourne Council", "Dev Patel");
      assert.equal(new URL(officer.page.url()).pathname, "/today");
      await officer.goTo("/account/sign-in");
      await officer.sees("dev.patel@alderbourne.example", "(this one)", "with Alderbourne Council");
      await signOutThere(officer);
      await officer.goTo("/today");
      assert.equal(new URL(officer.page.url()).pathname, "/sign-in", "signed out here as well");

      const stranger = await visit(t, area, "Sign in, somebody unknown", WAYS[way]);
      await signInWith(stranger, "Alderbourne Council", "Mo Stranger", 403);
      await stranger.sees("You have no account here yet", "give this number");

      const school = await visit(t, area, "Sign in, a school", WAYS[way]);
      await signInWith(school, "DfE Sign-in", "Ruth Deans");
      assert.equal(new URL(school.page.url()).pathname, "/children");
      const other = await visit(t, area, "Sign in, another school", WAYS[way]);
      await signInWith(other, "DfE Sign-in", "Ruth Elsewhere", 403);
      await other.sees("You have no account here yet");

      const mother = await visit(t, area, "Sign in, a mother", WAYS[way]);
      await signInWith(mother, "GOV.UK One Login", "Amara Okafor");
      assert.equal(new URL(mother.page.url()).pathname, "/family");
      await mother.sees("There is no child here that you follow");

      // She signs out at One Login itself: it tells us, and she is out here too.
      await mother.page.goto(`${issuers.one_login}/session/end`);
      await mother.page.getByRole("button", { name: "Sign out of this account" }).click();
      await mother.page.getByText("Signed out there").waitFor();
      await mother.goTo("/family");
      assert.equal(new URL(mother.page.url()).pathname, "/sign-in");

      // An address that somebody made up leads nowhere.
      mother.expectStatus(403);
      await mother.goTo("/sign-in/with/families/back?code=stolen&state=stolen");
      await mother.sees("You are not signed in", "give this number");

      const administrator = await visit(t, area, "Sign in, the record of sign-ins", WAYS[way]);
      await signInWith(administrator, "Alderbourne Council", "Sol Archer");
      await administrator.goTo("/sign-ins");
      await administrator.sees("Nobody here has that address", "The school there is not the school", "forged");
      await administrator.select("What happened", "Signed out by the provider");
      await administrator.press("Show");
      await administrator.sees("1 line", "Amara Okafor", "GOV.UK One Login");
    });
  }
});

/** A phone of the visitor's own that knows their face. */
async function giveAuthenticator(visitor) {
  const session = await visitor.page.context().newCDPSession(visitor.page);
  await session.send("WebAuthn.enable");
  const options = {
    protocol: "ctap2",
    transport: "internal",
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  };
  const { authenticatorId } = await session.send("WebAuthn.addVirtualAuthenticator", { options });
  return { session, authenticatorId };
}

describe("Passkeys, and ending what was begun", () => {
  for (const way of ["on a wide screen", "on a phone"]) {
    test(way, async (t) => {
      const area = await startArea(t);
      const officer = await visit(t, area, "Passkeys", WAYS[way]);
      const { session, authenticatorId } = await giveAuthenticator(officer);
      await officer.signInAs("Dev Patel");
      await officer.goTo("/account/sign-in");
      await officer.sees("Passkeys", "You have none");
      await officer.press("Add a passkey");
      await officer.fill("Name of the passkey", "My <phone>");
      await officer.press("Add a passkey");
      await officer.sees("The passkey is added", "My <phone>", "Not yet");

      await officer.signOut();
      await officer.follow("sign in with a passkey");
      await officer.press("Use a passkey");
      assert.equal(new URL(officer.page.url()).pathname, "/today");
      await officer.goTo("/account/sign-in");
      await officer.sees("with a passkey");

      // A second passkey of the same device is not made.
      await officer.goTo("/account/sign-in/passkeys/new");
      await officer.page.getByRole("button", { name: "Add a passkey" }).click();
      await officer.page.getByText("No passkey was made").waitFor();
      await officer.look();

      // One that counts backwards may be a copy; one that was not used with a face or PIN is not enough.
      const { credentials } = await session.send("WebAuthn.getCredentials", { authenticatorId });
      await session.send("WebAuthn.removeCredential", { authenticatorId, credentialId: credentials[0].credentialId });
      await session.send("WebAuthn.addCredential", { authenticatorId, credential: { ...credentials[0], signCount: 0 } });
      await officer.goTo("/account/sign-in");
      await officer.signOut();
      await officer.goTo("/sign-in/passkey");
      officer.expectStatus(422);
      await officer.press("Use a passkey");
      await officer.sees("This passkey does not sign in here");
      await session.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
      await officer.page.getByRole("button", { name: "Use a passkey" }).click();
      await officer.page.getByText("No passkey was used").waitFor();
      await officer.look();

      await officer.signInAs("Dev Patel");
      await officer.goTo("/account/sign-in");
      await officer.press("Remove");
      await officer.sees("The passkey is removed here", "You have none");

      // Another browser is seen here, and ended from here.
      const elsewhere = await visit(t, area, "Passkeys, elsewhere", WAYS[way]);
      await elsewhere.signInAs("Dev Patel");
      await officer.goTo("/account/sign-in");
      await officer.press("Sign out there");
      await officer.sees("You are signed out there");
      await elsewhere.goTo("/today");
      assert.equal(new URL(elsewhere.page.url()).pathname, "/sign-in");
      await elsewhere.signInAs("Dev Patel");
      await officer.goTo("/account/sign-in");
      await officer.press("Sign out everywhere");
      for (const visitor of [officer, elsewhere]) {
        await visitor.goTo("/today");
        assert.equal(new URL(visitor.page.url()).pathname, "/sign-in");
      }
    });
  }

  test("without script", async (t) => {
    const area = await startArea(t);
    const officer = await visit(t, area, "Passkeys", WAYS["without script"]);
    await officer.goTo("/sign-in/passkey");
    await officer.sees("JavaScript is turned off in it", "sign in another way");
    assert.equal(await officer.page.getByRole("button", { name: "Use a passkey" }).isVisible(), false);
    await officer.signInAs("Dev Patel");
    await officer.goTo("/account/sign-in/passkeys/new");
    await officer.sees("Open this page in another browser");
  });
});

describe("A link leads back to its page after signing in", () => {
  for (const [way, screen] of Object.entries(WAYS)) {
    test(way, async (t) => {
      const area = await startArea(t);
      const dev = await visit(t, area, "A link before signing in", screen);
      await dev.goTo("/children?q=Okafor");
      assert.equal(await dev.heading(), "Sign in");
      await dev.press(/^Dev Patel/);
      const { pathname, search } = new URL(dev.page.url());
      assert.equal(pathname + search, "/children?q=Okafor");
      await dev.sees("Sami Okafor");
      await dev.signOut();
      await dev.goTo("/sign-in?then=%2F%2Fevil.example%2F");
      await dev.press(/^Dev Patel/);
      assert.equal(dev.page.url(), `${area.address}/today`);
    });
  }
});
