// SPDX-License-Identifier: Apache-2.0
// A server of its own for one run: temporary data folder, demo place, free port; and the mail it wrote.

import { execFile, spawn } from "node:child_process";
import { chmod, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const START_MS = 60_000;
const STOP_MS = 30_000;

function free_port() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function run(program, list) {
  return new Promise((resolve, reject) => {
    execFile(program, list, { maxBuffer: 64 << 20, timeout: 300_000 }, (fault, stdout, stderr) => {
      if (fault) reject(new Error(`${path.basename(program)} ${list.join(" ")} ended with ${fault.code}:\n${stderr}${stdout}`));
      else resolve(stdout);
    });
  });
}

/** All objects below `value` that carry a password and an address: the printed sign-ins, wherever they stand. */
export function sign_ins_of(value, found = []) {
  if (Array.isArray(value)) value.forEach((one) => sign_ins_of(one, found));
  else if (value && typeof value === "object") {
    const email = value.email ?? value.address;
    if (typeof value.password === "string" && typeof email === "string") found.push({ ...value, email });
    else Object.values(value).forEach((one) => sign_ins_of(one, found));
  }
  return found;
}

/** JSON of a verb: the whole output, or the last line that is JSON. */
function json_of(text) {
  try {
    return JSON.parse(text);
  } catch {
    const lines = text.trim().split("\n").reverse();
    for (const line of lines) {
      try {
        return JSON.parse(line);
      } catch {
        // not this line
      }
    }
    throw new Error(`no JSON in this output:\n${text.slice(0, 2000)}`);
  }
}

/** Quoted-printable and base64 bodies as text. */
function decode_part(headers, body) {
  const encoding = (headers["content-transfer-encoding"] ?? "").toLowerCase();
  if (encoding === "base64") return Buffer.from(body, "base64").toString("utf8");
  if (encoding !== "quoted-printable") return body;
  const joined = body.replace(/=\r?\n/g, "");
  const bytes = [];
  for (let i = 0; i < joined.length; i++) {
    if (joined[i] === "=" && /^[0-9A-Fa-f]{2}$/.test(joined.slice(i + 1, i + 3))) {
      bytes.push(parseInt(joined.slice(i + 1, i + 3), 16));
      i += 2;
    } else bytes.push(...Buffer.from(joined[i], "utf8"));
  }
  return Buffer.from(bytes).toString("utf8");
}

function headers_of(text) {
  const headers = {};
  for (const line of text.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/)) {
    const at = line.indexOf(":");
    if (at > 0) headers[line.slice(0, at).toLowerCase()] = line.slice(at + 1).trim();
  }
  return headers;
}

/** A letter as {to, subject, text}: text is the plain part. */
export function parse_letter(raw) {
  const split = raw.search(/\r?\n\r?\n/);
  const headers = headers_of(raw.slice(0, split));
  const body = raw.slice(split).replace(/^\r?\n\r?\n/, "");
  const boundary = /boundary="?([^";]+)"?/i.exec(headers["content-type"] ?? "")?.[1];
  let text = decode_part(headers, body);
  if (boundary) {
    const parts = body.split(`--${boundary}`).slice(1, -1).map((part) => {
      const cut = part.search(/\r?\n\r?\n/);
      const own = headers_of(part.slice(0, cut).trim());
      return { own, text: decode_part(own, part.slice(cut).replace(/^\r?\n\r?\n/, "")) };
    });
    text = (parts.find((p) => /text\/plain/i.test(p.own["content-type"] ?? "")) ?? parts[0])?.text ?? body;
  }
  return { to: headers.to ?? "", subject: headers.subject ?? "", text };
}

export class Server {
  static async start(program) {
    const server = new Server();
    server.root = await mkdtemp(path.join(os.tmpdir(), "anchorage-e2e-"));
    await chmod(server.root, 0o755); // the server gives up root and must still reach its data
    server.data = path.join(server.root, "data");
    server.tail = "";
    try {
      server.demo = json_of(await run(program, ["demo", "--data", server.data, "--json"]));
      server.signIns = sign_ins_of(server.demo);
      if (server.signIns.length === 0) throw new Error("anchorage demo --json printed no sign-ins");
      await server.#serve(program);
    } catch (fault) {
      await server.stop(false);
      throw fault;
    }
    return server;
  }

  async #serve(program) {
    const port = await free_port();
    this.origin = `http://127.0.0.1:${port}`;
    this.child = spawn(program, ["serve", "--data", this.data, "--listen", `127.0.0.1:${port}`], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.ended = new Promise((resolve) => this.child.once("exit", (code, signal) => resolve({ code, signal })));
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.on("data", (part) => { this.tail = (this.tail + part).slice(-8000); });
    }
    const until = Date.now() + START_MS;
    for (;;) {
      if (this.child.exitCode !== null) throw new Error(`the server ended with ${this.child.exitCode}:\n${this.tail}`);
      try {
        if ((await fetch(`${this.origin}/readyz`)).ok) return;
      } catch {
        // not listening yet
      }
      if (Date.now() > until) throw new Error(`the server was not ready within ${START_MS / 1000} s:\n${this.tail}`);
      await pause(50);
    }
  }

  /** The sign-in of the first demo person whose role (or any of whose texts) holds the word. */
  person(word) {
    const found = this.signIns.find((one) => (one.role ?? "").toLowerCase() === word.toLowerCase()) ??
      this.signIns.find((one) => JSON.stringify(one).toLowerCase().includes(word.toLowerCase()));
    if (!found) throw new Error(`the demo place has no ${word}; it has ${JSON.stringify(this.signIns.map((s) => s.role ?? s.email))}`);
    return found;
  }

  /** Waits for a letter to this address whose subject or text matches. */
  async letter(to, pattern, within_ms = 15_000) {
    const folder = path.join(this.data, "mail");
    const until = Date.now() + within_ms;
    for (;;) {
      const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".eml")).sort().reverse();
      for (const file of files) {
        const letter = parse_letter(await readFile(path.join(folder, file), "utf8"));
        if (letter.to.toLowerCase().includes(to.toLowerCase()) && (pattern.test(letter.subject) || pattern.test(letter.text))) {
          return letter;
        }
      }
      if (Date.now() > until) throw new Error(`no letter to ${to} that matches ${pattern} in ${folder}`);
      await pause(100);
    }
  }

  async stop(keep) {
    if (this.stopped) return this.stopped;
    let end = { code: 0, signal: null };
    if (this.child) {
      if (this.child.exitCode === null) this.child.kill("SIGTERM");
      const late = setTimeout(() => this.child.kill("SIGKILL"), STOP_MS);
      end = await this.ended;
      clearTimeout(late);
    }
    this.stopped = { ...end, tail: this.tail };
    if (keep) console.log(`# the data folder is kept: ${this.data}`);
    else await rm(this.root, { recursive: true, force: true });
    return this.stopped;
  }
}
