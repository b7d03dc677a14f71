// SPDX-License-Identifier: Apache-2.0
// Adding an address for messages, changing it, and stopping with one button.
#include "pages/channels.h"

#include "domain/channel.h"
#include "pages/routes.h"
#include "pages/view.h"
#include "plugin/points.h"

enum err channels_put(struct req *r, struct model *m) {
    const struct channel *list;
    size_t n;
    enum err e = channel_list(&r->c, &list, &n);
    model_list(m, "channels");
    for (size_t i = 0; e == ERR_OK && i < n; i++) {
        struct model *item = model_add(m, "channels");
        model_text(item, "channel_key", list[i].key);
        model_text(item, "channel_title", list[i].title);
        model_text(item, "channel_address", list[i].address);
        model_bool(item, "channel_active", list[i].active);
        model_bool(item, "channel_used", *list[i].address != 0);
    }
    return e;
}

// One field whose label and hint are the plugin's.
static const struct form_spec *make_form(const struct req *r) {
    struct provider p;
    if (!provider_find(r->c.plugins, ANC_POINT_NOTIFIER, r->params[0], &p)) {
        return NULL;
    }
    struct field_spec *field = arena_alloc(r->c.arena, sizeof *field);
    struct form_spec *spec = arena_alloc(r->c.arena, sizeof *spec);
    const char *title, *label, *hint;
    point_notifier_words(&p, &title, &label, &hint);
    *field = (struct field_spec){.name = "address",
                                 .label = label,
                                 .hint = *hint ? hint : NULL,
                                 .type = FIELD_TEXT,
                                 .required = true,
                                 .max_chars = CHANNEL_ADDRESS_MAX,
                                 .when_empty = arena_printf(r->c.arena, "Fill in: %s", label)};
    *spec = (struct form_spec){.name = "channel", .fields = field, .field_count = 1};
    return spec;
}
static const struct route_form channel_form = {make_form};

static enum err page_channel(struct req *r) {
    struct channel k;
    enum err e = channel_get(&r->c, r->params[0], &k);
    if (e == ERR_OK && (!k.active || !r->form)) {
        e = ctx_fail(&r->c, ERR_NOT_FOUND, "the notifier %s does not run", k.key);
    }
    if (e != ERR_OK) {
        return e;
    }
    if (!form_was_sent(r->form)) {
        form_set(r->form, "address", k.address);
    }
    struct model *m = page_model(r, k.title);
    model_text(m, "channel_key", k.key);
    model_text(m, "channel_title", k.title);
    model_bool(m, "channel_used", *k.address != 0);
    return page_render(r, "account/channel", m);
}

static enum err post_channel(struct req *r) {
    if (r->form && form_ok(r->form)) {
        enum err e = channel_set(&r->c, r->params[0], form_text(r->form, "address"));
        if (e == ERR_OK) {
            page_flash(
                r, "success",
                "Saved. From now on we send you messages there too. Links to sign in with still come by "
                "e-mail only.");
            return page_redirect(r, "/account");
        }
        e = view_form_failure(r, e);
        if (e != ERR_OK) {
            return e;
        }
    }
    return page_channel(r);
}

static enum err post_stop(struct req *r) {
    enum err e = channel_stop(&r->c, r->params[0]);
    if (e != ERR_OK) {
        return e;
    }
    page_flash(r, "success", "Stopped. Nothing is sent there any more. You still get e-mail.");
    return page_redirect(r, "/account");
}

#define PERSON NEED(PERM_SIGNED_IN)
const struct route routes_channels[] = {
    {"GET", "/account/channels/{channel}", PERSON, CSRF_NONE, "-", ROUTE_FORM_MADE, "", page_channel,
     &channel_form},
    {"POST", "/account/channels/{channel}", PERSON, CSRF_TOKEN, "-", ROUTE_FORM_MADE, "", post_channel,
     &channel_form},
    {"POST", "/account/channels/{channel}/stop", PERSON, CSRF_TOKEN, "-", 0, "", post_stop, NULL},
};
ROUTES_END(channels);
