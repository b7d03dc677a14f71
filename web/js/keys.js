// SPDX-License-Identifier: Apache-2.0
// Purpose: in a list of answers, a key chooses one; only while the focus is among the answers, so that no
// other key press is taken (WCAG 2.1.4).

/**
 * In each form that carries data-anc-keys, a key chooses the radio button that has it as its access key.
 *
 * @param {Document} page - the page to look in
 */
export function numberKeys(page) {
  for (const form of page.querySelectorAll("form[data-anc-keys]")) {
    form.addEventListener("keydown", (event) => {
      const among = event.target instanceof HTMLInputElement && event.target.type === "radio";
      if (!among || event.ctrlKey || event.altKey || event.metaKey || !/^[0-9a-z]$/.test(event.key)) {
        return;
      }
      const answer = form.querySelector(`input[type="radio"][accesskey="${event.key}"]`);
      if (answer) {
        event.preventDefault();
        answer.checked = true;
        answer.focus();
      }
    });
  }
}
