// SPDX-License-Identifier: Apache-2.0
// Words about plugins.
#include "pages/plugin_words.h"

#include <string.h>

struct plugin_state_words plugin_state_say(enum plugin_state s, bool entered, bool handled) {
    static const struct plugin_state_words changing = {
        "Changing", "planned", "The server is acting upon the last change.", "", false};
    static const struct plugin_state_words fresh = {
        "Not switched on", "draft", "Its file is in the folder. Nothing of it has run.",
        "Switch it on to use it. You choose what it may do.", false};
    static const struct plugin_state_words starting = {"Starting", "planned", "The server is starting it.",
                                                       "", false};
    switch (s) {
    case PLUGIN_ACTIVE:
        return handled ? (struct plugin_state_words){"Working", "open", "It is working.", "", false}
                       : changing;
    case PLUGIN_DRAINING:
        return (struct plugin_state_words){
            "Finishing", "closing",
            "It takes no new calls. Calls that were running when it was switched off may still end.", "",
            false};
    case PLUGIN_FAILED:
        return handled
                   ? (struct plugin_state_words){"Not working", "refused", "It could not be started.",
                                                 "Put right what the reason says, then start it again.", true}
                   : changing;
    case PLUGIN_SUSPENDED:
        return handled ? (struct plugin_state_words){"Taken out", "refused",
                                                     "The server took it out to protect everybody else.",
                                                     "Tell whoever made it the reason and the faults below. "
                                                     "Start it again "
                                                     "when it has been put right.",
                                                     true}
                       : changing;
    case PLUGIN_STOPPED:
        return !handled ? changing
               : entered
                   ? (struct plugin_state_words){"Off", "closed", "It is off. Nothing of it runs.", "", false}
                   : fresh;
    case PLUGIN_FOUND:
    case PLUGIN_CHECKED:
        return !entered ? fresh : handled ? starting : changing;
    default:
        return handled ? starting : changing;
    }
}

const char *plugin_sentence(struct arena *a, const char *words) {
    char *s = arena_strdup(a, words);
    if (*s >= 'a' && *s <= 'z') {
        *s = (char)(*s - 'a' + 'A');
    }
    return s;
}

const char *plugin_power_label(struct arena *a, anc_caps one) {
    const char *words = plugin_cap_words(one);
    return plugin_sentence(a, words ? words : "");
}

const char *plugin_power_opens(anc_caps one) {
    static const char *const opens[] = {
        ("It sees the register of suppliers: name, kind of work, size, where they are and whether they are a "
         "charity or social enterprise. No people and no email addresses."),
        "It sees what each public body paid, by year and supplier.",
        "It decides which suppliers count as what, and gives reasons. Officers can overrule it.",
        "It gives points for what bidders promise.",
        "It writes published notices as files for other websites.",
        "It reads the payments files that officers load.",
        "It sees notices and awards that are published anyway. No drafts and no bids.",
        "It keeps data of its own in this database, apart from everything else.",
        "It shows pages under /x/, entries in the menu and panels on our pages.",
        "It does work without being asked, at set times.",
        "It is asked before some things are stored and may say no. It is told of them afterwards.",
        "It judges which businesses may bid, where a notice asks for its rules.",
        "It sees people's addresses and the messages to them, so that it can send them."};
    for (size_t i = 0; i < sizeof opens / sizeof *opens; i++) {
        if (one == (anc_caps)1 << i) {
            return opens[i];
        }
    }
    return "";
}

const char *plugin_point_words(uint32_t point) {
    switch (point) {
    case ANC_POINT_SUPPLIER_TAGGER:
        return "Tags suppliers";
    case ANC_POINT_NOTICE_EXPORTER:
        return "Writes notices for other websites";
    case ANC_POINT_BID_SCORER:
        return "Scores bids";
    case ANC_POINT_PAYMENTS_READER:
        return "Reads payments files";
    case ANC_POINT_PAYEE_MATCHER:
        return "Matches payees to suppliers";
    case ANC_POINT_SPEND_PANEL:
        return "Shows figures of payments";
    case ANC_POINT_ELIGIBILITY_RULE:
        return "Judges who may bid";
    case ANC_POINT_NOTIFIER:
        return "Sends messages";
    default:
        return "Something newer than this server";
    }
}

const char *plugin_slot_words(int32_t slot) {
    switch (slot) {
    case ANC_SLOT_HOME:
        return "on the first page";
    case ANC_SLOT_SUPPLIER:
        return "on each supplier's page";
    case ANC_SLOT_NOTICE:
        return "on each notice";
    case ANC_SLOT_BUYER_NOTICE:
        return "on the buyer's page of each notice";
    case ANC_SLOT_OFFICER:
        return "on the officers' first page";
    case ANC_SLOT_ACCOUNT:
        return "on each person's own page";
    default:
        return "nowhere on this server";
    }
}

const char *plugin_perm_words(int32_t perm) {
    switch (perm) {
    case ANC_PERM_PUBLIC:
        return "everybody";
    case ANC_PERM_SIGNED_IN:
        return "people who are signed in";
    case ANC_PERM_SUPPLIER:
        return "suppliers";
    case ANC_PERM_BUYER:
        return "buyers";
    case ANC_PERM_OFFICER:
        return "officers";
    default:
        return "administrators";
    }
}

const char *plugin_every_words(struct arena *a, uint32_t seconds) {
    static const struct {
        uint32_t seconds;
        const char *one, *many;
    } units[] = {{86400, "day", "days"}, {3600, "hour", "hours"}, {60, "minute", "minutes"}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        uint32_t n = seconds / units[i].seconds;
        if (n > 0 && seconds % units[i].seconds == 0) {
            return n == 1 ? arena_printf(a, "every %s", units[i].one)
                          : arena_printf(a, "every %u %s", n, units[i].many);
        }
    }
    return arena_printf(a, "every %u seconds", seconds);
}
