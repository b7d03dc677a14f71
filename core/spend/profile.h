// SPDX-License-Identifier: Apache-2.0
// How the files of an anchor are read: the columns a person settled, kept by their row of headings.
#ifndef ANCHORAGE_SPEND_PROFILE_H
#define ANCHORAGE_SPEND_PROFILE_H

#include "base/ctx.h"
#include "plugin/payments.h"

#define PROFILE_HASH_BYTES 65
#define PROFILES_MAX       200 // of one anchor; the one used longest ago goes

// A row of headings as a number: SHA-256 of its cells, blanks around them, letter case and empty cells at the
// end left out. load_summary.head_hash is made with this. Empty for a row without any text.
void profile_hash(const char *const *cells, size_t n, char ret[PROFILE_HASH_BYTES]);

// The columns settled for this row of headings, and notes that they were asked for. *ret_found false, and
// *ret_columns untouched: none are known.
enum err profile_find(struct ctx *c, const char *anchor_ref, const char *head_hash,
                      struct anc_columns *ret_columns, bool *ret_found) MUST;
// The same for a file of which only the first rows are known: the first row that has a profile of this
// anchor.
enum err profile_find_row(struct ctx *c, const char *anchor_ref, const struct anc_cells *head,
                          struct anc_columns *ret_columns, bool *ret_found) MUST;

// Keeps columns for the row of headings, in place of what was known. label: the headings in words, for the
// list people see. ERR_NOT_FOUND: there is no such anchor.
enum err profile_save(struct ctx *c, const char *anchor_ref, const char *head_hash, const char *label,
                      const struct anc_columns *columns) MUST;
// By its number. Actor: an officer. ERR_NOT_FOUND when there is none.
enum err profile_forget(struct ctx *c, int64_t id) MUST;

// Columns as pairs of words and numbers ("payee" "0", "head_rows" "1"), which is how they are stored.
#define PROFILE_PAIRS (ANC_COL_COUNT + 5)
const char *profile_column_word(int column); // "payee": of ANC_COL_*
void profile_words(struct arena *a, const struct anc_columns *columns, const char *names[PROFILE_PAIRS],
                   const char *values[PROFILE_PAIRS]);
// Takes one pair over; a word that is not known changes nothing.
void profile_take(struct anc_columns *columns, const char *name, const char *value);
// Columns of which nothing is known.
struct anc_columns profile_nothing(void);

#endif
