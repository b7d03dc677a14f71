// SPDX-License-Identifier: Apache-2.0
// The one header of a plugin. ABI 0.9: it may still change until it is frozen as 1.0.
//
// A plugin is a shared object with one exported function, anc_plugin_v1, that returns a static const
// description: who it is, which powers it asks for, and tables of what it brings. Nothing of it runs before
// everything was checked.
//
// Conventions
//   Text     NUL-terminated UTF-8. "" means none; a text pointer given by the host is never NULL.
//   Money    whole pence, int64_t.     Days   since 1970-01-01, int32_t.     Times   microseconds UTC since
//   then, int64_t. Points   thousandths (milli), int32_t. Shares  hundredths of a per cent (basis points),
//   int64_t. Memory   what the host gives lives until the callback returns; what the plugin gives must be
//   static or from mem->alloc. Growth   every struct begins with its size, every table row has its size in
//   the table: fields are only ever added at
//            the end. ANC_HAS(table, fn) tells whether a host table has a function at all.
//   Threads  callbacks may run on several threads at once, each with its own anc_ctx. A plugin starts no
//   threads. Trust    a plugin runs inside the server: powers are guard rails and help reviews; they are not
//   a sandbox.
#ifndef ANCHORAGE_PLUGIN_H
#define ANCHORAGE_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ANC_ABI_MAGIC 0x31434E41u // "ANC1" in memory order
#define ANC_ABI_MAJOR 0u
#define ANC_ABI_MINOR 9u
#define ANC_ABI_EXTRA "c17-lp64" // data model; a host compares it letter by letter

#if defined(__GNUC__)
#define ANC_EXPORT         __attribute__((visibility("default")))
#define ANC_PRINTF(at, of) __attribute__((format(printf, at, of)))
#define ANC_MUST           __attribute__((warn_unused_result))
#else
#define ANC_EXPORT
#define ANC_PRINTF(at, of)
#define ANC_MUST
#endif

#define ANC_HAS(table, fn)                                                                                   \
    ((table) && (table)->size >= offsetof(__typeof__(*(table)), fn) + sizeof((table)->fn) && (table)->fn)

typedef struct anc_ctx anc_ctx;       // one call: a request, job or verb
typedef struct anc_rows anc_rows;     // result of a statement
typedef struct anc_sink anc_sink;     // bounded output
typedef struct anc_report anc_report; // findings for people
typedef struct anc_panel anc_panel;   // figures, tables and a chart, drawn by the host

// Result of a callback or host function.
typedef int32_t anc_rc;
enum {
    ANC_OK = 0,
    ANC_SKIP = 1,       // nothing to say; ask the next one
    ANC_E_INVALID = -1, // what was given does not do; the report or error text says why
    ANC_E_NOT_FOUND = -2,
    ANC_E_DENIED = -3, // a power is missing
    ANC_E_LIMIT = -4,  // more than the host takes
    ANC_E_DB = -5,
    ANC_E_UNSUPPORTED = -6,
    ANC_E_BUG = -7 // should not happen; counts as a fault of the plugin
};

// Powers. A plugin asks (wants); the operator grants; what is not granted is a NULL table and a missing
// database right.
typedef uint64_t anc_caps;
#define ANC_CAP_READ_SUPPLIERS (1ull << 0) // api views of suppliers
#define ANC_CAP_READ_SPEND     (1ull << 1) // api views of payments
#define ANC_CAP_WRITE_TAGS     (1ull << 2) // supplier_tagger
#define ANC_CAP_WRITE_SCORES   (1ull << 3) // bid_scorer
#define ANC_CAP_EXPORT         (1ull << 4) // notice_exporter
#define ANC_CAP_READ_UPLOADS   (1ull << 5) // spend_source

// ------------------------------------------------------------------ host side
// Each table begins with its size; functions are only added at the end.

enum { ANC_LOG_DEBUG, ANC_LOG_INFO, ANC_LOG_NOTICE, ANC_LOG_WARNING, ANC_LOG_ERROR };

struct anc_log_api {
    uint32_t size;
    // One line in the server's log, with the plugin's id. No personal data.
    void (*write)(anc_ctx *ctx, int32_t level, const char *text);
};

struct anc_mem_api {
    uint32_t size;
    // Zeroed memory that lives until the call's end; never NULL (without memory the server restarts).
    void *(*alloc)(anc_ctx *ctx, size_t n);
    // printf into such memory.
    const char *(*printf)(anc_ctx *ctx, const char *fmt, ...)ANC_PRINTF(2, 3);
};

