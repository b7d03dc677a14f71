// SPDX-License-Identifier: Apache-2.0
// Views about single suppliers: who is paid most, how few they are, and the same suppliers a year before.
#ifndef LOCAL_SPEND_CONCENTRATION_H
#define LOCAL_SPEND_CONCENTRATION_H

#include "view.h"

anc_rc draw_suppliers(struct view *v);
anc_rc draw_concentration(struct view *v);
anc_rc draw_like_for_like(struct view *v);

#endif
