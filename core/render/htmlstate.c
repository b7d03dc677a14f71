// SPDX-License-Identifier: Apache-2.0
// A strict follower of HTML for templates.
#include "render/htmlstate.h"

#include <string.h>

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name(char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == ':' || c == '.';
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool in_list(const char *word, const char *const *list) {
    for (; *list; list++) {
        if (strcmp(word, *list) == 0) {
            return true;
        }
    }
    return false;
}

// Elements a browser reads in a way of its own, or that carry other pages.
static const char *const refused_elements[] = {"plaintext", "xmp",    "iframe",   "noembed",
                                               "noframes",  "frame",  "frameset", "object",
                                               "embed",     "applet", "base",     NULL};
// SVG animation can set any attribute, an address too.
static const char *const static_elements[] = {
    "animate", "animatemotion", "animatetransform", "set", "discard", "style", NULL};
static const char *const url_attrs[] = {"href",     "src",      "action",  "formaction", "xlink:href",
                                        "poster",   "cite",     "data",    "background", "longdesc",
                                        "manifest", "codebase", "classid", "usemap",     "ping",
                                        "archive",  "icon",     "profile", NULL};
static const char *const static_attrs[] = {"srcset",  "imagesrcset",   "is", "nonce", "integrity", "xml:base",
                                           "sandbox", "attributename", NULL};
static const char *const site_attrs[] = {"action", "formaction", NULL};

void html_state_init(struct html_state *s) {
    *s = (struct html_state){.mode = HTML_TEXT};
}

bool html_state_in_text(const struct html_state *s) {
    return s->mode == HTML_TEXT;
}

static void push(char *word, size_t cap, size_t *n, char c) {
    if (*n + 1 < cap) {
        word[*n] = lower(c);
        word[*n + 1] = 0;
    }
    ++*n; // counts on beyond the room, so that a longer word never looks like a shorter one
}

static bool fits(size_t n, size_t cap) {
    return n < cap;
}

static void restart(char *word, size_t *n) {
    word[0] = 0;
    *n = 0;
}

static const char *element_named(struct html_state *s) {
    bool known = fits(s->element_n, sizeof s->element);
    s->static_element = known && in_list(s->element, static_elements);
    // Cut names are compared by their length too: "animatetransform" is longer than the room.
    if (!known && strncmp(s->element, "animate", 7) == 0) {
        s->static_element = true;
    }
    return known && in_list(s->element, refused_elements) ? "this element is not used on our pages" : NULL;
}

static const char *attr_named(struct html_state *s) {
    bool known = fits(s->name_n, sizeof s->name);
    if (strncmp(s->name, "on", 2) == 0) {
        return "event attributes (on...) are stopped by the security policy; use the script";
    }
    if (known && strcmp(s->name, "style") == 0) {
        return "style attributes are stopped by the security policy; use a class";
    }
    if (known && (strcmp(s->name, "srcdoc") == 0 || strcmp(s->name, "http-equiv") == 0)) {
        return "srcdoc and http-equiv are not used on our pages";
    }
    s->attr = HTML_ATTR_PLAIN;
    if (s->static_element || (known && in_list(s->name, static_attrs))) {
        s->attr = HTML_ATTR_STATIC;
    } else if (known && in_list(s->name, url_attrs)) {
        bool script = fits(s->element_n, sizeof s->element) && strcmp(s->element, "script") == 0;
        s->attr = script || in_list(s->name, site_attrs) ? HTML_ATTR_SITE : HTML_ATTR_URL;
    }
    s->url = URL_START;
    restart(s->run, &s->run_n);
    return NULL;
}

static const char *tag_closed(struct html_state *s) {
    s->mode = HTML_TEXT;
    restart(s->run, &s->run_n);
    if (!fits(s->element_n, sizeof s->element)) {
        return NULL;
    }
    if (strcmp(s->element, "title") == 0 || strcmp(s->element, "textarea") == 0) {
        s->mode = HTML_RCDATA;
    } else if (strcmp(s->element, "script") == 0 || strcmp(s->element, "style") == 0) {
        s->mode = HTML_RAW;
    }
    return NULL;
}

static const char *feed_less(struct html_state *s, char c) {
    restart(s->element, &s->element_n);
    if (c == '!') {
        s->mode = HTML_BANG;
        restart(s->run, &s->run_n);
    } else if (c == '/') {
        s->mode = HTML_END_NAME;
    } else if (is_letter(c)) {
        s->mode = HTML_TAG_NAME;
        push(s->element, sizeof s->element, &s->element_n, c);
    } else {
        return "a lone \"<\" must be written &lt;";
    }
    return NULL;
}

static const char *feed_bang(struct html_state *s, char c) {
    push(s->run, sizeof s->run, &s->run_n, c);
    if (strncmp(s->run, "--", s->run_n) == 0) {
        if (s->run_n == 2) {
            s->mode = HTML_COMMENT;
            s->run_n = s->name_n = 0;
        }
        return NULL;
    }
    if (s->run_n <= 7 && strncmp(s->run, "doctype", s->run_n) == 0) {
        s->mode = s->run_n == 7 ? HTML_DOCTYPE : HTML_BANG;
        return NULL;
    }
    return "after \"<!\" only a comment or the document type can stand";
}

// run_n counts the dashes just read, name_n the bytes so far (WHATWG HTML 13.1.6: what a comment must not
// hold).
static const char *feed_comment(struct html_state *s, char c) {
    if (s->name_n == 0 && (c == '>' || c == '-')) {
        return "a comment must not begin with \">\" or \"-\"";
    }
    if (c == '<') {
        return "a comment must not contain \"<\"";
    }
    if (s->run_n >= 2) {
        if (c != '>') {
            return "a comment must not contain \"--\"";
        }
        html_state_init(s);
        return NULL;
    }
    s->run_n = c == '-' ? s->run_n + 1 : 0;
    s->name_n = 1;
    return NULL;
}

// Text of script, style, title and textarea: the only "<" allowed is the one of its own end tag.
static const char *feed_inner(struct html_state *s, char c) {
    if (s->run_n == 0) {
        if (c == '<') {
            push(s->run, sizeof s->run, &s->run_n, c);
        }
        return NULL;
    }
    size_t name_n = strlen(s->element);
    if (s->run_n == 1 && c != '/') {
        bool harmless = s->mode == HTML_RAW && !is_letter(c) && c != '!' && c != '?' && c != '<';
        restart(s->run, &s->run_n);
        return harmless ? NULL : "inside this element a \"<\" must be written &lt;";
    }
    if (s->run_n >= 2 && s->run_n < 2 + name_n && lower(c) != s->element[s->run_n - 2]) {
        return "inside this element no other tag can stand";
    }
    if (s->run_n < 2 + name_n) {
        push(s->run, sizeof s->run, &s->run_n, c);
        return NULL;
    }
    if (c == '>') {
        html_state_init(s);
        return NULL;
    }
    return "this end tag must close at once with \">\"";
}

static const char *feed_tag(struct html_state *s, char c) {
    if (is_blank(c)) {
        s->mode = HTML_BEFORE_ATTR;
        return NULL;
    }
    if (c == '>') {
        return tag_closed(s);
    }
    if (c == '/') {
        s->mode = HTML_SLASH;
        return NULL;
    }
    if (s->mode == HTML_BEFORE_ATTR && (is_letter(c) || c == '_')) {
        s->mode = HTML_ATTR_NAME;
        restart(s->name, &s->name_n);
        push(s->name, sizeof s->name, &s->name_n, c);
        return NULL;
    }
    return s->mode == HTML_BEFORE_ATTR ? "an attribute name must begin with a letter"
                                       : "here a blank must come before the next attribute";
}

static const char *feed_attr_name(struct html_state *s, char c) {
    if (s->mode == HTML_ATTR_NAME && is_name(c)) {
        push(s->name, sizeof s->name, &s->name_n, c);
        return NULL;
    }
    const char *why = s->mode == HTML_ATTR_NAME ? attr_named(s) : NULL;
    if (why) {
        return why;
    }
    if (c == '=') {
        s->mode = HTML_BEFORE_VALUE;
        return NULL;
    }
    if (is_blank(c)) {
        s->mode = HTML_AFTER_NAME;
        return NULL;
    }
    s->mode = s->mode == HTML_AFTER_NAME ? HTML_BEFORE_ATTR : HTML_NEED_BLANK;
    return feed_tag(s, c);
}

static const char *feed_before_value(struct html_state *s, char c) {
    if (is_blank(c)) {
        return NULL;
    }
    if (c == '"' || c == '\'') {
        s->mode = HTML_VALUE;
        s->quote = c;
        return NULL;
    }
    if (!is_name(c)) {
        return "an attribute value must stand in quotes";
    }
    if (s->attr == HTML_ATTR_URL || s->attr == HTML_ATTR_SITE) {
        return "an address must stand in quotes";
    }
    s->mode = HTML_BARE;
    return NULL;
}

static const char *feed_url_start(struct html_state *s, char c) {
    if (s->run_n == 0 && (c == '#' || c == '?' || c == '/')) {
        s->url = c == '/' ? URL_LONE_SLASH : URL_QUERY;
        return NULL;
    }
    push(s->run, sizeof s->run, &s->run_n, c);
    static const char *const starts[] = {"http://", "https://", "mailto:", "tel:", NULL};
    if (in_list(s->run, starts) && fits(s->run_n, sizeof s->run)) {
        s->url = URL_PATH;
        return NULL;
    }
    for (const char *const *p = starts; *p; p++) {
        if (fits(s->run_n, sizeof s->run) && strncmp(*p, s->run, s->run_n) == 0) {
            return NULL;
        }
    }
    return "an address must begin with \"/\", \"#\", \"?\", http://, https://, mailto: or tel:";
}

static const char *feed_url(struct html_state *s, char c) {
    switch (s->url) {
    case URL_START:
        return feed_url_start(s, c);
    case URL_LONE_SLASH:
        if (c == '/' || c == '\\' || c == '&' || (unsigned char)c <= ' ') {
            return "an address must not begin with two slashes";
        }
        s->url = c == '?' || c == '#' ? URL_QUERY : URL_PATH;
        return NULL;
    case URL_AFTER_VALUE:
    case URL_PATH:
        s->url = c == '?' || c == '#' ? URL_QUERY : URL_PATH;
        return NULL;
    case URL_QUERY:
        s->url = c == '=' ? URL_PART : URL_QUERY;
        return NULL;
    case URL_PART:
        s->url = c == '&' ? URL_QUERY : URL_PART;
        return NULL;
    }
    return NULL;
}

static const char *feed_value(struct html_state *s, char c) {
    bool url = s->attr == HTML_ATTR_URL || s->attr == HTML_ATTR_SITE;
    if (c == s->quote) {
        if (url && s->url == URL_START && s->run_n > 0) {
            return "an address must begin with \"/\", \"#\", \"?\", http://, https://, mailto: or tel:";
        }
        s->mode = HTML_NEED_BLANK;
        return NULL;
    }
    return url ? feed_url(s, c) : NULL;
}

static const char *feed_end_tag(struct html_state *s, char c) {
    if (c == '>' && s->element_n > 0) {
        html_state_init(s);
        return NULL;
    }
    if (is_blank(c) && s->element_n > 0) {
        s->mode = HTML_END_REST;
        return NULL;
    }
    if (s->mode == HTML_END_NAME && (s->element_n ? is_name(c) : is_letter(c))) {
        push(s->element, sizeof s->element, &s->element_n, c);
        return NULL;
    }
    return "an end tag holds a name only";
}

static const char *feed_doctype(struct html_state *s, char c) {
    if (c == '>') {
        html_state_init(s);
        return NULL;
    }
    return is_blank(c) || is_letter(c) ? NULL : "the document type must be <!doctype html>";
}

static const char *feed_slash(struct html_state *s, char c) {
    if (c != '>') {
        return "after \"/\" in a tag only \">\" can stand";
    }
    const char *why = tag_closed(s);
    return s->mode == HTML_TEXT ? why : "this element needs an end tag";
}

static const char *feed_tag_name(struct html_state *s, char c) {
    if (is_name(c)) {
        push(s->element, sizeof s->element, &s->element_n, c);
        return NULL;
    }
    const char *why = element_named(s);
    s->mode = HTML_NEED_BLANK;
    return why ? why : feed_tag(s, c);
}

static const char *feed_bare(struct html_state *s, char c) {
    if (is_name(c)) {
        return NULL;
    }
    s->mode = HTML_NEED_BLANK;
    return c == '/' ? "a value with \"/\" must stand in quotes" : feed_tag(s, c);
}

static const char *feed_one(struct html_state *s, char c) {
    switch (s->mode) {
    case HTML_TEXT:
        s->mode = c == '<' ? HTML_LESS : HTML_TEXT;
        return NULL;
    case HTML_RCDATA:
    case HTML_RAW:
        return feed_inner(s, c);
    case HTML_LESS:
        return feed_less(s, c);
    case HTML_BANG:
        return feed_bang(s, c);
    case HTML_DOCTYPE:
        return feed_doctype(s, c);
    case HTML_COMMENT:
        return feed_comment(s, c);
    case HTML_TAG_NAME:
        return feed_tag_name(s, c);
    case HTML_END_NAME:
    case HTML_END_REST:
        return feed_end_tag(s, c);
    case HTML_BEFORE_ATTR:
    case HTML_NEED_BLANK:
        return feed_tag(s, c);
    case HTML_ATTR_NAME:
    case HTML_AFTER_NAME:
        return feed_attr_name(s, c);
    case HTML_BEFORE_VALUE:
        return feed_before_value(s, c);
    case HTML_VALUE:
        return feed_value(s, c);
    case HTML_BARE:
        return feed_bare(s, c);
    case HTML_SLASH:
        return feed_slash(s, c);
    }
    return NULL;
}

bool html_state_feed(struct html_state *s, const char *text, size_t n, size_t *ret_at, const char **ret_why) {
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        const char *why = c == 0 || c == '\f' || (c < ' ' && !is_blank(text[i]))
                              ? "a control character stands here"
                              : feed_one(s, text[i]);
        if (why) {
            *ret_at = i;
            *ret_why = why;
            return false;
        }
    }
    return true;
}

