// SPDX-License-Identifier: Apache-2.0
// The one header of a plugin. ABI 1.0: frozen; from now on it only grows, at its ends (CHANGES.md beside it).
//
// A plugin is a shared object with one exported function, anc_plugin_v1, that returns a static const
// description: who it is, which powers it asks for, and tables of what it brings. Nothing of it runs before
// everything was checked. docs/write-a-plugin.md and plugins/README.md explain how to write one.
//
// Contents, in this order; read the first and the last, and of the rest what you use
//   Result codes, powers
//   Host side      what a plugin may call, a table a subject: log, mem, time, setting, text, fail, db, sink,
//                  report, panel, page, spend; all of them in struct anc_host
//   Plugin side    what it brings, a row each: dependencies, settings, statements, migrations, templates,
//                  forms, texts, routes, menu, panels on the host's pages, verbs, jobs, filters,
//                  notifications
//   Points         a struct each: supplier_tagger, notice_exporter, bid_scorer, payments_reader,
//                  payee_matcher, spend_panel, eligibility_rule, notifier
//   Description    struct anc_plugin, where all of it hangs
//
// Conventions
//   Text     NUL-terminated UTF-8. "" means none; a text pointer given by the host is never NULL.
//   Money    whole pence, int64_t.
//   Days     since 1970-01-01, int32_t; INT32_MIN unknown (0 where a comment says so).
//   Times    microseconds UTC since 1970-01-01, int64_t; 0 unknown.
//   Points   thousandths (milli), int32_t.
//   Shares   hundredths of a per cent (basis points), int64_t.
//   Yes/no   int32_t, 1 and 0.
//   Memory   what the host gives lives until the callback returns, and is not kept. What the plugin gives is
//            copied before its next callback on the same thread: it may be static, come from mem->alloc, or
//            stand in its state. Nothing is freed by the other side.
//   Results  a callback gives ANC_OK, what its own comment names, or an error (below 0); ret_ parameters come
//            filled with "nothing" and count with ANC_OK only. Host functions that give no anc_rc cannot
//            fail: what makes no sense there, or in this call, does nothing or gives "", 0 or NULL.
//   Growth   every struct begins with its size and every table says the size of its rows: fields are only
//            ever added at the end, and what the other side does not know reads as zero. ANC_HAS(table, fn)
//            tells whether a host table has a function at all. Read and write no field past the size of a
//            struct the host hands over: fill it field by field, never by assigning a whole struct, and copy
//            it with ANC_COPY. Step through an array of the host's with ANC_AT: its elements may be longer.
//            Numbers and words of a kind grow too: take one you do not know as "other" or "unknown"; use one
//            that came later only towards a host whose abi_minor has it.
//   Threads  callbacks may run on several threads at once, each with its own anc_ctx, which belongs to that
//            thread. start and stop run alone; calls with one layout (payments_reader) come one after the
//            other. A plugin starts no threads, keeps no anc_ctx, and guards what it keeps in its state.
//   Time     each call has a budget (time->budget_ms); one that takes longer counts as a fault.
//   Faults   ANC_E_BUG, a result out of range, a statement that may not run, a call over its budget. Five
//            within ten minutes suspend the plugin; two crashes within ten minutes keep it out at start.
//   Trust    a plugin runs inside the server: powers are guard rails and help reviews; they are no sandbox.
//   Since    everything is of version 1.0 unless it says "since 1.n".
#ifndef ANCHORAGE_PLUGIN_H
#define ANCHORAGE_PLUGIN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ANC_ABI_MAGIC 0x31434E41u // "ANC1" in memory order
#define ANC_ABI_MAJOR 1u
#define ANC_ABI_MINOR 0u
#define ANC_ABI_EXTRA "c17-lp64" // data model; a host compares it letter by letter

// The oldest minor version a plugin can live with. Built with a newer header, it may say an older one here
// and ask ANC_HAS for the rest.
#ifndef ANC_NEEDS_MINOR
#define ANC_NEEDS_MINOR ANC_ABI_MINOR
#endif

#if defined(__GNUC__)
#define ANC_EXPORT         __attribute__((visibility("default")))
#define ANC_PRINTF(at, of) __attribute__((format(printf, at, of)))
#define ANC_MUST           __attribute__((warn_unused_result))
#else
#define ANC_EXPORT
#define ANC_PRINTF(at, of)
#define ANC_MUST
#endif

// Element i of an array of sized structs that the host handed over.
#define ANC_AT(array, i) ((__typeof__(&*(array)))((const char *)(array) + (size_t)(i) * (array)->size))

// Whether a sized struct reaches as far as a field at all, to fill it; and whether a host table is there and
// has a function, or facts have a field that is not zero.
#define ANC_FITS(table, field)                                                                               \
    ((table)->size >= offsetof(__typeof__(*(table)), field) + sizeof((table)->field))
#define ANC_HAS(table, fn) ((table) && ANC_FITS(table, fn) && (table)->fn)

// A copy of a sized struct of the host's in one of one's own: what either side does not know is zero there.
#define ANC_COPY(own, given) anc_copy((own), sizeof *(own), (given), (given)->size)
static inline void anc_copy(void *own, size_t own_size, const void *given, size_t given_size) {
    uint32_t size = (uint32_t)own_size;
    memset(own, 0, own_size);
    memcpy(own, given, given_size < own_size ? given_size : own_size);
    memcpy(own, &size, sizeof size); // every struct begins with its size
}

