// SPDX-License-Identifier: Apache-2.0
// An officer loads a payments file in the four-column layout and sees it to the penny; the public sees the same;
// a wrong file is refused with what to do.

import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const DATA = path.join(path.dirname(fileURLToPath(import.meta.url)), "../../data/spend");
const TOTAL = "£116,850.60";

/** The invented file under another content in each view, so that it has never been loaded before. */
async function payments(t) {
  const text = await readFile(path.join(DATA, "four_columns.csv"), "utf8");
  return { name: `payments-${t.run}.csv`, mimeType: "text/csv", buffer: Buffer.from(`${text}\n,,,\nNote: ${t.run},,,\n`) };
}

async function choose(t, file) {
  const who = t.page.getByLabel("Who made these payments?");
  await who.selectOption({ index: 1 });
  await t.fill({ "The file of payments": file });
  await t.press(/load the payments/i);
}

async function wrong_files(t) {
  await t.press(/load the payments/i);
  await t.expectError("The file of payments", /choose the file/i);
  await choose(t, path.join(DATA, "register_of_contracts.csv"));
  await t.expectError("The file of payments", /register of contracts/i);
  await t.expectText(/choose it again/i);
  await choose(t, path.join(DATA, "no_dates.csv"));
  await t.expectError("Month of the payments", /for which month/i);
}

export async function walk(t) {
  await t.visit("/officer/spend", { status: 200 }); // asks to sign in
  await t.signInAs("officer");
  await t.visit("/officer");
  await t.visit("/officer/spend");
  await wrong_files(t);

  const file = await payments(t);
  await choose(t, file);
  await t.expectHeading(file.name);
  await t.expectText(TOTAL);
  await t.expectText(/9 payments taken/i);
  await t.expectText(/1 rows? not taken/i);
  const load = new URL(t.page.url()).pathname;

  await t.promise("the public page lists the file with the same pence", async () => {
    for (let i = 0; i < 50; i++) {
      const { text } = await t.fetch("/spend/files.csv");
      const line = text.split("\n").find((l) => l.startsWith(file.name));
      if (line) return line.includes("116850.60") ? [] : [`it says: ${line}`];
      await new Promise((r) => setTimeout(r, 100));
    }
    return ["it is not there after five seconds"];
  });
  await t.visit("/spend");
  await t.expectText(file.name);
  await t.expectText(TOTAL);
  await t.visit("/spend?year=2024");
  await t.visit("/spend/tables/by_ward");
  await t.visit("/spend/files");
  await t.promise("the table comes as a workbook too", async () => {
    const { status, headers, text } = await t.fetch("/spend.xlsx");
    const faults = status === 200 && text.startsWith("PK") ? [] : [`status ${status}, beginning ${text.slice(0, 20)}`];
    if (!/spreadsheetml/.test(headers["content-type"])) faults.push(headers["content-type"]);
    return faults;
  });

  await t.visit(load);
  await t.follow(/take this file back/i);
  await t.press(/take it back/i);
  await t.expectText(/is taken back/i);
  await t.press(/sign out/i);
}
