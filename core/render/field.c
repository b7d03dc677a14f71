// SPDX-License-Identifier: Apache-2.0
// The HTML of form fields (markup of GOV.UK Frontend 6, see each component's page in the GOV.UK Design
// System).
#include "render/field.h"

#include "render/escape.h"
#include "render/value.h"

#include <stdio.h>
#include <string.h>

#define FIELD_HTML_MAX ((size_t)512 * 1024)

// One field while it is written.
struct piece {
    struct strb *out;
    const struct form *form;
    const struct field_spec *spec;
    const char *error;
    bool question;
};

static void put(struct piece *p, const char *html) {
    strb_puts(p->out, html);
}

static void put_text(struct piece *p, const char *s) {
    escape_text(p->out, s);
}

// ` name="value"`, nothing for NULL.
static void put_attr(struct piece *p, const char *name, const char *value) {
    if (value) {
        put(p, " ");
        put(p, name);
        put(p, "=\"");
        put_text(p, value);
        put(p, "\"");
    }
}

static void open_group(struct piece *p, const char *class, const char *attrs) {
    put(p, "<div class=\"govuk-form-group");
    put(p, class);
    put(p, p->error ? " govuk-form-group--error\"" : "\"");
    put(p, attrs);
    put(p, ">\n");
}

static void put_label(struct piece *p) {
    put(p, p->question ? "<h1 class=\"govuk-label-wrapper\"><label class=\"govuk-label govuk-label--l\""
                       : "<label class=\"govuk-label\"");
    put_attr(p, "for", p->spec->name);
    put(p, ">");
    put_text(p, p->spec->label);
    put(p, p->question ? "</label></h1>\n" : "</label>\n");
}

static void put_hint(struct piece *p) {
    if (p->spec->hint) {
        put(p, "<div id=\"");
        put_text(p, p->spec->name);
        put(p, "-hint\" class=\"govuk-hint\">");
        put_text(p, p->spec->hint);
        put(p, "</div>\n");
    }
}

static void put_error(struct piece *p) {
    if (p->error) {
        put(p, "<p id=\"");
        put_text(p, p->spec->name);
        put(p, "-error\" class=\"govuk-error-message\"><span class=\"govuk-visually-hidden\">Error:</span> ");
        put_text(p, p->error);
        put(p, "</p>\n");
    }
}

static void put_described(struct piece *p, bool counted) {
    const char *parts[3];
    size_t n = 0;
    if (counted) {
        parts[n++] = "-info";
    }
    if (p->spec->hint) {
        parts[n++] = "-hint";
    }
    if (p->error) {
        parts[n++] = "-error";
    }
    for (size_t i = 0; i < n; i++) {
        put(p, i == 0 ? " aria-describedby=\"" : " ");
        put_text(p, p->spec->name);
        put(p, parts[i]);
    }
    if (n > 0) {
        put(p, "\"");
    }
}

static const char *width_of(const struct field_spec *spec) {
    if (spec->shown_as) {
        return spec->shown_as;
    }
    switch (spec->type) {
    case FIELD_POSTCODE:
    case FIELD_MONEY:
    case FIELD_NUMBER:
    case FIELD_TIME:
        return "10";
    case FIELD_PERCENT:
        return "5";
    default:
        return NULL;
    }
}

// " govuk-input--width-10", or the override classes for parts of the line.
static void put_width(struct piece *p) {
    const char *width = width_of(p->spec);
    if (!width || strcmp(width, "full") == 0) {
        return;
    }
    if (strcmp(width, "half") == 0) {
        put(p, " govuk-!-width-one-half");
        return;
    }
    put(p, " govuk-input--width-");
    put(p, width);
}

static const char *html_type(enum field_type type) {
    return type == FIELD_EMAIL ? "email" : type == FIELD_PASSWORD ? "password" : "text";
}

static void put_input(struct piece *p) {
    const struct field_spec *s = p->spec;
    bool password = s->type == FIELD_PASSWORD;
    put(p, "<input class=\"govuk-input");
    put_width(p);
    put(p, password ? " govuk-password-input__input govuk-js-password-input-input" : "");
    put(p, p->error ? " govuk-input--error\"" : "\"");
    put_attr(p, "id", s->name);
    put_attr(p, "name", s->name);
    put_attr(p, "type", html_type(s->type));
    if (s->type == FIELD_EMAIL || s->type == FIELD_POSTCODE || password) {
        put(p, " spellcheck=\"false\"");
    }
    put(p, password ? " autocapitalize=\"none\"" : "");
    const char *value = form_shown(p->form, s->name, 0);
    put_attr(p, "value", *value ? value : NULL);
    put_described(p, false);
    put_attr(p, "autocomplete", s->autocomplete);
    put_attr(p, "inputmode", s->inputmode);
    put(p, ">\n");
}