struct anc_time_api {
    uint32_t size;
    int64_t (*now)(anc_ctx *ctx);   // microseconds UTC, the same during one call
    int32_t (*today)(anc_ctx *ctx); // the day in the United Kingdom
};

struct anc_setting_api {
    uint32_t size;
    // Value of one of the plugin's own settings (its default when nobody set it); "" for an unknown key.
    const char *(*text)(anc_ctx *ctx, const char *key);
    int64_t (*number)(anc_ctx *ctx, const char *key);
};

struct anc_db_api {
    uint32_t size;
    // Runs statement `index` of the plugin's sql table (reads only in this version), parameters as texts,
    // NULL is SQL NULL. It sees the api views its powers allow and nothing else. *ret_rows lives until the
    // call's end.
    anc_rc (*run)(anc_ctx *ctx, uint32_t index, uint32_t count, const char *const *params,
                  const anc_rows **ret_rows) ANC_MUST;
    uint32_t (*count)(const anc_rows *rows);
    const char *(*text)(const anc_rows *rows, uint32_t row, uint32_t column); // "" for NULL
    int64_t (*i64)(const anc_rows *rows, uint32_t row, uint32_t column);      // 0 for NULL
    int32_t (*is_null)(const anc_rows *rows, uint32_t row, uint32_t column);
};

struct anc_sink_api {
    uint32_t size;
    anc_rc (*write)(anc_sink *sink, const void *bytes, size_t n) ANC_MUST; // ANC_E_LIMIT past the bound
};

enum { ANC_FINDING_NOTE, ANC_FINDING_WARNING, ANC_FINDING_ERROR };

struct anc_report_api {
    uint32_t size;
    // A finding in plain words. field: what it is about ("title", "line 12"), "" for the whole.
    void (*add)(anc_report *report, int32_t severity, const char *field, const char *text);
};

enum { ANC_COLUMN_TEXT, ANC_COLUMN_NUMBER, ANC_COLUMN_MONEY, ANC_COLUMN_SHARE };

struct anc_panel_api {
    uint32_t size;
    // A large figure: value by kind (ANC_COLUMN_*), what it counts, for which period and from what.
    void (*figure)(anc_panel *panel, const char *label, int32_t kind, int64_t value, const char *note);
    // Begins a table; the following calls belong to it. key: for addresses and files ("by_ward").
    void (*table)(anc_panel *panel, const char *key, const char *caption);
    void (*column)(anc_panel *panel, const char *key, const char *title, int32_t kind);
    void (*row)(anc_panel *panel);
    void (*cell_text)(anc_panel *panel, const char *text);
    void (*cell_i64)(anc_panel *panel, int64_t value);
    // Draws the current table as bars: text column against number column, with a sentence that says the
    // finding.
    void (*bars)(anc_panel *panel, const char *label_key, const char *value_key, const char *finding);
    // A paragraph of explanation (method, basis, source).
    void (*note)(anc_panel *panel, const char *text);
};

struct anc_host {
    uint32_t size;
    uint16_t abi_major, abi_minor;
    anc_caps granted;
    const struct anc_log_api *log;
    const struct anc_mem_api *mem;
    const struct anc_time_api *time;
    const struct anc_setting_api *setting;
    const struct anc_db_api *db;     // NULL without a READ power
    const struct anc_sink_api *sink; // NULL without ANC_CAP_EXPORT
    const struct anc_report_api *report;
    const struct anc_panel_api *panel; // NULL without ANC_CAP_READ_SPEND
};

// ---------------------------------------------------------------- plugin side
struct anc_table {
    const void *rows;
    uint32_t count, row_size;
};
#define ANC_TABLE(array)                                                                                     \
    { (array), (uint32_t)(sizeof(array) / sizeof((array)[0])), (uint32_t)sizeof((array)[0]) }

struct anc_dependency {
    const char *id;
    uint32_t min_version; // ANC_VERSION(major, minor, patch)
};
#define ANC_VERSION(major, minor, patch)                                                                     \
    ((uint32_t)(major)*1000000u + (uint32_t)(minor)*1000u + (uint32_t)(patch))

enum { ANC_SETTING_TEXT, ANC_SETTING_NUMBER, ANC_SETTING_MONEY, ANC_SETTING_SHARE, ANC_SETTING_YES_NO };

