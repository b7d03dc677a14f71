// SPDX-License-Identifier: Apache-2.0
// Plugins as somebody writes them who has only the installed package: made, built, tested, checked and served.
// Usage: node tests/sdk/run.mjs --build FOLDER | --prefix FOLDER [--keep] [--only PART]...
// Parts: new, cmake, anchors, plain, cpp, served (with what was built before), walkthrough. No network but loopback.

import { cp, readdir, readFile, rename, stat } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { Tally } from "../e2e/lib/tally.mjs";
import { change, files_of, free_port, Kit } from "./kit.mjs";
import { soon, walkthrough } from "./walkthrough.mjs";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const ROOT = path.resolve(HERE, "../..");
const SHIPPED = ["vcfse", "local_spend", "social_value", "contracts_finder"];
const INSTALLED = [
  "bin/anchorage", "include/anchorage/plugin.h", "include/anchorage/CHANGES.md", "lib/anchorage/plugpack", "lib/pkgconfig/anchorage-plugin.pc",
  ...["AnchoragePlugin.cmake", "AnchoragePluginConfig.cmake", "AnchoragePluginConfigVersion.cmake"]
    .map((name) => `lib/cmake/AnchoragePlugin/${name}`),
  ...SHIPPED.map((id) => `lib/anchorage/plugins/${id}.so`),
];

function arguments_of(list) {
  const given = { build: null, prefix: null, keep: false, only: [] };
  for (let i = 0; i < list.length; i++) {
    if (list[i] === "--build") given.build = path.resolve(list[++i] ?? "");
    else if (list[i] === "--prefix") given.prefix = path.resolve(list[++i] ?? "");
    else if (list[i] === "--keep") given.keep = true;
    else if (list[i] === "--only") given.only.push(list[++i]);
    else return null;
  }
  return (given.build === null) === (given.prefix === null) ? null : given;
}

function need(yes, words) {
  if (!yes) throw Object.assign(new Error(words), { stack: undefined });
}

async function files_below(folder, below = "") {
  const names = [];
  for (const entry of await readdir(path.join(folder, below), { withFileTypes: true })) {
    const name = path.join(below, entry.name);
    if (entry.isDirectory()) names.push(...(await files_below(folder, name)));
    else names.push(name);
  }
  return names.sort();
}

/** A new plugin with a change of tests/sdk, built, tested, checked and installed. */
async function make(kit, id, diff) {
  const folder = path.join(kit.root, id);
  await kit.anchorage(["plugin", "new", id, "--folder", folder]);
  for (const one of files_of(diff)) await change(folder, one.name, one.diff, true);
  const file = await kit.build(folder, id);
  await kit.anchorage(["plugin", "check", file]);
  await kit.run("cmake", ["--install", "build"], { cwd: folder });
  need(await stat(`${kit.prefix}/lib/anchorage/plugins/${id}.so`).catch(() => null), `${id}.so was not installed to the prefix`);
}

/** A plugin of tests/sdk, built with one command that pkg-config helps to write. */
async function make_by_hand(kit, id, compiler) {
  const folder = path.join(kit.root, id);
  await cp(path.join(HERE, id), folder, { recursive: true });
  await kit.run("sh", ["-ec", `
    $(pkg-config --variable=plugpack anchorage-plugin) resources.gen.h .
    ${compiler} $(pkg-config --cflags anchorage-plugin) plugin.c* -o ${id}.so $(pkg-config --libs anchorage-plugin)
  `], { cwd: folder });
  await kit.anchorage(["plugin", "check", `${folder}/${id}.so`]);
  await kit.run("sh", ["-ec", `cp ${id}.so $(pkg-config --variable=plugindir anchorage-plugin)`], { cwd: folder });
}

