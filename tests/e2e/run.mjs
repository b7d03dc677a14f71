// SPDX-License-Identifier: Apache-2.0
// Runs the journeys in Chromium against a server of its own with the demo place.
// Usage: node tests/e2e/run.mjs --program build/anchorage --out build [--keep] [JOURNEY...]

import { readdir } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

import { Browser } from "./lib/browser.mjs";
import { Tester } from "./lib/page.mjs";
import { Server } from "./lib/server.mjs";
import { Tally } from "./lib/tally.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const VIEWS = [
  { name: "1280", width: 1280, height: 900, script: true },
  { name: "390", width: 390, height: 844, script: true },
  { name: "no-script", width: 1280, height: 900, script: false },
];

function arguments_of(list) {
  const given = { program: null, out: null, keep: false, names: [] };
  for (let i = 0; i < list.length; i++) {
    if (list[i] === "--program") given.program = path.resolve(list[++i] ?? "");
    else if (list[i] === "--out") given.out = path.resolve(list[++i] ?? "");
    else if (list[i] === "--keep") given.keep = true;
    else if (list[i].startsWith("-")) return null;
    else given.names.push(list[i].replace(/\.mjs$/, ""));
  }
  return given.program && given.out ? given : null;
}

async function journeys(names) {
  const folder = path.join(HERE, "journeys");
  const files = (await readdir(folder)).filter((name) => name.endsWith(".mjs")).sort();
  const wanted = names.length ? files.filter((file) => names.some((name) => file.includes(name))) : files;
  if (wanted.length === 0) throw new Error(`no journey is called ${names.join(" or ")}; there are: ${files.join(", ")}`);
  return Promise.all(wanted.map(async (file) => ({
    name: file.replace(/\.mjs$/, ""),
    ...(await import(pathToFileURL(path.join(folder, file)).href)),
  })));
}

/** One journey in one view; a fault in it ends this journey only. */
async function walk(journey, view, browser, server, tally, out) {
  const tester = await Tester.open({ journey: journey.name, view, browser, server, tally, out });
  try {
    await journey.walk(tester);
  } catch (fault) {
    if (fault.alreadyTold !== true) tally.fail(`${tester.where}: the journey went to its end`, fault);
    await tester.screenshot("fault").catch(() => {});
  } finally {
    await tester.close();
  }
}

async function main() {
  const given = arguments_of(process.argv.slice(2));
  if (!given) {
    console.error("usage: node tests/e2e/run.mjs --program FILE --out FOLDER [--keep] [JOURNEY...]");
    return 2;
  }
  const tally = new Tally();
  let server = null;
  let browser = null;
  const stop = async () => {
    await browser?.close().catch(() => {});
    await server?.stop(given.keep);
  };
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => stop().finally(() => process.exit(1)));
  }
  try {
    const list = await journeys(given.names);
    server = await Server.start(given.program);
    tally.pass(`the demo place is loaded and the server answers at ${server.origin}`);
    browser = await Browser.start();
    for (const journey of list) {
      for (const view of VIEWS.filter((v) => !journey.views || journey.views.includes(v.name))) {
        await walk(journey, view, browser, server, tally, given.out);
      }
    }
    const end = await server.stop(given.keep);
    server = null;
    tally.check("the server stops by itself when asked to, with status 0", () => {
      if (end.code !== 0) throw new Error(`it ended with ${end.code ?? end.signal}:\n${end.tail}`);
    });
  } catch (fault) {
    tally.fail("the journeys could be run", fault);
  } finally {
    await stop();
  }
  console.log(`${tally.passed} promises kept, ${tally.failed} broken`);
  return tally.failed ? 1 : 0;
}

process.exitCode = await main();
