// SPDX-License-Identifier: Apache-2.0
// A quick quote from its first word to bids: written, published, found, exported, bid for; and an older one opened,
// scored and awarded.

import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const SCHEMA = fileURLToPath(new URL("../../../schemas/xsd/contracts-finder-2021.xsd", import.meta.url));

/** Fills inputs by their names; dates have no label of their own. */
async function type(t, values) {
  for (const [name, value] of Object.entries(values)) await t.page.locator(`[name="${name}"]`).fill(value);
}

async function write_notice(t, title) {
  await t.visit("/buyer");
  await t.follow("Write a new notice");
  await t.press(/save and check/i);
  await t.expectError("Title", "Enter a title");
  await t.fill({ Title: title });
  await t.press(/save and check/i);
  await t.expectHeading("Check before you publish");
  await t.expectText("Give at least one CPV code");
  await t.promise("an unfinished notice cannot be published", async () =>
    (await t.page.getByRole("button", { name: "Publish", exact: true }).count()) ? ["there is a button"] : []);
  await t.follow(/go back and complete it/i);
  const year = new Date().getUTCFullYear() + 1;
  await type(t, {
    summary: "Hot lunches for about 120 people, five days a week.",
    description: "Cook hot lunches and bring them to three community centres.\n\nOn weekdays, all year.",
    cpv: "55524000-9\n55520000",
    value_high: "24,000",
    postcode: "wn11yn",
    "closes-day": "27", "closes-month": "2", "closes-year": String(year), closes_time: "5pm",
    "contract_start-day": "1", "contract_start-month": "4", "contract_start-year": String(year),
    "contract_end-day": "31", "contract_end-month": "3", "contract_end-year": String(year + 1),
    quality_question: "How will every meal be hot when it arrives?",
    social_target: "20,000",
  });
  await t.press(/save and check/i);
  await t.expectText(`27 February ${year} at 5:00pm UK time`);
  await t.press("Publish");
  await t.expectText(/bids are taken until/i);
  return new URL(t.page.url()).pathname.split("/").pop();
}

function xmllint(file) {
  return new Promise((resolve) => {
    execFile("xmllint", ["--noout", "--nonet", "--schema", SCHEMA, file], (fault, _out, said) => {
      resolve(fault?.code === "ENOENT" ? null : { code: fault ? fault.code : 0, said });
    });
  });
}

async function export_xml(t, ref) {
  const answer = await t.fetch(`/opportunities/${ref}/contracts-finder.xml`);
  await t.promise("the notice downloads as Contracts Finder XML", async () => {
    const faults = [];
    if (answer.status !== 200) faults.push(`status ${answer.status}`);
    if (!/attachment; filename="contracts-finder-/.test(answer.headers["content-disposition"] ?? "")) faults.push("no file name");
    if (!answer.text.includes("<Status>Open</Status>")) faults.push("it is not open");
    return faults;
  });
  const folder = await mkdtemp(path.join(os.tmpdir(), "anchorage-xml-"));
  try {
    await writeFile(path.join(folder, "notice.xml"), answer.text);
    const result = await xmllint(path.join(folder, "notice.xml"));
    if (result) await t.promise("xmllint says that it follows the schema", async () => (result.code === 0 ? [] : [result.said]));
    else console.log("# skipped: xmllint not present, the XML was checked by the plugin only");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bid(t, ref, title) {
  await t.visit(`/opportunities/${ref}`);
  await t.expectHeading(title);
  await t.follow("Send a bid");
  await t.press(/check your bid/i);
  await t.expectError("Your price for the whole contract, without VAT", /enter your price/i);
  await type(t, { price: "21,500", answer: "In insulated boxes, with a thermometer at every door.", units1: "1" });
  await t.page.locator("[name=measure1]").selectOption({ index: 1 });
  await t.press(/check your bid/i);
  await t.expectError("How will you show that you kept promise 1?", /say how you will show/i);
  await type(t, { evidence1: "A list of the posts with postcodes, twice a year." });
  await t.press(/check your bid/i);
  await t.expectText("It is not sent yet.");
  await t.expectText("£21,500.00");
  await t.press("Change something");
  await t.promise("what was typed comes back", async () => {
    const price = await t.page.locator("[name=price]").inputValue();
    return /21,?500/.test(price) ? [] : [`the price is "${price}"`];
  });
  await t.press(/check your bid/i);
  await t.press("Send the bid");
  await t.expectText("Your bid is in");
  await t.expectText(/[0-9a-f]{64}/);
  const receipt = new URL(t.page.url()).pathname;
  await t.visit("/account/bids");
  await t.expectText(title);
  return receipt;
}

/** Opens, scores and awards one of the buyer's notices whose time is over, when the place has one with bids. */
async function decide(t) {
  await t.visit("/buyer?state=closed");
  const hrefs = await t.page.locator('main a[href^="/buyer/notices/"]').evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  for (const href of hrefs.filter((one) => !one.endsWith("/new"))) {
    await t.visit(`${href}/bids`);
    const open = t.page.getByRole("button", { name: "Open the bids" });
    if ((await open.count()) === 0) continue;
    await t.press("Open the bids");
    const bids = await t.page.locator(`main a[href^="${href}/bids/"]`).evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    if (bids.length === 0) continue;
    for (const [i, one] of bids.entries()) {
      await t.visit(one);
      if ((await t.page.locator("[name=points]").count()) === 0) continue;
      await type(t, { points: String(10 - (i % 5)), reason: "Clear, with names of roles and dates; no word on delays." });
      await t.press("Save the points");
    }
    await t.follow("Award the contract");
    await t.press("Award the contract");
    await t.expectText("Select the bid that wins");
    await t.page.locator("[name=bid]").first().check({ force: true });
    await type(t, { reason: "It has the most points over price, quality and social value together." });
    await t.page.locator("[name=checked]").check({ force: true });
    await t.press("Award the contract");
    await t.expectText("Won");
    await t.visit(href.replace("/buyer/notices/", "/opportunities/"));
    await t.expectText(/won this contract for £/);
    return;
  }
}

export async function walk(t) {
  const title = `Lunches for three centres ${t.run}`;
  await t.signInAs("buyer");
  const ref = await write_notice(t, title);
  await t.visit(`/opportunities?q=${t.run}`);
  await t.expectText("1 opportunity");
  await t.expectText(title);
  await export_xml(t, ref);
  await t.visit(`/buyer/notices/${ref}/bids`);
  await t.expectText("Bids are sealed");
  await t.press("Sign out");

  await t.signInAs("supplier");
  await bid(t, ref, title);
  await t.visit(`/buyer/notices/${ref}/bids`, { status: 403 });
  await t.visit("/account");
  await t.press("Sign out");

  await t.signInAs("buyer");
  await t.visit(`/buyer/notices/${ref}/bids`);
  await t.promise("the buyer learns nothing of the bid", async () => {
    const text = await t.page.locator("main").innerText();
    return /21,500|insulated|1 bid/.test(text) ? [text] : [];
  });
  await decide(t);
}
