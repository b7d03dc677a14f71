// SPDX-License-Identifier: Apache-2.0
// Purpose: small improvements to pages that already work without script.

import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  PasswordInput,
  Radios,
  SkipLink,
  createAll,
} from "govuk-frontend";
import { numberKeys } from "./keys.js";
import { focusFirstMessage } from "./messages.js";
import { revealPrintButtons } from "./print.js";

// GOV.UK Frontend looks for these classes; its own page sets them with an inline script, which our policy forbids.
document.body.classList.add("js-enabled", "govuk-frontend-supported");

createAll(Button, { preventDoubleClick: true });
createAll(CharacterCount);
createAll(Checkboxes);
createAll(ErrorSummary);
createAll(PasswordInput);
createAll(Radios);
createAll(SkipLink);

focusFirstMessage(document);
numberKeys(document);
revealPrintButtons(document, window);
