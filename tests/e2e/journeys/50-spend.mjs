// SPDX-License-Identifier: Apache-2.0
// An officer brings payments files of many kinds, sees what was understood before anything counts, decides what has to
// be decided, loads, replaces and takes back; the public sees the same pence. Wrong files are refused with what to do.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { workbook } from "../lib/workbook.mjs";

const DATA = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../data/spend");
const TOTAL = "£116,850.60";
const WAIT_MS = 60_000;

const csv = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

async function dirty() {
  return readFile(path.join(DATA, "four_columns.csv"), "utf8");
}

/** Waits until the file is read or loaded, then looks at its page. The page in between renews itself. */
async function settled(t) {
  const at = new URL(t.page.url()).pathname;
  const until = Date.now() + WAIT_MS;
  for (;;) {
    const { text } = await t.fetch(at);
    if (!text.includes("renews itself")) break;
    if (Date.now() > until) throw new Error(`${at} is not ready after ${WAIT_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await t.visit(at);
}

/** Presses a button whose next page renews itself while a worker is busy. */
async function press_and_wait(t, name) {
  await Promise.all([t.page.waitForEvent("load"), t.page.getByRole("button", { name }).first().click()]);
  await settled(t);
}

async function bring(t, file, kind = /payments this body made/i) {
  await t.visit("/officer/spend");
  await t.page.getByLabel("Who made these payments?").selectOption({ index: 1 });
  await t.page.getByLabel(kind).check({ force: true });
  await t.page.getByLabel("The file", { exact: true }).setInputFiles(file);
  await press_and_wait(t, /read the file/i);
}

const load = (t) => press_and_wait(t, /load these payments/i);

async function take_back(t, at) {
  await t.visit(at);
  await t.follow(/take this file back/i);
  await t.press(/take it back/i);
  await t.expectText(/is taken back/i);
}

const here = (t) => new URL(t.page.url()).pathname;

async function wrong_uploads(t) {
  await t.press(/read the file/i);
  await t.expectError("The file", /choose the file/i);
  await t.expectText(/choose it again/i);
  await bring(t, path.join(DATA, "register_of_contracts.csv"));
  await t.expectText(/register of contracts/i);
  await t.expectText(/nothing was stored/i);
  await t.promise("a refused file cannot be loaded", async () => {
    const n = await t.page.getByRole("button", { name: /load these payments/i }).count();
    return n === 0 ? [] : ["there is a button that loads it"];
  });
  await t.press(/remove this file/i);
  await t.expectText(/the file is removed/i);
}

async function dirty_file(t) {
  await bring(t, csv("payments.csv", await dirty()));
  await t.expectHeading("payments.csv");
  await t.expectText(TOTAL);
  await t.expectText(/nothing is stored yet/i);
  await t.expectText(/1 payment, £845.00. They count in the total and are never matched/i); // a hidden name
  await t.expectText(/they only add up other rows/i); // the total row
  await t.expectText(/1 row not taken/i);
  const at = here(t);
  await t.promise("rows that are not taken come as CSV", async () => {
    const { text } = await t.fetch(`${at}/rows.csv`);
    return /^10,/m.test(text) ? [] : [text];
  });
  await load(t);
  await t.expectHeading("payments.csv");
  await t.expectText(TOTAL);
  return here(t);
}

async function public_figures(t) {
  await t.promise("the public page lists the file with the same pence", async () => {
    for (let i = 0; i < 50; i++) {
      const { text } = await t.fetch("/spend/files.csv");
      const line = text.split("\n").find((l) => l.startsWith("payments.csv"));
      if (line) return line.includes("116850.60") ? [] : [`it says: ${line}`];
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return ["it is not there after five seconds"];
  });
  await t.visit("/spend");
  await t.visit("/spend/files");
}

async function overlap(t) {
  const more = (await dirty()).replace(/Total.*\n/, "New Payee Ltd,02/03/2026,Catering,10.00\n");
  await bring(t, csv("whole-year.csv", more));
  await t.expectText(/9 of the \d+ payments in this file, £116,850.60 in all, are also in/i);
  await t.promise("counting once is what stands chosen", async () =>
    (await t.page.getByLabel(/count each of them once/i).isChecked()) ? [] : ["it is not chosen"]);
  await load(t);
  await t.expectText(/they count there, and not a second time here/i);
  const first = here(t);
  // A mended file takes its place.
  await bring(t, csv("whole-year-mended.csv", more.replace("10.00", "12.00")));
  await t.page.getByLabel(/it replaces whole-year.csv/i).check({ force: true });
  await load(t);
  await t.expectHeading("whole-year-mended.csv");
  const second = here(t);
  await t.visit(first, { status: 404 });
  return second;
}

async function undated(t) {
  await bring(t, path.join(DATA, "no_dates.csv"));
  await t.expectText(/no date that can be used/i);
  await t.press(/load these payments/i);
  await t.expectError("Which month are the payments without a date from?", /choose the month/i);
  await t.expectText("£300.30"); // the preview is still there
  await t.page.getByLabel(/which month/i).selectOption({ index: 3 });
  await load(t);
  await t.expectText(/they count in the month you chose/i);
  return here(t);
}

async function sheet(t) {
  const rows = [["Supplier", "Payment date", "Net amount"], ["Lantern Lane Joinery Ltd", "05/06/2025", 1250.5],
    ["Brook Row Kitchens CIC", "06/06/2025", 99.99]];
  await bring(t, { name: `${"a-very-long-name-of-a-workbook-".repeat(4)}.xlsx`, buffer: workbook("Payments", rows),
    mimeType: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" });
  await t.expectText("£1,350.49");
  await t.expectText(/workbook \(XLSX\)/i);
  await load(t);
  await t.expectText("£1,350.49");
  return here(t);
}

async function settle_columns(t) {
  await bring(t, csv("odd.csv", "Thing one,Thing two,Thing three\nMarl Lane Plumbing Ltd,17/06/2025,12.50\nQuarry Bank Coaches Ltd,18/06/2025,7.50\n"));
  await t.page.getByLabel("Who was paid", { exact: true }).selectOption("0");
  await t.page.getByLabel("When", { exact: true }).selectOption("1");
  await t.page.getByLabel("How much", { exact: true }).selectOption("none");
  await t.press(/read again with these columns/i);
  await t.expectText(/choose the column that says how much/i);
  await t.page.getByLabel("How much", { exact: true }).selectOption("2");
  await press_and_wait(t, /read again with these columns/i);
  await t.expectText("£20.00");
  await t.press(/remove this file/i);
  await t.visit("/officer/spend/columns");
  await t.expectText("Thing one, Thing two, Thing three");
  await t.press(/forget it/i);
  await t.expectText(/it is forgotten/i);
}

/** What the demo place leaves for a newcomer: a file that is ready, one without dates, one that cannot be loaded. */
async function first_look(t) {
  await t.visit("/officer/spend");
  await t.expectText(/say who was paid: \d+ names wait/i);
  await t.follow(/check hospital-february-\d+.csv and load it/i);
  await t.expectText(/some of these payments were loaded before/i);
  await t.expectText(/60 of the 64 payments in this file/i);
  await t.expectText(/are they the same payments\?/i);
  await t.expectText(/rows that are not taken/i);
  await t.visit("/officer/spend");
  await t.follow(/check university-teaching-costs.csv and load it/i);
  await t.expectText(/no date that can be used/i);
  await t.visit("/officer/spend");
  await t.follow(/see why homes-contracts-\d+.csv cannot be loaded/i);
  await t.expectText(/register of contracts/i);
  await t.visit("/officer/spend?q=late-payments");
  await t.follow(/late-payments-march/i);
  await t.expectText(/see each row and why/i);
  await t.expectText(/name hidden by the public body/i);
  await t.visit("/officer/spend?q=agency-paid-on");
  await t.follow(/agency-paid-on-march/i);
  await t.expectText(/tier 2 payments of/i);
}

export async function walk(t) {
  await t.visit("/officer/spend", { status: 200 }); // asks to sign in
  await t.signInAs("officer");
  await t.visit("/officer");
  await first_look(t);
  await t.visit("/officer/spend");
  await wrong_uploads(t);
  const loads = [await dirty_file(t)];
  await public_figures(t);
  loads.push(await overlap(t), await undated(t), await sheet(t));
  await settle_columns(t);
  await t.visit("/officer/spend?q=payments.csv&sort=largest");
  await t.expectText("payments.csv");
  for (const at of loads.reverse()) await take_back(t, at);
  await t.visit("/officer/spend");
  await t.press(/sign out/i);
}
