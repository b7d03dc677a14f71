// SPDX-License-Identifier: Apache-2.0
// What the place chooses of the method: kinds of payment that can be steered, and the classes of suppliers
// that the headline counts as VCFSE.
#ifndef LOCAL_SPEND_CHOICES_H
#define LOCAL_SPEND_CHOICES_H

#include <anchorage/plugin.h>

// The settings an administrator sees.
#define SPEND_SETTINGS 9
extern const struct anc_setting spend_settings[SPEND_SETTINGS];

// Classes that are VCFSE by some definitions only, as the tagger calls them.
#define SPEND_CLASSES 7
struct spend_class {
    const char *key, *setting; // "public-controlled", "include_public_controlled"
    const char *words;         // "Bodies that public bodies control"
};
extern const struct spend_class spend_classes[SPEND_CLASSES];

// Kinds of payment (1u << ANC_FLOW_*) that can be steered: S of the method.
uint32_t spend_flows_counted(const struct anc_host *host, anc_ctx *ctx);

// Classes that are switched on, one blank between; "" none.
const char *spend_classes_counted(const struct anc_host *host, anc_ctx *ctx);

// In words for people; the key itself of a class that is not ours, "No class" of "".
const char *spend_class_words(const char *key);

#endif
