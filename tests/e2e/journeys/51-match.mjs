// SPDX-License-Identifier: Apache-2.0
// An officer decides who was paid: the queue by pounds, one name after the other with the keyboard, looking for somebody
// else, undoing, the history of a name, the payments behind it, two listings put together, a learned name ended.

const CSV = (run) => `Beneficiary,Date,Merchant Category,Amount (Net of VAT)
Zebrawood ${run} Kitchens,03/06/2025,Catering,"98,765,432.10"
Zebrawood ${run} Kitchens,04/07/2025,Catering,"1,000.00"
Zebrawoood ${run} Kitchens and Daughters of the Very Long Name that Nobody Shortens Limited,05/06/2025,Catering,"87,654,321.00"
Quincewood ${run},06/06/2025,Repairs,"76,543,210.00"
Plumwood${"bookbindingandoffset".repeat(3)} ${run},09/06/2025,Repairs,"65,432,109.00"
`;

/** Brings a file through the pages and waits until it is loaded. */
async function load(t) {
  await t.visit("/officer/spend");
  await t.page.getByLabel("Who made these payments?").selectOption({ index: 1 });
  await t.page.locator("input[name=kind][value=payments]").check({ force: true });
  await t.page.locator("input[type=file]").setInputFiles({ name: `match-${t.run}.csv`, mimeType: "text/csv", buffer: Buffer.from(CSV(t.run)) });
  await t.page.getByRole("button", { name: /read the file/i }).click();
  await until(t, /load these payments/i);
  await t.page.getByRole("button", { name: /load these payments/i }).click();
  await t.promise("the file is loaded", async () => {
    for (let i = 0; i < 100; i++) {
      const { text } = await t.fetch(`/officer/spend/match.csv?q=${t.run}`);
      if (text.includes(t.run)) return [];
      await t.page.waitForTimeout(200);
    }
    return ["its names are not in the queue after twenty seconds"];
  });
}

/** Waits for a page of a file on its way in, which loads itself again (journey 50 looks at these pages). */
async function until(t, button) {
  for (let i = 0; i < 100; i++) {
    if ((await t.page.getByRole("button", { name: button }).count().catch(() => 0)) > 0) return;
    await t.page.waitForTimeout(200);
  }
  throw new Error(`no button ${button}: ${(await t.page.locator("main").innerText()).slice(0, 800)}`);
}

async function answer(t, label) {
  await t.page.getByLabel(label).first().check({ force: true });
  await t.press(/save and go on/i);
}

async function queue(t) {
  await t.visit("/officer/spend/match");
  await t.visit(`/officer/spend/match?q=${t.run}`);
  await t.expectText(/4 names/);
  await t.promise("the largest comes first", async () => {
    const names = await t.page.locator("table.anc-names tbody th a").allInnerTexts();
    return names[0]?.includes("Zebrawood") && names[1]?.includes("Zebrawoood") ? [] : [names.join(" | ")];
  });
  await t.visit(`/officer/spend/match?q=nobody-${t.run}`);
  await t.expectText(/no name fits/i);
  await t.visit(`/officer/spend/match?q=${t.run}`);
  await t.follow(/start with the first/i);
  await t.expectHeading(/who is Zebrawood/i);
}

async function keyboard(t) {
  if (!t.view.script) return;
  await t.promise("the first answer has the focus, and keys choose one", async () => {
    const first = t.page.locator("input[name=answer]").first();
    const faults = (await first.evaluate((el) => el === document.activeElement)) ? [] : ["the first answer has not the focus"];
    await t.page.keyboard.press("0");
    if (!(await t.page.locator("input[value=none]").isChecked())) faults.push("0 does not choose nobody");
    await t.page.keyboard.press("p");
    if (!(await t.page.locator("input[value=person]").isChecked())) faults.push("p does not choose a person");
    return faults;
  });
}

async function decide(t) {
  await keyboard(t);
  await t.page.locator("input[name=answer]").evaluateAll((all) => all.forEach((el) => { el.checked = false; }));
  await t.press(/save and go on/i);
  await t.promise("the page says what to do", async () => {
    const summary = await t.page.locator(".govuk-error-summary").innerText();
    return /choose who this is/i.test(summary) ? [] : [summary];
  });
  await t.page.getByLabel("Look for somebody else").fill("Ltd");
  await t.press(/^look$/i);
  await t.expectText(/found for/i);
  const nth = ["1280", "390", "no-script"].indexOf(t.view.name); // the views share a place: each takes another one
  const supplier = (await t.page.locator("input[value^='s:']").nth(nth).getAttribute("value")).slice(2);
  await t.page.locator(`input[value='s:${supplier}']`).check({ force: true });
  await t.press(/save and go on/i);
  await t.expectHeading(/Zebrawoood/);
  await t.expectText(/Zebrawood .* is /);
  await t.promise("undo stands beside what was saved", async () =>
    (await t.page.getByRole("button", { name: "Undo" }).count()) === 1 ? [] : ["there is no button"]);
  await t.press(/^undo$/i);
  await t.expectHeading(/who is Zebrawood /i);
  await t.visit(`${new URL(t.page.url()).pathname}?q=${t.run}&find=${encodeURIComponent("Ltd")}`);
  await t.page.locator(`input[value='s:${supplier}']`).check({ force: true });
  await t.press(/save and go on/i);
  return supplier;
}

