// SPDX-License-Identifier: Apache-2.0
// The sentences for people about payments files, all in one place.
#ifndef LOCAL_SPEND_WORDS_H
#define LOCAL_SPEND_WORDS_H

#include "layout.h"
#include "verdict.h"

// Why a file was refused and what to do; "" for SPEND_ACCEPTED.
const char *spend_refusal_text(enum spend_refusal r);

// What became of a row, and for problems what to do.
const char *spend_verdict_text(enum spend_verdict v);

// One word for programs: "line", "total", "amount_broken".
const char *spend_verdict_name(enum spend_verdict v);
const char *spend_refusal_name(enum spend_refusal r);

// The sentence of one note (a single bit of the notes of a layout); "" for an unknown bit.
const char *spend_note_text(unsigned note);

#endif