async function check_new(kit, tally) {
  const folder = path.join(kit.root, "bakers_2");
  await tally.check("plugin new writes every file of the example, with nothing of its name left", async () => {
    await kit.anchorage(["plugin", "new", "bakers_2", "--folder", folder]);
    const names = await files_below(folder);
    const same = await files_below(path.join(ROOT, "plugins/example"));
    need(names.join() === same.filter((name) => !name.startsWith("build/")).join(), `it wrote ${names.join(" ")}`);
    const faults = [];
    for (const name of names) {
      const text = await readFile(path.join(folder, name), "utf8");
      text.split("\n").forEach((line, i) => {
        if (/(?<!for )\bexample\b(?!\.org)/.test(line)) faults.push(`${name}:${i + 1}: ${line}`);
      });
    }
    return faults;
  });
  await tally.check("plugin new tells as JSON what it made, in a folder of the plugin's name", async () => {
    const said = JSON.parse(await kit.anchorage(["plugin", "new", "bakers_4", "--json"]));
    need(said.id === "bakers_4" && said.folder === "bakers_4" && said.files.includes("plugin.c"), JSON.stringify(said));
    await stat(path.join(kit.root, "bakers_4/plugin.c"));
  });
  const refused = [
    ["a name that is none", ["plugin", "new", "College-Meals"], "cannot be the name of a plugin"],
    ["a name of one letter", ["plugin", "new", "a"], "it has 2 to 31 characters"],
    ["the name of a plugin that is there", ["plugin", "new", "vcfse"], "There is a plugin called vcfse already"],
    ["a folder that is there", ["plugin", "new", "bakers_3", "--folder", folder], "is there already"],
    ["a folder below none", ["plugin", "new", "bakers_3", "--folder", `${folder}/no/where`], "cannot be made"],
  ];
  for (const [what, list, words] of refused) {
    await tally.check(`plugin new refuses ${what}, and says so`, async () => {
      const said = await kit.anchorage(list, { fails: true });
      need(said.includes(words), `it said: ${said}`);
    });
  }
}

async function check_anchors(kit, tally) {
  const ids = [];
  for (const id of ["college_meals", "trust_orders"]) {
    const diff = await readFile(path.join(HERE, `${id}.diff`), "utf8");
    if (await tally.check(`${id}: made by plugin new, changed, built with find_package, tested, checked`, () => make(kit, id, diff))) ids.push(id);
  }
  return ids;
}

async function check_by_hand(kit, tally, wanted) {
  const ids = [];
  const by_hand = [["plain", "cc -O2 -Wall -Wextra -Werror", "cc"],
    ["cpp", "c++ -std=c++20 -O2 -Wall -Wextra -Wno-missing-field-initializers -Werror", "c++"]];
  for (const [id, command, tool] of by_hand.filter(([name]) => wanted(name))) {
    const missing = (await kit.has("pkg-config")) ? ((await kit.has(tool)) ? null : tool) : "pkg-config";
    if (missing) tally.skip(`${id}: built with pkg-config and one command`, `${missing} is not present`);
    else if (await tally.check(`${id}: built with pkg-config and one command, checked`, () => make_by_hand(kit, id, command))) ids.push(id);
  }
  return ids;
}

/** A folder with a CMakeLists.txt that only asks for the package; what CMake says of it. */
async function configure(kit, name, lines, { fails }) {
  const folder = path.join(kit.root, name);
  await cp(path.join(HERE, "cpp"), folder, { recursive: true });
  await change(folder, "CMakeLists.txt", ["cmake_minimum_required(VERSION 3.25)", ...lines, ""].join("\n"), false);
  // CMake breaks its messages into lines.
  return (await kit.run("cmake", ["-B", "build"], { cwd: folder, fails })).replace(/\s+/g, " ");
}

