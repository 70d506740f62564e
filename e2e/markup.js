// html-validate over the markup of every page that the journeys saw (e2e/out/markup).

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

const folder = join(import.meta.dirname, "out", "markup");
const validator = new HtmlValidate(
  new StaticConfigLoader({
    root: true,
    extends: ["html-validate:standard", "html-validate:a11y"],
    elements: ["html5"],
    rules: {
      // How the official GOV.UK components are written.
      "no-redundant-role": "off",
      "void-style": "off",
      "no-trailing-whitespace": "off",
      "no-inline-style": "error",
      // A table that scrolls by itself is a named region; a section would bring a heading of its own.
      // A start button is a link that looks like a button, as the design system writes it.
      "prefer-native-element": ["error", { exclude: ["region", "button"] }],
    },
  }),
);

const files = readdirSync(folder).filter((name) => name.endsWith(".html")).sort();
let failed = 0;
for (const file of files) {
  const report = await validator.validateString(readFileSync(join(folder, file), "utf8"), file);
  if (report.valid) continue;
  failed += 1;
  for (const message of report.results.flatMap((result) => result.messages)) {
    console.log(`${file}:${message.line}:${message.column} ${message.message} (${message.ruleId})`);
  }
}
console.log(`${files.length - failed} passed, ${failed} failed`);
process.exitCode = failed || files.length === 0 ? 1 : 0;
