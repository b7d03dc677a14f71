// SPDX-License-Identifier: Apache-2.0
// Suppliers: their entry in the directory, where they are (full postcode, never the outward part alone), and
// the tags that plugins give them.
#ifndef ANCHORAGE_DOMAIN_SUPPLIER_H
#define ANCHORAGE_DOMAIN_SUPPLIER_H

#include "base/ctx.h"

#define TAG_REVIEW_MONTHS 24 // a person's decision stands this long

// What a supplier tells about itself. Texts are never NULL; optional ones may be "".
struct supplier_input {
    const char *name, *summary, *sector, *address1, *town, *postcode;
    const char *company_number, *charity_number; // as typed; stored in their one spelling
    const char *size;                            // "micro", "small", "medium", "large"
    const char *phone, *email, *web;
    bool says_vcfse, is_public;
};

struct supplier_place {
    bool known; // the postcode is loaded
    bool local; // it is in the place
};

// Registers the actor's business (the actor becomes its member) or changes the one they speak for; locates
// and tags it in the same transaction. ERR_CONFLICT with a sentence when another supplier has the company or
// charity number. A failing tagger is logged and leaves the tag as it was.
enum err supplier_save(struct ctx *c, const struct supplier_input *in, struct supplier_place *ret_place) MUST;

typedef void supplier_progress_fn(void *arg, int64_t done, int64_t total);

struct supplier_sweep {
    int64_t seen, changed, located;
};
// After postcodes were loaded: every supplier again, in batches with a transaction each.
enum err supplier_locate_all(struct ctx *c, supplier_progress_fn *progress, void *arg,
                             struct supplier_sweep *ret) MUST;
// After registers were loaded: every tag again that no person decided.
enum err supplier_tag_all(struct ctx *c, supplier_progress_fn *progress, void *arg, int64_t *ret_seen) MUST;

// Asks every tagger about one supplier; runs inside the caller's transaction, or one of its own.
enum err supplier_tag(struct ctx *c, int64_t supplier_id) MUST;

// An officer's decision about a tag: "yes", "no", or "rules" to let the rules decide again. reason: for the
// supplier to read.
enum err supplier_tag_decide(struct ctx *c, const char *ref, const char *tag, const char *decision,
                             const char *reason) MUST;

// What plugins may know about a supplier: our own entry and the registers. *ret_row: the row it was made
// from, with size, is_local (NULL when not located) and vcfse, the decision of that tag ("" none).
struct rows;
struct anc_supplier;
enum err supplier_facts_read(struct ctx *c, int64_t supplier_id, struct anc_supplier *ret,
                             struct rows **ret_row) MUST;

// The name used for matching payees, from the spend plugin; without one the name in capitals.
enum err supplier_match_name(struct ctx *c, const char *name, const char **ret) MUST;

// The fixed list of what suppliers do (schemas/codes/sectors.txt).
struct sector {
    const char *code, *words;
};
const struct sector *supplier_sectors(size_t *ret_n);
const char *supplier_sector_words(const char *code); // "" for an unknown one

#endif