typedef struct anc_ctx anc_ctx;       // one call: of a request, job, event or verb
typedef struct anc_rows anc_rows;     // result of a statement
typedef struct anc_sink anc_sink;     // bounded output
typedef struct anc_report anc_report; // findings for people
typedef struct anc_panel anc_panel;   // figures, tables and a chart, drawn by the host

// Result of a callback or host function.
typedef int32_t anc_rc;
enum {
    ANC_OK = 0,
    ANC_SKIP = 1,       // nothing to say; ask the next one
    ANC_VETO = 2,       // a filter says no; fail->why tells people the reason
    ANC_AGAIN = 3,      // payments_reader: all rows once more
    ANC_E_INVALID = -1, // what was given does not do; the report, form or fail->why says why
    ANC_E_NOT_FOUND = -2,
    ANC_E_DENIED = -3, // a power is missing
    ANC_E_LIMIT = -4,  // more than the host takes
    ANC_E_DB = -5,     // the database is away or refused; the call should end with this code
    ANC_E_UNSUPPORTED = -6,
    ANC_E_BUG = -7,     // should not happen; counts as a fault of the plugin
    ANC_E_CONFLICT = -8 // somebody else was first (a unique key of the plugin's own tables)
};

// Powers. A plugin asks (wants); the operator grants; what is not granted is a NULL table and a missing
// database right.
typedef uint64_t anc_caps;
#define ANC_CAP_READ_SUPPLIERS (1ull << 0)  // api.supplier
#define ANC_CAP_READ_SPEND     (1ull << 1)  // api.spend, api.spend_load; spend_panel
#define ANC_CAP_WRITE_TAGS     (1ull << 2)  // supplier_tagger
#define ANC_CAP_WRITE_SCORES   (1ull << 3)  // bid_scorer
#define ANC_CAP_EXPORT         (1ull << 4)  // notice_exporter
#define ANC_CAP_READ_UPLOADS   (1ull << 5)  // payments_reader, payee_matcher
#define ANC_CAP_READ_NOTICES   (1ull << 6)  // api.notice, api.award: what is published anyway
#define ANC_CAP_OWN_TABLES     (1ull << 7)  // migrations: tables in a database schema of its own
#define ANC_CAP_PAGES          (1ull << 8)  // routes, menu entries and panels on the host's pages
#define ANC_CAP_JOBS           (1ull << 9)  // jobs
#define ANC_CAP_EVENTS         (1ull << 10) // filters and notifications
#define ANC_CAP_RULES          (1ull << 11) // eligibility_rule
#define ANC_CAP_NOTIFY         (1ull << 12) // notifier: sees addresses and messages
#define ANC_CAP_ALL            ((1ull << 13) - 1)

// ------------------------------------------------------------------ host side
// Each table begins with its size; functions are only added at the end.

enum { ANC_LOG_DEBUG, ANC_LOG_INFO, ANC_LOG_NOTICE, ANC_LOG_WARNING, ANC_LOG_ERROR };

struct anc_log_api {
    uint32_t size;
    // One line in the server's log, with the plugin's id. level: ANC_LOG_*. No personal data.
    void (*write)(anc_ctx *ctx, int32_t level, const char *text);
};

struct anc_mem_api {
    uint32_t size;
    // n zeroed bytes that live until the call's end; never NULL (without memory the server restarts).
    void *(*alloc)(anc_ctx *ctx, size_t n);
    // printf into such memory.
    const char *(*format)(anc_ctx *ctx, const char *fmt, ...)ANC_PRINTF(2, 3);
};

struct anc_time_api {
    uint32_t size;
    int64_t (*now)(anc_ctx *ctx);       // time, the same during one call
    int32_t (*today)(anc_ctx *ctx);     // the day in the United Kingdom
    int64_t (*budget_ms)(anc_ctx *ctx); // milliseconds left of this call's budget, 0 when it is over
};

struct anc_setting_api {
    uint32_t size;
    // Value of one of the plugin's own settings (its default when nobody set it); "" for an unknown key.
    const char *(*text)(anc_ctx *ctx, const char *key);
    // The same as a number: pence for MONEY, basis points for SHARE, 1 or 0 for YES_NO; 0 for an unknown key.
    int64_t (*number)(anc_ctx *ctx, const char *key);
};

// The plugin's sentences (text/en.txt), so that no words stand in C.
struct anc_text_api {
    uint32_t size;
    // The sentence of a key; the key itself when there is none.
    const char *(*get)(anc_ctx *ctx, const char *key);
};

// Why something was refused, in words for people.
struct anc_fail_api {
    uint32_t size;
    // Records the reason and gives `rc` back, so that one can write: return fail->why(ctx, ANC_VETO, "",
    // ".."). field: the form's field it belongs to, "" for the whole.
    anc_rc (*why)(anc_ctx *ctx, anc_rc rc, const char *field, const char *text);
};