struct anc_setting {
    const char *key; // [a-z][a-z0-9_]*
    int32_t kind;
    const char *dflt;
    int64_t min, max; // numbers
    const char *title, *help;
};

struct anc_sql {
    const char *name, *text;
    uint32_t params;
};

// Extension points. A provider is one implementation of a point under a key.
enum {
    ANC_POINT_SUPPLIER_TAGGER = 1,
    ANC_POINT_NOTICE_EXPORTER = 2,
    ANC_POINT_BID_SCORER = 3,
    ANC_POINT_SPEND_SOURCE = 4,
    ANC_POINT_SPEND_PANEL = 5
};

struct anc_provider {
    uint32_t point;
    const char *key;   // unique for its point: "vcfse", "contracts-finder", ...
    const void *table; // the struct of the point, beginning with its size
};

// ---- supplier_tagger: facts about a supplier in, one decision with reasons out. Pure: same facts, same
// answer.
struct anc_supplier {
    uint32_t size;
    const char *name, *postcode, *company_number, *charity_number;
    const char *company_category, *company_status; // as Companies House writes them; "" unknown
    const char *company_name, *company_postcode;   // as the register has them; "" unknown
    int32_t company_known;                         // the number is in the loaded register
    int32_t charity_known;                         // the number is in the loaded register
    const char *charity_name, *charity_status, *charity_postcode;
    int32_t charity_registered, charity_removed; // days, INT32_MIN when unknown
    int32_t says_vcfse;                          // the supplier says so itself
    int32_t as_of;                               // day to judge at
};

enum { ANC_TAG_NO, ANC_TAG_YES, ANC_TAG_REVIEW, ANC_TAG_UNKNOWN, ANC_TAG_POLICY };

struct anc_tag {
    uint32_t size;
    int32_t decision;    // ANC_TAG_*
    int32_t score;       // 0 to 100
    const char *detail;  // short codes, "V C"
    const char *reasons; // plain sentences, one a line
};

struct anc_supplier_tagger {
    uint32_t size;
    const char *tag, *title;
    anc_rc (*judge)(anc_ctx *ctx, const struct anc_supplier *facts, struct anc_tag *ret_tag, void *state);
};

// ---- notice_exporter
struct anc_award {
    uint32_t size;
    const char *supplier_name, *supplier_address, *company_number, *charity_number;
    int64_t value_pence, awarded_at;
    int32_t start, end; // days, INT32_MIN unknown
    int32_t to_sme, to_vcfse;
};

struct anc_notice {
    uint32_t size;
    const char *uuid; // stable, lower-case GUID form
    const char *ref, *url, *title, *description;
    const char *kind;          // "pipeline", "engagement", "tender"
    const char *state;         // "published", "closed", "opened", "awarded", "cancelled"
    const char *procedure;     // "quick_quote", "open", "competitive_flexible", "framework_call_off"
    const char *contract_kind; // "works", "services", "goods"
    const char *fts_id;
    const char *const *cpv; // eight digits each, main one first
    uint32_t cpv_count;
    int64_t value_low_pence, value_high_pence; // -1 unknown
    int32_t suits_sme, suits_vcfse;
    int64_t created_at, updated_at, published_at, closes_at; // 0 unknown
    int32_t start, end;                                      // days, INT32_MIN unknown
    const char *postcode, *region;
    const char *buyer_name, *buyer_email, *buyer_address, *buyer_town, *buyer_postcode, *buyer_web;
    const struct anc_award *awards;
    uint32_t award_count;
};

struct anc_notice_exporter {
    uint32_t size;
    const char *title, *media_type, *file_ext;
    // Lists what stands in the way (errors) or is worth knowing (warnings).
    anc_rc (*check)(anc_ctx *ctx, const struct anc_notice *notice, anc_report *report, void *state);
    // Writes all notices as one document; the same notices give the same bytes.
    anc_rc (*write)(anc_ctx *ctx, const struct anc_notice *notices, uint32_t count, anc_sink *sink,
                    anc_report *report, void *state);
};

// ---- bid_scorer: pure; the host stores method, version and a hash of the inputs with the points.
struct anc_measure {
    const char *code, *title, *unit, *help;
};

struct anc_commitment {
    uint32_t size;
    const char *measure; // code
    int64_t units;
    const char *evidence; // how it will be shown; "" none
};

struct anc_bid {
    uint32_t size;
    const char *ref;
    const struct anc_commitment *commitments;
    uint32_t commitment_count;
    int32_t max_points_milli;
    int64_t target_pence; // published target of the tender for full points
};

