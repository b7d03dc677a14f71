// SPDX-License-Identifier: Apache-2.0
// Promises of mail: it leaves by real SMTP, in the end and once, and nothing that is typed becomes a header.
#include "support/dbtest.h"
#include "support/folder.h"

#include "base/conf.h"
#include "domain/mail.h"
#include "faults/smtpsink.h"
#include "jobs/mailer.h"

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_MAX 65536

static struct sink *sink;
static char folder[64];

static int set_up(void **state) {
    snprintf(folder, sizeof folder, "/tmp/anchorage-mail-XXXXXX");
    assert_non_null(mkdtemp(folder));
    sink = sink_start();
    assert_null(conf_set("data.dir", folder));
    assert_null(conf_set("mail.smtp_url", sink_url(sink)));
    assert_null(conf_set("mail.from", "The Market <market@place.example>"));
    struct dbtest *t = *state;
    dbtest_run(t->c, "TRUNCATE core.mail_outbox, core.place");
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    sink_stop(sink);
    conf_reset();
    folder_remove(folder);
    return 0;
}

// One database for all: each test begins with an empty outbox.
static int group_set_up(void **state) {
    return dbtest_group_setup(state) || dbtest_setup(state);
}

static int group_tear_down(void **state) {
    return dbtest_teardown(state) || dbtest_group_teardown(state);
}

// ---- reading what arrived ------------------------------------------------------------------------

// Value of a header in the head of a message, unfolded; "" when it is not there exactly once.
static const char *header(const char *message, const char *name) {
    static char value[TEXT_MAX];
    size_t n = strlen(name), found = 0;
    const char *end = strstr(message, "\r\n\r\n");
    value[0] = 0;
    assert_non_null(end);
    for (const char *p = message; p < end; p = strstr(p, "\r\n") + 2) {
        if (strncasecmp(p, name, n) != 0 || p[n] != ':') {
            continue;
        }
        size_t len = 0;
        for (const char *v = p + n + 1 + strspn(p + n + 1, " "); len + 1 < sizeof value; v++) {
            if (v[0] == '\r' && v[1] == '\n') {
                if (v[2] != ' ' && v[2] != '\t') {
                    break;
                }
                v++;
                continue;
            }
            value[len++] = *v;
        }
        value[len] = 0;
        found++;
    }
    return found == 1 ? value : "";
}

static unsigned six_bits(char c) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    return (unsigned)(strchr(digits, c) - digits);
}

// RFC 2047 words of base64 to text; blanks between two words are no text.
static void decode_words(const char *s, char *out) {
    size_t n = 0;
    for (const char *w; (w = strstr(s, "=?UTF-8?B?"));) {
        for (s = w + 10; *s != '?'; s += 4) {
            unsigned bits = six_bits(s[0]) << 18 | six_bits(s[1]) << 12;
            bits |= s[2] == '=' ? 0 : six_bits(s[2]) << 6;
            bits |= s[3] == '=' ? 0 : six_bits(s[3]);
            out[n++] = (char)(bits >> 16);
            if (s[2] != '=') {
                out[n++] = (char)(bits >> 8 & 255);
            }
            if (s[3] != '=') {
                out[n++] = (char)(bits & 255);
            }
        }
        s += 2;
    }
    out[n] = 0;
}

// Body of the part with this type, quoted-printable undone, line ends as LF.
static const char *part(const char *message, const char *type) {
    static char out[TEXT_MAX];
    const char *at = strstr(message, type), *p = at ? strstr(at, "\r\n\r\n") : NULL;
    size_t n = 0;
    assert_non_null(p);
    for (p += 4; n + 1 < sizeof out && *p && strncmp(p, "\r\n--", 4) != 0; p++) {
        if (p[0] == '=' && p[1] == '\r') {
            p += 2;
        } else if (p[0] == '=') {
            out[n++] = (char)strtol((char[]){p[1], p[2], 0}, NULL, 16);
            p += 2;
        } else if (*p != '\r') {
            out[n++] = *p;
        }
    }
    out[n] = 0;
    return out;
}

// The longest line that has this text in it.
static size_t longest_line(const char *s, const char *with) {
    size_t longest = 0;
    while (*s) {
        size_t n = strcspn(s, "\r\n");
        if (n > longest && memmem(s, n, with, strlen(with))) {
            longest = n;
        }
        s += n + strspn(s + n, "\r\n");
    }
    return longest;
}

