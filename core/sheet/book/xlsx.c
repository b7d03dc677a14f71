// SPDX-License-Identifier: Apache-2.0
// What is in an XLSX workbook, and which of its sheets is read.
#include "sheet/book/xlsx.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- relationships: which part lies where (ECMA-376 part 2, 9.3) --------------------------------------

struct relations {
    struct xlsx *x;
    char folder[256]; // that targets start from
};

static bool type_is(const char *type, const char *name) {
    size_t n = strlen(type), k = strlen(name);
    return n > k && type[n - k - 1] == '/' && strcmp(type + n - k, name) == 0;
}

// A target is a path from the top ("/xl/a.xml") or from the folder ("a.xml", "../b.xml").
static void resolve(const char *folder, const char *target, char *ret, size_t cap) {
    if (*target == '/') {
        snprintf(ret, cap, "%s", target + 1);
        return;
    }
    char base[256];
    snprintf(base, sizeof base, "%s", folder);
    while (strncmp(target, "../", 3) == 0) {
        size_t n = strlen(base);
        n -= n > 0; // its last slash
        while (n > 0 && base[n - 1] != '/') {
            n--;
        }
        base[n] = 0;
        target += 3;
    }
    snprintf(ret, cap, "%s%s", base, target);
}

static void relation(void *arg, const char *name, const struct xml_attributes *a, int *ret_stop) {
    (void)ret_stop;
    struct relations *r = arg;
    struct xlsx *x = r->x;
    char id[64] = "", type[256] = "", target[256] = "", path[256];
    if (strcmp(name, "Relationship") != 0 || !xml_attribute(a, NULL, "Type", type, sizeof type) ||
        !xml_attribute(a, NULL, "Target", target, sizeof target)) {
        return;
    }
    xml_attribute(a, NULL, "Id", id, sizeof id);
    resolve(r->folder, target, path, sizeof path);
    if (type_is(type, "officeDocument")) {
        memcpy(x->book, path, sizeof path);
    } else if (type_is(type, "styles")) {
        memcpy(x->styles_path, path, sizeof path);
    } else if (type_is(type, "sharedStrings")) {
        memcpy(x->texts_path, path, sizeof path);
    } else if (type_is(type, "worksheet")) {
        for (size_t i = 0; i < x->sheet_count; i++) {
            if (strcmp(x->sheets[i].id, id) == 0) {
                memcpy(x->sheets[i].path, path, sizeof path);
                x->sheets[i].is_table = true;
            }
        }
    }
}

static void nothing(void *arg, const char *name, int *ret_stop) {
    (void)arg;
    (void)name;
    (void)ret_stop;
}

// The relationships of a part ("" the whole package).
static enum book_refusal read_relations(struct xlsx *x, const char *part) {
    struct relations r = {.x = x};
    char path[600];
    const char *slash = strrchr(part, '/');
    int folder = slash ? (int)(slash - part) + 1 : 0;
    snprintf(r.folder, sizeof r.folder, "%.*s", folder, part);
    snprintf(path, sizeof path, "%s_rels/%s.rels", r.folder, part + folder);
    struct xml_events events = {.start = relation, .end = nothing, .arg = &r};
    return xml_read(x->file, path, &events);
}

// ---- the workbook -------------------------------------------------------------------------------------

static void book_start(void *arg, const char *name, const struct xml_attributes *a, int *ret_stop) {
    struct xlsx *x = arg;
    char text[16] = "";
    if (strcmp(name, "workbookPr") == 0) {
        xml_attribute(a, NULL, "date1904", text, sizeof text);
        x->from_1904 = strcmp(text, "1") == 0 || strcmp(text, "true") == 0;
    } else if (strcmp(name, "sheet") == 0) {
        if (x->sheet_count == XLSX_SHEETS_MAX) {
            *ret_stop = XML_ENOUGH;
            return;
        }
        struct xlsx_sheet *s = &x->sheets[x->sheet_count];
        if (xml_attribute(a, NULL, "name", s->name, sizeof s->name) &&
            xml_attribute(a, NULL, "id", s->id, sizeof s->id)) {
            s->hidden = xml_attribute(a, NULL, "state", text, sizeof text) && strcmp(text, "visible") != 0;
            x->sheet_count++;
        }
    }
}