static const char *url_value(struct html_state *s, enum escape *ret_place) {
    bool site = s->attr == HTML_ATTR_SITE;
    switch (s->url) {
    case URL_START:
        if (s->run_n > 0) {
            return "an address must begin with \"/\", \"#\", \"?\", http://, https://, mailto: or tel:";
        }
        *ret_place = site ? ESCAPE_SITE : ESCAPE_URL;
        s->url = URL_AFTER_VALUE;
        return NULL;
    case URL_LONE_SLASH:
        *ret_place = ESCAPE_SLASH;
        s->url = URL_AFTER_VALUE;
        return NULL;
    case URL_AFTER_VALUE:
        *ret_place = ESCAPE_NEXT;
        return NULL;
    case URL_PATH:
        *ret_place = ESCAPE_PATH;
        return NULL;
    case URL_QUERY:
        *ret_place = ESCAPE_REST;
        return NULL;
    case URL_PART:
        *ret_place = ESCAPE_PART;
        return NULL;
    }
    return NULL;
}

const char *html_state_value(struct html_state *s, enum escape *ret_place) {
    *ret_place = ESCAPE_TEXT;
    switch (s->mode) {
    case HTML_TEXT:
        return NULL;
    case HTML_RCDATA:
        return s->run_n == 0 ? NULL : "a value cannot stand inside an end tag";
    case HTML_VALUE:
        if (s->attr == HTML_ATTR_STATIC) {
            return "a value cannot stand in this attribute";
        }
        return s->attr == HTML_ATTR_PLAIN ? NULL : url_value(s, ret_place);
    case HTML_RAW:
        return "a value cannot stand inside <script> or <style>";
    case HTML_COMMENT:
        return "a value cannot stand inside a comment";
    case HTML_BEFORE_VALUE:
    case HTML_BARE:
        return "a value cannot stand in an attribute without quotes";
    case HTML_LESS:
    case HTML_BANG:
    case HTML_DOCTYPE:
    case HTML_TAG_NAME:
    case HTML_END_NAME:
    case HTML_END_REST:
        return "a value cannot stand in a tag name";
    case HTML_BEFORE_ATTR:
    case HTML_NEED_BLANK:
    case HTML_ATTR_NAME:
    case HTML_AFTER_NAME:
    case HTML_SLASH:
        return "a value cannot stand among the attribute names";
    }
    return "a value cannot stand here";
}

