// SPDX-License-Identifier: Apache-2.0
// Figures of matching, weighted by pounds, and the tables that the test prints.
#include "db/goldtest.h"

#include <stdio.h>
#include <string.h>

static const char *const part_words[GOLD_PARTS] = {
    [GOLD_BOTH] = "Bolton and Salford 2019",
    [GOLD_TUNED] = "Tuned with these in view: Bolton, four names of five",
    [GOLD_HELD_NAMES] = "Held out by hash of the name: Bolton, every fifth name",
    [GOLD_HELD_COUNCIL] = "Held out by publisher: Salford, names that Bolton does not have",
    [GOLD_NEVER_SEEN] = "Never seen: Wakefield 2018/19 Q4, labels are the numbers it publishes itself",
};

static bool in_part(const struct gold_payee *p, enum gold_part part) {
    switch (part) {
    case GOLD_BOTH:
        return p->files & (GOLD_BOLTON | GOLD_SALFORD);
    case GOLD_TUNED:
        return (p->files & GOLD_BOLTON) && !p->held;
    case GOLD_HELD_NAMES:
        return (p->files & GOLD_BOLTON) && p->held;
    case GOLD_HELD_COUNCIL:
        return (p->files & GOLD_SALFORD) && !p->known_there;
    default:
        return p->files & GOLD_WAKEFIELD;
    }
}

static bool counted(const struct gold_payee *p, const struct gold_view *v) {
    return p->pence > 0 && in_part(p, v->part) && (v->trust != GOLD_AUDITED || p->doubt == GOLD_FINE) &&
           (v->trust != GOLD_LABELLED || *p->number) && (!v->label || p->method == v->label);
}

static int32_t milli(int64_t part, int64_t whole) {
    return whole > 0 ? (int32_t)(part * 1000 / whole) : 0;
}

static int64_t wrong_pence(const struct gold_figures *f) {
    return f->other_pence + f->decoy_pence + f->unlabelled_pence;
}

struct gold_figures gold_measure(const struct gold *g, const struct gold_answer *a,
                                 const struct gold_view *v) {
    struct gold_figures f = {0};
    for (size_t i = 0; i < g->payees; i++) {
        const struct gold_payee *p = &g->payee[i];
        if (!counted(p, v)) {
            continue;
        }
        f.payees++;
        f.labelled += *p->number != 0;
        f.labelled_pence += *p->number ? p->pence : 0;
        if (!a[i].entry || a[i].score < v->least || (v->most && a[i].score > v->most) ||
            (v->method && strcmp(a[i].method, v->method) != 0)) {
            continue;
        }
        const struct gold_entry *e = &g->entry[a[i].entry - 1];
        bool right = *p->number && strcmp(e->number, p->number) == 0;
        size_t *n = right ? &f.right : e->decoy ? &f.decoy : *p->number ? &f.other : &f.unlabelled;
        int64_t *pence = right        ? &f.right_pence
                         : e->decoy   ? &f.decoy_pence
                         : *p->number ? &f.other_pence
                                      : &f.unlabelled_pence;
        ++*n;
        *pence += p->pence;
    }
    f.precision_milli = milli(f.right_pence, f.right_pence + wrong_pence(&f));
    f.recall_milli = milli(f.right_pence, f.labelled_pence);
    return f;
}

int32_t gold_score_of_precision(const struct gold *g, const struct gold_answer *a, struct gold_view v,
                                int32_t precision_milli) {
    int32_t best = 1001;
    for (v.least = 1000; v.least >= 550; v.least -= 5) {
        struct gold_figures f = gold_measure(g, a, &v);
        best = f.right_pence > 0 && f.precision_milli >= precision_milli ? v.least : best;
    }
    return best;
}

int32_t gold_score_of_recall(const struct gold *g, const struct gold_answer *a, struct gold_view v,
                             int32_t recall_milli) {
    for (v.least = 1000; v.least >= 550; v.least -= 5) {
        if (gold_measure(g, a, &v).recall_milli >= recall_milli) {
            return v.least;
        }
    }
    return 0;
}

static void line(const char *what, const struct gold_figures *f) {
    printf("    %-44s precision %3d.%d %%  recall %3d.%d %%  right %5zu GBP %10lld  wrong %4zu GBP %9lld\n",
           what, f->precision_milli / 10, f->precision_milli % 10, f->recall_milli / 10, f->recall_milli % 10,
           f->right, (long long)(f->right_pence / 100), f->other + f->decoy + f->unlabelled,
           (long long)(wrong_pence(f) / 100));
}

