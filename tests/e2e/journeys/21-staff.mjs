// SPDX-License-Identifier: Apache-2.0
// The people who run a place: an officer decides about a tag, an admin looks after plugins, mail and people.

async function officer(t) {
  await t.signInAs("officer");
  await t.expectText(/protect your account/i);
  await t.visit("/officer");
  await t.visit("/officer/tags");
  const groups = ["review", "unknown", "yes"];
  let link = null;
  for (const group of groups) {
    await t.visit(`/officer/tags?decision=${group}`);
    const first = t.page.locator(".anc-card__link").first();
    if ((await first.count()) > 0) {
      link = await first.getAttribute("href");
      break;
    }
  }
  await t.promise("there is a supplier to decide about", async () => (link ? [] : ["every group is empty"]));
  await t.visit(link);
  await t.press(/save decision/i);
  await t.expectError("Why?", /say why/i);
  await t.fill({ No: true, "Why?": `I looked at the register entry (${t.run}).` });
  await t.press(/save decision/i);
  await t.expectText(/your decision is saved/i);
  await t.visit(`/suppliers/${link.split("/")[3]}`);
  await t.expectText(t.run);
  await t.visit("/admin", { status: 403 });
  await t.press(/sign out/i);
}

async function admin(t) {
  await t.signInAs("admin");
  await t.visit("/admin");
  await t.expectText(/plugins/i);
  await t.visit("/admin/mail");
  await t.visit("/admin/people?q=officer");
  await t.expectText(/officer for/i);
  await t.press(/sign out/i);
}

export async function walk(t) {
  await officer(t);
  await admin(t);
}
