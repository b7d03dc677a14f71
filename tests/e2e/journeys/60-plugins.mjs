// SPDX-License-Identifier: Apache-2.0
// An administrator looks at the plugins, switches one on, changes a setting, takes a power away and gives it back,
// and switches it off again: each time its page is there or gone at once, without a restart.

const HOME = "/x/example";
const PLUGIN = "/admin/plugins/example";

/** The menu that everybody sees holds the plugin's entry, or not. */
async function expectMenu(t, there) {
  await t.promise(there ? "the menu leads to the plugin" : "the menu does not name the plugin", async () => {
    const n = await t.page.locator(`nav a[href="${HOME}"], header a[href="${HOME}"]`).count();
    return n > 0 === there ? [] : [`there are ${n} entries at ${t.page.url()}`];
  });
}

/** The plugin's page says what is now so, in its own time. */
async function expectState(t, tag, message) {
  await t.expectText(message);
  await t.promise(`the plugin's page says "${tag}"`, async () => {
    const have = await t.page.locator(".anc-plugin-head .govuk-tag").innerText();
    return have === tag ? [] : [`it says "${have}"`];
  });
}

async function look(t) {
  await t.visit("/admin");
  await t.follow(/see what each plugin does/i);
  await t.expectHeading("Plugins");
  await t.expectText(/\d+ plugins, \d+ working/);
  await t.promise("the list is there as CSV and JSON", async () => {
    const faults = [];
    for (const list of ["/admin/plugins.csv", "/admin/plugins.json"]) {
      const { status, text } = await t.fetch(list);
      if (status !== 200 || !text.includes("social_value")) faults.push(`${list} answered ${status} without it`);
    }
    return faults;
  });
  await t.follow("Social value scoring");
  await t.expectText("Scores bids");
  await t.follow("Switch off");
  await t.expectText(/cannot be switched off while it scores the bids of the tender/);
  await t.visit("/admin/plugins/no-such-plugin", { status: 404 });
}

async function switch_on(t) {
  await t.visit(HOME, { status: 404 });
  await t.visit(PLUGIN);
  await expectMenu(t, false);
  await t.follow("Switch on");
  await t.expectText("A plugin is trusted code.");
  if ((await t.page.getByRole("button", { name: "Open the file" }).count()) > 0) {
    await t.press("Open the file"); // nobody has looked into it yet
    await t.expectText("The file was opened. Choose what the plugin may do.");
  }
  await t.fill({ "Show pages (needed)": false });
  await t.press(/^(switch on|start it)$/i);
  await t.expectText("Pledges cannot work unless it may show pages.");
  await t.fill({ "Show pages (needed)": true });
  await t.press(/^(switch on|start it)$/i);
  await expectState(t, "Working", "Pledges is switched on.");
  await expectMenu(t, true);
  await t.visit(HOME);
  await t.expectHeading("Pledges");
}

async function change_setting(t, officer) {
  await t.visit(PLUGIN);
  await t.follow("Change settings");
  await t.fill({ "Longest pledge, in characters": "many" });
  await t.press("Save settings");
  await t.expectError("Longest pledge, in characters", "must be a whole number");
  await t.promise("what was typed is still there", async () => {
    const have = await t.page.getByLabel("Longest pledge, in characters").inputValue();
    return have === "many" ? [] : [`it says "${have}"`];
  });
  await t.fill({ "Longest pledge, in characters": "60" });
  await t.press("Save settings");
  await expectState(t, "Working", "The settings are saved.");
  await t.expectText("60 the default is 200");
  await t.press(/sign out/i);

  // Who writes a pledge meets the new limit at once.
  await t.signIn(officer);
  await t.visit(`${HOME}/new`);
  await t.fill({
    "What does your organisation pledge?": "We will take on 12 apprentices who live within a mile of where we work.",
    Day: "31", Month: "3", Year: String(new Date().getUTCFullYear() + 2),
  });
  await t.press(/publish/i);
  await t.expectError("What does your organisation pledge?", /the most characters it may have: 60/i);
  await t.visit("/admin/plugins", { status: 403 });
  await t.press(/sign out/i);
}

async function take_power_away(t) {
  await t.visit(PLUGIN);
  await t.follow("Change powers");
  await t.fill({ "Show pages (needed)": false });
  await t.press("Save powers");
  await expectState(t, "Not working", /It needs the power .show pages./);
  await expectMenu(t, false);
  await t.visit(HOME, { status: 404 });
  await t.visit(PLUGIN);
  await t.follow("Choose its powers and start it");
  await t.press("Start it");
  await expectState(t, "Working", "Pledges is switched on.");
  await t.visit(HOME);
}

async function switch_off(t) {
  await t.visit(`${PLUGIN}/settings`);
  await t.fill({ "Longest pledge, in characters": "" });
  await t.press("Save settings");
  await t.expectText("The settings are saved.");
  await t.follow("Switch off");
  await t.expectText("all of this is gone for everybody");
  await t.press("Switch off");
  await expectState(t, "Off", "Pledges is switched off.");
  await expectMenu(t, false);
  await t.visit(HOME, { status: 404 });
}

export async function walk(t) {
  const officer = t.server.person("officer");
  await t.signInAs("admin");
  await look(t);
  await switch_on(t);
  await change_setting(t, officer);
  await t.signInAs("admin");
  await take_power_away(t);
  await switch_off(t);
  await t.press(/sign out/i);
}
