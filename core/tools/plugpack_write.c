// SPDX-License-Identifier: Apache-2.0
// Writes what plugpack read as a C header: one table a kind of resource, and PLUGIN_RESOURCES that names all
// of them.
#include "tools/plugpack.h"

#include <stdbool.h>

static void put_literal(FILE *out, const char *s, size_t n) {
    fputs("\n    \"", out);
    size_t column = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char ch = (unsigned char)s[i];
        if (ch == '\n') {
            fputs("\\n", out);
        } else if (ch == '"' || ch == '\\' || ch == '?') {
            fprintf(out, "\\%c", ch);
        } else if (ch < 0x20 || ch >= 0x7f) {
            fprintf(out, "\\%03o", ch);
        } else {
            fputc(ch, out);
        }
        if (++column >= 100 || (ch == '\n' && i + 1 < n)) {
            fputs("\"\n    \"", out);
            column = 0;
        }
    }
    fputc('"', out);
}

static void put_enum(FILE *out) {
    fputs("\nenum {", out);
    for (size_t i = 0; i < statements.count; i++) {
        fprintf(out, "\n    SQL_%s,", statements.list[i].key);
    }
    fputs("\n};\n", out);
}

enum column { COLUMN_NONE, COLUMN_PARAMS, COLUMN_NUMBER, COLUMN_BYTES };

static const struct table {
    struct rows *rows;
    const char *type, *name, *has;
    const char *key; // the field that takes the row's key
    enum column extra;
} tables[] = {
    // in the order of struct anc_plugin, as C++ wants it
    {&migrations, "anc_migration", "migrations", "MIGRATIONS", "name", COLUMN_NUMBER},
    {&statements, "anc_sql", "sql", "SQL", "name", COLUMN_PARAMS},
    {&templates, "anc_template", "templates", "TEMPLATES", "name", COLUMN_BYTES},
    {&forms, "anc_form", "forms", "FORMS", "name", COLUMN_NONE},
    {&texts, "anc_text", "texts", "TEXTS", "key", COLUMN_NONE},
};
#define TABLES (sizeof tables / sizeof *tables)

static void put_table(FILE *out, const struct table *t) {
    fprintf(out, "\n#define PLUGIN_HAS_%s 1\n", t->has);
    fprintf(out, "static const struct %s plugin_%s[] __attribute__((unused)) = {\n", t->type, t->name);
    for (size_t i = 0; i < t->rows->count; i++) {
        const struct row *r = &t->rows->list[i];
        fputs("{", out);
        if (t->extra == COLUMN_NUMBER) {
            fprintf(out, ".number = %u, ", r->number);
        }
        fprintf(out, ".%s = \"%s\", .text =", t->key, r->key);
        put_literal(out, r->text, r->n);
        if (t->extra == COLUMN_PARAMS) {
            fprintf(out, ", .params = %u", r->number);
        } else if (t->extra == COLUMN_BYTES) {
            fprintf(out, ", .bytes = %zu", r->n);
        }
        fputs("},\n", out);
    }
    fputs("};\n", out);
}

void plugpack_write(FILE *out) {
    fputs("// Made by plugpack from the plugin's resource files.\n#ifndef ANCHORAGE_PLUGIN_RESOURCES_H\n"
          "#define ANCHORAGE_PLUGIN_RESOURCES_H\n#include <anchorage/plugin.h>\n",
          out);
    if (statements.count) {
        put_enum(out);
    }
    for (size_t i = 0; i < TABLES; i++) {
        if (tables[i].rows->count) {
            put_table(out, &tables[i]);
        }
    }
    for (size_t i = 0; i < files.count; i++) {
        fprintf(out, "\nstatic const char file_%s[] __attribute__((unused)) =", files.list[i].key);
        put_literal(out, files.list[i].text, files.list[i].n);
        fputs(";\n", out);
    }
    fputs("\n#define PLUGIN_RESOURCES", out);
    bool any = false;
    for (size_t i = 0; i < TABLES; i++) {
        if (tables[i].rows->count) {
            fprintf(out, "%s \\\n    .%s = ANC_TABLE(plugin_%s)", any ? "," : "", tables[i].name,
                    tables[i].name);
            any = true;
        }
    }
    fputs(any ? "\n\n#endif\n" : " .sql = {NULL, 0, 0}\n\n#endif\n", out);
}
