// SPDX-License-Identifier: Apache-2.0
// Payments files in, in one pass: cells from core/sheet, meaning from the payments_reader, lines by binary
// COPY into a table of their own, sums with them in the same transaction. Nothing is stored before a person
// (or a verb) says so, and nothing is half stored.
#ifndef ANCHORAGE_SPEND_LOAD_H
#define ANCHORAGE_SPEND_LOAD_H

#include "base/ctx.h"
#include "plugin/payments.h"

#define LOAD_PROBLEMS 200    // rows whose problem is kept of a look; all are counted
#define LOAD_KEPT     100000 // and of a load
#define LOAD_SAMPLES  20     // first payments as they were understood

struct load_problem {
    uint64_t line;
    const char *why;
};

struct load_sample {
    uint64_t line;
    const char *payee, *category, *flow;
    int32_t day;
    int64_t pence; // as in the file
};

// What was understood of a file. Texts in the context's arena.
struct load_summary {
    char sha256[65];
    int64_t bytes;
    const char *sheet;  // "CSV, separated by commas"
    const char *layout; // what the plugin recognised
    const char *rules;  // plugin and version
    struct anc_columns columns;
    const char *const *headings; // of all columns, as in the file; heading_count
    size_t heading_count;
    char head_hash[65];
    int64_t rows, accepted, rejected, sums, undated, redacted, negative, rounded;
    int64_t total_pence;    // of the file's own amounts
    int64_t vat_lost_pence; // on top of them: VAT that cannot be reclaimed. Both together are what counts,
    int64_t negative_pence, redacted_pence, undated_pence; // as in these and in flow_pence
    int64_t payees, new_payees;
    int64_t flow_lines[ANC_FLOW_COUNT], flow_pence[ANC_FLOW_COUNT];
    const char
        *month_said; // "2025-11": what the file itself says that it is about, for payments without a date; ""
    int32_t first_day, last_day;    // INT32_MIN when no line has a date
    int64_t same_lines, same_pence; // also in earlier loads of this anchor (needs a database and an anchor)
    const char *same_loads;         // their file names, comma-separated
    struct findings findings;       // remarks; when refused, the reasons
    const struct load_problem *problems;
    size_t problem_count;
    const struct load_sample *samples;
    size_t sample_count;
};

enum load_overlap { OVERLAP_ASK, OVERLAP_ONCE, OVERLAP_ALL };

struct load_orders {
    const char *anchor_ref; // "" only for a look without a database
    const char *file_name;
    const struct anc_columns *columns; // what a person settled; NULL: the anchor's profile, or what is found
    int32_t month; // day for lines without a usable date (first of a month); INT32_MIN: refuse such a file
    enum load_overlap overlap; // ASK: ERR_CONFLICT with the summary filled when lines stand in earlier loads
    const char *replaces;      // reference of a load to take back in the same transaction; "" none
    int32_t kind;              // ANC_FILE_TIER2, or ANC_FILE_PAYMENTS for everything else
    void (*progress)(void *arg, int64_t done_bytes, int64_t all_bytes, int64_t rows);
    void *progress_arg;
    bool (*stop)(void *arg); // true: give up; nothing is stored
    // Each row that cannot be taken, in the order of the file, also beyond LOAD_PROBLEMS; NULL: nobody asks.
    // When all rows come once more, so do these. Its argument is progress_arg, as that of stop.
    void (*problem)(void *arg, uint64_t line, const char *why);
};

// Reads the file and says what it holds; stores nothing. c->db may be NULL (then nothing is said of earlier
// loads). ERR_INVALID with findings and a sentence in the context when it is no usable payments file.
enum err load_look(struct ctx *c, int fd, const struct load_orders *orders, struct load_summary *ret) MUST;

// Stores it in one transaction: lines, payees, labels, sums, matches of new payees. The same file (by
// content) is loaded once for an anchor: ERR_CONFLICT. Actor: an officer, or a verb. *ret_ref is the load's
// reference.
enum err load_file(struct ctx *c, int fd, const struct load_orders *orders, struct load_summary *ret,
                   const char **ret_ref) MUST;

// Takes a load back: its tables go, lines of later loads that were held to be the same count again.
enum err load_take_back(struct ctx *c, const char *load_ref) MUST;

// Work that nobody waits for: indexes of tables loaded since. *ret_left: more remains.
enum err load_settle(struct ctx *c, bool *ret_left) MUST;

#endif
