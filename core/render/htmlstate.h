// SPDX-License-Identifier: Apache-2.0
// Where in the HTML a template tag stands: a small, strict follower of the HTML around it.
//
// It accepts less than browsers do (WHATWG HTML, section 13.2.5, tokenization): wherever its reading and a
// browser's could differ, in odd markup or inside foreign elements, the template is refused instead.
#ifndef ANCHORAGE_RENDER_HTMLSTATE_H
#define ANCHORAGE_RENDER_HTMLSTATE_H

#include "render/escape.h"

#include <stdbool.h>
#include <stddef.h>

enum html_mode {
    HTML_TEXT,
    HTML_RCDATA, // inside <title> or <textarea>
    HTML_RAW,    // inside <script> or <style>
    HTML_LESS,   // after "<"
    HTML_BANG,   // after "<!"
    HTML_DOCTYPE,
    HTML_COMMENT,
    HTML_TAG_NAME,
    HTML_END_NAME,    // name of an end tag
    HTML_END_REST,    // blanks after it
    HTML_BEFORE_ATTR, // in a tag after a blank
    HTML_NEED_BLANK,  // in a tag, where a name must be set off by a blank
    HTML_ATTR_NAME,
    HTML_AFTER_NAME, // blanks after an attribute name
    HTML_BEFORE_VALUE,
    HTML_VALUE, // in quotes
    HTML_BARE,  // without quotes
    HTML_SLASH, // after "/" in a tag
};

enum html_attr {
    HTML_ATTR_PLAIN,
    HTML_ATTR_URL,
    HTML_ATTR_SITE,   // address that must be of this site
    HTML_ATTR_STATIC, // no value may stand here
};

enum url_phase {
    URL_START,
    URL_LONE_SLASH,
    URL_AFTER_VALUE,
    URL_PATH,
    URL_QUERY,
    URL_PART,
};

struct html_state {
    enum html_mode mode;
    char quote;
    enum html_attr attr;
    enum url_phase url;
    char element[16]; // of the tag being read, or the element whose text is read; lower case
    char name[24];    // attribute name, lower case
    char run[16];     // letters of a word that must be recognised: an end tag, the start of an address
    size_t element_n, name_n, run_n;
    bool static_element; // no values in its attributes
};

// Starts in text.
void html_state_init(struct html_state *s);

// Reads template text. False with *ret_at (offset of the byte) and *ret_why (a sentence part) when refused.
bool html_state_feed(struct html_state *s, const char *text, size_t n, size_t *ret_at, const char **ret_why);

// A value stands here: tells its place and goes on after it; NULL, or why it may not stand here.
const char *html_state_value(struct html_state *s, enum escape *ret_place);

// Directly after a value that began an address: anything but the closing quote makes the address go on.
bool html_state_address_waits(const struct html_state *s);

// A section begins or ends here: settles a name that was being read; NULL, or why it may not stand here.
const char *html_state_section(struct html_state *s);

// Whether a section body may run none, one or several times: it begins and ends in the same state.
bool html_state_same(const struct html_state *a, const struct html_state *b);

// After a section: what is true whether or not its body ran.
void html_state_join(struct html_state *after, const struct html_state *before);

// In plain text, where whole pieces of HTML may be put.
bool html_state_in_text(const struct html_state *s);

#endif
