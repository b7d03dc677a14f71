// SPDX-License-Identifier: Apache-2.0
// QR codes (ISO/IEC 18004, through libqrencode) as inline SVG.
#include "base/strb.h"
#include "render/escape.h"
#include "render/table.h"
#include "render/value.h"

#include <qrencode.h>
#include <stddef.h>

#define QR_QUIET    4 // light modules around the code, as the standard asks
#define QR_HTML_MAX (1024u * 1024)

// One horizontal run of dark modules is one piece of the path.
static void put_runs(struct strb *out, const QRcode *code) {
    int width = code->width;
    for (int y = 0; y < width; y++) {
        for (int x = 0; x < width;) {
            int from = x;
            while (x < width && (code->data[y * width + x] & 1)) {
                x++;
            }
            if (x > from) {
                strb_printf(out, "M%d %dh%dv1h-%dz", from + QR_QUIET, y + QR_QUIET, x - from, x - from);
            } else {
                x++;
            }
        }
    }
}

const struct html *qr_svg(struct arena *a, const char *text, const char *label) {
    struct strb out;
    strb_init(&out, QR_HTML_MAX);
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    // A text too long for any code leaves the place empty: pages always show the text itself as well.
    if (code) {
        int side = code->width + 2 * QR_QUIET;
        strb_printf(&out,
                    "<svg class=\"anc-qr\" viewBox=\"0 0 %d %d\" width=\"240\" height=\"240\" role=\"img\" "
                    "aria-label=\"",
                    side, side);
        escape_text(&out, label);
        // Fixed colours, not classes: readers need dark on light in dark mode too.
        strb_printf(&out, "\"><path fill=\"#fff\" d=\"M0 0h%dv%dh-%dz\"/><path fill=\"#000\" d=\"", side,
                    side, side);
        put_runs(&out, code);
        strb_puts(&out, "\"/></svg>\n");
        QRcode_free(code);
    }
    return html_take(a, &out);
}
