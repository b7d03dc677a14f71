// SPDX-License-Identifier: Apache-2.0
// A small business: signs up, confirms its address by the mailed link, registers, is located and tagged.

const PASSWORD = "quiet lantern over marble stairs";

async function sign_up(t, email) {
  await t.visit("/sign-up");
  await t.press(/create account/i);
  await t.expectError("Email address", /enter your email address/i);
  await t.fill({ "Full name": "Robin Ashdown", "Email address": email, Password: "password password" });
  await t.press(/create account/i);
  await t.expectError("Password", /easy to guess/i);
  await t.promise("name and address are still there after an error, the password is not", async () => {
    const faults = [];
    if ((await t.page.getByLabel("Email address").inputValue()) !== email) faults.push("the address is gone");
    if ((await t.page.getByLabel("Full name").inputValue()) !== "Robin Ashdown") faults.push("the name is gone");
    if ((await t.page.getByLabel("Password", { exact: true }).inputValue()) !== "") faults.push("the password was sent back");
    return faults;
  });
  await t.fill({ Password: PASSWORD });
  await t.press(/create account/i);
  await t.expectHeading(/check your email/i);
}

async function confirm(t, email) {
  await t.visit("/sign-in");
  await t.fill({ "Email address": email, Password: PASSWORD });
  await t.press("Sign in");
  await t.expectError("Email address", /confirm your email address/i);
  await t.confirmByMail(email);
  await t.expectText(email);
  await t.press(/confirm this address/i);
  await t.expectHeading("Sign in");
  await t.expectText(/your email address is confirmed/i);
}

async function register(t, name) {
  await t.visit("/account");
  await t.expectText(/not yet started/i);
  await t.follow("Describe your business");
  await t.fill({
    "Name of the business or organisation": name,
    "What do you do?": "We mend garden walls and paths.",
    "Fewer than 10": true,
    Town: "Wigan",
    Postcode: "WN1 1A",
    "Company number (optional)": "not a number",
  });
  await t.press("Save");
  await t.expectError("Postcode", /full UK postcode/i);
  await t.promise("what was typed is still there", async () => {
    const faults = [];
    for (const [label, value] of [["Postcode", "WN1 1A"], ["Company number (optional)", "not a number"], ["Town", "Wigan"]]) {
      const have = await t.page.getByLabel(label, { exact: true }).inputValue();
      if (have !== value) faults.push(`${label} is "${have}"`);
    }
    return faults;
  });
  await t.fill({ Postcode: t.postcode, "Kind of work": "Construction and repairs" });
  await t.press("Save");
  await t.expectError("Company number (optional)", /as Companies House writes it/i);
  await t.fill({ "Company number (optional)": "" });
  await t.press("Save");
  await t.expectHeading("Hello Robin");
  await t.expectText(/so you count as local/i);
}

async function see_card(t, name) {
  await t.follow(/check/i);
  await t.expectHeading(/community organisation check/i);
  await t.expectText(/why/i);
  await t.visit(`/suppliers?q=${encodeURIComponent(name)}`);
  await t.expectText("1 supplier");
  await t.visit(await t.page.locator(".anc-card__link").first().getAttribute("href"));
  await t.expectHeading(name);
  await t.expectText(/is it local\? yes/i);
  const csv = await t.fetch(`/suppliers.csv?q=${encodeURIComponent(name)}`);
  await t.promise("the list as CSV names the supplier", () => {
    if (csv.status !== 200 || !csv.text.includes(name)) throw new Error(csv.text.slice(0, 300));
  });
}

export async function walk(t) {
  const email = `robin.${t.run}@example.org`;
  const name = `Ashdown Walls ${t.run}`;
  const list = JSON.parse((await t.fetch("/suppliers.json?local=yes")).text);
  t.postcode = list.rows[0].postcode;

  await sign_up(t, email);
  await confirm(t, email);
  await t.fill({ "Email address": email, Password: "not the right password" });
  await t.press("Sign in");
  await t.expectError("Email address", /is not right/i);
  await t.signIn({ email, password: PASSWORD });
  await register(t, name);
  await see_card(t, name);

  await t.visit("/account/second-factor");
  await t.press(/set it up/i);
  await t.fill({ "Code from your app": "000000" });
  await t.press(/turn it on/i);
  await t.expectError("Code from your app", /does not fit/i);
  for (const target of ["/account/name", "/account/password"]) await t.visit(target);

  await t.press(/sign out/i);
  await t.visit("/account/business", { status: 200 });
  await t.expectHeading("Sign in");
  await t.visit("/reset");
  await t.fill({ "Email address": email });
  await t.press(/send the link/i);
  await t.expectHeading(/check your email/i);
}
