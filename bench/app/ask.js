// How long asking for an assessment takes on a slow phone, from the front page to "sent", and what
// its pages weigh. Everything is scripted, so this is the network's and the pages' share, not the
// time that a person needs to think.
//
//   TELLONCE_BINARY=target/release/tellonce TELLONCE_DEMO=DIR node bench/app/ask.js
//
// DIR is made by `tellonce demo --dir DIR --no-serve`.

import { startArea } from "../../e2e/support/area.js";
import { chromium } from "playwright-core";

// As browsers' developer tools define "Slow 3G" and a phone with a sixth of this machine's speed.
const SLOW_3G = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const SLOWER_CPU = 6;

const ends = [];
const area = await startArea({ after: (end) => ends.push(end) });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"],
});
const context = await browser.newContext({ viewport: { width: 375, height: 740 }, isMobile: true, hasTouch: true });
context.setDefaultTimeout(180_000);
const page = await context.newPage();
const phone = await context.newCDPSession(page);
await phone.send("Network.enable");
await phone.send("Network.emulateNetworkConditions", SLOW_3G);
await phone.send("Emulation.setCPUThrottlingRate", { rate: SLOWER_CPU });

let heaviest = 0;
let pages = 0;
async function weigh() {
  await page.waitForLoadState("load");
  const bytes = await page.evaluate(() =>
    [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].reduce(
      (sum, entry) => sum + entry.encodedBodySize,
      0,
    ),
  );
  heaviest = Math.max(heaviest, bytes);
  pages += 1;
}
async function press(role, name) {
  await Promise.all([page.waitForEvent("domcontentloaded"), page.getByRole(role, { name }).first().click()]);
  await weigh();
}
const fill = (label, text) => page.getByLabel(label, { exact: true }).fill(text);

const began = performance.now();
await page.goto(area.address);
await weigh();
await press("link", "Ask for an assessment");
await press("button", "Start now");
await page.getByLabel("I am a parent or carer").check();
await fill("Your name", "Amara Okafor");
await page.getByLabel("If you are a parent or carer: what are you to the child?").selectOption("Mother");
await fill("Telephone number", "01632 960 001");
await press("button", "Continue");
await fill("First name", "Kemi");
await fill("Last name", "Okafor");
await fill("Day", "2");
await fill("Month", "3");
await fill("Year", "2018");
await press("button", "Continue");
await page.getByLabel("Where do they go?").selectOption("Hollin Bank Primary");
await press("button", "Continue");
await fill("What worries you?", "She cannot follow the lesson, and she comes home in tears.");
await press("button", "Continue");
const photo = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(1_500_000, "a photo ")]);
await page.getByLabel("Choose files").setInputFiles([{ name: "letter.jpg", mimeType: "image/jpeg", buffer: photo }]);
const upload = performance.now();
await press("button", "Continue");
const uploaded = performance.now();
await press("button", "Send the request");
await page.getByText("Your request is sent").waitFor();
const took = performance.now() - began;

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;
console.log(`from the front page to "sent": ${seconds(took)} in ${pages} pages, of which a photo of 1.5 MB ${seconds(uploaded - upload)}`);
console.log(`heaviest page with its stylesheet and script, as sent: ${(heaviest / 1024).toFixed(0)} KB`);
await browser.close();
for (const end of ends.reverse()) await end();