// ---- the outbox ----------------------------------------------------------------------------------

static void put(struct ctx *c, const char *to, const char *subject, const char *text) {
    const struct sql *q =
        DBTEST_SQL("t_put",
                   "INSERT INTO core.mail_outbox (to_address, subject, body_text, body_html,"
                   " message_id) VALUES ($1, $2, $3, '<p>' || $3 || '</p>', md5($2 || $1))",
                   3, SQL_NONE);
    assert_err(c, db_exec_n(c, q, NULL, 3, (const char *const[]){to, subject, text}), ERR_OK);
}

static bool send_one(struct ctx *c) {
    bool tried;
    assert_err(c, mailer_next(c, &tried), ERR_OK);
    return tried;
}

static void make_due(struct ctx *c) {
    dbtest_run(c, "UPDATE core.mail_outbox SET next_try = now() - interval '1 second'");
}

static int minutes_to_wait(struct ctx *c) {
    return (int)strtol(dbtest_value(c, "SELECT round(extract(epoch FROM next_try - now()) / 60)::int::text"
                                       " FROM core.mail_outbox"),
                       NULL, 10);
}

static const char *state_of(struct ctx *c) {
    return dbtest_value(c, "SELECT state || ' ' || tries FROM core.mail_outbox");
}

static void assert_has(const char *text, const char *needle) {
    if (!strstr(text, needle)) {
        fail_msg("\"%s\" is not in: %s", needle, text);
    }
}

static const struct mail_word receipt[] = {
    {"name", "Ann <b> & \"Bo\""},
    {"title", "Tree care"},
    {"supplier", "Oak & Elm"},
    {"ref", "abc123"},
    {"time", "today"},
    {"closes", "tomorrow"},
    {"hash", "00ff"},
    {"link", "https://m.example/r"},
};
#define RECEIPT_WORDS (sizeof receipt / sizeof *receipt)

// ---- leaving -------------------------------------------------------------------------------------

static void test_a_queued_message_leaves_with_its_headers_and_both_parts(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    assert_err(c, mail_queue(c, "ann@oak.example", "receipt", receipt, RECEIPT_WORDS), ERR_OK);
    dbtest_run(c, "UPDATE core.mail_outbox SET created_at = '2026-11-02 09:05:07+00'");
    const char *id = dbtest_value(c, "SELECT message_id FROM core.mail_outbox");
    assert_true(send_one(c));
    assert_int_equal(sink_count(sink), 1);
    struct sink_message m = sink_message(sink, 0);
    assert_string_equal(m.from, "market@place.example");
    assert_string_equal(m.to, "ann@oak.example");
    assert_string_equal(header(m.data, "From"), "The Market <market@place.example>");
    assert_string_equal(header(m.data, "To"), "ann@oak.example");
    assert_string_equal(header(m.data, "Subject"), "We have your bid: Tree care");
    assert_string_equal(header(m.data, "Date"), "Mon, 02 Nov 2026 09:05:07 +0000");
    assert_string_equal(header(m.data, "Message-ID"), arena_printf(c->arena, "<%s@place.example>", id));
    assert_string_equal(header(m.data, "MIME-Version"), "1.0");
    assert_has(header(m.data, "Content-Type"), "multipart/alternative; boundary=");
    assert_has(part(m.data, "Content-Type: text/plain; charset=utf-8"),
               "\n\nThe bid of Oak & Elm for \"Tree care\" is in.\n\n");
    assert_has(part(m.data, "Content-Type: text/html; charset=utf-8"),
               "<p><a href=\"https://m.example/r\">https://m.example/r</a></p>\n");
    assert_string_equal(state_of(c), "sent 1");
    assert_false(send_one(c));
}

static void test_what_was_sent_keeps_no_text_with_its_links(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    put(c, "ann@oak.example", "Your link", "https://m.example/secret");
    assert_true(send_one(c));
    assert_string_equal(dbtest_value(c, "SELECT body_text || body_html FROM core.mail_outbox"), "");
}