struct anc_score {
    uint32_t size;
    int32_t points_milli;  // 0 to max
    int64_t value_pence;   // worth of the commitments by the method
    const char *rationale; // plain sentences
};

struct anc_bid_scorer {
    uint32_t size;
    const char *method, *version, *title;
    struct anc_table measures; // rows of struct anc_measure
    anc_rc (*score)(anc_ctx *ctx, const struct anc_bid *bid, struct anc_score *ret_score, void *state);
};

// ---- spend_source: rows of a payments file in, lines out. The host reads the file twice and hands over its
// rows.
struct anc_row {
    uint32_t size;
    const char *const *cells;
    uint32_t count;
    uint64_t line; // line of the file, from 1
};

struct anc_spend_line {
    uint32_t size;
    const char *payee, *match_name, *category, *department, *postcode, *company_number, *charity_number;
    int64_t amount_pence;
    int32_t paid_on;  // day; INT32_MIN: the row has no usable date
    int32_t redacted; // the payee is hidden; never matched
};

enum { ANC_ROW_LINE, ANC_ROW_BLANK, ANC_ROW_TOTAL, ANC_ROW_PROBLEM };

struct anc_spend_source {
    uint32_t size;
    const char *title;
    // Looks at the first rows (at most 40). ANC_OK with *ret_layout, ANC_SKIP when it is not its kind of
    // file, ANC_E_INVALID with the reason in the report when it is but cannot be used.
    anc_rc (*recognise)(anc_ctx *ctx, const struct anc_row *rows, uint32_t count, anc_report *report,
                        void **ret_layout, void *state);
    // First pass over all rows below the heading: evidence for date order and totals.
    anc_rc (*observe)(anc_ctx *ctx, void *layout, const struct anc_row *row, void *state);
    anc_rc (*observed)(anc_ctx *ctx, void *layout, anc_report *report, void *state);
    // Second pass: *ret_what is ANC_ROW_*; for a problem the report gets the reason. The texts of *ret_line
    // live until the next call.
    anc_rc (*map)(anc_ctx *ctx, void *layout, const struct anc_row *row, struct anc_spend_line *ret_line,
                  int32_t *ret_what, anc_report *report, void *state);
    const char *(*describe)(anc_ctx *ctx, void *layout,
                            void *state);    // "Wigan, 4 columns": which layout was found
    void (*done)(void *layout, void *state); // frees the layout
    // Name as used for matching payees to suppliers.
    const char *(*match_name)(anc_ctx *ctx, const char *name, void *state);
    uint32_t (*first_data_row)(void *layout); // index among all rows of the file, from 0
};

// ---- spend_panel
struct anc_spend_filter {
    uint32_t size;
    int32_t financial_year; // year in which it begins; 0: the latest
    const char *anchor_ref; // "" all anchors
    const char *view;       // "" the headline; else one of the panel's own views ("by_ward")
};

struct anc_spend_panel {
    uint32_t size;
    const char *title;
    anc_rc (*fill)(anc_ctx *ctx, const struct anc_spend_filter *filter, anc_panel *panel, void *state);
};

struct anc_plugin {
    uint32_t magic;
    uint16_t abi_major, abi_minor;
    uint32_t size;
    char abi_extra[16];
    const char *id; // [a-z][a-z0-9_]{1,30}
    const char *title, *summary, *license;
    uint32_t version;
    anc_caps wants;
    struct anc_table dependencies; // struct anc_dependency
    struct anc_table settings;     // struct anc_setting
    struct anc_table sql;          // struct anc_sql
    struct anc_table providers;    // struct anc_provider
    // start may keep `host` for ever. NULL functions are allowed.
    anc_rc (*start)(const struct anc_host *host, void **ret_state);
    void (*stop)(void *state);
};

typedef const struct anc_plugin *(*anc_plugin_fn)(void);

#define ANC_PLUGIN_HEAD                                                                                      \
    .magic = ANC_ABI_MAGIC, .abi_major = ANC_ABI_MAJOR, .abi_minor = ANC_ABI_MINOR,                          \
    .size = sizeof(struct anc_plugin), .abi_extra = ANC_ABI_EXTRA

#define ANC_PLUGIN(description)                                                                              \
    ANC_EXPORT const struct anc_plugin *anc_plugin_v1(void);                                                 \
    const struct anc_plugin *anc_plugin_v1(void) {                                                           \
        return &(description);                                                                               \
    }

#ifdef __cplusplus
}
#endif
#endif
