// SPDX-License-Identifier: Apache-2.0
// Counts promises and says each on a line: "ok - ..." or "not ok - ...".

export class Tally {
  passed = 0;
  failed = 0;

  pass(promise) {
    this.passed++;
    console.log(`ok - ${promise}`);
  }

  fail(promise, fault) {
    this.failed++;
    console.log(`not ok - ${promise}`);
    const text = fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
    for (const line of text.split("\n").slice(0, 40)) console.log(`#   ${line}`);
  }

  /** Runs fn, which may throw or give a list of faults; returns whether it kept its promise. */
  async check(promise, fn) {
    try {
      const faults = await fn();
      if (Array.isArray(faults) && faults.length > 0) throw Object.assign(new Error(faults.join("\n")), { stack: undefined });
      this.pass(promise);
      return true;
    } catch (fault) {
      this.fail(promise, fault);
      return false;
    }
  }

  skip(promise, reason) {
    console.log(`skipped: ${promise} (${reason})`);
  }
}