static void test_words_outside_ascii_are_encoded_in_lines_of_76_and_read_back(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    static const char subject[] =
        "Café à côté: £1,234 für Bäume – 木の手入れ, and so on until a line is long "
        "enough to be folded more than once – 終わり";
    char read_back[TEXT_MAX];
    assert_null(conf_set("mail.from", "Zoë’s Märkt <market@place.example>"));
    put(c, "ann@oak.example", subject, "Grüße: £5");
    assert_true(send_one(c));
    struct sink_message m = sink_message(sink, 0);
    decode_words(header(m.data, "Subject"), read_back);
    assert_string_equal(read_back, subject);
    decode_words(header(m.data, "From"), read_back);
    assert_string_equal(read_back, "Zoë’s Märkt");
    assert_has(header(m.data, "From"), "?= <market@place.example>");
    assert_string_equal(m.from, "market@place.example");
    assert_true(longest_line(m.raw, "=?") <= 76);
    assert_string_equal(part(m.data, "text/plain"), "Grüße: £5");
}

static void test_a_sender_name_with_a_comma_stays_one_sender(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    assert_null(conf_set("mail.from", "Place, \"the\" Market <market@place.example>"));
    put(c, "ann@oak.example", "Hello", "x");
    assert_true(send_one(c));
    assert_string_equal(header(sink_message(sink, 0).data, "From"),
                        "\"Place, \\\"the\\\" Market\" <market@place.example>");
}

static void test_a_very_long_subject_is_folded_and_a_sham_encoding_stays_text(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    char subject[1501], read_back[TEXT_MAX];
    memset(subject, 'a', 1500);
    subject[1500] = 0;
    put(c, "ann@oak.example", subject, "x");
    put(c, "bob@elm.example", "=?UTF-8?B?SGk=?=", "x");
    assert_true(send_one(c) && send_one(c));
    decode_words(header(sink_message(sink, 0).data, "Subject"), read_back);
    assert_string_equal(read_back, subject);
    assert_true(longest_line(sink_message(sink, 0).raw, "=?") <= 76);
    decode_words(header(sink_message(sink, 1).data, "Subject"), read_back);
    assert_string_equal(read_back, "=?UTF-8?B?SGk=?=");
}

static void test_dots_and_long_lines_arrive_as_they_were_written(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    char text[4200] = ".first\n.\n..two\n", *end = text + strlen(text);
    memset(end, 'x', 4000);
    snprintf(end + 4000, 100, "\n.\nQUIT\ntrailing blank \nlast = 3D");
    put(c, "ann@oak.example", "Dots", text);
    assert_true(send_one(c));
    assert_int_equal(sink_count(sink), 1);
    assert_true(longest_line(sink_message(sink, 0).raw, "") <= 998);
    assert_string_equal(part(sink_message(sink, 0).data, "text/plain"), text);
}

// ---- a server with moods -------------------------------------------------------------------------

static void test_a_server_that_refuses_for_a_while_gets_it_later_after_doubling_waits(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    put(c, "ann@oak.example", "Patience", "x");
    sink_set(sink, SINK_REFUSE_LATER);
    for (int wait = 1; wait <= 16; wait *= 2) {
        assert_true(send_one(c));
        assert_int_equal(minutes_to_wait(c), wait);
        assert_false(send_one(c)); // not before its time
        make_due(c);
    }
    assert_int_equal(sink_count(sink), 0);
    assert_has(dbtest_value(c, "SELECT last_error FROM core.mail_outbox"), "451");
    sink_set(sink, SINK_TAKE);
    assert_true(send_one(c));
    assert_int_equal(sink_count(sink), 1);
    assert_string_equal(state_of(c), "sent 6");
    assert_string_equal(dbtest_value(c, "SELECT last_error FROM core.mail_outbox"), "");
}

static void test_after_twelve_tries_it_is_given_up_with_the_reason(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    put(c, "ann@oak.example", "Nobody", "x");
    sink_set(sink, SINK_REFUSE);
    for (int i = 1; i <= 12; i++) {
        assert_true(send_one(c));
        assert_true(minutes_to_wait(c) <= 360);
        make_due(c);
    }
    assert_string_equal(state_of(c), "failed 12");
    assert_has(dbtest_value(c, "SELECT last_error FROM core.mail_outbox"), "550");
    sink_set(sink, SINK_TAKE);
    assert_false(send_one(c));
}

