// SPDX-License-Identifier: Apache-2.0
// What administrators do with a plugin: on, off, start again, powers, settings. A page writes the wish, waits
// a moment for the server to act upon it, and says what is now so.
#include "db/queries.gen.h"
#include "domain/plugin_admin.h"
#include "pages/admin_plugins.h"
#include "pages/view.h"
#include "render/field.h"

#include <string.h>

#define WAIT_MS    3000
#define STEP_MS    50
#define POWERS_MAX 64

// ---- what became of it

static uint64_t generation_now(const struct req *r) {
    const struct plugin_set *now = r->app->host ? plugin_host_pin(r->app->host) : NULL;
    uint64_t number = plugin_set_number(now);
    plugin_set_unpin(now);
    return number;
}

// Until the wish was acted upon or a new generation came. Not longer: this request still holds the old one,
// and a plugin that is left out ends only when nobody holds it any more.
static enum err wait_a_moment(struct req *r, const char *id, struct plugin_answer_now *ret, bool *ret_acted) {
    *ret_acted = false;
    uint64_t mine = plugin_set_number(r->c.plugins);
    bool moved = false;
    for (int waited = 0; waited < WAIT_MS; waited += STEP_MS) {
        enum err e = plugin_admin_wait(&r->c, id, STEP_MS, ret);
        if (e != ERR_OK || ret->handled || moved) {
            *ret_acted = ret->handled || moved;
            return e;
        }
        moved = mine > 0 && generation_now(r) != mine; // once more: then the next request is of the new one
    }
    return ERR_OK;
}

enum err plugin_wait_for_end(struct req *r, const char *id) {
    struct plugin_answer_now now = {.state = ""};
    enum err e = ERR_OK;
    for (int waited = 0; e == ERR_OK && waited < WAIT_MS; waited += STEP_MS) {
        e = plugin_admin_wait(&r->c, id, STEP_MS, &now);
        if (now.handled && strcmp(now.state, "DRAINING") != 0) {
            break;
        }
    }
    return e == ERR_NOT_FOUND ? ERR_OK : e; // one that was never switched on
}

// done: what is to be said when all went as wished. The page it goes to waits for the rest.
static enum err back_to_plugin(struct req *r, const struct plugin_seen *p, const char *done) {
    struct plugin_answer_now now = {.state = "", .reason = ""};
    bool acted;
    enum err e = wait_a_moment(r, p->id, &now, &acted);
    if (e != ERR_OK) {
        return e;
    }
    bool failed = now.handled && now.enabled && strcmp(now.state, "ACTIVE") != 0;
    if (failed) {
        page_flash(r, "info",
                   arena_printf(r->c.arena, "It is noted, but %s is not working%s%s", p->title,
                                *now.reason ? ": " : ".", now.reason));
    } else {
        page_flash(r, acted ? "success" : "info",
                   acted ? done : arena_printf(r->c.arena, "%s The server is still acting upon it.", done));
    }
    return page_redirect(r, "/admin/plugins/%s?changed=1", p->id);
}

// ---- powers

static anc_caps asked(const struct plugin_seen *p) {
    return p->info.wants | p->info.wants_optional;
}

// The boxes: one for each power it asks for; which of them stand ticked when nothing was sent yet.
static void offer_powers(struct req *r, const struct plugin_seen *p, anc_caps ticked) {
    struct field_option *options = arena_array(r->c.arena, POWERS_MAX, sizeof *options);
    size_t n = 0;
    for (unsigned bit = 0; bit < 64; bit++) {
        anc_caps one = (anc_caps)1 << bit;
        const char *name = NULL;
        anc_caps power = 0;
        for (size_t i = 0; power != one && (name = plugin_power_name(i, &power)); i++) {
        }
        if (!(asked(p) & one) || !name) {
            continue;
        }
        bool needed = p->info.wants & one;
        options[n++] = (struct field_option){.value = name,
                                             .label = arena_printf(r->c.arena, "%s%s",
                                                                   plugin_power_label(r->c.arena, one),
                                                                   needed ? " (needed)" : ""),
                                             .hint = plugin_power_opens(one)};
        if (!form_was_sent(r->form) && (ticked & one)) {
            form_set(r->form, "powers", name);
        }
    }
    form_options(r->form, "powers", options, n);
}

static anc_caps ticked_powers(const struct req *r) {
    const char *name;
    anc_caps powers = 0;
    for (size_t i = 0; (name = form_choice(r->form, "powers", i)); i++) {
        powers |= plugin_power_by_name(name);
    }
    return powers;
}

