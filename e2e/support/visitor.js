// Someone in front of a browser. Whatever page they reach is looked at: axe finds nothing, nothing
// scrolls sideways, it is light, it has one heading and a title, and nothing was refused by the
// content security policy or complained about in the console. Its markup and its picture are kept
// in e2e/out.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const OUT = join(import.meta.dirname, "..", "out");
const PAGE_BYTES_MAX = 100 * 1024;
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** The ways in which every journey is walked. */
export const WAYS = {
  "on a wide screen": { width: 1280, height: 900, script: true },
  "on a phone": { width: 375, height: 740, script: true },
  "without script": { width: 1280, height: 900, script: false },
};

let browser;

async function openBrowser() {
  browser ??= await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
  return browser;
}

/** Closes the browser: once, after all tests of a file. */
export async function closeBrowser() {
  await browser?.close();
  browser = undefined;
}

/** A new visitor to `area`, gone when the test `t` ends. `journey` names their pictures. */
export async function visit(t, area, journey, { width, height, script } = WAYS["on a wide screen"]) {
  const context = await (await openBrowser()).newContext({
    viewport: { width, height },
    javaScriptEnabled: script,
    locale: "en-GB",
    timezoneId: "Europe/London",
    reducedMotion: "reduce",
    acceptDownloads: true,
  });
  context.setDefaultTimeout(15_000);
  t.after(() => context.close());
  const page = await context.newPage();
  const mirror = script ? undefined : await openMirror(t, { width, height });
  return new Visitor(page, mirror, area, `${slug(journey)}-${width}${script ? "" : "-without-script"}`);
}

async function openMirror(t, viewport) {
  const context = await (await openBrowser()).newContext({ viewport, locale: "en-GB" });
  t.after(() => context.close());
  return context.newPage();
}

class Visitor {
  page;
  #mirror;
  #area;
  #journey;
  #complaints = [];
  #expected = new Set();
  #pages = [];
  #steps = 0;
  #wasOffline = false;

