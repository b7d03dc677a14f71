// SPDX-License-Identifier: Apache-2.0
// Purpose: a print button, shown only where script can press it.

/**
 * Shows each hidden button that carries data-anc-print and lets it print the page.
 *
 * @param {Document} page - the page to look in
 * @param {Window} view - the window that prints
 */
export function revealPrintButtons(page, view) {
  for (const button of page.querySelectorAll("button[data-anc-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => view.print());
  }
}