static enum book_refusal read_book(struct xlsx *x) {
    enum book_refusal refusal = read_relations(x, "");
    if (refusal == BOOK_NO_BOOK) { // some programs leave it out
        refusal = BOOK_READ;
    }
    if (refusal == BOOK_READ && !x->book[0]) {
        snprintf(x->book, sizeof x->book, "xl/workbook.xml");
    }
    struct xml_events events = {.start = book_start, .end = nothing, .arg = x};
    refusal = refusal == BOOK_READ ? xml_read(x->file, x->book, &events) : refusal;
    refusal = refusal == BOOK_READ ? read_relations(x, x->book) : refusal;
    refusal = refusal == BOOK_READ ? xlsx_read_styles(x) : refusal;
    return refusal == BOOK_READ ? xlsx_read_texts(x) : refusal;
}

// ---- which sheet --------------------------------------------------------------------------------------

static enum book_refusal named(struct xlsx *x, const char *table, size_t *ret) {
    for (size_t i = 0; i < x->sheet_count; i++) {
        if (x->sheets[i].is_table && strcmp(x->sheets[i].name, table) == 0) {
            *ret = i;
            return BOOK_READ;
        }
    }
    return BOOK_NO_SUCH_TABLE;
}

static enum book_refusal best(struct xlsx *x, size_t *ret) {
    int most = 0;
    for (size_t i = 0; i < x->sheet_count && most < 4; i++) {
        struct book_look look = {0};
        enum book_refusal refusal =
            x->sheets[i].is_table ? xlsx_read_sheet(x, x->sheets[i].path, &look) : BOOK_READ;
        if (refusal != BOOK_READ && refusal != BOOK_NO_BOOK) {
            return refusal;
        }
        int worth = look_worth(&look, x->sheets[i].hidden);
        if (worth > most) {
            most = worth;
            *ret = i;
        }
    }
    return most > 0 ? BOOK_READ : BOOK_NO_TABLE;
}

// Sheets behind the first table that go on with it, and the names for people.
static enum book_refusal find_more(struct xlsx *x, size_t first, struct book_names *names) {
    struct book_look head = {0};
    enum book_refusal refusal = xlsx_read_sheet(x, x->sheets[first].path, &head);
    for (size_t i = 0; refusal == BOOK_READ && i < x->sheet_count; i++) {
        struct xlsx_sheet *s = &x->sheets[i];
        struct book_look look = {0};
        if (i <= first || s->hidden || !s->is_table || x->sheets[first].hidden) {
            continue;
        }
        refusal = xlsx_read_sheet(x, s->path, &look);
        refusal = refusal == BOOK_NO_BOOK ? BOOK_READ : refusal;
        s->also = look_worth(&look, false) == 4 && look_alike(&head, &look);
        s->left = look_worth(&look, false) == 4 && !s->also;
        if (s->also) {
            names_add(names, s->name, true);
        }
    }
    for (size_t i = first + 1; i < x->sheet_count; i++) {
        if (x->sheets[i].left) {
            names_add(names, x->sheets[i].name, false);
        }
    }
    return refusal;
}

static enum book_refusal send_tables(struct xlsx *x, size_t first) {
    enum book_refusal refusal = xlsx_read_sheet(x, x->sheets[first].path, NULL);
    for (size_t i = first + 1; refusal == BOOK_READ && i < x->sheet_count; i++) {
        if (x->sheets[i].also) {
            rows_next_table(x->out);
            refusal = xlsx_read_sheet(x, x->sheets[i].path, NULL);
        }
    }
    return refusal;
}

enum book_refusal xlsx_read(struct book_file *f, const char *table, struct rows *out) {
    struct xlsx x = {.file = f, .out = out, .sheets = calloc(XLSX_SHEETS_MAX, sizeof *x.sheets)};
    size_t which = 0;
    enum book_refusal refusal = x.sheets ? read_book(&x) : BOOK_NO_MEMORY;
    if (refusal == BOOK_READ) {
        refusal = table[0] ? named(&x, table, &which) : best(&x, &which);
    }
    if (refusal == BOOK_READ) {
        struct book_names names = {.text = ""};
        names_add(&names, x.sheets[which].name, true);
        refusal = find_more(&x, which, &names);
        rows_frame(out, FRAME_TABLE, names.text, (uint32_t)strlen(names.text));
        refusal = refusal == BOOK_READ ? send_tables(&x, which) : refusal;
    }
    free(x.sheets);
    free(x.styles);
    free(x.texts.p);
    free(x.text_ends);
    return refusal;
}