static void write_input(struct piece *p) {
    bool money = p->spec->type == FIELD_MONEY, percent = p->spec->type == FIELD_PERCENT;
    bool password = p->spec->type == FIELD_PASSWORD;
    open_group(p, password ? " govuk-password-input" : "",
               password ? " data-module=\"govuk-password-input\"" : "");
    put_label(p);
    put_hint(p);
    put_error(p);
    if (money) {
        put(p, "<div class=\"govuk-input__wrapper\"><div class=\"govuk-input__prefix\" "
               "aria-hidden=\"true\">\xC2\xA3</div>");
    }
    if (percent) {
        put(p, "<div class=\"govuk-input__wrapper\">\n");
    }
    if (password) {
        put(p, "<div class=\"govuk-input__wrapper govuk-password-input__wrapper\">\n");
    }
    put_input(p);
    if (password) {
        put(p, "<button type=\"button\" class=\"govuk-button govuk-button--secondary "
               "govuk-password-input__toggle "
               "govuk-js-password-input-toggle\" data-module=\"govuk-button\"");
        put_attr(p, "aria-controls", p->spec->name);
        put(p, " aria-label=\"Show password\" hidden>Show</button>\n");
    }
    if (percent) {
        put(p, "<div class=\"govuk-input__suffix\" aria-hidden=\"true\">%</div>\n");
    }
    put(p, money || percent || password ? "</div>\n</div>\n" : "</div>\n");
}

static void write_area(struct piece *p) {
    const struct field_spec *s = p->spec;
    char number[32];
    snprintf(number, sizeof number, "%zu", s->max_chars);
    char attrs[96];
    snprintf(attrs, sizeof attrs, " data-module=\"govuk-character-count\" data-maxlength=\"%s\"", number);
    open_group(p, s->counted ? " govuk-character-count" : "", s->counted ? attrs : "");
    put_label(p);
    put_hint(p);
    put_error(p);
    put(p, "<textarea class=\"govuk-textarea");
    put(p, s->counted ? " govuk-js-character-count" : "");
    put(p, p->error ? " govuk-textarea--error\"" : "\"");
    put_attr(p, "id", s->name);
    put_attr(p, "name", s->name);
    char rows[32];
    snprintf(rows, sizeof rows, "%zu", s->rows ? s->rows : 5);
    put_attr(p, "rows", rows);
    put_described(p, s->counted);
    put_attr(p, "autocomplete", s->autocomplete);
    put(p, ">");
    const char *value = form_shown(p->form, s->name, 0);
    // Browsers drop one line feed at the start of a textarea.
    put(p, value[0] == '\n' ? "\n" : "");
    put_text(p, value);
    put(p, "</textarea>\n");
    if (s->counted) {
        put(p, "<div");
        put(p, " id=\"");
        put_text(p, s->name);
        put(p, "-info\" class=\"govuk-hint govuk-character-count__message\">You can enter up to ");
        put(p, number);
        put(p, " characters</div>\n");
    }
    put(p, "</div>\n");
}

static void open_fieldset(struct piece *p, const char *attrs) {
    open_group(p, "", "");
    put(p, "<fieldset class=\"govuk-fieldset\"");
    put(p, attrs);
    put_described(p, false);
    put(p, ">\n<legend class=\"govuk-fieldset__legend");
    put(p, p->question ? " govuk-fieldset__legend--l\"><h1 class=\"govuk-fieldset__heading\">"
                       : " govuk-fieldset__legend--m\">");
    put_text(p, p->spec->label);
    put(p, p->question ? "</h1></legend>\n" : "</legend>\n");
    put_hint(p);
    put_error(p);
}

// "name" for the first, "name-2" and so on for the others: the error summary links to the first.
static void put_item_id(struct piece *p, size_t i) {
    put_text(p, p->spec->name);
    if (i > 0) {
        strb_printf(p->out, "-%zu", i + 1);
    }
}

static bool is_chosen(const struct piece *p, const char *value) {
    const struct field_spec *s = p->spec;
    return s->type == FIELD_CHECKS ? form_chosen(p->form, s->name, value)
                                   : strcmp(form_shown(p->form, s->name, 0), value) == 0;
}

