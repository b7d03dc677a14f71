// SPDX-License-Identifier: Apache-2.0
// Parts of the check that run nothing of the plugin but its description: the file itself, and what it says of
// itself.
#include "cli/plugin_check.h"
#include "plugin/elf.h"

#include <stdio.h>
#include <string.h>

// ---- the file ------------------------------------------------------------------------------------

static const char *list_of(struct check *k, const struct elf_names *names) {
    const char *out = "";
    for (size_t i = 0; i < names->count && i < 5; i++) {
        out = arena_printf(k->arena, "%s%s%s", out, *out ? ", " : "", names->name[i]);
    }
    return names->count > 5 ? arena_printf(k->arena, "%s and %zu more", out, names->count - 5) : out;
}

static void check_exports(struct check *k, const struct elf_facts *f) {
    static const char what[] = "it gives away one function, anc_plugin_v1";
    bool there = false;
    for (size_t i = 0; i < f->exported.count && i < ELF_NAMES_MAX; i++) {
        there |= strcmp(f->exported.name[i], "anc_plugin_v1") == 0;
    }
    if (!there) {
        check_fail(k, what, "it has no function anc_plugin_v1. End the source with ANC_PLUGIN(...).");
    } else if (f->exported.count > 1) {
        check_fail(k, what, "it gives away %zu names: %s. Build it with -fvisibility=hidden.",
                   f->exported.count, list_of(k, &f->exported));
    } else {
        check_ok(k, what, "%s", "");
    }
}

static void check_libraries(struct check *k, const struct elf_facts *f) {
    static const char *const not_these[] = {"libpq.", "libcivetweb."};
    static const char what[] = "it brings no database and no web server of its own";
    bool bad = false;
    for (size_t i = 0; i < f->needed.count && i < ELF_NAMES_MAX; i++) {
        for (size_t n = 0; n < sizeof not_these / sizeof *not_these; n++) {
            if (strncmp(f->needed.name[i], not_these[n], strlen(not_these[n])) == 0) {
                bad = true;
                check_fail(k, what, "it needs %s. Use the host's tables (db, page) instead.",
                           f->needed.name[i]);
            }
        }
    }
    if (!bad) {
        check_ok(k, what, "%s", f->needed.count ? list_of(k, &f->needed) : "no libraries at all");
    }
}

static void check_missing(struct check *k, const struct elf_facts *f) {
    static const char what[] = "its own libraries give all it needs";
    static struct elf_names missing;
    elf_find_missing(k->bytes, k->byte_count, f, &missing);
    if (missing.count > 0) {
        check_fail(
            k, what,
            "nobody gives %s. Link the library that has it, and link with -Wl,--no-undefined to be told "
            "at once.",
            list_of(k, &missing));
    } else {
        check_ok(k, what, "%s", "");
    }
}

static void check_quiet_start(struct check *k, const struct elf_facts *f) {
    static const char what[] = "nothing of it runs before it is started";
    if (f->constructors.count > 0) {
        check_fail(k, what, "it has %zu function%s that run%s when the file is opened: %s. Do that in start.",
                   f->constructors.count, f->constructors.count == 1 ? "" : "s",
                   f->constructors.count == 1 ? "s" : "", list_of(k, &f->constructors));
    } else if (f->own_init) {
        check_fail(k, what, "it was linked with a function of its own as -init. Do that in start.");
    } else {
        check_ok(k, what, "%s", f->sanitized ? "the sanitizer's own aside" : "");
    }
}

static void check_hardening(struct check *k, const struct elf_facts *f) {
    static const char what[] = "its stack cannot be run and its code does not change";
    if (f->exec_stack) {
        check_fail(k, what, "it asks for a stack that can be run. Link it with -Wl,-z,noexecstack.");
    }
    if (f->text_relocations) {
        check_fail(k, what, "its code is changed when it is opened. Compile everything in it with -fPIC.");
    }
    if (!f->exec_stack && !f->text_relocations) {
        check_ok(k, what, "%s", "");
    }
    if (!f->relro || !f->bind_now) {
        check_warn(k, "its tables are read-only once it is opened", "link it with -Wl,-z,relro,-z,now.");
    }
    if (f->search_path) {
        check_warn(k, "it does not say where its libraries are",
                   "it names folders of the machine it was built on (RPATH). Link it without.");
    }
}

