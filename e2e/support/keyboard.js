// The same visitor with nothing but a keyboard: Tab to what is wanted, Enter to press it.

import assert from "node:assert/strict";

const TABS_MAX = 250;

/** Moves the focus with Tab until it is on a control whose words match `name`. */
export async function tabTo(visitor, name) {
  const { page } = visitor;
  const passed = [];
  for (let tabs = 0; tabs < TABS_MAX; tabs += 1) {
    await page.keyboard.press("Tab");
    const focus = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return undefined;
      const label = element.labels?.[0]?.innerText ?? "";
      const box = element.getBoundingClientRect();
      const style = getComputedStyle(element);
      return {
        words: (element.getAttribute("aria-label") ?? (label || element.innerText || "")).replaceAll(/\s+/g, " ").trim(),
        // A focus that cannot be seen leaves whoever types lost.
        isMarked: style.outlineStyle !== "none" || style.boxShadow !== "none",
        isThere: box.width > 0 && box.height > 0,
      };
    });
    if (!focus) continue;
    assert.ok(focus.isThere, `the focus is on something that is not there: “${focus.words}”`);
    assert.ok(focus.isMarked, `the focus on “${focus.words}” cannot be seen`);
    if (name.test(focus.words)) return;
    passed.push(focus.words);
  }
  assert.fail(`Tab never reaches ${name} on ${page.url()}. It passed: ${passed.slice(0, 60).join(" | ")}`);
}

/** Goes to what `name` names and presses Enter; the page that opens is looked at. */
export async function enter(visitor, name) {
  await tabTo(visitor, name);
  const loaded = visitor.page.waitForEvent("domcontentloaded");
  await visitor.page.keyboard.press("Enter");
  await loaded;
  await visitor.look();
}
