// SPDX-License-Identifier: Apache-2.0
// The extension point payments_reader, filled by the logic of this plugin.
#ifndef LOCAL_SPEND_READER_H
#define LOCAL_SPEND_READER_H

#include <anchorage/plugin.h>

extern const struct anc_payments_reader spend_payments_reader;

#endif