void check_part_file(struct check *k) {
    static struct elf_facts f;
    char why[160];
    check_now(k, "reading the file");
    if (!elf_read(k->bytes, k->byte_count, &f, why, sizeof why)) {
        check_fail(k, "it is a shared object of this machine", "%s.", why);
        return;
    }
    check_ok(k, "it is a shared object of this machine", "%s", "");
    check_exports(k, &f);
    check_libraries(k, &f);
    check_missing(k, &f);
    check_quiet_start(k, &f);
    check_hardening(k, &f);
}

// ---- the description -----------------------------------------------------------------------------

// Powers that something in the tables needs, as far as tables can tell. Statements may need any READ power.
static anc_caps used_powers(const struct anc_plugin *p) {
    anc_caps used = p->migrations.count ? ANC_CAP_OWN_TABLES : 0;
    used |= p->sql.count ? ANC_CAP_READ_SUPPLIERS | ANC_CAP_READ_SPEND | ANC_CAP_READ_NOTICES : 0;
    used |= p->routes.count || p->menu.count || p->panels.count ? ANC_CAP_PAGES : 0;
    used |= p->jobs.count ? ANC_CAP_JOBS : 0;
    used |= p->filters.count || p->notifications.count ? ANC_CAP_EVENTS : 0;
    for (uint32_t i = 0; i < p->providers.count; i++) {
        struct anc_provider row;
        plugin_row(&p->providers, i, &row, sizeof row);
        used |= plugin_point_power(row.point);
    }
    return used;
}

static void check_powers(struct check *k, const struct plugin_info *p) {
    static const char what[] = "it asks for no power that it does not use";
    anc_caps idle = (p->wants | p->wants_optional) & ~used_powers(p->about);
    for (unsigned bit = 0; bit < 64; bit++) {
        anc_caps one = (anc_caps)1 << bit;
        if ((idle & one) && plugin_cap_words(one)) {
            check_warn(k, what, "nothing in its tables needs \"%s\". Ask for less.", plugin_cap_words(one));
        }
    }
    if (!idle) {
        check_ok(k, what, "%s", "");
    }
    if (p->wants & p->wants_optional) {
        check_warn(k, "a power is either needed or optional", "one is in both; say it once.");
    }
}

static void tell_needs(struct check *k, const struct anc_plugin *p) {
    for (uint32_t i = 0; i < p->dependencies.count; i++) {
        struct anc_dependency row;
        plugin_row(&p->dependencies, i, &row, sizeof row);
        check_tell(k, 'N', row.id, "");
    }
}

void check_part_description(struct check *k) {
    static const char what[] = "its description is well-formed";
    struct plugin_info p;
    check_now(k, "asking for the description");
    struct plugin_host *h = plugin_host_read(k->dir, k->id);
    plugin_host_check(h, k->copies, frame_templates(k->frame));
    if (!plugin_find(h, k->arena, k->id, &p) || p.state != PLUGIN_CHECKED || !p.about) {
        check_fail(k, what, "%s", p.reason ? p.reason : "it was not found");
        return;
    }
    check_ok(k, what, "pages with permission and form %u, statements %u, templates %u, forms %u, texts %u",
             p.about->routes.count, p.about->sql.count, p.about->templates.count, p.about->forms.count,
             p.about->texts.count);
    check_tell(k, 'I', p.id, p.version_text);
    check_tell(k, 'P', arena_i64(k->arena, (int64_t)p.wants), arena_i64(k->arena, (int64_t)p.wants_optional));
    tell_needs(k, p.about);
    check_powers(k, &p);
}
