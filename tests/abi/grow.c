// SPDX-License-Identifier: Apache-2.0
// Build-host tool of the growth tests: makes two headers out of the plugin header, as if it had been
// released.
//
// grow HEADER OUT-1.0 OUT-1.1
//
// 1.0 is the header with version numbers 1.0. 1.1 has grown where the rules allow: fields at the end of the
// description, of rows of tables, of the struct of a point, of facts and arrays handed over and of what a
// plugin fills or asks with, a function at the end of a host table, a host table at the end of struct
// anc_host, and one more kind of column of a payments file.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HEADER_MAX (1024 * 1024)

static const struct {
    const char *of, *field;
} additions[] = {
    {"anc_plugin", "    struct anc_table grown; // struct anc_grown_row\n"},
    {"anc_setting", "    const char *grown_unit;\n"},
    {"anc_route", "    const char *grown_hint;\n"},
    {"anc_sql", "    int64_t grown_limit;\n"},
    {"anc_supplier_tagger", "    const char *(*grown_version)(anc_ctx *ctx, void *state);\n"},
    {"anc_supplier", "    int64_t grown_staff;\n"},
    {"anc_tag", "    const char *grown_next;\n"},
    {"anc_commitment", "    int64_t grown_years;\n"},
    {"anc_measure", "    const char *grown_source;\n"},
    {"anc_payments_reader", "    const char *(*grown_words)(anc_ctx *ctx, void *layout, void *state);\n"},
    {"anc_columns", "    int32_t grown_currency;\n"},
    {"anc_cells", "    const uint32_t *grown_sheet;\n"},
    {"anc_lines", "    int64_t *grown_discount;\n"},
    {"anc_label", "    const char *grown_account;\n"},
    {"anc_payee_matcher", "    int64_t (*grown_weight)(anc_ctx *ctx, void *state);\n"},
    {"anc_party", "    const char *grown_country;\n"},
    {"anc_match", "    const char *grown_rule;\n"},
    {"anc_slice", "    const char *grown_region;\n"},
    {"anc_sum", "    int64_t grown_median;\n"},
    {"anc_spend_api", "    int64_t (*grown_total)(anc_ctx *ctx);\n"},
    {"anc_page_api", "    const char *(*grown_language)(anc_ctx *ctx);\n"},
    {"anc_mem_api", "    const char *(*grown_twice)(anc_ctx *ctx, const char *text);\n"},
    {"anc_host", "    const struct anc_grown_api *grown;\n"},
};

static const char new_structs[] = "struct anc_grown_row {\n    const char *name;\n};\n\n"
                                  "struct anc_grown_api {\n    uint32_t size;\n"
                                  "    int64_t (*square)(anc_ctx *ctx, int64_t n);\n};\n\n";

static void stop(const char *what, const char *name) {
    fprintf(stderr, "grow: %s: %s\n", what, name);
    exit(1);
}

static void insert(char *text, const char *at, const char *what) {
    size_t n = strlen(what), used = strlen(text);
    if (used + n >= HEADER_MAX) {
        stop("the header is too long", what);
    }
    char *p = text + (at - text);
    memmove(p + n, p, strlen(p) + 1);
    memcpy(p, what, n);
}

static void set_version(char *text, const char *name, char digit) {
    char line[64];
    snprintf(line, sizeof line, "#define %s ", name);
    char *at = strstr(text, line);
    if (!at || at[strlen(line) + 1] != 'u') {
        stop("no one-digit version", name);
    }
    at[strlen(line)] = digit;
}

static void add_field(char *text, const char *of, const char *field) {
    char head[96];
    snprintf(head, sizeof head, "\nstruct %s {", of);
    const char *begin = strstr(text, head), *end = begin ? strstr(begin, "\n};") : NULL;
    if (!end) {
        stop("no struct", of);
    }
    insert(text, end + 1, field);
}

static void write_file(const char *path, const char *text) {
    FILE *f = fopen(path, "wb");
    if (!f || fputs(text, f) < 0 || fclose(f) != 0) {
        stop("cannot write", path);
    }
}

int main(int argc, char **argv) {
    if (argc != 4) {
        fputs("usage: grow HEADER OUT-1.0 OUT-1.1\n", stderr);
        return 2;
    }
    char *text = calloc(1, HEADER_MAX + 1);
    FILE *f = fopen(argv[1], "rb");
    if (!text || !f || fread(text, 1, HEADER_MAX, f) == 0) {
        stop("cannot read", argv[1]);
    }
    fclose(f);
    set_version(text, "ANC_ABI_MAJOR", '1');
    set_version(text, "ANC_ABI_MINOR", '0');
    write_file(argv[2], text);
    set_version(text, "ANC_ABI_MINOR", '1');
    for (size_t i = 0; i < sizeof additions / sizeof *additions; i++) {
        add_field(text, additions[i].of, additions[i].field);
    }
    const char *count = strstr(text, "    ANC_COL_COUNT\n");
    if (!count) {
        stop("no end of the list", "ANC_COL_COUNT");
    }
    insert(text, count, "    ANC_COL_GROWN,\n");
    const char *host = strstr(text, "struct anc_host {");
    insert(text, host ? host : text, new_structs);
    write_file(argv[3], text);
    free(text);
    return 0;
}
