// SPDX-License-Identifier: Apache-2.0
// What a column heading of a payments file means: known headings first, then the words in it, then likeness.
#include "heading.h"

#include <stdbool.h>
#include <string.h>

#include "cell.h"
#include "headwords.h"

enum { KEY_BYTES = 96, MAX_WORDS = 24 };

struct heading_words {
    char text[KEY_BYTES * 2];
    const char *at[MAX_WORDS];
    size_t n;
};

static bool lower_letter(char c) {
    return c >= 'a' && c <= 'z';
}

static bool upper_letter(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool digit(char c) {
    return c >= '0' && c <= '9';
}

// Councils of Wales write their headings in Welsh, or in both languages.
static void translate(struct heading_words *w) {
    static const char *const welsh[][2] = {
        {"cyflenwr", "supplier"},
        {"cyflenwyr", "supplier"},
        {"gyflenwr", "supplier"},
        {"enw", "name"},
        {"enwr", "name"},
        {"dyddiad", "date"},
        {"talu", "payment"},
        {"taliad", "payment"},
        {"swm", "amount"},
        {"gwerth", "value"},
        {"derbynnydd", "recipient"},
        {"buddiolwr", "beneficiary"},
        {"disgrifiad", "description"},
        {"gwariant", "expenditure"},
        {"wariant", "expenditure"},
        {"cyfanswm", "total"},
        {"rhif", "number"},
        {"cyfeirnod", "reference"},
        {"anfoneb", "invoice"},
        {"taw", "vat"},
        {"adran", "department"},
        {"gwasanaeth", "service"},
        {"cyfarwyddiaeth", "directorate"},
    };
    for (size_t i = 0; i < w->n; i++) {
        for (size_t k = 0; k < CELL_COUNT(welsh); k++) {
            w->at[i] = strcmp(w->at[i], welsh[k][0]) == 0 ? welsh[k][1] : w->at[i];
        }
    }
}

// Cuts a heading into lower-case words, at punctuation and inside CamelCase; letters beyond ASCII are
// dropped.
static void split(const char *text, bool with_brackets, struct heading_words *w) {
    size_t len = 0;
    bool open = false, in_word = false;
    w->n = 0;
    for (const char *p = text; *p && len + 2 < sizeof w->text; p++) {
        if (*p == '(' || *p == '[') {
            open = true;
        } else if (*p == ')' || *p == ']') {
            open = false;
        }
        bool word = lower_letter(*p) || upper_letter(*p) || digit(*p);
        if (!word || (open && !with_brackets)) {
            // A letter beyond ASCII neither parts nor joins: "Amount" stays whole behind a mangled mark.
            in_word = in_word && (*p & 0x80) && len > 0;
            continue;
        }
        bool hump = p > text && upper_letter(*p) &&
                    (lower_letter(p[-1]) || (upper_letter(p[-1]) && lower_letter(p[1])));
        if (!in_word || hump) {
            if (w->n == MAX_WORDS) {
                break;
            }
            if (len) {
                w->text[len++] = 0;
            }
            w->at[w->n++] = w->text + len;
        }
        in_word = true;
        w->text[len++] = upper_letter(*p) ? (char)(*p - 'A' + 'a') : *p;
    }
    w->text[len] = 0;
    translate(w);
}

// A number ("6 Supplier") or the column type of a database export ("text Date") in front of a heading says
// nothing.
static bool says_nothing(const char *word) {
    return strspn(word, "0123456789") == strlen(word) || strcmp(word, "text") == 0;
}

// The words run together, without what says nothing in front.
static void make_key(const struct heading_words *w, char key[KEY_BYTES]) {
    size_t n = 0;
    for (size_t i = 0; i < w->n; i++) {
        if (i == 0 && w->n > 1 && says_nothing(w->at[0])) {
            continue;
        }
        for (const char *p = w->at[i]; *p && n + 1 < KEY_BYTES; p++) {
            key[n++] = *p;
        }
    }
    key[n] = 0;
}

static bool lookup(const char *key, struct spend_heading *ret) {
    for (size_t i = 0; i < spend_headword_count; i++) {
        const struct headword *h = &spend_headwords[i];
        if (strcmp(key, h->key) == 0) {
            *ret = (struct spend_heading){(enum spend_role)h->role, (enum spend_basis)h->basis, h->rank};
            return true;
        }
    }
    return false;
}

static bool has_any(const struct heading_words *w, const char *const *list, size_t count) {
    for (size_t i = 0; i < w->n; i++) {
        if (cell_in_list(w->at[i], list, count)) {
            return true;
        }
    }
    return false;
}

#define HAS(w, ...)                                                                                          \
    has_any((w), (const char *const[]){__VA_ARGS__},                                                         \
            sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

static bool is_id_word(const struct heading_words *w) {
    return HAS(w, "id", "no", "num", "number", "code", "ref", "reference", "identifier", "uri", "url");
}

static struct spend_heading answer(enum spend_role role, enum spend_basis basis, int rank) {
    return (struct spend_heading){role, basis, rank};
}

// Amounts by their words: "Amount (including VAT)", "Invoice Line Amount Net GBP", "Amount £'s".
static struct spend_heading read_amount(const struct heading_words *w) {
    if (HAS(w, "eur", "euro", "euros", "usd", "dollar", "dollars") && !HAS(w, "gbp", "sterling")) {
        return answer(ROLE_NONE, 0, 0);
    }
    enum {
        SENTENCE = 10
    }; // a heading of more words is an explanation, and no payments file has one on its amount
    if (w->n > SENTENCE) {
        return answer(ROLE_NONE, 0, 0);
    }
    bool vat = HAS(w, "vat", "tax");
    bool without =
        HAS(w, "ex", "exc", "excl", "exclude", "excludes", "excluding", "less", "without", "net", "nett");
    bool with = HAS(w, "inc", "incl", "include", "includes", "including", "plus", "with", "gross");
    bool lost =
        HAS(w, "non", "not", "cannot") && HAS(w, "recoverable", "reclaimable", "reclaimed", "claimed");
    if (vat && (lost || HAS(w, "irrecoverable", "unrecoverable", "nonrecoverable", "recovered"))) {
        return answer(ROLE_VAT_LOST, 0, 5);
    }
    if ((!HAS(w, "amount", "amounts", "amt", "value", "total", "net", "nett", "gross", "spend", "sum",
              "payment", "payments", "cost") &&
         !(HAS(w, "how") && HAS(w, "much")) && !(HAS(w, "money") && HAS(w, "out")) &&
         !(HAS(w, "grant") && HAS(w, "awarded", "paid"))) ||
        is_id_word(w) ||
        HAS(w, "date", "type", "category", "description", "budget", "annual", "contract", "order", "orders",
            "po", "pence", "unit", "percentage", "percent", "approved", "requested", "applied", "rateable",
            "level", "month", "salary", "pay", "headcount", "threshold", "000", "000s", "m", "million",
            "thousands", "k", "band", "area", "purpose", "name", "method", "group", "period", "analysis",
            "status", "terms", "days", "quantity", "basis", "centre", "center", "element", "manager", "owner",
            "indicator", "flag", "reason", "outstanding", "overdue", "unpaid", "due", "balance", "pension") ||
        (HAS(w, "currency") && !HAS(w, "local", "base", "home", "reporting", "sterling", "gbp"))) {
        return answer(ROLE_NONE, 0, 0);
    }
    if (vat && !without && !with) {
        return answer(ROLE_NONE, 0, 0); // the VAT itself
    }
    if (HAS(w, "credit", "credits", "cr") && !HAS(w, "debit", "dr", "card", "note", "notes")) {
        return answer(ROLE_CREDIT, 0, 5);
    }
    if (without) {
        return answer(ROLE_AMOUNT, BASIS_NET, 5);
    }
    return with ? answer(ROLE_AMOUNT, BASIS_GROSS, 5) : answer(ROLE_AMOUNT, BASIS_PLAIN, 5);
}

static struct spend_heading read_date(const struct heading_words *w) {
    if (HAS(w, "when") && (w->n == 1 || HAS(w, "paid", "pay", "payment"))) {
        return answer(ROLE_DATE, BASIS_PAID, 5);
    }
    if (HAS(w, "month") && HAS(w, "reporting", "payment", "paid", "posting", "accounting", "spend") &&
        !HAS(w, "quarter", "previous", "current")) {
        return answer(ROLE_DATE, BASIS_OTHER, 5);
    }
    if (!HAS(w, "date", "dated", "dt") ||
        HAS(w, "start", "end", "effective", "expiry", "birth", "order", "ordered", "due", "approval",
            "meeting", "trip", "review", "renewal", "received", "created", "published", "update", "planned",
            "to", "from", "extracted")) {
        return answer(ROLE_NONE, 0, 0);
    }
    if (HAS(w, "payment", "paid", "pay", "cleared", "clearing", "cheque", "bacs")) {
        return answer(ROLE_DATE, BASIS_PAID, 5);
    }
    if (HAS(w, "transaction", "trans", "posting", "posted", "post", "gl", "ledger", "accounting")) {
        return answer(ROLE_DATE, BASIS_POSTED, 5);
    }
    return HAS(w, "invoice", "document", "doc") ? answer(ROLE_DATE, BASIS_INVOICED, 5)
                                                : answer(ROLE_DATE, BASIS_OTHER, 1);
}

static struct spend_heading read_payee(const struct heading_words *w) {
    bool sure = HAS(w, "supplier", "suppliers", "vendor", "beneficiary", "payee", "merchant", "creditor",
                    "recipient", "supp") ||
                (HAS(w, "to") && HAS(w, "payable", "paid", "payment", "payments", "whom")) ||
                (HAS(w, "organisation", "organization") && HAS(w, "paid")) ||
                (HAS(w, "who", "whom") && HAS(w, "paid", "pay"));
    bool likely = HAS(w, "provider", "contractor", "counterparty", "grantee", "firm") ||
                  (HAS(w, "third") && HAS(w, "party")) || (HAS(w, "ben", "trading") && HAS(w, "name")) ||
                  (w->n == 2 && HAS(w, "charity") && HAS(w, "name"));
    if (!sure && !likely) {
        return answer(ROLE_NONE, 0, 0);
    }
    bool address = HAS(w, "post", "postcode", "address", "town", "city", "county", "country", "region",
                       "location", "site");
    if (HAS(w, "company", "registration", "registered") && is_id_word(w)) {
        return answer(HAS(w, "charity") ? ROLE_CHARITY : HAS(w, "vat") ? ROLE_NONE : ROLE_COMPANY, 0, 5);
    }
    bool named = HAS(w, "name", "names");
    if (HAS(w, "vat", "bank", "sort", "email", "phone", "date", "days", "ytd") ||
        (HAS(w, "account", "invoice") && !named)) {
        return answer(ROLE_NONE, 0, 0);
    }
    if (is_id_word(w)) {
        return address ? answer(ROLE_NONE, 0, 0) : answer(ROLE_SUPPLIER_ID, 0, 5);
    }
    bool charity = HAS(w, "charity") && !likely;
    if (address || charity ||
        HAS(w, "type", "category", "group", "status", "sme", "vcse", "vcs", "class", "classification", "size",
            "registered", "industry", "sector", "currency", "code", "amount", "spend", "total", "value",
            "net", "gross", "local", "ethnicity", "count", "reference", "terms")) {
        return answer(ROLE_NONE, 0, 0);
    }
    return answer(ROLE_PAYEE, 0, HAS(w, "description") ? 8 : sure ? 5 : 7);
}

// Tier 1 is who was paid and paid on, tier 2 who got it in the end.
static struct spend_heading read_tier(const struct heading_words *w) {
    if (!HAS(w, "supplier", "provider", "contractor", "vendor", "agency", "name") || is_id_word(w)) {
        return answer(ROLE_NONE, 0, 0);
    }
    if (HAS(w, "tier1") || (HAS(w, "tier") && HAS(w, "1", "one", "first"))) {
        return answer(ROLE_INTERMEDIARY, 0, 2);
    }
    return HAS(w, "tier2") || (HAS(w, "tier") && HAS(w, "2", "two", "second")) ? answer(ROLE_PAYEE, 0, 0)
                                                                               : answer(ROLE_NONE, 0, 0);
}

// Columns of other lists: wages, and invoices that wait.
static struct spend_heading read_other_list(const struct heading_words *w) {
    if (HAS(w, "employee", "salary", "payscale", "payroll", "wages", "paybill", "superannuation", "pension",
            "remuneration", "bonus", "allowance", "allowances") ||
        (HAS(w, "national") && HAS(w, "insurance"))) {
        return answer(ROLE_PAYROLL, 0, 5);
    }
    if (HAS(w, "amount", "value") && HAS(w, "received")) {
        return answer(ROLE_UNPAID, 0, 5);
    }
    if ((HAS(w, "outstanding", "overdue", "unpaid") && !HAS(w, "comment", "comments", "reason"))) {
        return answer(ROLE_UNPAID, 0, 5);
    }
    return answer(ROLE_NONE, 0, 0);
}

static bool is_vat_number(const struct heading_words *w) {
    return HAS(w, "vat") && (is_id_word(w) || HAS(w, "reg", "registration", "registered")) &&
           !HAS(w, "code", "amount", "rate", "value", "irrecoverable", "net", "gross", "uri", "url");
}

static struct spend_heading read_words(const struct heading_words *w) {
    char key[KEY_BYTES];
    make_key(w, key);
    if (is_vat_number(w)) {
        return answer(ROLE_VAT_NUMBER, 0, 5);
    }
    if (HAS(w, "intermediary") && !is_id_word(w)) {
        return answer(ROLE_INTERMEDIARY, 0, 5);
    }
    if (HAS(w, "debit", "dr") && HAS(w, "credit", "cr")) {
        return answer(ROLE_SIGN, 0, 5);
    }
    if (strstr(key, "postcode") || strcmp(key, "postalcode") == 0) {
        return answer(ROLE_POSTCODE, 0, HAS(w, "supplier", "vendor", "payee", "beneficiary") ? 0 : 2);
    }
    if (HAS(w, "charity") && is_id_word(w)) {
        return answer(ROLE_CHARITY, 0, 5);
    }
    if (HAS(w, "company") && is_id_word(w) && !HAS(w, "code", "vat")) {
        return answer(ROLE_COMPANY, 0, 5);
    }
    if (HAS(w, "voluntary", "vcse", "vcfse")) {
        return answer(ROLE_VCSE, 0, 5);
    }
    if (HAS(w, "expiry", "expires", "expiration", "commencement", "renewal") && !HAS(w, "card", "planned")) {
        return answer(ROLE_REGISTER, 0, 5);
    }
    if ((HAS(w, "contract", "agreement", "framework") &&
         HAS(w, "title", "start", "end", "value", "duration", "awarded", "expiry", "term")) ||
        (HAS(w, "order", "po") && HAS(w, "date", "value", "raised", "total", "amount"))) {
        return answer(ROLE_REGISTER, 0, 5);
    }
    struct spend_heading (*const readers[])(const struct heading_words *) = {read_tier, read_payee, read_date,
                                                                             read_amount, read_other_list};
    for (size_t i = 0; i < CELL_COUNT(readers); i++) {
        struct spend_heading h = readers[i](w);
        if (h.role != ROLE_NONE) {
            return h;
        }
    }
    if (HAS(w, "expense", "expenses", "expenditure", "category", "classification", "proclass") &&
        !is_id_word(w)) {
        return answer(HAS(w, "area") ? ROLE_DEPARTMENT : ROLE_CATEGORY, 0, 5);
    }
    return answer(ROLE_NONE, 0, 0);
}

// Least number of letters added, dropped, changed or swapped to make a into b; at most `most` + 1 (optimal
// string alignment distance).
static size_t distance(const char *a, const char *b, size_t most) {
    enum { N = 24 };
    size_t rows[3][N + 1], la = strlen(a), lb = strlen(b);
    if (la > N || lb > N || la > lb + most || lb > la + most) {
        return most + 1;
    }
    for (size_t j = 0; j <= lb; j++) {
        rows[0][j] = j;
    }
    for (size_t i = 1; i <= la; i++) {
        size_t *now = rows[i % 3], *before = rows[(i + 2) % 3], *two = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t best = before[j - 1] + (a[i - 1] != b[j - 1]);
            best = before[j] + 1 < best ? before[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && two[j - 2] + 1 < best) {
                best = two[j - 2] + 1;
            }
            now[j] = best;
        }
    }
    return rows[la % 3][lb];
}

// Typing slips in the few headings that matter: "Suppklier", "Suuplier ID (T)", "Ammount", "Paymnet Date".
static struct spend_heading read_slip(const char *key) {
    static const char *const right[] = {"supplier",      "suppliername",    "supplieridt", "vendorname",
                                        "beneficiary",   "beneficiaryname", "payeename",   "amount",
                                        "netamount",     "grossamount",     "paymentdate", "datepaid",
                                        "dateofpayment", "transactiondate"};
    struct spend_heading h = answer(ROLE_NONE, 0, 0);
    for (size_t i = 0; i < CELL_COUNT(right); i++) {
        size_t most = strlen(right[i]) >= 8 ? 2 : 1;
        if (strlen(key) >= 5 && distance(key, right[i], most) <= most && lookup(right[i], &h)) {
            h.rank += RANK_GUESS;
            return h;
        }
    }
    return h;
}

// The number of a payment, named by what it is of: "GTCE Transaction number".
static struct spend_heading read_number(const struct heading_words *w) {
    if (!HAS(w, "no", "num", "number", "ref", "reference", "id") ||
        HAS(w, "contract", "order", "po", "post")) {
        return answer(ROLE_NONE, 0, 0);
    }
    return HAS(w, "transaction", "trans", "voucher", "document", "payment") ? answer(ROLE_TRANSACTION, 0, 6)
           : HAS(w, "invoice")                                              ? answer(ROLE_TRANSACTION, 0, 8)
                                                                            : answer(ROLE_NONE, 0, 0);
}

// "£", "(£)", also in a wrong code page.
static bool is_pound_sign(const char *text) {
    bool pound = false;
    while (*text) {
        unsigned u = cell_code_point(&text);
        bool blank = cell_is_space(u) || u == '(' || u == ')' || u == '\'' || u == 0xC2;
        bool here = u == 0xA3 || u == 0x153 || u == 0xFA || u == 0xFFE1 || u == 0x20A4 || u == 0xFFFD;
        if (!blank && !here) {
            return false;
        }
        pound = pound || here;
    }
    return pound;
}

static struct spend_heading read_all(const char *text) {
    struct heading_words all, outside;
    char key[KEY_BYTES];
    struct spend_heading h = answer(ROLE_NONE, 0, 0);
    if (!text || cell_blank(text)) {
        return h;
    }
    if (strchr(text, '$') || strstr(text, "\xE2\x82\xAC")) {
        return h; // dollars, euros
    }
    split(text, true, &all);
    make_key(&all, key);
    if (key[0] == 0) {
        return is_pound_sign(text) ? answer(ROLE_AMOUNT, BASIS_PLAIN, 4) : h;
    }
    if (lookup(key, &h)) {
        return h;
    }
    if (HAS(&all, "eur", "euro", "euros", "usd", "dollar", "dollars", "pence", "000", "000s", "thousands",
            "million", "millions", "k", "m", "mn", "bn")) {
        return h; // no pounds
    }
    // Brackets first as part of the meaning ("(including VAT)"), then as a remark ("(payment not invoice
    // date)").
    h = read_amount(&all);
    if (h.role != ROLE_NONE) {
        return h;
    }
    split(text, false, &outside);
    make_key(&outside, key);
    if (key[0] && lookup(key, &h)) {
        return h;
    }
    h = read_words(&all);
    if (h.role == ROLE_NONE && outside.n) {
        h = read_words(&outside);
    }
    if (h.role == ROLE_NONE) {
        h = read_slip(key);
    }
    return h.role == ROLE_NONE ? read_number(&outside) : h;
}

// Of a whole payment or invoice and its line, in the same row, the line is what adds up.
struct spend_heading spend_heading_read(const char *text) {
    enum { BEFORE_OTHERS = -50 };
    struct heading_words w;
    struct spend_heading h = read_all(text);
    if (h.role == ROLE_AMOUNT) {
        split(text, true, &w);
        h.rank += HAS(&w, "line", "distribution") ? BEFORE_OTHERS : 0;
    }
    return h;
}