async function check_cmake(kit, tally) {
  if (!(await kit.has("c++"))) {
    tally.skip("a plugin in C++ built with find_package", "c++ is not present");
    return;
  }
  await tally.check("a plugin in C++ is built with find_package, without a C compiler asked for", async () => {
    await configure(kit, "cpp_well", ["project(cpp LANGUAGES CXX)", "find_package(AnchoragePlugin 1.0 REQUIRED)", "anchorage_add_plugin(cpp)"], { fails: false });
    await kit.run("cmake", ["--build", "build"], { cwd: path.join(kit.root, "cpp_well") });
    await stat(path.join(kit.root, "cpp_well/build/plugins/cpp.so"));
  });
  const refused = [
    ["a header of another major version", ["project(cpp LANGUAGES CXX)", "find_package(AnchoragePlugin 2.0 REQUIRED)"], 'compatible with requested version "2.0"'],
    ["an id that is none", ["project(cpp LANGUAGES CXX)", "find_package(AnchoragePlugin REQUIRED)", "anchorage_add_plugin(Not-Good)"], '"Not-Good" is no id'],
    ["C++ in a project of C", ["project(cpp LANGUAGES C)", "find_package(AnchoragePlugin REQUIRED)", "anchorage_add_plugin(cpp)"], "for C++ say project(cpp LANGUAGES C CXX)"],
  ];
  for (const [i, [what, lines, words]] of refused.entries()) {
    await tally.check(`CMake refuses ${what}, and says so`, async () => {
      const said = await configure(kit, `cpp_${i}`, lines, { fails: true });
      need(said.includes(words), said);
    });
  }
}

/** The pages of docs/ that are meant to be followed, each with a place of its own. */
async function follow_pages(kit, tally) {
  const pages = ["write-a-plugin.md"];
  if (await kit.has("pkg-config")) pages.push("read-payments.md");
  else tally.skip("read-payments.md", "pkg-config is not present");
  for (const page of pages) await walkthrough(kit, path.join(ROOT, "docs", page), tally);
}

async function ask(origin, page, ...wanted) {
  const answer = await fetch(origin + page, { redirect: "manual" });
  const text = await answer.text();
  need(answer.status === 200, `${page} answered ${answer.status}:\n${text.slice(0, 2000)}`);
  for (const words of wanted) need(text.includes(words), `"${words}" does not stand in ${page}:\n${text.slice(0, 8000)}`);
}

/** Somebody with a browser: keeps cookies, reads the token of a form, sends it. */
class Visitor {
  constructor(origin) {
    Object.assign(this, { origin, cookies: new Map() });
  }

  async ask(page, fields) {
    const headers = { cookie: [...this.cookies].map((pair) => pair.join("=")).join("; "), origin: this.origin };
    const answer = await fetch(this.origin + page, {
      redirect: "manual", headers, ...(fields ? { method: "POST", body: new URLSearchParams(fields) } : {}),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name, value] = line.split(";")[0].split("=");
      this.cookies.set(name, value);
    }
    return { status: answer.status, text: await answer.text() };
  }

  async send(page, fields) {
    const { text } = await this.ask(page);
    const csrf = /name="csrf" value="([^"]*)"/.exec(text)?.[1] ?? "";
    const sent = await this.ask(page, { csrf, ...fields });
    need(sent.status === 303, `${page} answered ${sent.status} and not 303:\n${sent.text.replace(/<[^>]*>/g, "").replace(/\s+/g, " ")}`);
  }
}

/** An officer publishes with the form of one plugin; the other one, with tables of the same names, does not have it. */
async function publish(origin, sign_ins) {
  const [, email, password] = /(officer@\S+)\s+(\S+)/.exec(sign_ins) ?? [];
  need(email, `no officer among the sign-ins:\n${sign_ins}`);
  const officer = new Visitor(origin);
  await officer.send("/sign-in", { email, password });
  await officer.send("/x/college_meals/new", { words: "We will buy 900 meals here", "due-day": "31", "due-month": "3", "due-year": "2030" });
  need((await officer.ask("/x/college_meals")).text.includes("31 March 2030"), "the officer does not see what was published");
  // Ready-made pages are made anew when the server hears of the change, which is soon and not at once.
  await soon(() => ask(origin, "/x/college_meals", "We will buy 900 meals here", "31 March 2030"));
  await soon(() => ask(origin, "/", "We will buy 900 meals here"));
  need(!(await officer.ask("/x/trust_orders")).text.includes("900 meals"), "the other plugin shows it too");
}

