// SPDX-License-Identifier: Apache-2.0
// One description of a table gives HTML, CSV, JSON and a workbook. Pictures of it: picture.h.
#ifndef ANCHORAGE_RENDER_TABLE_H
#define ANCHORAGE_RENDER_TABLE_H

#include "base/strb.h"
#include "render/model.h"

enum cell_kind {
    CELL_TEXT,
    CELL_LINK,    // text with an address: in HTML a link, in CSV and JSON the text (and "<key>_url")
    CELL_NUMBER,  // int64
    CELL_MONEY,   // int64 pence
    CELL_PERCENT, // int64 basis points
    CELL_DAY,     // ISO date text
    CELL_WHEN,    // stamp text as PostgreSQL gives it
    CELL_TAG,     // short coloured label
};

struct table;

#define TABLE_COLUMNS_MAX 64
#define TABLE_ROWS_MAX    100000

// caption: a sentence that says what the table holds. Limits: 64 columns (more abort: a programming error)
// and 100,000 rows (more are left out, which the HTML and JSON say). Keys and titles live as long as the
// arena.
struct table *table_new(struct arena *a, const char *caption);
void table_column(struct table *t, const char *key, const char *title, enum cell_kind kind);
void table_row(struct table *t);
// Cells in the order of the columns; cells that are not given are empty. In a column of numbers a text of
// digits, as the database gives it, is that number; NULL and "" are empty in every column but CELL_TEXT,
// where NULL alone is.
void table_text(struct table *t, const char *text);
// url: same-site path beginning with "/". A text column that gets a link is a column of links from then on.
void table_link(struct table *t, const char *text, const char *url);
void table_i64(struct table *t, int64_t v);
void table_tag(struct table *t, const char *text, const char *colour); // GOV.UK tag colour word
void table_empty(struct table *t); // no value: HTML dash, CSV empty, JSON null
// What the files say of the table besides its rows (what was chosen, what it rests on): rows below the table
// in CSV, "about" in JSON, a sheet of its own in a workbook. At most 16; more abort. key lives as long as the
// arena.
void table_about(struct table *t, const char *key, const char *title, const char *text);
// A table with the same rows, which may get facts of its own.
struct table *table_with(const struct table *t);
size_t table_rows(const struct table *t);
bool table_is_cut(const struct table *t); // rows were left out
const char *table_caption(const struct table *t);
bool table_has_column(const struct table *t, const char *key);

const struct html *table_html(const struct table *t);     // GOV.UK table, numeric columns aligned right
void table_csv(const struct table *t, struct strb *out);  // RFC 4180, UTF-8 with BOM, formula guard
void table_json(const struct table *t, struct strb *out); // {"caption":..,"columns":[..],"rows":[{..}]}
// As a workbook (.xlsx) with typed numbers and dates; folder: where its file may stand for the moment. False
// when it cannot be made.
bool table_xlsx(const struct table *t, const char *folder, struct strb *out);
// In CSV and JSON money is "1234.56" and "<key>_pence": 123456; per cent 31.90; dates and stamps ISO 8601.

// QR code of a text as inline SVG (TOTP set-up), through libqrencode.
const struct html *qr_svg(struct arena *a, const char *text, const char *label);

// Plain text of people with line breaks as paragraphs; everything escaped.
const struct html *paragraphs(struct arena *a, const char *text);

const char *html_bytes(const struct html *h, size_t *ret_n);

#endif