static enum err show_powers(struct req *r, const struct plugin_seen *p, bool on) {
    struct model *m = plugin_page_model(r, on ? "Switch on" : "Powers", p);
    model_bool(m, "on", on);
    model_bool(m, "again", p->enabled);
    model_bool(m, "asks", asked(p) != 0);
    model_text(m, "had", p->granted ? plugin_powers_list(r->c.arena, p->granted) : "");
    model_text(m, "summary", p->info.summary ? p->info.summary : "");
    model_text(m, "version", p->version);
    return page_render(r, "admin/plugin-powers", m);
}

// What is ticked at first: what it had, or, the first time, what it cannot do without.
static anc_caps first_ticks(const struct plugin_seen *p, bool on) {
    anc_caps had = p->entered ? p->granted : 0;
    return on ? had | p->info.wants : had;
}

static enum err page_powers(struct req *r, bool on) {
    struct plugin_seen p;
    enum err e = plugin_see(r, &p);
    if (e != ERR_OK) {
        return e;
    }
    if (on && p.handled && p.state == PLUGIN_ACTIVE) {
        return page_redirect(r, "/admin/plugins/%s/powers", p.id); // it is on already
    }
    offer_powers(r, &p, first_ticks(&p, on));
    return show_powers(r, &p, on);
}

enum err plugin_page_on(struct req *r) {
    return page_powers(r, true);
}

enum err plugin_page_powers(struct req *r) {
    return page_powers(r, false);
}

// A refusal about powers stands beside the boxes when there are any.
static enum err refusal_in_form(struct req *r, enum err e, bool boxes) {
    if (e != ERR_INVALID && e != ERR_CONFLICT) {
        return e;
    }
    form_error(r->form, boxes ? "powers" : "", r->c.err_detail);
    return ERR_OK;
}

// A file was opened for the first time: what it needs is known now, and asked for on the same page.
static enum err opened(struct req *r, const struct plugin_seen *p) {
    struct plugin_answer_now now;
    struct plugin_info info = {0};
    bool acted;
    enum err e = wait_a_moment(r, p->id, &now, &acted);
    bool known = e == ERR_OK && plugin_find(r->app->host, r->c.arena, p->id, &info) && info.about;
    if (known && (info.about->wants & ~p->granted)) {
        page_flash(r, "info", "The file was opened. Choose what the plugin may do.");
        return page_redirect(r, "/admin/plugins/%s/on", p->id);
    }
    return e ? e : back_to_plugin(r, p, "The file was opened.");
}

static enum err post_powers(struct req *r, bool on) {
    struct plugin_seen p;
    enum err e = plugin_see(r, &p);
    if (e != ERR_OK) {
        return e;
    }
    offer_powers(r, &p, 0);
    if (form_ok(r->form)) {
        // Of a file that was not opened nobody knows what it asks for; what it once had it keeps.
        anc_caps powers = p.info.about ? ticked_powers(r) : p.entered ? PLUGIN_POWERS_AS_BEFORE : 0;
        e = on ? plugin_admin_enable(&r->c, r->app->host, p.id, powers)
               : plugin_admin_grant(&r->c, r->app->host, p.id, powers);
        if (e == ERR_OK && on && !p.info.about) {
            return opened(r, &p);
        }
        if (e == ERR_OK) {
            const char *done = on ? "is switched on" : "has the powers you chose";
            return back_to_plugin(r, &p, arena_printf(r->c.arena, "%s %s.", p.title, done));
        }
        e = refusal_in_form(r, e, asked(&p) != 0);
    }
    return e ? e : show_powers(r, &p, on);
}

enum err plugin_post_on(struct req *r) {
    return post_powers(r, true);
}

enum err plugin_post_powers(struct req *r) {
    return post_powers(r, false);
}

enum err plugin_post_again(struct req *r) {
    struct plugin_seen p;
    enum err e = plugin_see(r, &p);
    e = e ? e : plugin_admin_enable(&r->c, r->app->host, p.id, PLUGIN_POWERS_AS_BEFORE);
    if (e == ERR_CONFLICT) {
        page_flash(r, "info", r->c.err_detail);
        return page_redirect(r, "/admin/plugins/%s", p.id);
    }
    return e ? e : back_to_plugin(r, &p, arena_printf(r->c.arena, "%s was started again.", p.title));
}

// ---- off

// held: why it cannot be switched off now, "" when it can; pin: the tender that holds it, or NULL.
static enum err show_off(struct req *r, const struct plugin_seen *p, const char *held,
                         const struct plugin_pin *pin) {
    struct model *m = plugin_page_model(r, "Switch off", p);
    plugin_put_brings(r, m, p);
    model_bool(m, "may_off", p->enabled && !*held && form_ok(r->form));
    model_bool(m, "is_off", !p->enabled);
    model_text(m, "held", held);
    model_text(m, "tender", pin ? pin->ref : "");
    return page_render(r, "admin/plugin-off", m);
}