  constructor(page, mirror, area, journey) {
    this.page = page;
    this.#mirror = mirror;
    this.#area = area;
    this.#journey = journey;
    page.on("pageerror", (error) => this.#complaints.push(`script: ${error.message}`));
    page.on("console", (message) => {
      // The answer's own status is judged below.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
        this.#complaints.push(`console: ${message.text()}`);
      }
    });
    page.on("requestfailed", (request) => {
      const why = request.failure()?.errorText ?? "";
      // A download ends its navigation; where script is off, the browser itself refuses scripts.
      const isRefusedScript = this.#mirror !== undefined && /\.js$/.test(request.url());
      const isLost = this.#wasOffline && why === "net::ERR_INTERNET_DISCONNECTED";
      if (why !== "net::ERR_ABORTED" && !isRefusedScript && !isLost) this.#complaints.push(`${request.url()}: ${why}`);
    });
    page.on("response", (response) => this.#pages.push(this.#judge(response)));
  }

  async #judge(response) {
    const status = response.status();
    const url = new URL(response.url());
    if (!["127.0.0.1", "localhost"].includes(url.hostname)) {
      this.#complaints.push(`${url.href} leaves the area's server`);
    }
    if (status >= 400 && !this.#expected.has(status)) this.#complaints.push(`${url.pathname} answered ${status}`);
    const isDocument = response.request().resourceType() === "document";
    if (isDocument && !(status >= 300 && status < 400) && /html/.test(response.headers()["content-type"] ?? "")) {
      const text = await response.text().catch(() => undefined);
      if (text !== undefined) keepMarkup(url, text);
    }
  }

  /** An answer of this status is what the next step is about, such as 422 for a form to mend. */
  expectStatus(status) {
    this.#expected.add(status);
  }

  /** The line goes, and comes back. */
  async setOffline(isOffline) {
    this.#wasOffline ||= isOffline;
    await this.page.context().setOffline(isOffline);
  }

  async goTo(path) {
    await this.page.goto(this.#area.address + path);
    await this.look();
  }

  /** Follows the link of this name; `within` narrows where. */
  async follow(name, within = this.page) {
    await this.#press(within.getByRole("link", { name }).first());
  }

  /** Presses the button of this name. */
  async press(name, within = this.page) {
    await this.#press(within.getByRole("button", { name }).first());
  }

  async #press(target) {
    // On a phone the service's links are behind a menu.
    const menu = this.page.getByRole("button", { name: "Menu", exact: true });
    if (!(await target.isVisible()) && (await menu.isVisible())) await menu.click();
    await target.waitFor({ timeout: 5000 }).catch(async () => {
      assert.fail(`${this.page.url()} has no ${target}. It says: ${(await this.text()).slice(0, 1500)}`);
    });
    await Promise.all([this.page.waitForEvent("domcontentloaded"), target.click()]);
    await this.look();
  }

  async fill(label, text, within = this.page) {
    await within.getByLabel(label, { exact: true }).fill(text);
  }

  /** A date in its three boxes, as "23 11 2026". */
  async fillDate(legend, date, within = this.page) {
    const group = within.getByRole("group", { name: legend });
    const [day, month, year] = date.split(" ");
    await group.getByLabel("Day").fill(day);
    await group.getByLabel("Month").fill(month);
    await group.getByLabel("Year").fill(year);
  }

  /** Chooses an answer to a question that has radios or checkboxes. */
  async choose(question, answer) {
    await this.page.getByRole("group", { name: question }).getByLabel(answer, { exact: true }).first().check();
  }

  async select(label, option) {
    await this.page.getByLabel(label, { exact: true }).selectOption(option);
  }

  async open(summary) {
    const details = this.page.locator("details").filter({ has: this.page.getByText(summary) }).first();
    if ((await details.getAttribute("open")) === null) await details.locator("summary").click();
  }

  /** What the page says, without markup. */
  async text() {
    return (await this.page.getByRole("main").innerText()).replaceAll(/\s+/g, " ");
  }

  async sees(...words) {
    const text = await this.text();
    for (const word of words) {
      const found = word instanceof RegExp ? word.test(text) : text.includes(word);
      assert.ok(found, `${this.page.url()} does not say “${word}”. It says: ${text.slice(0, 1500)}`);
    }
  }

  async heading() {
    return (await this.page.getByRole("heading", { level: 1 }).innerText()).trim();
  }

  /** Signs in as one of the demo's people. A session may have outlived a move of the clock. */
  async signInAs(name) {
    await this.goTo("/sign-in");
    if ((await this.heading()) !== "Sign in") await this.signOut();
    await this.press(new RegExp(`^${name}`));
  }

  async signOut() {
    await this.press("Sign out");
  }

  /** Looks at the page that is open now. Called by every step that opens one. */
  async look() {
    const page = this.page;
    await page.waitForLoadState("load");
    await Promise.all(this.#pages.splice(0));
    const url = new URL(page.url());
    const where = `${url.pathname}${url.search}`;
    const found = await page.evaluate(() => ({
      title: document.title,
      headings: document.querySelectorAll("h1").length,
      overflow: document.scrollingElement.scrollWidth - window.innerWidth,
      widest: [...document.querySelectorAll("main *")]
        .filter((element) => element.getBoundingClientRect().right > window.innerWidth + 1)
        .slice(0, 3)
        .map((element) => element.outerHTML.slice(0, 120)),
      // The picture of a page of somebody's paper weighs what it weighs.
      bytes: [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].filter(({ name }) => !name.endsWith("/picture")).reduce(
        (sum, entry) => sum + entry.encodedBodySize,
        0,
      ),
    }));
    this.#steps += 1;
    const heading = found.headings ? await this.heading() : "no heading";
    await this.#keepPicture(`${String(this.#steps).padStart(2, "0")}-${slug(heading)}`);
    assert.equal(found.headings, 1, `${where} has ${found.headings} first headings`);
    assert.match(found.title, /\S+ – \S+/, `${where} has the title “${found.title}”`);
    assert.ok(found.overflow <= 0, `${where} scrolls sideways by ${found.overflow} px: ${found.widest.join("\n")}`);
    assert.ok(found.bytes < PAGE_BYTES_MAX, `${where} weighs ${found.bytes} bytes with its stylesheet and script`);
    await this.#accessible(where);
    assert.deepEqual(this.#complaints, [], `complaints at ${where}`);
    this.#expected.clear();
  }

  async #accessible(where) {
    const page = this.#mirror ? await this.#mirrored() : this.page;
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(
      (tags) => globalThis.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] }),
      WCAG,
    );
    const told = violations.flatMap(({ id, help, nodes }) =>
      nodes.map((node) => `${id}: ${help}\n  ${node.html.slice(0, 200)}\n  ${node.failureSummary}`),
    );
    assert.deepEqual(told, [], `axe found something at ${where}`);
  }

  // Where the page may run no script, axe cannot either: it looks at the same markup, as it is
  // without script, in a page beside.
  async #mirrored() {
    const markup = (await this.page.content()).replaceAll(/<script\b[\s\S]*?<\/script>/g, "");
    if (!this.#mirror.url().startsWith(this.#area.address)) await this.#mirror.goto(`${this.#area.address}/health`);
    await this.#mirror.setContent(markup, { waitUntil: "load" });
    return this.#mirror;
  }

  async #keepPicture(name) {
    const folder = join(OUT, "pictures", this.#journey);
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  }
}

/** Markup as the server sent it, for html-validate; one page is kept once. */
function keepMarkup(url, text) {
  const folder = join(OUT, "markup");
  mkdirSync(folder, { recursive: true });
  const place = slug(url.pathname.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|[0-9A-Z]{4}(-[0-9A-Z]{4}){2}/g, "id")) || "front";
  const print = createHash("sha256").update(text.replaceAll(/name="csrf" value="\w+"/g, "")).digest("hex").slice(0, 8);
  writeFileSync(join(folder, `${place}-${print}.html`), text);
}

function slug(text) {
  return text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "").slice(0, 60);
}
