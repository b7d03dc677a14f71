// SPDX-License-Identifier: Apache-2.0
// Debian's Chromium, started fresh with an empty profile, quiet and without any connection of its own.

import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { chromium } from "playwright-core";

const PROGRAMS = [process.env.ANCHORAGE_CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const ARGUMENTS = [
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
];

export class Browser {
  static async start() {
    const program = PROGRAMS.find((one) => one && existsSync(one));
    if (!program) throw new Error("Chromium is missing. What to do: apt-get install chromium");
    const browser = new Browser();
    // Chromium wants a home that it may write to, whoever runs it.
    browser.home = await mkdtemp(path.join(os.tmpdir(), "anchorage-home-"));
    const as_root = process.getuid?.() === 0;
    browser.chromium = await chromium.launch({
      executablePath: program,
      headless: true,
      chromiumSandbox: !as_root,
      args: ARGUMENTS,
      env: { ...process.env, HOME: browser.home, XDG_CONFIG_HOME: browser.home, XDG_CACHE_HOME: browser.home },
    });
    return browser;
  }

  context(view) {
    return this.chromium.newContext({
      viewport: { width: view.width, height: view.height },
      javaScriptEnabled: view.script,
      hasTouch: view.width < 600,
      locale: "en-GB",
      timezoneId: "Europe/London",
      acceptDownloads: true,
      reducedMotion: "reduce",
    });
  }

  async close() {
    await this.chromium?.close();
    this.chromium = null;
    if (this.home) await rm(this.home, { recursive: true, force: true });
    this.home = null;
  }
}