// Statements of the plugin's sql table, prepared, run as the plugin's own database role: it sees the api
// views its powers allow and, with OWN_TABLES, the tables of its own schema, which are found first. All of
// one call is one transaction: kept when the callback returns ANC_OK, undone otherwise.
struct anc_db_api {
    uint32_t size;
    // Runs statement `index`; params are texts, NULL is SQL NULL. *ret_rows lives until the call's end.
    // ANC_E_BUG: no such statement or another number of parameters; ANC_E_DENIED: a missing right;
    // ANC_E_CONFLICT: a unique key; ANC_E_INVALID: a value or constraint; ANC_E_DB: anything else.
    anc_rc (*run)(anc_ctx *ctx, uint32_t index, uint32_t count, const char *const *params,
                  const anc_rows **ret_rows) ANC_MUST;
    uint32_t (*count)(const anc_rows *rows);
    const char *(*text)(const anc_rows *rows, uint32_t row, uint32_t column); // "" for NULL or out of range
    int64_t (*i64)(const anc_rows *rows, uint32_t row, uint32_t column);      // 0 for NULL or out of range
    int32_t (*is_null)(const anc_rows *rows, uint32_t row, uint32_t column);
    // Runs a statement that gives no rows; *ret_changed (may be NULL) is the number of rows changed.
    anc_rc (*exec)(anc_ctx *ctx, uint32_t index, uint32_t count, const char *const *params,
                   int64_t *ret_changed) ANC_MUST;
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

enum { ANC_COLUMN_TEXT, ANC_COLUMN_NUMBER, ANC_COLUMN_MONEY, ANC_COLUMN_SHARE, ANC_COLUMN_DAY };

// A panel keeps at most 16 figures, 16 tables and 16 notes; more are left out. Texts are copied.
struct anc_panel_api {
    uint32_t size;
    // A large figure: value by kind (ANC_COLUMN_*), what it counts, for which period and from what.
    void (*figure)(anc_panel *panel, const char *label, int32_t kind, int64_t value, const char *note);
    // Begins a table; the following calls belong to it. key: for addresses and files ("by_ward").
    void (*table)(anc_panel *panel, const char *key, const char *caption);
    void (*column)(anc_panel *panel, const char *key, const char *title, int32_t kind);
    void (*row)(anc_panel *panel);
    void (*cell_text)(anc_panel *panel, const char *text); // DAY: "2026-11-22"; "" leaves any cell empty
    void (*cell_i64)(anc_panel *panel, int64_t value);
    // Draws the current table as bars: text column against number column, with a sentence that says the
    // finding.
    void (*bars)(anc_panel *panel, const char *label_key, const char *value_key, const char *finding);
    // A paragraph of explanation (method, basis, source).
    void (*note)(anc_panel *panel, const char *text);
    // A cell that leads to a page of this site ("/x/pledges/12").
    void (*cell_link)(anc_panel *panel, const char *text, const char *path);
    // Draws the current table as a picture (ANC_PICTURE_*) instead of bars, with a sentence that says the
    // finding. keys: columns of the table, as the kind asks.
    void (*picture)(anc_panel *panel, int32_t kind, const char *const *keys, uint32_t count,
                    const char *finding);
    // The current table is withheld: why stands in its place, and nothing of it is shown or downloaded.
    void (*withhold)(anc_panel *panel, const char *why);
};

enum {
    ANC_PICTURE_BARS = 1, // label, value
    ANC_PICTURE_TREND,    // label (periods in order), value, [part of it, ...]: columns, parts stacked
    ANC_PICTURE_SPLIT,    // label, value: one whole band cut into its rows ("where each pound goes")
    ANC_PICTURE_TILES,    // ward code, label, value: the place's map of tiles, darker is more
    ANC_PICTURE_TREEMAP   // label, value: areas
};

// A page of the plugin: what was asked, and the answer. A route's callback ends with exactly one of render,
// redirect or bytes, or with an error code (ANC_E_NOT_FOUND shows the page for it).
struct anc_page_api {
    uint32_t size;
    // ---- what was asked
    const char *(*param)(anc_ctx *ctx, const char *name); // {name} of the route's path; "" unknown
    const char *(*query)(anc_ctx *ctx, const char *name); // ?name=; "" absent
    int32_t (*is_post)(anc_ctx *ctx);
    const char *(*supplier_ref)(anc_ctx *ctx); // the business the person speaks for; "" none
    const char *(*anchor_ref)(anc_ctx *ctx);   // the anchor the person works for; "" none
    const char *(*person_name)(anc_ctx *ctx);  // "" nobody signed in
    // ---- the form of the route; a field it does not have reads as "" or `dflt`
    int32_t (*form_ok)(anc_ctx *ctx); // sent and without errors so far
    const char *(*form_text)(anc_ctx *ctx, const char *field);
    int64_t (*form_i64)(anc_ctx *ctx, const char *field, int64_t dflt);  // pence, days, minutes, ticked 1
    void (*form_set)(anc_ctx *ctx, const char *field, const char *text); // fills a form that is to be shown
    void (*form_error)(anc_ctx *ctx, const char *field, const char *sentence);
    // ---- the model of the template: texts, numbers, flags and lists by key
    void (*put_text)(anc_ctx *ctx, const char *key, const char *text);
    void (*put_i64)(anc_ctx *ctx, const char *key, int64_t value);
    void (*put_flag)(anc_ctx *ctx, const char *key, int32_t value);
    void (*list)(anc_ctx *ctx, const char *key); // an empty list, or the list that item() adds to
    void (*item)(anc_ctx *ctx, const char *key); // next item of the list: what is put now belongs to it
    void (*list_end)(anc_ctx *ctx);              // back to the item or page around it
    anc_panel *(*panel)(anc_ctx *ctx, const char *key); // figures, tables, chart: {{html key}}
    // ---- the answer. ANC_E_BUG: a second one, no such template, no title, another site's path; ANC_E_LIMIT
    anc_rc (*render)(anc_ctx *ctx, const char *template_name, const char *title) ANC_MUST;
    anc_rc (*redirect)(anc_ctx *ctx, const char *path) ANC_MUST; // of this site, "/x/pledges"
    void (*message)(anc_ctx *ctx, const char *text);             // shown once on the next page
    // download: a file name, "" to show it in the browser. At most 16 MiB.
    anc_rc (*bytes)(anc_ctx *ctx, const char *media_type, const char *download, const void *data,
                    size_t n) ANC_MUST;
    // ---- asked again, for links that only some people should see
    int32_t (*may)(anc_ctx *ctx, int32_t perm); // 1: the person may open pages that need this ANC_PERM_*
};

// ---- sums over payments, from memory: exact, and as of this call (a frozen report gives its own).
enum {
    ANC_BY_NOTHING,
    ANC_BY_YEAR,        // key "2025"
    ANC_BY_MONTH,       // "2025-04"
    ANC_BY_ANCHOR,      // key: its reference
    ANC_BY_FLOW,        // "procurement"
    ANC_BY_PLACE,       // "local", "elsewhere", "unknown"
    ANC_BY_WARD,        // ward code; "" elsewhere or unknown
    ANC_BY_AREA,        // local authority code
    ANC_BY_SECTOR,      // code of the supplier's sector; "" unknown
    ANC_BY_VCFSE,       // "yes", "policy", "review", "no", "unknown"
    ANC_BY_SIZE,        // "micro", "small", "medium", "large"; "" unknown
    ANC_BY_PAYEE,       // the supplier's reference, or "p<number>" of a payee that is none
    ANC_BY_CATEGORY,    // the publisher's word
    ANC_BY_VCFSE_CLASS, // why it is up to policy whether it is VCFSE: "housing", ...; "" it is not
    ANC_BY_COUNT
};

// Members of the sets of a slice: 1u << ANC_PLACE_LOCAL, ...
enum { ANC_PLACE_LOCAL, ANC_PLACE_ELSEWHERE, ANC_PLACE_UNKNOWN };
enum { ANC_VCFSE_YES, ANC_VCFSE_POLICY, ANC_VCFSE_REVIEW, ANC_VCFSE_NO, ANC_VCFSE_UNKNOWN };
enum { ANC_SIZE_MICRO, ANC_SIZE_SMALL, ANC_SIZE_MEDIUM, ANC_SIZE_LARGE };
enum { ANC_WHERE_INVOICE, ANC_WHERE_REGISTERED, ANC_WHERE_OPERATIONS }; // by which address

// What to add up. Zero or "" leaves a choice open.
struct anc_slice {
    uint32_t size;
    int32_t from_year, to_year;           // financial years, both included
    int32_t from_month, to_month;         // year * 12 + month - 1 of the calendar, both included
    uint32_t flows, places, vcfse, sizes; // sets of ANC_FLOW_*, ANC_PLACE_*, ANC_VCFSE_*, ANC_SIZE_*
    int32_t rule;                         // ANC_WHERE_*: by which address a payee is local
    const char *anchor_ref, *ward, *area, *sector, *payee, *category;
    // Classes of those that are VCFSE by policy only, one blank between. When there are any, these are taken
    // in whatever `vcfse` says of POLICY, and no other class: YES and "housing" is what is VCFSE anyway and
    // housing associations.
    const char *vcfse_classes;
    int32_t by, then_by; // ANC_BY_*
    int32_t largest;     // 1: largest sums first; 0: by key
    uint32_t most;       // rows wanted; 0: all (at most 100000)
};

struct anc_sum {
    uint32_t size;                                   // step through rows with ANC_AT
    const char *key, *label, *then_key, *then_label; // label: in words ("Leigh South")
    int64_t pence;
    int64_t lines;
    int64_t payees; // suppliers and payees with a net above 0 in this row, those without a name left out:
                    // rows may share them, so never add up counts of rows
    int64_t credit_pence; // of pence, what was taken off (below 0)
};

struct anc_spend_api {
    uint32_t size;
    // *ret_rows lives until the call's end. ANC_E_INVALID: an unknown choice, or one in a field that this
    // host does not have; ANC_E_LIMIT: too many rows; ANC_E_DB: no figures now.
    anc_rc (*slice)(anc_ctx *ctx, const struct anc_slice *slice, uint32_t *ret_count,
                    const struct anc_sum **ret_rows) ANC_MUST;
    // Financial years that hold payments, latest first.
    anc_rc (*years)(anc_ctx *ctx, uint32_t *ret_count, const int32_t **ret_years) ANC_MUST;
};

struct anc_host {
    uint32_t size;
    uint16_t abi_major, abi_minor;
    anc_caps granted;
    const struct anc_log_api *log;
    const struct anc_mem_api *mem;
    const struct anc_time_api *time;
    const struct anc_setting_api *setting;
    const struct anc_text_api *text;
    const struct anc_fail_api *fail;
    const struct anc_report_api *report;
    const struct anc_sink_api *sink;
    const struct anc_db_api *db;       // NULL without a READ power and OWN_TABLES
    const struct anc_panel_api *panel; // NULL without READ_SPEND and PAGES
    const struct anc_page_api *page;   // NULL without PAGES
    const struct anc_spend_api *spend; // NULL without READ_SPEND
};

// ---------------------------------------------------------------- plugin side: small tables
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

enum {
    ANC_SETTING_TEXT,   // one line; min and max: characters (max 0: 200)
    ANC_SETTING_NUMBER, // whole number
    ANC_SETTING_MONEY,  // pence
    ANC_SETTING_SHARE,  // basis points; people type "31.9"
    ANC_SETTING_YES_NO, // "1" or "0"
    ANC_SETTING_CHOICE  // one of `choices`
};

// Operators see a form made from these rows; what they type is checked against them.
struct anc_setting {
    const char *key; // [a-z][a-z0-9_]*
    int32_t kind;
    const char *dflt; // as text: "12", "250000" for £2,500.00, "3190" for 31.9%
    int64_t min, max; // numbers, pence, basis points; both 0: no limits
    const char *title, *help;
    const char *choices; // CHOICE: "value|Words" one a line
};

struct anc_sql {
    const char *name, *text; // [a-z][a-z0-9_]*; one SELECT, INSERT, UPDATE, DELETE or WITH
    uint32_t params;         // highest $n
};

// Steps of the plugin's own tables, numbered 1, 2, 3 ... and never changed once released. Each runs once, in
// a transaction of its own, as the plugin's role in the plugin's schema.
struct anc_migration {
    uint32_t number;
    const char *name, *text;
};

struct anc_template {
    const char *name; // "list" for templates/list.html
    const char *text;
    uint32_t bytes;
};

struct anc_form {
    const char *name, *text; // a file of form descriptions, as core/form/README.md says
};

struct anc_text {
    const char *key, *text; // also {{text_<key>}} in the plugin's templates
};

// Who may open a page.
enum {
    ANC_PERM_PUBLIC = 1, // anybody
    ANC_PERM_SIGNED_IN,
    ANC_PERM_SUPPLIER, // speaks for a business
    ANC_PERM_BUYER,    // buys for an anchor
    ANC_PERM_OFFICER,  // reports spend, decides tags, runs events
    ANC_PERM_ADMIN     // runs the place
};

enum {
    ANC_ROUTE_KEEP = 1 // public GET page kept ready-made until something in the database changes
};

// A page under /x/<id>. Every column must be set; a POST is checked for forgery by the host.
struct anc_route {
    const char *method; // "GET" or "POST"
    const char *path;   // "/x/<id>" or "/x/<id>/...", a {name} takes one whole segment
    int32_t perm;       // ANC_PERM_*
    const char *form;   // name of a form of this plugin, "-" for none
    uint32_t flags;     // ANC_ROUTE_*
    anc_rc (*page)(anc_ctx *ctx, void *state);
};

struct anc_menu {
    const char *label;
    const char *path; // of one of the plugin's own GET routes without {name}
    int32_t perm;     // who sees it
};

// Places on the host's pages where a panel may stand.
enum {
    ANC_SLOT_HOME = 1,
    ANC_SLOT_SUPPLIER,     // a supplier's public page; ref: the supplier
    ANC_SLOT_NOTICE,       // a notice's public page; ref: the notice
    ANC_SLOT_BUYER_NOTICE, // the buyer's own page of a notice; ref: the notice
    ANC_SLOT_OFFICER,      // the officers' first page
    ANC_SLOT_ACCOUNT       // a signed-in person's own page
};

struct anc_page_panel {
    int32_t slot;      // ANC_SLOT_*
    int32_t order;     // small ones first
    const char *title; // its heading
    // ANC_SKIP: nothing to show here. A panel that fails is left out; the page still comes.
    anc_rc (*fill)(anc_ctx *ctx, const char *ref, anc_panel *panel, void *state);
};

// anchorage run <id> <name> WORD...
struct anc_verb {
    const char *name;  // [a-z][a-z0-9-]*
    const char *words; // "FILE [YEAR]", for the help
    const char *help;  // what it does, one line
    // What is written into the sink goes to standard output; findings go to standard error, and one of
    // severity ERROR or an error code makes the verb end with 1.
    anc_rc (*run)(anc_ctx *ctx, uint32_t count, const char *const *words, anc_sink *out, anc_report *report,
                  void *state);
};

// Runs by itself, on one server at a time. After a failure it waits twice as long each time, up to a day.
struct anc_job {
    const char *name, *title;
    uint32_t every_s; // at least 10
    uint32_t max_ms;  // its budget, at most 600000
    anc_rc (*run)(anc_ctx *ctx, void *state);
};

// What happens in the marketplace. A kind ending in -ING is a filter: asked inside the transaction, before it
// is stored, in a savepoint of its own. The others are told after the commit, at least once.
enum {
    ANC_EVENT_SUPPLIER_SAVING = 1,
    ANC_EVENT_SUPPLIER_SAVED,
    ANC_EVENT_NOTICE_PUBLISHING, // a filter that fails stops the publication
    ANC_EVENT_NOTICE_PUBLISHED,
    ANC_EVENT_NOTICE_CANCELLED,
    ANC_EVENT_BID_SUBMITTING, // the bidder is named, nothing of the bid
    ANC_EVENT_BID_SUBMITTED,  // the bidder is not named: bids are closed until they are opened
    ANC_EVENT_BIDS_OPENED,
    ANC_EVENT_AWARDING, // a filter that fails stops the award
    ANC_EVENT_AWARDED,
    ANC_EVENT_BOOKING,
    ANC_EVENT_BOOKED,
    ANC_EVENT_SPEND_LOADED,
    ANC_EVENT_COUNT
};

struct anc_event {
    uint32_t size;
    int32_t kind;             // ANC_EVENT_*
    int64_t id;               // of a notification: the same when it is told again; 0 for a filter
    int64_t at;               // time
    const char *ref, *name;   // of the supplier, notice, event or load it is about
    const char *anchor_ref;   // "" none
    const char *supplier_ref; // "" none
    int64_t amount_pence;     // AWARDING, AWARDED: the price; SPEND_LOADED: the total; else 0
};

struct anc_filter {
    int32_t event; // a kind ending in -ING
    int32_t order; // small ones first, then by plugin id
    // ANC_VETO with fail->why stops it; any other code but ANC_OK and ANC_SKIP is a fault.
    anc_rc (*ask)(anc_ctx *ctx, const struct anc_event *event, void *state);
};

struct anc_notification {
    int32_t event; // a kind not ending in -ING
    // Anything but ANC_OK and ANC_SKIP: it is told again later.
    anc_rc (*told)(anc_ctx *ctx, const struct anc_event *event, void *state);
};

// ---------------------------------------------------------------- extension points
// A provider is one implementation of a point under a key.
enum {
    ANC_POINT_SUPPLIER_TAGGER = 1,
    ANC_POINT_NOTICE_EXPORTER = 2,
    ANC_POINT_BID_SCORER = 3,
    ANC_POINT_PAYMENTS_READER = 4,
    ANC_POINT_SPEND_PANEL = 5,
    ANC_POINT_ELIGIBILITY_RULE = 6,
    ANC_POINT_NOTIFIER = 7,
    ANC_POINT_PAYEE_MATCHER = 8
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
    const char *policy;  // of POLICY: the class, "housing": small letters, digits, "-", at most 40
};

struct anc_supplier_tagger {
    uint32_t size;
    const char *tag, *title; // "vcfse", as it is stored; in words
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
    const char *title, *media_type, *file_ext; // "Contracts Finder", "application/xml", "xml"
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
    const char *method, *version, *title; // "toms", "2": stored with the points; in words
    struct anc_table measures;            // rows of struct anc_measure
    // ret_score->points_milli from 0 to bid->max_points_milli, and a rationale.
    anc_rc (*score)(anc_ctx *ctx, const struct anc_bid *bid, struct anc_score *ret_score, void *state);
};

// ---- payments_reader: a table of cells in, payments out. The host opens the file (CSV, workbook, archive)
// and hands over its rows in blocks; the plugin says which column is what, and reads amounts and dates row by
// row. What is text is judged once for each different text (payee_matcher, flow), not once a row.
enum {
    ANC_COL_PAYEE,
    ANC_COL_AMOUNT,
    ANC_COL_DATE,
    ANC_COL_CATEGORY,
    ANC_COL_PURPOSE,
    ANC_COL_DEPARTMENT,
    ANC_COL_SUPPLIER_NO, // the publisher's own number of the payee
    ANC_COL_TRANSACTION,
    ANC_COL_POSTCODE,
    ANC_COL_COMPANY,
    ANC_COL_CHARITY,
    ANC_COL_VAT_NUMBER,
    ANC_COL_VAT_LOST,     // VAT that cannot be recovered
    ANC_COL_VCSE,         // the publisher says the payee is VCSE
    ANC_COL_CARD,         // says that a line is a card payment
    ANC_COL_INTERMEDIARY, // of a tier-2 file: who paid on
    ANC_COL_COUNT
};
#define ANC_COL_MOST 64 // room for kinds of columns that come later

enum { ANC_FILE_PAYMENTS, ANC_FILE_CARD, ANC_FILE_GRANTS, ANC_FILE_TIER2 };
enum { ANC_DATES_UNKNOWN, ANC_DATES_DAY_FIRST, ANC_DATES_MONTH_FIRST };
enum { ANC_AMOUNT_PLAIN, ANC_AMOUNT_NET, ANC_AMOUNT_GROSS }; // PLAIN: the file does not say
enum { ANC_DATE_PAID, ANC_DATE_POSTED, ANC_DATE_INVOICED, ANC_DATE_OTHER };

// What was understood of a file, or what a person settled for it.
struct anc_columns {
    uint32_t size;
    uint32_t head_rows; // rows up to and with the headings
    int32_t kind;       // ANC_FILE_*
    int32_t date_order, amount_basis, date_basis;
    int32_t column[ANC_COL_MOST]; // by ANC_COL_*, from 0; -1 none
};

// A block of rows as they stand in the file, the headings and blank rows too.
struct anc_cells {
    uint32_t size;
    uint32_t rows;
    const char *const *text; // all cells, rows one behind the other
    const uint32_t *length;  // bytes of each cell
    const uint32_t *first;   // rows + 1 numbers: row i has the cells first[i] up to and without first[i + 1]
    const uint64_t *line;    // of each row: its line in the file, or row of its sheet, from 1
};

enum { ANC_ROW_PAYMENT, ANC_ROW_NOTHING, ANC_ROW_SUM, ANC_ROW_WRONG }; // nothing: heading, blank, remark

#define ANC_LINE_MONTH_ONLY 1u // the date names a month; its first day is given
#define ANC_LINE_CARD       2u
#define ANC_LINE_VCSE       4u // the publisher says so
#define ANC_LINE_ROUNDED    8u // a fraction of a penny was rounded

// Answers for a block, one entry a row; the host owns the arrays.
struct anc_lines {
    uint32_t size;
    int32_t *what; // ANC_ROW_*
    int64_t *pence, *vat_lost_pence;
    int32_t *day;    // INT32_MIN: no usable date
    uint32_t *flags; // ANC_LINE_*
    uint32_t *why;   // of ANC_ROW_WRONG: number of the reason, 0 to 255
};

enum {
    ANC_FLOW_PROCUREMENT,
    ANC_FLOW_GRANT,
    ANC_FLOW_CREDIT,          // taken off what the same payee got
    ANC_FLOW_PUBLIC_TRANSFER, // to another public body
    ANC_FLOW_PASS_THROUGH,    // to an agency or buying club that pays on
    ANC_FLOW_INDIVIDUAL,      // to or for a person: direct payments, expenses
    ANC_FLOW_TREASURY,        // loans, taxes, pensions
    ANC_FLOW_CARD,
    ANC_FLOW_HIDDEN, // the publisher hid or left out the name: payments and credits, never tied to anybody
    ANC_FLOW_COUNT
};

struct anc_party; // below
struct anc_label {
    uint32_t size;
    const char *category, *purpose, *department;
    int32_t kind; // ANC_FILE_*
};

struct anc_payments_reader {
    uint32_t size;
    const char *title;
    // Looks at the first rows (at most 40, from the first of the file). chosen: NULL, or what a person
    // settled. ANC_OK with *ret_layout, the plugin's own, handed to all calls about this file; ANC_SKIP: not
    // its kind of file; ANC_E_INVALID: it is, but cannot be used, and the report says why.
    anc_rc (*recognise)(anc_ctx *ctx, const struct anc_cells *head, const char *file_name,
                        const struct anc_columns *chosen, anc_report *report, void **ret_layout, void *state);
    // What it took the columns to be. With date_order UNKNOWN until enough was read.
    void (*columns)(anc_ctx *ctx, void *layout, struct anc_columns *ret_columns, void *state);
    // All rows of the file in order, block by block.
    anc_rc (*map)(anc_ctx *ctx, void *layout, const struct anc_cells *rows, struct anc_lines *ret_lines,
                  void *state);
    // After the last block. ANC_AGAIN: something assumed at the start does not hold (order of dates, usual
    // width); nothing of what was mapped counts, and all rows come once more. Asked for at most twice.
    // ANC_E_INVALID: no payments here after all. The report gets remarks for people.
    anc_rc (*finish)(anc_ctx *ctx, void *layout, anc_report *report, void *state);
    // Sentence for a row that is wrong.
    const char *(*reason)(anc_ctx *ctx, void *layout, uint32_t why, void *state);
    // Kind of flow (ANC_FLOW_*) of payments with this payee and label; credits are told by their sign.
    anc_rc (*flow)(anc_ctx *ctx, const struct anc_party *payee, const struct anc_label *label,
                   int32_t *ret_flow, void *state);
    const char *(*describe)(anc_ctx *ctx, void *layout, void *state); // "Payments, 4 columns, ..."
    void (*done)(anc_ctx *ctx, void *layout, void *state);            // frees the layout
};

// ---- payee_matcher: who is it? Pure: the same parties give the same answer.
enum { ANC_PARTY_NAMED, ANC_PARTY_HIDDEN, ANC_PARTY_NOBODY, ANC_PARTY_PERSON };

// Somebody who was paid, or is registered. Texts are "" where nothing is known.
struct anc_party {
    uint32_t size;
    int32_t kind; // ANC_PARTY_*
    const char *name;
    const char *key,
        *other_key;   // names as compared: the main one, and what stood behind "t/a", "c/o", "formerly"
    const char *form; // legal form: "ltd", "plc", "llp", "cic", "cio", "" none said
    const char *supplier_no, *company_number, *charity_number, *vat_number, *postcode;
    int32_t same_name; // of a candidate: how many parties have its key, itself included
    int32_t alias;     // of a candidate: a person has said before that this name is this party
    // Of a payee: days of its first and last payment. Of a candidate that is given under a name it bore
    // before ("New Name (formerly Old Name)"): while it bore it. 0: not known.
    int32_t from_day, until_day;
};

enum { ANC_MATCH_NO, ANC_MATCH_REVIEW, ANC_MATCH_YES };

struct anc_match {
    uint32_t size;
    int32_t verdict;     // ANC_MATCH_*
    int32_t score_milli; // 0 to 1000: how sure
    const char *method;  // "company_number", "exact_name_postcode", ... static
    const char *reason;  // a plain sentence for the person who checks
};

struct anc_payee_matcher {
    uint32_t size;
    const char *title, *version; // of the rules; stored with each match
    // Reads what a file or register says of a party into the form that is compared. HIDDEN and NOBODY are
    // never matched; a hidden name comes back as "".
    anc_rc (*read)(anc_ctx *ctx, const struct anc_party *given, struct anc_party *ret_party, void *state);
    // Hashes under which likely candidates are found that share neither number nor name: at most `most`.
    anc_rc (*blocks)(anc_ctx *ctx, const struct anc_party *party, uint32_t most, uint64_t *ret_blocks,
                     uint32_t *ret_count, void *state);
    // How a payee and a candidate (both as read) fit.
    anc_rc (*judge)(anc_ctx *ctx, const struct anc_party *payee, const struct anc_party *candidate,
                    struct anc_match *ret_match, void *state);
};

// ---- spend_panel
struct anc_spend_filter {
    uint32_t size;
    int32_t financial_year;         // year in which it begins; 0: the latest
    const char *anchor_ref;         // "" all anchors
    const char *view;               // "" the headline; else one of the panel's own views ("by_ward")
    const struct anc_slice *chosen; // all that was chosen, to begin a slice with
    int32_t for_public;             // small numbers are to be left out
    int32_t frozen;                 // for a report that must come out the same for ever: from sums alone
    const char *place;              // the place in one word
};

struct anc_spend_view {
    const char *key, *title, *summary; // "by_ward", "By ward", one sentence
};

struct anc_spend_panel {
    uint32_t size;
    const char *title;
    anc_rc (*fill)(anc_ctx *ctx, const struct anc_spend_filter *filter, anc_panel *panel, void *state);
    struct anc_table views; // rows of struct anc_spend_view, in the order people see
    const char *rules;      // name and version of the method, stored with frozen reports
    // Kinds of payment (1u << ANC_FLOW_*) that count when nobody chose any. NULL: all.
    uint32_t (*flows)(anc_ctx *ctx, void *state);
    // Classes of those that are VCFSE by policy only which the headline counts, as in anc_slice; kept with
    // frozen reports. NULL: none.
    const char *(*vcfse_classes)(anc_ctx *ctx, void *state);
};

// ---- eligibility_rule: may this business bid for that notice? Pure: same facts, same answer.
struct anc_rule_facts {
    uint32_t size;
    const struct anc_supplier *supplier;
    const struct anc_notice *notice;
    int32_t supplier_local; // its postcode lies in the place: 1 yes, 0 no, -1 unknown
    int32_t supplier_vcfse; // ANC_TAG_* of the tag "vcfse"
    const char *size_class; // "micro", "small", "medium", "large"; "" unknown
};

enum { ANC_RULE_PASS, ANC_RULE_FAIL, ANC_RULE_NEEDS_EVIDENCE };

struct anc_rule_result {
    uint32_t size;
    int32_t decision;   // ANC_RULE_*
    const char *reason; // a plain sentence for the bidder and the buyer
};

struct anc_eligibility_rule {
    uint32_t size;
    const char *title, *help; // "Works in the place", what it asks for
    anc_rc (*judge)(anc_ctx *ctx, const struct anc_rule_facts *facts, struct anc_rule_result *ret_result,
                    void *state);
};

// ---- notifier: sends one message by its channel. The host queues, tries again and lets people stop it.
struct anc_message {
    uint32_t size;
    int64_t id;          // the same when it is tried again
    const char *address; // as the person typed it and check_address took it
    const char *subject, *body;
};

struct anc_notifier {
    uint32_t size;
    const char *title, *address_label, *address_hint; // "Text message", "Mobile number", ...
    // ANC_E_INVALID with fail->why when nothing can be sent there.
    anc_rc (*check_address)(anc_ctx *ctx, const char *address, void *state);
    // ANC_OK: sent. ANC_E_INVALID: will never work, the message is given up. Anything else: tried again.
    anc_rc (*send)(anc_ctx *ctx, const struct anc_message *message, void *state);
};

// ---------------------------------------------------------------- the description
struct anc_plugin {
    uint32_t magic;
    uint16_t abi_major, abi_minor;
    uint32_t size;
    char abi_extra[16];
    const char *id; // [a-z][a-z0-9_]{1,30}
    const char *title, *summary, *license;
    uint32_t version;        // ANC_VERSION(major, minor, patch)
    anc_caps wants;          // without these it cannot work: it is not started
    anc_caps wants_optional; // it works without them, with NULL tables
    // start may keep `host` until stop; *ret_state is handed to every callback. Settings have their default
    // values there, and there is no database; one that gives up says why with fail->why. stop is called when
    // no callback runs any more. Either may be NULL. Both may be called again in the same process.
    anc_rc (*start)(anc_ctx *ctx, const struct anc_host *host, void **ret_state);
    void (*stop)(anc_ctx *ctx, void *state);
    struct anc_table dependencies;  // struct anc_dependency
    struct anc_table settings;      // struct anc_setting
    struct anc_table migrations;    // struct anc_migration
    struct anc_table sql;           // struct anc_sql
    struct anc_table templates;     // struct anc_template
    struct anc_table forms;         // struct anc_form
    struct anc_table texts;         // struct anc_text
    struct anc_table routes;        // struct anc_route
    struct anc_table menu;          // struct anc_menu
    struct anc_table panels;        // struct anc_page_panel
    struct anc_table verbs;         // struct anc_verb
    struct anc_table jobs;          // struct anc_job
    struct anc_table filters;       // struct anc_filter
    struct anc_table notifications; // struct anc_notification
    struct anc_table providers;     // struct anc_provider
};

typedef const struct anc_plugin *(*anc_plugin_fn)(void);

// The one function a plugin exports, written by ANC_PLUGIN. It gives the description and does nothing else.
ANC_EXPORT const struct anc_plugin *anc_plugin_v1(void);

#define ANC_PLUGIN_HEAD                                                                                      \
    .magic = ANC_ABI_MAGIC, .abi_major = ANC_ABI_MAJOR, .abi_minor = ANC_NEEDS_MINOR,                        \
    .size = sizeof(struct anc_plugin), .abi_extra = ANC_ABI_EXTRA

#define ANC_PLUGIN(description)                                                                              \
    const struct anc_plugin *anc_plugin_v1(void) {                                                           \
        return &(description);                                                                               \
    }

#ifdef __cplusplus
}
#endif
#endif
