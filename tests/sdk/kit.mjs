// SPDX-License-Identifier: Apache-2.0
// What the checks of the installed package share: a prefix, programs run in it, servers, changes to files.

import { spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const PATIENCE_MS = 120_000; // a deadline, never a wait

export function free_port() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** The lines of a diff's hunks as {old, new}: "@@" begins one, then " kept", "-gone" and "+come" lines. */
export function hunks_of(diff) {
  const hunks = [];
  for (const line of diff.replace(/\n$/, "").split("\n")) {
    if (line.startsWith("@@")) hunks.push({ old: [], new: [] });
    else if (hunks.length === 0) continue;
    else if (line.startsWith("-")) hunks.at(-1).old.push(line.slice(1));
    else if (line.startsWith("+")) hunks.at(-1).new.push(line.slice(1));
    else {
      hunks.at(-1).old.push(line.slice(1));
      hunks.at(-1).new.push(line.slice(1));
    }
  }
  if (hunks.length === 0) throw new Error(`a change without a line that begins with @@:\n${diff}`);
  return hunks;
}

/** The text with the change made; what a hunk takes away must stand in it exactly once. */
export function patched(text, diff, name) {
  for (const hunk of hunks_of(diff)) {
    const old = `\n${hunk.old.join("\n")}\n`;
    const at = `\n${text}`.split(old);
    if (at.length !== 2) throw new Error(`${name}: these lines stand there ${at.length - 1} times, not once:\n${hunk.old.join("\n")}`);
    text = at.join(`\n${hunk.new.join("\n")}\n`).slice(1);
  }
  return text;
}

/** A diff over several files: "--- NAME" begins each. */
export function files_of(diff) {
  const files = [];
  for (const line of diff.replace(/\n$/, "").split("\n")) {
    if (line.startsWith("--- ")) files.push({ name: line.slice(4).trim(), diff: "" });
    else if (files.length > 0) files.at(-1).diff += `${line}\n`;
  }
  return files;
}

/** Makes a change in a folder: a diff whose files stand there, or a whole file. */
export async function change(folder, name, text, is_diff) {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, is_diff ? patched(await readFile(file, "utf8"), text, name) : text);
}

export class Kit {
  /** prefix: an installed Anchorage; or build: a build folder that is installed into a prefix of the moment. */
  static async open({ prefix, build }) {
    const kit = new Kit();
    kit.root = await mkdtemp(path.join(os.tmpdir(), "anchorage-sdk-"));
    await chmod(kit.root, 0o755); // the server gives up root and must still reach its files
    kit.prefix = prefix ?? path.join(kit.root, "prefix");
    kit.children = [];
    kit.env = { ...process.env, LC_ALL: "C.UTF-8", HOME: `${kit.root}/home`, CMAKE_BUILD_PARALLEL_LEVEL: process.env.JOBS ?? "2" };
    for (const name of ["CFLAGS", "CXXFLAGS", "LDFLAGS", "DESTDIR"]) delete kit.env[name];
    kit.move(kit.prefix);
    await mkdir(kit.env.HOME);
    if (await kit.has("ninja")) kit.env.CMAKE_GENERATOR = "Ninja";
    // What people type with sudo installs into the prefix here, which is ours.
    await mkdir(`${kit.root}/shims`);
    await writeFile(`${kit.root}/shims/sudo`, '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
    if (build) await kit.run("cmake", ["--install", build, "--prefix", kit.prefix]);
    return kit;
  }

  /** The installed Anchorage now stands in this folder. */
  move(prefix) {
    this.prefix = prefix;
    Object.assign(this.env, {
      PATH: `${this.root}/shims:${prefix}/bin:${process.env.PATH}`,
      CMAKE_PREFIX_PATH: prefix,
      PKG_CONFIG_PATH: `${prefix}/lib/pkgconfig`,
    });
  }

  /** Runs a program; gives its output, or throws with it. */
  run(program, list, { cwd = this.root, fails = false, input = "" } = {}) {
    return new Promise((resolve, reject) => {
      const child = spawn(program, list, { cwd, env: this.env, stdio: ["pipe", "pipe", "pipe"] });
      let said = "";
      const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
      for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => { said += part; });
      child.on("error", reject);
      child.on("close", (code, signal) => {
        clearTimeout(late);
        if ((code !== 0) === fails) resolve(said);
        else reject(Object.assign(new Error(`${program} ${list.join(" ")} ended with ${signal ?? code}:\n${said}`), { stack: undefined }));
      });
      child.stdin.on("error", () => {}); // it may end without reading
      child.stdin.end(input);
    });
  }

  has(program) {
    return this.run("sh", ["-c", `command -v ${program}`]).then(() => true, () => false);
  }

  anchorage(list, options) {
    return this.run(`${this.prefix}/bin/anchorage`, list, options);
  }

  /** Builds the plugin in a folder with CMake, runs its tests, and gives its file. */
  async build(folder, id) {
    await this.run("cmake", ["-B", "build"], { cwd: folder });
    await this.run("cmake", ["--build", "build"], { cwd: folder });
    await this.run("ctest", ["--test-dir", "build", "--output-on-failure", "--no-tests=error"], { cwd: folder });
    return path.join(folder, "build/plugins", `${id}.so`);
  }

  /** Runs a server until stop(); resolves when it answers. */
  async serve(command, origin, cwd = this.root) {
    const child = spawn(command[0], command.slice(1), { cwd, env: this.env, stdio: ["ignore", "pipe", "pipe"] });
    const server = { child, head: "", tail: "", ended: new Promise((resolve) => child.once("close", resolve)) };
    this.children.push(server);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (part) => {
        server.head = (server.head + part).slice(0, 64000);
        server.tail = (server.tail + part).slice(-8000);
      });
    }
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${server.tail}`);
      if ((await fetch(`${origin}/readyz`).catch(() => null))?.ok) return server;
      if (Date.now() > until) throw new Error(`the server was not ready in time:\n${server.tail}`);
      await pause(50);
    }
  }

  async stop(server) {
    if (server.child.exitCode === null) server.child.kill("SIGTERM");
    const late = setTimeout(() => server.child.kill("SIGKILL"), 30_000);
    await server.ended;
    clearTimeout(late);
  }

  async close(keep) {
    for (const server of this.children) await this.stop(server);
    if (keep) console.log(`# kept: ${this.root}`);
    else await rm(this.root, { recursive: true, force: true });
  }
}