static void at_score(const struct gold *g, const struct gold_answer *a, struct gold_view v, const char *what,
                     int32_t score) {
    char words[80];
    v.least = score;
    struct gold_figures f = gold_measure(g, a, &v);
    snprintf(words, sizeof words, "%s (score %d and more)", what, score);
    line(score > 0 && score <= 1000 ? words : what, &f);
}

void gold_print_part(const struct gold *g, enum gold_part part, const struct gold_answer *ours,
                     const struct gold_answer *theirs) {
    static const char *const trust_words[] = {"all labels; a payee without a label is nobody",
                                              "less the labels that the audit does not believe",
                                              "payees with a label only"};
    printf("\n%s\n", part_words[part]);
    for (int t = GOLD_ALL; t <= GOLD_LABELLED; t++) {
        struct gold_view v = {.part = part, .trust = (enum gold_trust)t};
        struct gold_figures published = gold_measure(g, theirs, &v);
        printf("  %s: %zu payees, %zu with a label, GBP %lld\n", trust_words[t], published.payees,
               published.labelled, (long long)(published.labelled_pence / 100));
        line("published method", &published);
        at_score(g, ours, v, "ours, at its precision",
                 gold_score_of_precision(g, ours, v, published.precision_milli));
        at_score(g, ours, v, "ours, at its recall", gold_score_of_recall(g, ours, v, published.recall_milli));
        at_score(g, ours, v, "ours, surest proposals", 900);
        at_score(g, ours, v, "ours, all proposals", 550);
    }
}

void gold_print_bands(const struct gold *g, enum gold_part part, const struct gold_answer *ours) {
    printf("\n%s: what is right of the proposals of each score\n", part_words[part]);
    for (int32_t from = 900; from >= 550; from -= 50) {
        struct gold_view v = {.part = part, .least = from, .most = from == 900 ? 2000 : from + 49};
        struct gold_figures f = gold_measure(g, ours, &v);
        printf(
            "    %4d  right %4zu GBP %9lld   other entry %3zu   decoy %3zu   no label %3zu   right of those "
            "with a label %3d.%d %%\n",
            from, f.right, (long long)(f.right_pence / 100), f.other, f.decoy, f.unlabelled,
            milli((int64_t)f.right, (int64_t)(f.right + f.other + f.decoy)) / 10,
            milli((int64_t)f.right, (int64_t)(f.right + f.other + f.decoy)) % 10);
    }
}

void gold_print_methods(const struct gold *g, enum gold_part part, const struct gold_answer *ours,
                        const struct gold_answer *theirs) {
    static const char *const methods[] = {"exact_name", "exact_other_name", "similar_name"};
    static const struct {
        int method;
        const char *words;
    } labels[] = {{10, "1 very name"},
                  {30, "3 name less furniture"},
                  {40, "4 company written out"},
                  {51, "5.1 THE dropped"},
                  {60, "6 initials"},
                  {70, "7 cut short"},
                  {80, "8 care home"},
                  {90, "9 health service"},
                  {100, "10 charity"},
                  {110, "11 school"}};
    printf("\n%s: by our method, then by method of the label\n", part_words[part]);
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++) {
        struct gold_view v = {.part = part, .method = methods[i]};
        struct gold_figures f = gold_measure(g, ours, &v);
        line(methods[i], &f);
    }
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        struct gold_view v = {.part = part, .label = labels[i].method};
        struct gold_figures f = gold_measure(g, ours, &v), published = gold_measure(g, theirs, &v);
        if (f.payees == 0) {
            continue; // labels of its own have no method
        }
        printf("    %-24s %4zu payees GBP %10lld   found: published %3d.%d %%  ours %3d.%d %%\n",
               labels[i].words, f.payees, (long long)(f.labelled_pence / 100), published.recall_milli / 10,
               published.recall_milli % 10, f.recall_milli / 10, f.recall_milli % 10);
    }
}

void gold_print_wrong(const struct gold *g, enum gold_part part, const struct gold_answer *a) {
    for (size_t i = 0; i < g->payees; i++) {
        const struct gold_payee *p = &g->payee[i];
        bool right = a[i].entry && strcmp(g->entry[a[i].entry - 1].number, p->number) == 0;
        if (in_part(p, part) && !right && p->pence > 0 && (a[i].entry || *p->number)) {
            printf("%d;%s;%lld;%d;%s;%s;%s;%s\n", a[i].score, a[i].method, (long long)(p->pence / 100),
                   p->method, p->name, p->company, a[i].entry ? g->entry[a[i].entry - 1].name : "",
                   a[i].entry && g->entry[a[i].entry - 1].decoy ? "decoy" : "");
        }
    }
}