static void put_choice(struct piece *p, const struct field_option *o, size_t i, const char *block,
                       const char *type) {
    strb_printf(p->out, "<div class=\"govuk-%s__item\">\n<input class=\"govuk-%s__input\" id=\"", block,
                block);
    put_item_id(p, i);
    put(p, "\"");
    put_attr(p, "name", p->spec->name);
    put_attr(p, "type", type);
    put_attr(p, "value", o->value);
    put(p, is_chosen(p, o->value) ? " checked" : "");
    bool hint = o->hint && *o->hint;
    if (hint) {
        put(p, " aria-describedby=\"");
        put_item_id(p, i);
        put(p, "-item-hint\"");
    }
    strb_printf(p->out, ">\n<label class=\"govuk-label govuk-%s__label\" for=\"", block);
    put_item_id(p, i);
    put(p, "\">");
    put_text(p, o->label);
    put(p, "</label>\n");
    if (hint) {
        put(p, "<div id=\"");
        put_item_id(p, i);
        strb_printf(p->out, "-item-hint\" class=\"govuk-hint govuk-%s__hint\">", block);
        put_text(p, o->hint);
        put(p, "</div>\n");
    }
    put(p, "</div>\n");
}

static void write_choices(struct piece *p) {
    bool radio = p->spec->type == FIELD_RADIO;
    const char *block = radio ? "radios" : "checkboxes";
    size_t n;
    const struct field_option *options = form_options_of(p->form, p->spec->name, &n);
    open_fieldset(p, "");
    strb_printf(p->out, "<div class=\"govuk-%s\" data-module=\"govuk-%s\">\n", block, block);
    for (size_t i = 0; i < n; i++) {
        put_choice(p, &options[i], i, block, radio ? "radio" : "checkbox");
    }
    put(p, "</div>\n</fieldset>\n</div>\n");
}

static void write_tick(struct piece *p) {
    open_group(p, "", "");
    put_error(p);
    put(p, "<div class=\"govuk-checkboxes\" data-module=\"govuk-checkboxes\">\n<div "
           "class=\"govuk-checkboxes__item\">\n"
           "<input class=\"govuk-checkboxes__input\"");
    put_attr(p, "id", p->spec->name);
    put_attr(p, "name", p->spec->name);
    put(p, " type=\"checkbox\" value=\"yes\"");
    put(p, form_ticked(p->form, p->spec->name) ? " checked" : "");
    put_described(p, false);
    put(p, ">\n<label class=\"govuk-label govuk-checkboxes__label\"");
    put_attr(p, "for", p->spec->name);
    put(p, ">");
    put_text(p, p->spec->label);
    put(p, "</label>\n");
    if (p->spec->hint) {
        put(p, "<div id=\"");
        put_text(p, p->spec->name);
        put(p, "-hint\" class=\"govuk-hint govuk-checkboxes__hint\">");
        put_text(p, p->spec->hint);
        put(p, "</div>\n");
    }
    put(p, "</div>\n</div>\n</div>\n");
}

static void write_select(struct piece *p) {
    const struct field_spec *s = p->spec;
    size_t n;
    const struct field_option *options = form_options_of(p->form, s->name, &n);
    open_group(p, "", "");
    put_label(p);
    put_hint(p);
    put_error(p);
    put(p,
        p->error ? "<select class=\"govuk-select govuk-select--error\"" : "<select class=\"govuk-select\"");
    put_attr(p, "id", s->name);
    put_attr(p, "name", s->name);
    put_described(p, false);
    put_attr(p, "autocomplete", s->autocomplete);
    put(p, ">\n<option value=\"\">Choose</option>\n");
    for (size_t i = 0; i < n; i++) {
        put(p, "<option");
        put_attr(p, "value", options[i].value);
        put(p, is_chosen(p, options[i].value) ? " selected>" : ">");
        put_text(p, options[i].label);
        put(p, "</option>\n");
    }
    put(p, "</select>\n</div>\n");
}

static void put_date_part(struct piece *p, int i) {
    static const char *const names[] = {"day", "month", "year"};
    static const char *const labels[] = {"Day", "Month", "Year"};
    static const char *const birthday[] = {"bday-day", "bday-month", "bday-year"};
    const struct field_spec *s = p->spec;
    put(p, "<div class=\"govuk-date-input__item\"><div class=\"govuk-form-group\">\n"
           "<label class=\"govuk-label govuk-date-input__label\" for=\"");
    put_text(p, s->name);
    strb_printf(
        p->out,
        "-%s\">%s</label>\n<input class=\"govuk-input govuk-date-input__input govuk-input--width-%d%s\"",
        names[i], labels[i], i == 2 ? 4 : 2,
        p->error && (form_wrong_parts(p->form, s->name) >> i & 1) ? " govuk-input--error" : "");
    char id[128];
    snprintf(id, sizeof id, "%s-%s", s->name, names[i]);
    put_attr(p, "id", id);
    put_attr(p, "name", id);
    put(p, " type=\"text\" inputmode=\"numeric\"");
    const char *value = form_shown(p->form, s->name, i);
    put_attr(p, "value", *value ? value : NULL);
    if (s->autocomplete && strcmp(s->autocomplete, "bday") == 0) {
        put_attr(p, "autocomplete", birthday[i]);
    }
    put(p, ">\n</div></div>\n");
}