const char *html_state_section(struct html_state *s) {
    switch (s->mode) {
    case HTML_TEXT:
    case HTML_BEFORE_ATTR:
    case HTML_NEED_BLANK:
        return NULL;
    case HTML_VALUE:
        return s->attr == HTML_ATTR_STATIC ? "a section cannot stand in this attribute" : NULL;
    case HTML_RCDATA:
        return s->run_n == 0 ? NULL : "a section cannot stand inside an end tag";
    case HTML_TAG_NAME: {
        const char *why = element_named(s);
        s->mode = HTML_NEED_BLANK;
        return why;
    }
    case HTML_ATTR_NAME: {
        const char *why = attr_named(s);
        s->mode = HTML_NEED_BLANK;
        return why;
    }
    case HTML_AFTER_NAME:
        s->mode = HTML_BEFORE_ATTR;
        return NULL;
    case HTML_RAW:
    case HTML_LESS:
    case HTML_BANG:
    case HTML_DOCTYPE:
    case HTML_COMMENT:
    case HTML_END_NAME:
    case HTML_END_REST:
    case HTML_BEFORE_VALUE:
    case HTML_BARE:
    case HTML_SLASH:
        break;
    }
    return "a section cannot begin or end here; put it around whole elements, attributes or quoted text";
}

