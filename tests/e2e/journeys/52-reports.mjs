// SPDX-License-Identifier: Apache-2.0
// An officer freezes figures as a report, shows it to everybody and asks why two differ; the plugin's own pages about money
// that comes round again: a multiplier by hand, an answer of a supplier added and removed.

async function freeze(t, name) {
  await t.visit("/spend?year=2025");
  await t.follow(/freeze these figures/i);
  await t.expectHeading(/freeze these figures/i);
  await t.fill({ "Name of the report": name });
  await t.press(/^freeze/i);
  await t.expectHeading(name);
  await t.expectText(/the same to the last digit/i);
  return new URL(t.page.url()).pathname;
}

async function reports(t) {
  await t.visit("/officer/spend/reports/new?year=2025");
  await t.press(/^freeze/i);
  await t.expectError("Name of the report", /enter a name/i);
  await freeze(t, `First ${t.run}`);
  const path = await freeze(t, `A report with a very long name, as committees like them: ${t.run}`);
  await t.press(/show it to everybody/i);
  if ((await t.page.getByText(/stays with officers: beside the report/i).count()) > 0) {
    // A file came since the report that is shown: the two together would tell of a few, so this one takes its place.
    await t.follow(/^reports of spend$/i);
    await t.follow(/first count/i);
    await t.press(/hide it/i);
    await t.expectText(/only officers can see this report/i);
    await t.visit(path);
    await t.press(/show it to everybody/i);
  }
  await t.expectText(/everybody can see this report/i);
  await t.visit("/spend/reports");
  await t.follow(/why it differs/i);
  await t.expectHeading(/why two reports differ/i);
  await t.expectText(/nothing makes a difference/i);
  return path;
}

async function answers(t) {
  await t.visit("/x/local_spend");
  await t.expectText(/between .* and .* stays here/i);
  await t.visit("/x/local_spend/multiplier");
  await t.fill({ "Money that is looked at": "1,000,000", "Share that goes to staff who live here": "40", "Share that goes to suppliers based here": "20", "Of their pay, share that staff spend here": "30", "Of their income, share that these suppliers spend here": "35" });
  await t.page.getByLabel("A supplier based here").check({ force: true });
  await t.press(/work it out/i);
  await t.expectHeading(/work out a local multiplier/i);
  await t.expectText(/the multiplier is 1\.79/i);
  await t.visit("/x/local_spend/survey");
  const empty = (await t.page.getByText(/no answer for/i).count()) > 0;
  await t.follow(/add an answer/i);
  await t.press(/add this answer/i);
  await t.expectError("Name of the supplier", /enter the name/i);
  await t.fill({ "Name of the supplier": `Nobody ${t.run}`, "What did the public bodies pay this supplier in the year?": "100", "How much of it was pay of staff who live here?": "60", "How much of it went to suppliers based here?": "50" });
  await t.press(/add this answer/i);
  await t.expectText(/no supplier on the register has this name/i);
  await t.expectText(/cannot be more than the supplier was paid/i);
  return empty;
}

export async function walk(t) {
  await t.signInAs("officer");
  const path = await reports(t);
  await answers(t);
  await t.press(/sign out/i);
  await t.visit("/spend/reports");
  await t.expectText(t.run);
  await t.visit(path);
  await t.expectText(/what it rests on/i);
  await t.visit("/officer/spend/reports/new", { status: 200 });
  await t.expectHeading(/sign in/i);
}