enum err plugin_page_off(struct req *r) {
    struct plugin_seen p;
    enum err e = plugin_see(r, &p);
    if (e != ERR_OK) {
        return e;
    }
    e = plugin_admin_may_disable(&r->c, r->app->host, p.id);
    if (e != ERR_OK && e != ERR_CONFLICT) {
        return e;
    }
    const char *held = e == ERR_CONFLICT ? r->c.err_detail : "";
    struct plugin_pin pin = {.ref = ""};
    e = *held ? plugin_admin_pin(&r->c, r->app->host, p.id, &pin) : ERR_OK;
    return e ? e : show_off(r, &p, held, &pin);
}

enum err plugin_post_off(struct req *r) {
    struct plugin_seen p;
    enum err e = plugin_see(r, &p);
    e = e ? e : plugin_admin_disable(&r->c, r->app->host, p.id);
    if (e == ERR_OK) {
        return back_to_plugin(r, &p, arena_printf(r->c.arena, "%s is switched off.", p.title));
    }
    e = view_form_failure(r, e);
    return e ? e : show_off(r, &p, "", NULL);
}

// ---- settings

const struct form_spec *plugin_settings_form(const struct req *r) {
    struct plugin_info info;
    bool known = r->app->host && plugin_find(r->app->host, r->c.arena, r->params[0], &info);
    return known ? plugin_settings_spec(r->c.arena, info.about) : NULL;
}

static enum err fill(struct req *r, const struct plugin_seen *p) {
    struct rows *values;
    enum err e = DB_ROWS(&r->c, plugin_admin_values, &values, p->id);
    for (uint32_t i = 0; e == ERR_OK && i < p->info.about->settings.count; i++) {
        struct anc_setting row;
        const char *value = NULL;
        plugin_row(&p->info.about->settings, i, &row, sizeof row);
        for (size_t k = 0; k < rows_count(values); k++) {
            value = strcmp(row_text(values, k, "key"), row.key) == 0 ? row_text(values, k, "value") : value;
        }
        plugin_setting_show(r->form, &row, value);
    }
    return e;
}

static enum err show_settings(struct req *r, const struct plugin_seen *p) {
    struct model *m = plugin_page_model(r, "Settings", p);
    model_list(m, "fields");
    for (uint32_t i = 0; r->form && i < p->info.about->settings.count; i++) {
        struct anc_setting row;
        plugin_row(&p->info.about->settings, i, &row, sizeof row);
        model_html(model_add(m, "fields"), "field_html",
                   field_html(r->c.arena, r->form, plugin_setting_field(r->c.arena, row.key)));
    }
    return page_render(r, "admin/plugin-settings", m);
}

enum err plugin_page_settings(struct req *r) {
    struct plugin_seen p;
    enum err e = plugin_see(r, &p);
    e = e || !r->form ? e : fill(r, &p);
    return e ? e : show_settings(r, &p);
}

// The errors of the form stand beside its fields already; one from later gets there by its key.
static enum err settings_failure(struct req *r, enum err e) {
    if (e != ERR_INVALID && e != ERR_CONFLICT) {
        return e;
    }
    const char *field = r->c.err_field ? plugin_setting_field(r->c.arena, r->c.err_field) : "";
    form_error(r->form, *field && form_field(r->form, field) ? field : "", r->c.err_detail);
    return ERR_OK;
}

static enum err save(struct req *r, const struct plugin_seen *p, size_t *ret_changed) {
    uint32_t n = p->info.about->settings.count;
    struct plugin_setting_value *list = arena_array(r->c.arena, n + 1u, sizeof *list);
    for (uint32_t i = 0; i < n; i++) {
        struct anc_setting row;
        plugin_row(&p->info.about->settings, i, &row, sizeof row);
        list[i] = (struct plugin_setting_value){.key = row.key,
                                                .value = plugin_setting_read(r->c.arena, r->form, &row)};
    }
    return plugin_admin_set_all(&r->c, r->app->host, p->id, list, n, ret_changed);
}

enum err plugin_post_settings(struct req *r) {
    struct plugin_seen p;
    size_t changed = 0;
    enum err e = plugin_see(r, &p);
    if (e != ERR_OK || !r->form) {
        return e ? e : show_settings(r, &p);
    }
    if (form_ok(r->form)) {
        e = save(r, &p, &changed);
        if (e == ERR_OK && changed == 0) {
            page_flash(r, "info", "Nothing was changed.");
            return page_redirect(r, "/admin/plugins/%s", p.id);
        }
        if (e == ERR_OK) {
            return back_to_plugin(r, &p, "The settings are saved.");
        }
        e = settings_failure(r, e);
    }
    return e ? e : show_settings(r, &p);
}