// Once an address has begun it can no longer change its scheme or host, so those phases count as one.
static bool url_same(const struct html_state *a, const struct html_state *b) {
    if (a->attr == HTML_ATTR_PLAIN || (a->url >= URL_AFTER_VALUE && b->url >= URL_AFTER_VALUE)) {
        return true;
    }
    return a->url == b->url && (a->url != URL_START || (a->run_n == 0 && b->run_n == 0));
}

bool html_state_same(const struct html_state *a, const struct html_state *b) {
    if (a->mode != b->mode) {
        return false;
    }
    switch (a->mode) {
    case HTML_VALUE:
        if (a->quote != b->quote || a->attr != b->attr || a->name_n != b->name_n ||
            strcmp(a->name, b->name) != 0 || !url_same(a, b)) {
            return false;
        }
        return a->element_n == b->element_n && strcmp(a->element, b->element) == 0;
    case HTML_BEFORE_ATTR:
    case HTML_NEED_BLANK:
    case HTML_RCDATA:
        return a->element_n == b->element_n && strcmp(a->element, b->element) == 0;
    default:
        return true;
    }
}

void html_state_join(struct html_state *after, const struct html_state *before) {
    if (after->mode == HTML_VALUE && after->attr != HTML_ATTR_PLAIN && after->url != before->url) {
        bool strict = after->url == URL_AFTER_VALUE || before->url == URL_AFTER_VALUE;
        after->url = strict ? URL_AFTER_VALUE : URL_QUERY;
    }
}

bool html_state_address_waits(const struct html_state *s) {
    return s->mode == HTML_VALUE && s->attr != HTML_ATTR_PLAIN && s->url == URL_AFTER_VALUE;
}