static void write_date(struct piece *p) {
    open_fieldset(p, " role=\"group\"");
    put(p, "<div class=\"govuk-date-input\"");
    put_attr(p, "id", p->spec->name);
    put(p, ">\n");
    for (int i = 0; i < 3; i++) {
        put_date_part(p, i);
    }
    put(p, "</div>\n</fieldset>\n</div>\n");
}

static void write_file(struct piece *p) {
    const struct field_spec *s = p->spec;
    open_group(p, "", "");
    put_label(p);
    put_hint(p);
    put_error(p);
    put(p, p->error ? "<input class=\"govuk-file-upload govuk-file-upload--error\""
                    : "<input class=\"govuk-file-upload\"");
    put_attr(p, "id", s->name);
    put_attr(p, "name", s->name);
    put(p, " type=\"file\"");
    put_attr(p, "accept", s->accept);
    put_described(p, false);
    put(p, ">\n</div>\n");
}

static void write_hidden(struct piece *p) {
    put(p, "<input type=\"hidden\"");
    put_attr(p, "name", p->spec->name);
    put_attr(p, "value", form_shown(p->form, p->spec->name, 0));
    put(p, ">\n");
}

bool field_write(struct strb *out, const struct form *f, const char *name, bool as_question) {
    const struct field_spec *spec = form_field(f, name);
    if (!spec) {
        return false;
    }
    struct piece p = {
        .out = out, .form = f, .spec = spec, .error = form_error_of(f, name), .question = as_question};
    switch (spec->type) {
    case FIELD_AREA:
        write_area(&p);
        break;
    case FIELD_RADIO:
    case FIELD_CHECKS:
        write_choices(&p);
        break;
    case FIELD_TICK:
        write_tick(&p);
        break;
    case FIELD_SELECT:
        write_select(&p);
        break;
    case FIELD_DATE:
        write_date(&p);
        break;
    case FIELD_FILE:
        write_file(&p);
        break;
    case FIELD_HIDDEN:
        write_hidden(&p);
        break;
    default:
        write_input(&p);
        break;
    }
    return true;
}

const struct html *field_html(struct arena *a, const struct form *f, const char *name) {
    struct strb b;
    strb_init(&b, FIELD_HTML_MAX);
    field_write(&b, f, name, false);
    return html_take(a, &b);
}

// The first input of a field: for dates the first part that is wrong.
static void put_target(struct strb *out, const struct form *f, const struct field_spec *spec) {
    static const char *const parts[] = {"-day", "-month", "-year"};
    escape_text(out, spec->name);
    if (spec->type == FIELD_DATE) {
        unsigned wrong = form_wrong_parts(f, spec->name);
        strb_puts(out, parts[wrong & 1 ? 0 : wrong & 2 ? 1 : wrong & 4 ? 2 : 0]);
    }
}

void field_errors_write(struct strb *out, const struct form *f) {
    if (form_ok(f)) {
        return;
    }
    strb_puts(
        out,
        "<div class=\"govuk-error-summary\" data-module=\"govuk-error-summary\">\n<div role=\"alert\">\n"
        "<h2 class=\"govuk-error-summary__title\">There is a problem</h2>\n"
        "<div class=\"govuk-error-summary__body\">\n<ul class=\"govuk-list govuk-error-summary__list\">\n");
    const char *field, *sentence;
    for (size_t i = 0; form_error_at(f, i, &field, &sentence); i++) {
        const struct field_spec *spec = *field ? form_field(f, field) : NULL;
        bool linked = spec && spec->type != FIELD_HIDDEN;
        strb_puts(out, "<li>");
        if (linked) {
            strb_puts(out, "<a href=\"#");
            put_target(out, f, spec);
            strb_puts(out, "\">");
        }
        escape_text(out, sentence);
        strb_puts(out, linked ? "</a></li>\n" : "</li>\n");
    }
    strb_puts(out, "</ul>\n</div>\n</div>\n</div>\n");
}

void field_csrf_write(struct strb *out, const char *token) {
    if (token) {
        strb_puts(out, "<input type=\"hidden\" name=\"csrf\" value=\"");
        escape_text(out, token);
        strb_puts(out, "\">");
    }
}
