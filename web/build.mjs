// SPDX-License-Identifier: Apache-2.0
// Purpose: makes app.css, app.js, favicon.svg and mark.svg in the folder that is given.
// Usage: node web/build.mjs OUT [--quiet]. Same input, same bytes; nothing is fetched.
// Refuses to finish when the style sheet would break the content security policy, a size limit or an accent's contrast.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import * as esbuild from "esbuild";
import * as sass from "sass";

const HERE = path.dirname(fileURLToPath(import.meta.url));
const PICTURES = ["favicon.svg", "mark.svg"];
const CSS_LIMIT_BYTES = 20 * 1024; // compressed; brief: first view under 60 KB with everything
const JS_LIMIT_BYTES = 8 * 1024;
const CONTRAST_MIN = 7; // WCAG 2.2, 1.4.6 Contrast (Enhanced)
const PAPER_LIGHT = "#ffffff";
const TARGETS = ["chrome109", "firefox102", "safari15"];

/** The folder that holds node_modules: npm may have put the packages above ours. */
function packages_folder() {
  const found = createRequire(import.meta.url).resolve("govuk-frontend/package.json");
  return path.dirname(path.dirname(found));
}

async function build_css() {
  const result = sass.compile(path.join(HERE, "scss", "app.scss"), {
    loadPaths: [packages_folder()],
    style: "compressed",
    charset: false,
    quietDeps: true,
  });
  const { code } = await esbuild.transform(result.css, {
    loader: "css",
    minify: true,
    target: TARGETS,
    legalComments: "none",
  });
  return code;
}

async function build_js() {
  const result = await esbuild.build({
    entryPoints: [path.join(HERE, "js", "app.js")],
    absWorkingDir: HERE,
    bundle: true,
    minify: true,
    format: "esm",
    target: TARGETS,
    legalComments: "none",
    write: false,
    logLevel: "silent",
  });
  return result.outputFiles[0].text;
}

/** Relative luminance of #rrggbb, as WCAG 2.2 defines it. */
function luminance(colour) {
  const parts = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function long_colour(colour) {
  return colour.length === 4 ? "#" + [...colour.slice(1)].map((c) => c + c).join("") : colour;
}

/** Every value that a custom property takes in the sheet, in order of appearance. */
function values_of(css, property) {
  return [...css.matchAll(new RegExp(`${property}:\\s*(#[0-9a-f]{3,6})\\b`, "gi"))].map((m) => long_colour(m[1]));
}

/** Faults of the style sheet, as sentences. */
function css_faults(css) {
  const faults = [];
  if (/url\(/i.test(css)) faults.push("app.css holds url(): everything must come from this one file");
  if (/@font-face|GDS Transport/i.test(css)) faults.push("app.css names a web font");
  if (/@import/i.test(css)) faults.push("app.css imports another sheet");
  const papers = values_of(css, "--anc-paper");
  const accents = values_of(css, "--anc-accent");
  if (papers.length !== 2 || accents.length === 0 || accents.length % 2 !== 0) {
    return [...faults, "app.css must hold one light and one dark paper, and each accent once for each"];
  }
  accents.forEach((accent, index) => {
    const paper = index < accents.length / 2 ? papers[0] : papers[1];
    const ratio = contrast(accent, paper);
    if (ratio < CONTRAST_MIN) faults.push(`accent ${accent} on ${paper} has contrast ${ratio.toFixed(2)}, below 7`);
  });
  if (papers[0] !== PAPER_LIGHT) faults.push("the light paper is not white");
  return faults;
}

function size_fault(name, text, limit) {
  const bytes = gzipSync(text, { level: 9 }).length;
  return bytes > limit ? [`${name} is ${bytes} bytes compressed, above ${limit}`] : [];
}

async function main() {
  const [out, flag] = process.argv.slice(2);
  if (!out || out.startsWith("-") || (flag && flag !== "--quiet")) {
    console.error("usage: node web/build.mjs OUT [--quiet]");
    return 2;
  }
  const [css, js] = await Promise.all([build_css(), build_js()]);
  const faults = [
    ...css_faults(css),
    ...size_fault("app.css", css, CSS_LIMIT_BYTES),
    ...size_fault("app.js", js, JS_LIMIT_BYTES),
  ];
  if (faults.length > 0) {
    for (const fault of faults) console.error(`web/build.mjs: ${fault}`);
    return 1;
  }
  await mkdir(out, { recursive: true });
  const files = [["app.css", css], ["app.js", js]];
  for (const name of PICTURES) {
    files.push([name, await readFile(path.join(HERE, "img", name), "utf8")]);
  }
  for (const [name, text] of files) {
    await writeFile(path.join(out, name), text);
    if (!flag) console.log(`${name} ${Buffer.byteLength(text)} bytes, ${gzipSync(text, { level: 9 }).length} compressed`);
  }
  return 0;
}

process.exitCode = await main();