async function spelling(t) {
  await t.page.getByLabel("Look for somebody else").fill(`Zebrawood ${t.run}`);
  await t.press(/^look$/i);
  await answer(t, /another spelling of Zebrawood/i);
  await t.expectHeading(/Quincewood/);
  await answer(t, /nobody in our lists|none of these/i);
  await t.expectHeading(/Plumwood/);
  await answer(t, /a person, not an organisation/i);
  await t.expectHeading(/who was paid/i); // that was the last one
  await t.expectText(/Plumwood\S* .* is a person/i);
}

async function behind(t, supplier) {
  await t.visit(`/officer/spend/suppliers/${supplier}`);
  await t.expectText(/Zebrawood/);
  await t.expectText("£98,766,432.10");
  await t.expectText("£87,654,321.00"); // its other spelling; the supplier may have been paid before
  await t.follow(new RegExp(`^Zebrawood ${t.run} Kitchens`, "i"));
  await t.expectText(/taken back/i);
  await t.expectText(/counts now/i);
  await t.follow(/see its payments/i);
  await t.expectText("£98,766,432.10");
  await t.expectText(/2 payments/);
  await t.visit(`/officer/spend/payments?supplier=${supplier}&month=2025-07`);
  await t.expectText("£1,000.00");
  await t.visit("/officer/spend/payments?place=local&year=2025&sort=largest");
  await t.promise("the same comes as CSV, with the pence", async () => {
    const { status, text } = await t.fetch(`/officer/spend/payments.csv?supplier=${supplier}&month=2025-07`);
    return status === 200 && text.includes("1000.00") ? [] : [`${status}: ${text.slice(0, 300)}`];
  });
}

async function merge(t, supplier) {
  const rows = (await t.fetch("/suppliers.csv")).text.split("\n").slice(1, 60).map((line) => line.split(","));
  const [ref, name] = rows.find(([one]) => one && one !== supplier);
  await t.visit("/officer/spend/merges");
  await t.fill({ "Look for the listing that goes": ref, "Look for the listing that stays": supplier });
  await t.press(/look for both/i);
  await t.press(/put them together/i);
  await t.promise("each side is asked for", async () => {
    const summary = await t.page.locator(".govuk-error-summary").innerText();
    return /goes/i.test(summary) && /stays/i.test(summary) && /how you know/i.test(summary) ? [] : [summary];
  });
  await t.page.locator(`input[name=from][value='${ref}']`).check({ force: true });
  await t.page.locator(`input[name=into][value='${supplier}']`).check({ force: true });
  await t.page.locator("textarea").fill(`One owner (${t.run})`);
  await t.press(/put them together/i);
  await t.expectText(/they count as one now/i);
  await t.expectText(t.run);
  await t.visit(`/officer/spend/suppliers/${ref}`);
  await t.expectText(/was put together with/i);
  await t.visit("/officer/spend/merges");
  await t.press(/^undo/i);
  await t.expectText(/two businesses again/i);
  return name;
}

/** What the demo place leaves to decide, in words that nobody has to look up. */
async function first_look(t) {
  await t.visit("/officer/spend/match");
  await t.follow(/something is proposed for \d+/i);
  await t.expectText(/very likely: same name/i);
  await t.expectText(/likely: same as its other name/i);
  await t.promise("no name of a rule stands on the page as programs write it", async () => {
    const text = await t.page.locator("main").innerText();
    const code = text.match(/\b[a-z]+_[a-z_]+\b/);
    return code ? [code[0]] : [];
  });
  await t.follow(/trading|t\/a/i);
  await t.expectText(/the name behind/i);
  await t.expectText(/score \d+ of 1,000/i);
  await t.visit("/officer/spend/merges");
  await t.expectText(/the same firm: it traded under this name until last year/i);
  await t.visit("/officer/spend/aliases");
  await t.expectText(/every public body/i);
}

export async function walk(t) {
  await t.signInAs("officer");
  await first_look(t);
  await load(t);
  await queue(t);
  const supplier = await decide(t);
  await spelling(t);
  await behind(t, supplier);
  await merge(t, supplier);
  await t.visit(`/officer/spend/aliases?q=${t.run}`);
  await t.press(/^end/i);
  await t.expectText(/ended\. new payments files/i);
  await t.visit("/officer/spend/match/999999999", { status: 404 });
  await t.visit("/officer/spend");
  await t.expectText(/how much is matched/i);
  await t.press(/sign out/i);
  await t.signInAs("buyer");
  await t.visit("/officer/spend/match", { status: 403 });
  await t.press(/sign out/i);
}
