// SPDX-License-Identifier: Apache-2.0
// Anybody, without signing in: home, opportunities, suppliers, events and spend.

export async function walk(t) {
  await t.visit("/");
  await t.promise("the home page leads to all public areas", async () => {
    const faults = [];
    for (const target of ["/opportunities", "/suppliers", "/events", "/spend"]) {
      if ((await t.page.locator(`a[href="${target}"]`).count()) === 0) faults.push(`no link to ${target}`);
    }
    return faults;
  });
  await t.promise("no cookie is set before sign-in", async () =>
    (await t.context.cookies()).map((cookie) => `cookie ${cookie.name}`));

  await t.picture("home");

  await t.visit("/opportunities");
  await t.expectHeading(/opportunit/i);
  await follow_first(t, "/opportunities/");
  await t.picture("opportunity");

  await t.visit("/suppliers");
  await t.expectHeading(/supplier/i);
  await follow_first(t, "/suppliers/");

  await t.visit("/events");
  await t.expectHeading(/event/i);
  await follow_first(t, "/events/");

  await t.visit("/spend");
  await t.expectText(/£[\d,]+/);
  await t.promise("the first picture has its finding, its label and its table", async () => {
    const chart = t.page.locator(".anc-chart").first();
    const finding = await chart.locator(".anc-chart__finding").innerText();
    const label = await chart.locator("svg[role=img]:visible").first().getAttribute("aria-label");
    const tables = await t.page.locator("table").count();
    return [
      ...(finding === label ? [] : [`the label says ${label}, not ${finding}`]),
      ...(tables > 0 ? [] : ["no table"]),
    ];
  });
  await t.picture("spend");
  await walk_spend(t);

  for (const target of ["/accessibility", "/privacy", "/cookies", "/open-data"]) await t.visit(target);

  await t.visit("/missing", { status: 404 });
  await t.promise("a page that is not there says what to do", async () => {
    const text = await t.page.locator("main").innerText();
    return text.length > 40 ? [] : [`it says only: ${text}`];
  });
}

/** Filters by the form, words for them, a view, its file, open data. */
async function walk_spend(t) {
  await t.visit("/spend");
  const anchors = await t.page.locator("#filter-anchor option").evaluateAll((all) => all.map((o) => o.value));
  await t.page.selectOption("#filter-anchor", anchors[1]);
  await Promise.all([t.page.waitForNavigation(), t.page.getByRole("button", { name: "Show", exact: true }).click()]);
  await t.promise("the address holds what was chosen and nothing else", async () => {
    const { search } = new URL(t.page.url());
    return search === `?anchor=${anchors[1]}` ? [] : [search];
  });
  await t.expectText(/Payments of /);
  await t.page.getByRole("link", { name: /^Remove filter: / }).first().click();
  await t.promise("a filter is taken off by its link", async () =>
    (new URL(t.page.url()).search === "" ? [] : [t.page.url()]));
  const view = t.page.locator('main a.anc-card__link[href^="/spend/tables/"]').first();
  if ((await view.count()) > 0) {
    await t.visit(await view.getAttribute("href"));
    await t.picture("spend-view");
    const file = await t.page.locator('main a[href^="/spend.csv"]').first().getAttribute("href");
    await t.promise("the file of a view says what it rests on", async () => {
      const text = await (await t.page.request.get(new URL(file, t.page.url()).href)).text();
      return ["What is shown", "Basis", "As of"].filter((word) => !text.includes(word)).map((word) => `no ${word}`);
    });
  }
  await t.promise("the figures are a workbook too", async () => {
    const answer = await t.page.request.get(new URL("/spend.xlsx?table=by_year", t.page.url()).href);
    const start = (await answer.body()).subarray(0, 2).toString();
    return answer.status() === 200 && start === "PK" ? [] : [`${answer.status()} ${start}`];
  });
  await t.visit("/spend/files");
  await t.visit("/spend/data");
  await t.expectHeading(/Open data of spend/);
  await t.picture("spend-data");
}

/** Opens the first entry of a list; the demo place has some in every list. */
async function follow_first(t, prefix) {
  const links = t.page.locator(`main a[href^="${prefix}"]`);
  await t.promise(`the list has entries below ${prefix}`, async () => {
    if ((await links.count()) === 0) throw new Error("no entry");
  });
  const hrefs = await links.evaluateAll((all) => all.map((a) => a.getAttribute("href")));
  const first = hrefs.find((href) => !/[?#]|\.(csv|json|xml)$/.test(href));
  if (first) await t.visit(first);
}
