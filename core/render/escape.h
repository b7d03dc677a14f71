// SPDX-License-Identifier: Apache-2.0
// Escaping by place: what a value must become to stay a value where it stands in the HTML.
#ifndef ANCHORAGE_RENDER_ESCAPE_H
#define ANCHORAGE_RENDER_ESCAPE_H

#include "base/strb.h"

#include <stdbool.h>
#include <stddef.h>

// Places. The URL places are those of the WHATWG URL Standard as far as it matters here: only the start of an
// address can change its scheme or host, the rest can at worst name another page of the same site.
enum escape {
    ESCAPE_TEXT,       // text, a quoted attribute, <title> and <textarea>
    ESCAPE_URL,        // a whole address, or its start and the end of the attribute
    ESCAPE_URL_MORE,   // the start of an address that goes on
    ESCAPE_SITE,       // like ESCAPE_URL, but of this site only (script sources, form actions)
    ESCAPE_SITE_MORE,  // like ESCAPE_URL_MORE, but of this site only
    ESCAPE_SLASH,      // after a lone "/" that begins an address, to its end
    ESCAPE_SLASH_MORE, // the same when the address goes on
    ESCAPE_NEXT,       // directly after another value in an address: "", or begins with one of / ? # &
    ESCAPE_PATH,       // within the path
    ESCAPE_REST,       // within the query or fragment, or where it is not known
    ESCAPE_PART,       // the value of a query parameter
};

// Appends the bytes, made harmless for the place. Bytes that are control characters become U+FFFD in text.
// An address that is not allowed becomes "#".
void escape_put(struct strb *out, enum escape place, const char *s, size_t n);

// Text with ESCAPE_TEXT; NULL adds nothing.
void escape_text(struct strb *out, const char *s);

// True for a path of this site ("/x", "?x", "#x") and, unless same_site, for http, https, mailto and tel
// addresses.
bool escape_url_allowed(const char *s, size_t n, bool same_site);

#endif
