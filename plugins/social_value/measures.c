// SPDX-License-Identifier: Apache-2.0
// The example set of social value measures. Own words and own round figures, not taken from any published
// set.
#include "measures.h"

#include <string.h>

const struct sv_measure sv_measures[] = {
    {.code = "local-jobs",
     .title = "Jobs for people who live in the area",
     .unit = "full-time jobs held for a year",
     .help = "Count new jobs on this contract. Two half-time jobs are one. Show it with a list of posts and "
             "postcodes.",
     .proxy_pence = 2000000,
     .deadweight_bp = 2500,
     .attribution_bp = 8000,
     .displacement_bp = 1000,
     .local_only = true,
     .version = 1},
    {.code = "care-leaver-jobs",
     .title = "Jobs for people who grew up in care",
     .unit = "full-time jobs held for a year",
     .help =
         "Count jobs held by care leavers. Show it with a letter from the leaving-care team, without names.",
     .proxy_pence = 2500000,
     .deadweight_bp = 1000,
     .attribution_bp = 9000,
     .displacement_bp = 500,
     .local_only = true,
     .version = 1},
    {.code = "apprentices",
     .title = "Apprenticeships",
     .unit = "weeks of training",
     .help = "Count weeks on a registered apprenticeship. Show it with the training agreement.",
     .proxy_pence = 20000,
     .deadweight_bp = 2000,
     .attribution_bp = 8000,
     .displacement_bp = 0,
     .local_only = true,
     .version = 1},
    {.code = "care-leaver-placements",
     .title = "Work placements for care leavers",
     .unit = "weeks of placement",
     .help = "Count weeks of paid or meaningful work experience. Show it with a diary signed by both sides.",
     .proxy_pence = 15000,
     .deadweight_bp = 500,
     .attribution_bp = 9000,
     .displacement_bp = 0,
     .local_only = true,
     .version = 1},
    {.code = "school-hours",
     .title = "Help for schools and colleges",
     .unit = "hours of staff time",
     .help = "Count hours given to careers talks, mock interviews and site visits. Show it with the school's "
             "word.",
     .proxy_pence = 1800,
     .deadweight_bp = 1000,
     .attribution_bp = 10000,
     .displacement_bp = 0,
     .local_only = true,
     .version = 1},
    {.code = "living-wage",
     .title = "Staff moved up to the Real Living Wage",
     .unit = "people",
     .help =
         "Count people on this contract whose pay rises to the rate. Show it with pay records without names.",
     .proxy_pence = 150000,
     .deadweight_bp = 3000,
     .attribution_bp = 9000,
     .displacement_bp = 0,
     .local_only = false,
     .version = 1},
    {.code = "local-spend",
     .title = "Spend with firms in the area",
     .unit = "pounds",
     .help = "Count what you pay to suppliers in the area for this contract. Show it with invoices.",
     .proxy_pence = 40,
     .deadweight_bp = 3000,
     .attribution_bp = 8000,
     .displacement_bp = 1000,
     .local_only = true,
     .version = 1},
    {.code = "vcfse-spend",
     .title = "Spend with voluntary, community, faith and social enterprise groups",
     .unit = "pounds",
     .help = "Count what you pay to such groups for this contract. Show it with invoices. Do not count it as "
             "local too.",
     .proxy_pence = 60,
     .deadweight_bp = 1500,
     .attribution_bp = 9000,
     .displacement_bp = 500,
     .local_only = true,
     .version = 1},
    {.code = "volunteering",
     .title = "Staff time given to community groups",
     .unit = "hours",
     .help = "Count paid hours your staff give to groups in the area. Show it with the group's word.",
     .proxy_pence = 1600,
     .deadweight_bp = 1000,
     .attribution_bp = 10000,
     .displacement_bp = 0,
     .local_only = true,
     .version = 1},
    {.code = "community-fund",
     .title = "Money or goods given to community projects",
     .unit = "pounds",
     .help = "Count gifts at what they cost you. Show it with receipts.",
     .proxy_pence = 100,
     .deadweight_bp = 0,
     .attribution_bp = 10000,
     .displacement_bp = 0,
     .local_only = true,
     .version = 1},
    {.code = "carbon-saved",
     .title = "Carbon saved",
     .unit = "tonnes of carbon dioxide",
     .help = "Count tonnes saved against your plan's starting point. Show the sum and where its figures come "
             "from.",
     .proxy_pence = 25000,
     .deadweight_bp = 2000,
     .attribution_bp = 9000,
     .displacement_bp = 0,
     .local_only = false,
     .version = 1},
    {.code = "clean-miles",
     .title = "Miles walked, cycled or driven without fumes",
     .unit = "miles",
     .help = "Count miles on this contract that replace petrol or diesel. Show it with logs.",
     .proxy_pence = SV_NO_PROXY,
     .deadweight_bp = 0,
     .attribution_bp = 10000,
     .displacement_bp = 0,
     .local_only = false,
     .version = 1},
};
const size_t sv_measure_count = sizeof sv_measures / sizeof sv_measures[0];

const struct sv_measure *sv_measure_find(const struct sv_measure *set, size_t count, const char *code) {
    for (size_t i = 0; code && i < count; i++)
        if (strcmp(set[i].code, code) == 0)
            return &set[i];
    return NULL;
}

static bool is_share(int32_t bp) {
    return bp >= 0 && bp <= SV_BASIS_POINTS;
}

const char *sv_measure_problem(const struct sv_measure *m) {
    if (!m->code || !m->code[0] || !m->title || !m->title[0] || !m->unit || !m->unit[0])
        return "A measure needs a code, a title and a unit.";
    if (m->proxy_pence != SV_NO_PROXY && (m->proxy_pence < 0 || m->proxy_pence > SV_PROXY_MAX_PENCE))
        return "The worth of one unit must be from £0 to £10 million.";
    if (!is_share(m->deadweight_bp) || !is_share(m->attribution_bp) || !is_share(m->displacement_bp))
        return "Each share must be from 0% to 100%.";
    return NULL;
}
