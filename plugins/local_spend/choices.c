// SPDX-License-Identifier: Apache-2.0
// What the place chooses of the method.
#include "choices.h"

#include <string.h>

#define STRICT_STAYS " The strict figure never counts them, the wide one always does."

const struct anc_setting spend_settings[SPEND_SETTINGS] = {
    {.key = "count_grants",
     .kind = ANC_SETTING_YES_NO,
     .dflt = "1",
     .title = "Count grants as spend that can be steered",
     .help = "Grants to voluntary and community groups are a choice of the public body, as purchases are."},
    {.key = "count_hidden",
     .kind = ANC_SETTING_YES_NO,
     .dflt = "0",
     .title = "Count payments whose payee is not named as spend that can be steered",
     .help = "Public bodies hide the names of people, such as carers and families. Nobody can choose another "
             "supplier for such a payment, and nobody can see where it goes. So it is shown beside the "
             "figures and not in them. Switched on, all of it counts as spend with an unknown place."},
    {.key = "include_housing",
     .kind = ANC_SETTING_YES_NO,
     .dflt = "0",
     .title = "Headline: count housing associations as VCFSE",
     .help = "They work for people and not for profit, but many are as large as a council, and one contract "
             "can change the whole figure." STRICT_STAYS},
    {.key = "include_university",
     .kind = ANC_SETTING_YES_NO,
     .dflt = "0",
     .title = "Headline: count universities as VCFSE",
     .help = "Most universities are charities by law, but few people think of them as the voluntary "
             "sector." STRICT_STAYS},
    {.key = "include_school",
     .kind = ANC_SETTING_YES_NO,
     .dflt = "0",
     .title = "Headline: count independent schools as VCFSE",
     .help =
         "Many schools that charge fees are charities. The usual counts of the voluntary sector leave them "
         "out." STRICT_STAYS},
    {.key = "include_public_controlled",
     .kind = ANC_SETTING_YES_NO,
     .dflt = "0",
     .title = "Headline: count bodies that public bodies control as VCFSE",
     .help = "Such as a social enterprise that a council owns. The money stays within the public "
             "sector." STRICT_STAYS},
    {.key = "include_trade_or_professional",
     .kind = ANC_SETTING_YES_NO,
     .dflt = "0",
     .title = "Headline: count trade and professional bodies as VCFSE",
     .help = "Such as institutes, chambers and examining bodies. They are not for profit, but serve their "
             "members first." STRICT_STAYS},
    {.key = "include_trading_subsidiary",
     .kind = ANC_SETTING_YES_NO,
     .dflt = "0",
     .title = "Headline: count trading companies of charities as VCFSE",
     .help = "A company that a charity owns and that gives its profit to it." STRICT_STAYS},
    {.key = "include_mutual",
     .kind = ANC_SETTING_YES_NO,
     .dflt = "0",
     .title = "Headline: count credit unions and other mutuals as VCFSE",
     .help = "They belong to their members, and what is left over goes to them." STRICT_STAYS},
};

const struct spend_class spend_classes[SPEND_CLASSES] = {
    {"housing", "include_housing", "Housing associations"},
    {"university", "include_university", "Universities"},
    {"school", "include_school", "Independent schools"},
    {"public-controlled", "include_public_controlled", "Bodies that public bodies control"},
    {"trade-or-professional", "include_trade_or_professional", "Trade and professional bodies"},
    {"trading-subsidiary", "include_trading_subsidiary", "Trading companies of charities"},
    {"mutual", "include_mutual", "Credit unions and other mutuals"},
};

uint32_t spend_flows_counted(const struct anc_host *host, anc_ctx *ctx) {
    uint32_t flows = 1u << ANC_FLOW_PROCUREMENT | 1u << ANC_FLOW_CREDIT | 1u << ANC_FLOW_PASS_THROUGH |
                     1u << ANC_FLOW_CARD;
    flows |= host->setting->number(ctx, "count_grants") ? 1u << ANC_FLOW_GRANT : 0;
    return flows | (host->setting->number(ctx, "count_hidden") ? 1u << ANC_FLOW_HIDDEN : 0);
}

const char *spend_classes_counted(const struct anc_host *host, anc_ctx *ctx) {
    const char *out = "";
    for (size_t i = 0; i < SPEND_CLASSES; i++) {
        if (host->setting->number(ctx, spend_classes[i].setting)) {
            out = host->mem->format(ctx, "%s%s%s", out, *out ? " " : "", spend_classes[i].key);
        }
    }
    return out;
}

const char *spend_class_words(const char *key) {
    for (size_t i = 0; i < SPEND_CLASSES; i++) {
        if (strcmp(spend_classes[i].key, key) == 0) {
            return spend_classes[i].words;
        }
    }
    return *key ? key : "No class";
}
