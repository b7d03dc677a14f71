// SPDX-License-Identifier: Apache-2.0
// One person at one browser window: goes to pages, fills forms by their labels, and checks every page on the way.

import { mkdir } from "node:fs/promises";
import path from "node:path";

import { axe_faults, frame_faults, html_faults, width_faults } from "./checks.mjs";

const WAIT_MS = 15_000;

export class Tester {
  #html = new Map(); // what the server sent for each address, until it was checked
  #noise = []; // console errors and refused content since the last page

  static async open({ journey, view, browser, server, tally, out }) {
    const t = new Tester();
    Object.assign(t, { journey, view, server, tally, shots: path.join(out, "screens") });
    t.where = `${journey} (${view.name})`;
    t.run = `${Date.now().toString(36)}${view.name.replace(/\W/g, "")}`; // makes names of this run unlike all others
    t.context = await browser.context(view);
    t.context.setDefaultTimeout(WAIT_MS);
    t.page = await t.context.newPage();
    t.#watch();
    return t;
  }

  #watch() {
    const { page } = this;
    page.on("console", (message) => {
      const text = message.text();
      // A 4xx answer is a page of ours like any other; the browser says so in its console.
      if (message.type() === "error" && !/^Failed to load resource: .* (4\d\d) /.test(text)) this.#noise.push(`console: ${text}`);
      if (/content security policy/i.test(text)) this.#noise.push(`refused content: ${text}`);
    });
    page.on("pageerror", (fault) => this.#noise.push(`script: ${fault.message}`));
    page.on("request", (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith("http") && origin !== this.server.origin) this.#noise.push(`asked another host: ${request.url()}`);
    });
    page.on("response", async (response) => {
      if (response.status() >= 500) this.#noise.push(`${response.status()} from ${response.url()}`);
      if (response.request().resourceType() !== "document" || response.status() >= 300 && response.status() < 400) return;
      if (!/^text\/html/.test(response.headers()["content-type"] ?? "")) return;
      const body = response.text().catch(() => null);
      this.#html.set(response.url(), body);
    });
  }

  /** Goes to a path of the place and checks the page. Returns the status. */
  async visit(target, { status = 200 } = {}) {
    const response = await this.page.goto(new URL(target, this.server.origin).href, { waitUntil: "load" });
    if (response.status() !== status) {
      throw new Error(`${target} answered ${response.status()}, not ${status}`);
    }
    await this.checkPage();
    return response.status();
  }

  /** All checks of the page that is shown now; said once for each address and view. */
  async checkPage() {
    const { page, view, tally } = this;
    const address = new URL(page.url());
    const name = `${this.where} ${address.pathname}`;
    await page.waitForLoadState("load");
    const sent = [...this.#html.entries()];
    this.#html.clear();
    const noise = this.#noise.splice(0);
    await tally.check(`${name}: valid HTML, one heading, no console error, nothing refused`, async () => {
      const faults = [...noise, ...(await frame_faults(page))];
      for (const [from, body] of sent) {
        const html = await body;
        if (html !== null) faults.push(...(await html_faults(html, new URL(from).pathname)));
      }
      return faults;
    });
    if (view.script) await tally.check(`${name}: no axe violation`, () => axe_faults(page));
    if (view.width < 600) await tally.check(`${name}: fits the screen`, () => width_faults(page));
    await this.screenshot();
  }

  async screenshot(label) {
    await mkdir(this.shots, { recursive: true });
    const where = label ?? new URL(this.page.url()).pathname;
    const name = where.replace(/[^a-z0-9]+/gi, "-").replace(/^-|-$/g, "") || "home";
    await this.page.screenshot({ path: path.join(this.shots, `${this.journey}-${this.view.name}-${name}.png`), fullPage: true });
  }

  /** What a visitor sees first, for README.md: screens/readme-NAME-VIEW.png; docs/screens/ holds three of them. */
  async picture(name) {
    await mkdir(this.shots, { recursive: true });
    await this.page.screenshot({ path: path.join(this.shots, `readme-${name}-${this.view.name}.png`) });
  }

  /** A promise about the page; a broken one ends the journey, because what follows stands on it. */
  async promise(text, fn) {
    if (!(await this.tally.check(`${this.where}: ${text}`, fn))) {
      throw Object.assign(new Error(text), { alreadyTold: true });
    }
  }

  expectHeading(text) {
    return this.promise(`the heading says "${text}"`, async () => {
      const have = (await this.page.locator("h1").first().innerText()).trim();
      const same = text instanceof RegExp ? text.test(have) : have.includes(text);
      if (!same) throw new Error(`it says "${have}" at ${this.page.url()}`);
    });
  }

  expectText(text) {
    return this.promise(`the page says "${text}"`, async () => {
      const have = (await this.page.locator("main").innerText()).replace(/\s+/g, " ");
      const same = text instanceof RegExp ? text.test(have) : have.includes(text);
      if (!same) throw new Error(`at ${this.page.url()} it says:\n${have.slice(0, 1500)}`);
    });
  }

  /** The summary at the top and the message beside the field. */
  expectError(label, text) {
    return this.promise(`the field "${label}" says what to do`, async () => {
      const summary = (await this.page.locator(".govuk-error-summary").innerText()).trim();
      const field = this.page.getByLabel(label, { exact: false }).first();
      const described = (await field.getAttribute("aria-describedby")) ?? "";
      const beside = [];
      for (const id of described.split(/\s+/).filter(Boolean)) beside.push(await this.page.locator(`[id="${id}"]`).innerText());
      const faults = [];
      if (text && !(text instanceof RegExp ? text.test(summary) : summary.includes(text))) faults.push(`the summary says: ${summary}`);
      if (!beside.some((b) => /error/i.test(b))) faults.push(`beside the field stands: ${beside.join(" | ")}`);
      return faults;
    });
  }

  /** Fills fields by their labels: texts, choices (true or the option's label), files. */
  async fill(values) {
    for (const [label, value] of Object.entries(values)) {
      const field = this.page.getByLabel(label, { exact: true }).or(this.page.getByLabel(label)).first();
      const kind = await field.evaluate((el) => (el.tagName === "INPUT" ? el.type : el.tagName.toLowerCase()));
      if (kind === "checkbox" || kind === "radio") await (value ? field.check({ force: true }) : field.uncheck({ force: true }));
      else if (kind === "select") await field.selectOption({ label: value });
      else if (kind === "file") await field.setInputFiles(value);
      else await field.fill(String(value));
    }
  }

  /** Presses a button and checks the page that follows. */
  async press(name) {
    await Promise.all([this.page.waitForEvent("load"), this.page.getByRole("button", { name }).first().click()]);
    await this.checkPage();
  }

  /** Follows a link by its text and checks the page that follows. */
  async follow(name) {
    await Promise.all([this.page.waitForEvent("load"), this.page.getByRole("link", { name }).first().click()]);
    await this.checkPage();
  }

  /** Signs in with the form, as anybody would. */
  async signIn({ email, password }) {
    await this.visit("/sign-in");
    await this.fill({ "Email address": email, Password: password });
    await this.press(/sign in/i);
    await this.promise(`${email} is signed in`, async () => {
      if (new URL(this.page.url()).pathname === "/sign-in") throw new Error(await this.page.locator("main").innerText());
    });
  }

  signInAs(role) {
    return this.signIn(this.server.person(role));
  }

  /** Signs up a new person and returns what was typed. */
  async signUp(person) {
    await this.visit("/sign-up");
    await this.fill({ "Full name": person.name, "Email address": person.email, Password: person.password });
    await this.press(/create|sign up|continue/i);
  }

  /** Opens the link of the letter that asks to confirm an address. */
  async confirmByMail(email) {
    const letter = await this.server.letter(email, /confirm/i);
    const link = /https?:\/\/\S+/.exec(letter.text)?.[0];
    if (!link) throw new Error(`the letter holds no link:\n${letter.text}`);
    const { pathname, search } = new URL(link);
    await this.visit(pathname + search);
    return letter;
  }

  /** Asks without the browser: for CSV, JSON and XML. Carries the cookies of this person. */
  async fetch(target) {
    // A kept connection may be closed by the server at the moment it is used again (RFC 9112, 9.3.1): asked once more.
    const response = await this.context.request.get(new URL(target, this.server.origin).href, { maxRetries: 1 });
    return { status: response.status(), headers: response.headers(), text: await response.text() };
  }

  async close() {
    await this.context.close();
  }
}
