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
  await t.picture("spend");

  for (const target of ["/accessibility", "/privacy", "/cookies", "/open-data"]) await t.visit(target);

  await t.visit("/missing", { status: 404 });
  await t.promise("a page that is not there says what to do", async () => {
    const text = await t.page.locator("main").innerText();
    return text.length > 40 ? [] : [`it says only: ${text}`];
  });
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