static void test_a_server_that_hangs_up_or_is_away_loses_nothing(void **state) {
    static const enum sink_mood moods[] = {SINK_HANG_UP_DATA, SINK_HANG_UP_HELLO, SINK_REFUSE_DATA};
    struct ctx *c = ((struct dbtest *)*state)->c;
    put(c, "ann@oak.example", "Still here", "a text of some length\nwith lines\n");
    for (size_t i = 0; i < 3; i++) {
        sink_set(sink, moods[i]);
        assert_true(send_one(c));
        assert_int_equal(sink_count(sink), 0);
        assert_has(state_of(c), "waiting");
        assert_string_not_equal(dbtest_value(c, "SELECT last_error FROM core.mail_outbox"), "");
        make_due(c);
    }
    assert_null(conf_set("mail.smtp_url", "smtp://127.0.0.1:1"));
    assert_true(send_one(c));
    assert_has(state_of(c), "waiting");
    make_due(c);
    assert_null(conf_set("mail.smtp_url", sink_url(sink)));
    sink_set(sink, SINK_TAKE);
    assert_true(send_one(c));
    assert_int_equal(sink_count(sink), 1);
    assert_string_equal(state_of(c), "sent 5");
}

static void test_a_password_is_not_sent_to_a_server_without_tls(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    assert_null(conf_set("mail.smtp_user", "market"));
    assert_null(conf_set("mail.smtp_password", "secret"));
    put(c, "ann@oak.example", "Hello", "x");
    assert_true(send_one(c));
    assert_int_equal(sink_count(sink), 0);
    assert_string_equal(state_of(c), "waiting 1");
}

// ---- two senders ---------------------------------------------------------------------------------

struct sender {
    struct ctx *c;
    enum err e;
};

static void *send_all(void *arg) {
    struct sender *s = arg;
    bool more = true;
    while (more && s->e == ERR_OK) {
        s->e = mailer_next(s->c, &more);
    }
    return NULL;
}

static void test_two_senders_at_once_never_send_one_twice(void **state) {
    struct dbtest *t = *state;
    struct sender senders[2] = {{.e = ERR_OK}};
    pthread_t threads[2];
    for (int i = 0; i < 60; i++) {
        put(t->c, arena_printf(t->arena, "p%d@oak.example", i), "Hello", "x");
    }
    sink_set(sink, SINK_HOLD);
    for (size_t i = 0; i < 2; i++) {
        senders[i].c = dbtest_new_ctx(t);
        assert_int_equal(pthread_create(&threads[i], NULL, send_all, &senders[i]), 0);
    }
    sink_wait_held(sink, 2); // both are in the middle of handing one over
    sink_set(sink, SINK_TAKE);
    for (size_t i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(senders[i].e, ERR_OK);
        dbtest_free_ctx(senders[i].c);
    }
    assert_int_equal(sink_count(sink), 60);
    for (size_t i = 0; i < 60; i++) {
        for (size_t k = 0; k < i; k++) {
            assert_string_not_equal(sink_message(sink, i).to, sink_message(sink, k).to);
        }
    }
    assert_string_equal(
        dbtest_value(t->c, "SELECT count(*) FROM core.mail_outbox WHERE state = 'sent' AND tries = 1"), "60");
}

static void test_a_message_being_handed_over_is_not_taken_again_by_another_sender(void **state) {
    struct dbtest *t = *state;
    struct sender slow = {.c = dbtest_new_ctx(t)};
    pthread_t thread;
    put(t->c, "ann@oak.example", "Slow", "x");
    sink_set(sink, SINK_HOLD);
    assert_int_equal(pthread_create(&thread, NULL, send_all, &slow), 0);
    sink_wait_held(sink, 1);
    assert_false(send_one(t->c));
    sink_set(sink, SINK_TAKE);
    pthread_join(thread, NULL);
    dbtest_free_ctx(slow.c);
    assert_int_equal(sink_count(sink), 1);
}

// ---- without a server ----------------------------------------------------------------------------

// The only file of the folder, read whole.
static const char *only_file(struct ctx *c, struct stat *ret_st) {
    DIR *d = opendir(arena_printf(c->arena, "%s/mail", folder));
    const char *path = NULL;
    assert_non_null(d);
    for (const struct dirent *e; (e = readdir(d));) {
        if (e->d_name[0] != '.' || strlen(e->d_name) > 2) {
            assert_null(path);
            path = arena_printf(c->arena, "%s/mail/%s", folder, e->d_name);
        }
    }
    closedir(d);
    assert_non_null(path);
    assert_has(path, ".eml");
    assert_int_equal(stat(path, ret_st), 0);
    char *text = arena_alloc(c->arena, TEXT_MAX);
    FILE *f = fopen(path, "re");
    assert_non_null(f);
    text[fread(text, 1, TEXT_MAX - 1, f)] = 0;
    fclose(f);
    return text;
}