async function check_served(kit, tally, ids) {
  const origin = `http://127.0.0.1:${await free_port()}`;
  const data = path.join(kit.root, "anchors");
  let server = null;
  const up = await tally.check(`one server starts with ${ids.join(", ")}`, async () => {
    server = await kit.serve([`${kit.prefix}/bin/anchorage`, "serve", "--data", data, "--demo-if-empty", "--listen",
      origin.slice("http://".length), "--set", `plugin.load=${[...SHIPPED, ...ids].join(",")}`], origin);
    // It answers as soon as it can; what became of its plugins is noted a moment later.
    await soon(async () => {
      const { plugins } = JSON.parse(await kit.anchorage(["plugin", "list", "--data", data, "--json"]));
      const others = [...SHIPPED, ...ids].map((id) => plugins.find((p) => p.id === id) ?? { id, state: "not listed" })
        .filter((one) => one.state !== "ACTIVE").map((one) => `${one.id}: ${one.state} ${one.reason ?? ""}`);
      need(others.length === 0, others.join("\n"));
    });
  });
  const pages = {
    college_meals: [["/x/college_meals", '<h1 class="govuk-heading-xl">College meals</h1>'], ["/", "College meals"]],
    trust_orders: [["/x/trust_orders", '<h1 class="govuk-heading-xl">Trust orders</h1>'], ["/spend", "Orders of the trust"]],
    plain: [["/x/plain", "Built with one command", "The length is 12."]],
    cpp: [["/x/cpp?name=%3Cb%3E", "Hello, &lt;b&gt;"]],
  };
  let well = up;
  for (const id of up ? ids : []) {
    for (const [page, ...words] of pages[id]) {
      well = (await tally.check(`${page} shows what ${id} brings`, () => ask(origin, page, ...words))) && well;
    }
  }
  if (up && ids.includes("college_meals") && ids.includes("trust_orders")) {
    well = (await tally.check("what is published with one plugin stands on its page and on the home page, and not in the other plugin's tables",
      () => publish(origin, server.head))) && well;
  }
  if (server) {
    if (!well) console.log(server.tail.replace(/^/gm, "#   server: "));
    await kit.stop(server);
  }
}

async function main() {
  const given = arguments_of(process.argv.slice(2));
  if (!given) {
    console.error("usage: node tests/sdk/run.mjs --build FOLDER | --prefix FOLDER [--keep] [--only PART]...");
    return 2;
  }
  const tally = new Tally();
  const wanted = (part) => given.only.length === 0 || given.only.includes(part);
  const kit = await Kit.open(given);
  try {
    for (const tool of ["cmake", "cc"]) {
      if (!(await kit.has(tool))) {
        tally.skip("plugins built from the installed package", `${tool} is not present`);
        return 0;
      }
    }
    if (given.build) {
      // Every path is taken from where a file stands, so a prefix may be moved.
      await rename(kit.prefix, `${kit.root}/moved`);
      kit.move(`${kit.root}/moved`);
    }
    await tally.check("the installed package has what somebody needs who writes a plugin", async () => {
      const there = new Set(await files_below(kit.prefix).catch(() => []));
      return INSTALLED.filter((name) => !there.has(name)).map((name) => `${name} is missing`);
    });
    const made = async () => {
      if (wanted("new")) await check_new(kit, tally);
      if (wanted("cmake")) await check_cmake(kit, tally);
      const ids = (await Promise.all([
        wanted("anchors") ? check_anchors(kit, tally) : [],
        check_by_hand(kit, tally, wanted),
      ])).flat();
      if (wanted("served") && ids.length > 0) await check_served(kit, tally, ids);
    };
    // Side by side: much of the time is waiting for databases to begin and end.
    await Promise.all([made(), wanted("walkthrough") ? follow_pages(kit, tally) : null]);
  } finally {
    await kit.close(given.keep);
  }
  console.log(`${tally.passed} passed, ${tally.failed} failed`);
  return tally.failed === 0 && tally.passed > 0 ? 0 : 1;
}

process.exit(await main());
