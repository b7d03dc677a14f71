// SPDX-License-Identifier: Apache-2.0
// Purpose: after something was done, a screen reader hears about it first.

/**
 * Moves the focus to the first success or warning message of the page.
 * An error summary comes before it: that one moves the focus itself. A page that says where people go on with
 * the keyboard keeps that; its message says itself that it is to be read.
 *
 * @param {Document} page - the page to look in
 */
export function focusFirstMessage(page) {
  if (page.querySelector(".govuk-error-summary, [autofocus]")) {
    return;
  }
  const message = page.querySelector(
    ".govuk-notification-banner--success, .govuk-notification-banner--warning",
  );
  if (!message) {
    return;
  }
  message.setAttribute("tabindex", "-1");
  message.addEventListener("blur", () => message.removeAttribute("tabindex"), { once: true });
  message.focus({ preventScroll: true });
}