static void test_without_a_server_it_is_a_file_that_only_we_can_read(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    struct stat st;
    const char *mail = arena_printf(c->arena, "%s/mail", folder);
    mode_t before = umask(0);
    assert_int_equal(mkdir(mail, 0777), 0); // somebody made it too open
    assert_null(conf_set("mail.smtp_url", ""));
    assert_err(c, mail_queue(c, "ann@oak.example", "receipt", receipt, RECEIPT_WORDS), ERR_OK);
    assert_true(send_one(c));
    umask(before);
    const char *text = only_file(c, &st);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stat(mail, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_string_equal(header(text, "To"), "ann@oak.example");
    assert_string_equal(header(text, "Subject"), "We have your bid: Tree care");
    assert_has(text, "\r\n\r\nhttps://m.example/r\r\n\r\n");
    assert_has(text, "<p>Hello Ann &lt;b&gt; &amp; &quot;Bo&quot;,</p>\r\n");
    assert_string_equal(state_of(c), "sent 1");
    assert_int_equal(sink_connections(sink), 0);
}

static void test_a_mail_folder_that_is_a_link_elsewhere_is_not_written_to(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    assert_null(conf_set("mail.smtp_url", ""));
    assert_int_equal(symlink("/tmp", arena_printf(c->arena, "%s/mail", folder)), 0);
    put(c, "ann@oak.example", "Hello", "x");
    assert_true(send_one(c));
    assert_string_equal(state_of(c), "waiting 1");
}

// ---- what people type ----------------------------------------------------------------------------

static void check_never_leaves(struct ctx *c) {
    static const char *const addresses[] = {"ann@oak.example\r\nBcc: eve@elm.example",
                                            "ann@oak.example\nBcc: eve@elm.example",
                                            "ann@oak.example>, <eve@elm.example",
                                            "ann@oak.example, eve@elm.example",
                                            "ann@oak.example eve@elm.example",
                                            "eve@elm.example>\r\nDATA",
                                            "<ann@oak.example>",
                                            "nobody",
                                            "@oak.example",
                                            "ann@",
                                            ""};
    static const char *const subjects[] = {"Hi\r\nBcc: eve@elm.example", "Hi\nBcc: eve@elm.example",
                                           "Hi\rBcc: eve@elm.example", "Hi\x01there"};
    int n = 0;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++, n++) {
        put(c, addresses[i], "Hello", "x");
    }
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++, n++) {
        put(c, "ann@oak.example", subjects[i], "x");
    }
    for (int i = 0; i < n; i++) {
        assert_true(send_one(c));
    }
    assert_false(send_one(c));
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.mail_outbox WHERE state = 'waiting'"
                                        " AND last_error LIKE '%%cannot stand in a header'"),
                        arena_i64(c->arena, n));
}

static void test_an_address_or_subject_with_line_breaks_never_becomes_a_header(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    check_never_leaves(c);
    assert_int_equal(sink_connections(sink), 0);
    dbtest_run(c, "DELETE FROM core.mail_outbox");
    assert_null(conf_set("mail.smtp_url", ""));
    check_never_leaves(c);
    assert_int_equal(rmdir(arena_printf(c->arena, "%s/mail", folder)), 0); // nothing is in it
}

static void test_line_breaks_typed_into_a_title_become_blanks_of_the_subject(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    struct mail_word words[RECEIPT_WORDS];
    memcpy(words, receipt, sizeof words);
    words[1].value = "Trees\r\nBcc: eve@elm.example\n\nNew body\x7F";
    assert_err(c, mail_queue(c, "ann@oak.example", "receipt", words, RECEIPT_WORDS), ERR_OK);
    assert_true(send_one(c));
    assert_int_equal(sink_count(sink), 1);
    struct sink_message m = sink_message(sink, 0);
    assert_string_equal(m.to, "ann@oak.example");
    assert_string_equal(header(m.data, "Bcc"), "");
    assert_string_equal(header(m.data, "Subject"),
                        "We have your bid: Trees  Bcc: eve@elm.example  New body ");
}

