// SPDX-License-Identifier: Apache-2.0
// Does what a page of docs/ says (write-a-plugin.md, read-payments.md), from the first line to the last, and compares what it promises.
//
//   ```bash             is run, each command as it stands; what is set and where one goes stays for the next block
//   ```bash server      is started and runs until the end; the next block waits until it answers
//   ```output           stands below such a block: these lines came, in this order; a line "..." leaves some out. A block
//                       that only asks the server (curl) is run again until they do: a page that is kept ready-made is
//                       made anew soon after a change, not at once
//   ```KIND FILE        is the file FILE, written whole
//   ```diff FILE        is a change of the file FILE
//
// The address 127.0.0.1:8080 becomes one that is free; that is the only thing that is not taken as it stands.

import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

import { change, free_port } from "./kit.mjs";

const ADDRESS = "127.0.0.1:8080";
const SOON_MS = 30_000;

/** Tries until it works; gives up at a deadline, with the last fault. */
export async function soon(fn) {
  for (const until = Date.now() + SOON_MS; ; await pause(100)) {
    try {
      return await fn();
    } catch (fault) {
      if (Date.now() > until) throw fault;
    }
  }
}

/** The fenced blocks with their line, kind, what stands behind the kind, and text. */
export function blocks_of(markdown) {
  const blocks = [];
  let open = null;
  markdown.split("\n").forEach((line, i) => {
    const fence = /^```(\S*) ?(.*)$/.exec(line);
    if (fence && !open) open = { line: i + 1, kind: fence[1], name: fence[2].trim(), text: "" };
    else if (line === "```" && open) {
      blocks.push(open);
      open = null;
    } else if (open) open.text += `${line}\n`;
  });
  if (open) throw new Error(`the block of line ${open.line} has no end`);
  return blocks;
}

/** Throws unless the wanted lines stand in the output in this order; "..." leaves lines out. */
export function compare(output, wanted) {
  const came = output.split("\n").map((line) => line.trimEnd());
  let at = 0;
  let gap = true; // what a tool says before the first wanted line is its own affair
  for (const line of wanted.trimEnd().split("\n")) {
    if (line.trim() === "...") {
      gap = true;
      continue;
    }
    const found = came.indexOf(line.trimEnd(), at);
    if (found < 0 || (!gap && found !== at)) throw new Error(`this line did not come where it is promised:\n  ${line}\nWhat came:\n${output}`);
    at = found + 1;
    gap = false;
  }
}

export async function walkthrough(kit, file, tally) {
  const address = `127.0.0.1:${await free_port()}`;
  const mine = (text) => text.replaceAll(ADDRESS, address);
  const state = path.join(kit.root, `shell.${path.basename(file)}`);
  await writeFile(state, `cd ${kit.root}\n`);
  let output = "";
  let asks = null; // runs the last block again, when it only asks
  let server = null;
  const folder = async () => (await kit.run("bash", ["-c", `. ${state}; pwd`])).trim();
  const act = async (block) => {
    if (block.kind === "output" && !asks) return compare(output, mine(block.text));
    if (block.kind === "output") return soon(async () => compare(await asks(), mine(block.text)));
    if (block.kind === "bash" && block.name === "server") {
      server = await kit.serve(["bash", "-c", `. ${state}; exec ${mine(block.text).trim()}`], `http://${address}`);
      return undefined;
    }
    if (block.kind === "bash") {
      const keep = `{ export -p; printf 'cd %q\\n' "$PWD"; } >${state}`;
      const run = () => kit.run("bash", ["-c", `. ${state}\nset -euo pipefail\n${mine(block.text)}\n${keep}\n`]);
      asks = block.text.trim().split("\n").every((line) => line.startsWith("curl ")) ? run : null;
      output = await (asks ? soon(run) : run());
      return undefined;
    }
    if (block.name) return change(await folder(), block.name, mine(block.text), block.kind === "diff");
    throw new Error(`a block of kind "${block.kind}" without a file name: what is to be done with it?`);
  };
  const name = path.basename(file);
  for (const block of blocks_of(await readFile(file, "utf8"))) {
    const first = block.text.split("\n")[0].slice(0, 60);
    const went = await tally.check(`${name}:${block.line}: ${[block.kind, block.name].join(" ").trim()}: ${first}`, () => act(block));
    if (!went) {
      if (server) console.log(server.tail.replace(/^/gm, "#   server: "));
      console.log("skipped: the rest of the walk-through (a step before it failed)");
      break;
    }
  }
  if (server) await kit.stop(server);
}
