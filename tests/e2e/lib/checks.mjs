// SPDX-License-Identifier: Apache-2.0
// What is asked of every page: valid HTML, no axe violation, no sideways scrolling, no forbidden host.

import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

import axe from "@axe-core/playwright";
import { HtmlValidate } from "html-validate";

const AxeBuilder = axe.default ?? axe;
const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
const validator = new HtmlValidate(JSON.parse(readFileSync(path.join(ROOT, ".htmlvalidate.json"), "utf8")));

/** Faults of the bytes the server sent, as sentences. */
export async function html_faults(html, name) {
  const report = await validator.validateString(html, name);
  return report.results.flatMap((result) =>
    result.messages.filter((m) => m.severity === 2).map((m) => `${name}:${m.line}:${m.column} ${m.ruleId}: ${m.message}`),
  );
}

/** WCAG 2.2 A and AA and the best practices that axe knows. */
export async function axe_faults(page) {
  const report = await new AxeBuilder({ page }).analyze();
  return report.violations.flatMap((v) =>
    v.nodes.map((node) => `${v.id}: ${v.help} at ${node.target.join(" ")}\n    ${node.html.slice(0, 200)}`),
  );
}

/** At 390 pixels nothing may push the page wider than the screen. */
export async function width_faults(page) {
  const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  return wide > screen + 1 ? [`the page is ${wide} pixels wide on a screen of ${screen}`] : [];
}

/** What the first screen of every page must have. */
export async function frame_faults(page) {
  const faults = [];
  if ((await page.title()).trim() === "") faults.push("the page has no title");
  if ((await page.locator("h1").count()) !== 1) faults.push(`the page has ${await page.locator("h1").count()} h1 headings`);
  if ((await page.locator("main").count()) !== 1) faults.push("the page has not exactly one main region");
  if (!(await page.locator("html").getAttribute("lang"))) faults.push("the page does not tell its language");
  return faults;
}