static void test_a_mail_text_is_filled_with_words_and_escaped_in_html(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    dbtest_run(c, "INSERT INTO core.place (name, short_name, lad_codes, operator, contact_email)"
                  " VALUES ('Oak <Town>', 'Oak', '{E1}', 'Oak Trust', 'a@b.example')");
    struct mail_word words[RECEIPT_WORDS];
    memcpy(words, receipt, sizeof words);
    words[2].value = "{{ref}} & <script>";
    assert_err(c, mail_queue(c, "ann@oak.example", "receipt", words, RECEIPT_WORDS), ERR_OK);
    const char *text = dbtest_value(c, "SELECT body_text FROM core.mail_outbox");
    const char *html = dbtest_value(c, "SELECT body_html FROM core.mail_outbox");
    assert_has(text, "Hello Ann <b> & \"Bo\",");
    assert_has(text, "marketplace of Oak <Town>, run by Oak Trust.");
    assert_has(text, "The bid of {{ref}} & <script> for"); // a word is never read as a key
    assert_has(html, "{{ref}} &amp; &lt;script&gt; for &quot;Tree care&quot;");
    assert_has(html, "Oak &lt;Town&gt;, run by Oak Trust.");
    assert_null(strstr(html, "<script>"));
    assert_null(strstr(html, "<b>"));
}

static void test_an_unknown_key_or_text_is_our_own_mistake_and_queues_nothing(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    assert_err(c, mail_queue(c, "ann@oak.example", "receipt", receipt, RECEIPT_WORDS - 1), ERR_BUG);
    assert_err(c, mail_queue(c, "ann@oak.example", "receipt", receipt + 2, RECEIPT_WORDS - 2), ERR_BUG);
    assert_err(c, mail_queue(c, "ann@oak.example", "nothing", receipt, RECEIPT_WORDS), ERR_BUG);
    struct mail_word many[15] = {{"name", "x"}};
    assert_err(c, mail_queue(c, "ann@oak.example", "receipt", many, 15), ERR_BUG);
    assert_string_equal(dbtest_value(c, "SELECT count(*) FROM core.mail_outbox"), "0");
}

static void test_a_message_goes_with_its_transaction(void **state) {
    struct ctx *c = ((struct dbtest *)*state)->c;
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, mail_queue(c, "ann@oak.example", "receipt", receipt, RECEIPT_WORDS), ERR_OK);
    db_rollback(c);
    assert_false(send_one(c));
    assert_err(c, db_begin(c), ERR_OK);
    assert_err(c, mail_queue(c, "ann@oak.example", "receipt", receipt, RECEIPT_WORDS), ERR_OK);
    assert_err(c, db_commit(c), ERR_OK);
    assert_true(send_one(c));
    assert_int_equal(sink_count(sink), 1);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        T(test_a_queued_message_leaves_with_its_headers_and_both_parts),
        T(test_what_was_sent_keeps_no_text_with_its_links),
        T(test_words_outside_ascii_are_encoded_in_lines_of_76_and_read_back),
        T(test_a_sender_name_with_a_comma_stays_one_sender),
        T(test_a_very_long_subject_is_folded_and_a_sham_encoding_stays_text),
        T(test_dots_and_long_lines_arrive_as_they_were_written),
        T(test_a_server_that_refuses_for_a_while_gets_it_later_after_doubling_waits),
        T(test_after_twelve_tries_it_is_given_up_with_the_reason),
        T(test_a_server_that_hangs_up_or_is_away_loses_nothing),
        T(test_a_password_is_not_sent_to_a_server_without_tls),
        T(test_two_senders_at_once_never_send_one_twice),
        T(test_a_message_being_handed_over_is_not_taken_again_by_another_sender),
        T(test_without_a_server_it_is_a_file_that_only_we_can_read),
        T(test_a_mail_folder_that_is_a_link_elsewhere_is_not_written_to),
        T(test_an_address_or_subject_with_line_breaks_never_becomes_a_header),
        T(test_line_breaks_typed_into_a_title_become_blanks_of_the_subject),
        T(test_a_mail_text_is_filled_with_words_and_escaped_in_html),
        T(test_an_unknown_key_or_text_is_our_own_mistake_and_queues_nothing),
        T(test_a_message_goes_with_its_transaction),
    };
    return cmocka_run_group_tests(tests, group_set_up, group_tear_down);
}
