// SPDX-License-Identifier: Apache-2.0
// Promises of the pages about notices and bids: who may see what, what is said, what is kept.
#include "domain/evaluate.h"
#include "support/market.h"
#include "support/pagetest.h"

#include <stdio.h>
#include <string.h>

#define BIDDING "price=15000&answer=In boxes."

static struct arena *app_arena;
static const struct app *app;

static int set_up(void **state) {
    app_arena = arena_new((size_t)64 * 1024 * 1024);
    app = pagetest_app(app_arena, NULL);
    return dbtest_group_setup(state);
}

static int tear_down(void **state) {
    arena_free(app_arena);
    return dbtest_group_teardown(state);
}

static const char *at(struct dbtest *t, const char *fmt, const char *ref) {
    const char *mark = strstr(fmt, "REF");
    return arena_printf(t->arena, "%.*s%s%s", (int)(mark - fmt), fmt, ref, mark + 3);
}

// Publishes a notice and has brook bid; *ret_bid is the bid.
static const char *with_bid(struct dbtest *t, const char **ret_bid) {
    market_fill(t->c);
    const char *ref = market_publish(t->c);
    struct bid_input in = market_bid(1500000);
    *ret_bid = market_submit(t->c, "brook", ref, &in);
    return ref;
}

static void test_a_published_notice_stands_on_the_board_and_a_draft_does_not(void **state) {
    struct dbtest *t = *state;
    const char *draft = NULL;
    market_fill(t->c);
    const char *ref = market_publish(t->c);
    struct notice_input in = market_tender(t->c);
    in.title = "Secret plans";
    assert_err(t->c, notice_create(t->c, &in, &draft), ERR_OK);
    struct visitor v = pagetest_visitor(app, t, NULL);
    struct page board = pagetest_get(&v, "/opportunities");
    assert_page(board, 200, at(t, "/opportunities/REF", ref));
    assert_page(board, 200, "1 opportunity");
    assert_null(strstr(board.body, "Secret plans"));
    assert_page(pagetest_get(&v, at(t, "/opportunities/REF", ref)), 200, "How bids are scored");
    assert_page(pagetest_get(&v, at(t, "/opportunities/REF", draft)), 404, NULL);
    assert_page(pagetest_get(&v, at(t, "/opportunities/REF/contracts-finder.xml", draft)), 404, NULL);
    assert_null(strstr(pagetest_get(&v, "/opportunities.csv?state=all").body, "Secret plans"));
    assert_null(strstr(pagetest_get(&v, "/opportunities.json?state=all").body, "Secret plans"));
}

static void test_the_search_needs_every_word_and_says_when_nothing_fits(void **state) {
    struct dbtest *t = *state;
    market_fill(t->c);
    market_publish(t->c);
    struct visitor v = pagetest_visitor(app, t, NULL);
    assert_page(pagetest_get(&v, "/opportunities?q=LUNCHES+cook"), 200, "1 opportunity");
    assert_page(pagetest_get(&v, "/opportunities?q=55524000"), 200, "1 opportunity");
    assert_page(pagetest_get(&v, "/opportunities?q=lunches+asphalt"), 200, "No opportunity fits");
    assert_page(pagetest_get(&v, "/opportunities?q=%25"), 200, "No opportunity fits");
    assert_page(pagetest_get(&v, "/opportunities?kind=pipeline"), 200, "No opportunity fits");
    assert_page(pagetest_get(&v, "/opportunities?anchor=hospital"), 200, "No opportunity fits");
    assert_page(pagetest_get(&v, "/opportunities?anchor=council&sort=newest&state=all&page=9"), 200,
                "1 opportunity");
    assert_page(pagetest_get(&v, "/opportunities?kind=nonsense&state=nonsense&sort=nonsense"), 200,
                "1 opportunity");
}

static void test_a_notice_whose_time_is_over_counts_as_closed_at_once(void **state) {
    struct dbtest *t = *state;
    const char *bid, *ref = with_bid(t, &bid);
    market_after_closing(t->c, ref); // state is still "published"
    struct visitor v = pagetest_visitor(app, t, NULL);
    assert_page(pagetest_get(&v, "/opportunities"), 200, "Nothing stands here");
    assert_page(pagetest_get(&v, "/opportunities?state=closed"), 200, at(t, "/opportunities/REF", ref));
    assert_page(pagetest_get(&v, at(t, "/opportunities/REF", ref)), 200, "Bids are not taken any more.");
}

static const char *const buyer_pages[] = {"/buyer/notices/REF", "/buyer/notices/REF/publish",
                                          "/buyer/notices/REF/cancel", "/buyer/notices/REF/bids",
                                          "/buyer/notices/REF/award"};
static const char *const buyer_posts[][2] = {{"/buyer/notices/REF/delete", ""},
                                             {"/buyer/notices/REF/publish", ""},
                                             {"/buyer/notices/REF/cancel", "reason=Mine"},
                                             {"/buyer/notices/REF/open", ""},
                                             {"/buyer/notices/REF/social", ""}};

static void refuse_all(struct dbtest *t, struct visitor *v, const char *ref, const char *bid, int status) {
    for (size_t i = 0; i < sizeof buyer_pages / sizeof *buyer_pages; i++) {
        assert_page(pagetest_get(v, at(t, buyer_pages[i], ref)), status, NULL);
    }
    for (size_t i = 0; i < sizeof buyer_posts / sizeof *buyer_posts; i++) {
        assert_page(pagetest_post(v, at(t, buyer_posts[i][0], ref), buyer_posts[i][1]), status, NULL);
    }
    const char *one = arena_printf(t->arena, "/buyer/notices/%s/bids/%s", ref, bid);
    assert_page(pagetest_get(v, one), status, NULL);
    assert_page(pagetest_post(v, one, "points=10&reason=Good"), status, NULL);
}

static void test_no_page_shows_a_bid_to_the_wrong_person(void **state) {
    struct dbtest *t = *state;
    const char *bid, *ref = with_bid(t, &bid);
    struct visitor other = pagetest_visitor(app, t, "hospital"), rival = pagetest_visitor(app, t, "hill"),
                   own = pagetest_visitor(app, t, "brook"), buyer = pagetest_visitor(app, t, "council");
    for (int round = 0; round < 2; round++) { // before and after the closing time
        refuse_all(t, &other, ref, bid, 404);
        refuse_all(t, &rival, ref, bid, 403);
        assert_page(pagetest_get(&rival, at(t, "/account/bids/REF", bid)), 404, NULL);
        assert_page(pagetest_post(&rival, at(t, "/account/bids/REF/withdraw", bid), ""), 404, NULL);
        assert_page(pagetest_get(&buyer, at(t, "/account/bids/REF", bid)), 403, NULL);
        assert_page(pagetest_get(&own, at(t, "/account/bids/REF", bid)), 200, "£15,000.00");
        assert_page(pagetest_get(&buyer, arena_printf(t->arena, "/buyer/notices/%s/bids/%s", ref, bid)), 404,
                    NULL);
        market_after_closing(t->c, ref);
    }
    assert_string_equal(dbtest_value(t->c, "SELECT state FROM core.bid"), "submitted");
    assert_string_equal(dbtest_value(t->c, "SELECT state FROM core.notice"), "published");
}

static void test_a_sealed_page_says_when_and_nothing_more(void **state) {
    struct dbtest *t = *state;
    const char *bid, *ref = with_bid(t, &bid);
    struct visitor buyer = pagetest_visitor(app, t, "council");
    struct page with = pagetest_get(&buyer, at(t, "/buyer/notices/REF/bids", ref));
    assert_page(with, 200, "Bids are sealed.");
    assert_null(strstr(with.body, "Firm brook"));
    assert_null(strstr(with.body, "15,000"));
    // With and without a bid the page is the same, letter by letter.
    dbtest_run(t->c, "UPDATE core.bid SET state = 'withdrawn'");
    assert_string_equal(with.body, pagetest_get(&buyer, at(t, "/buyer/notices/REF/bids", ref)).body);
    assert_page(pagetest_post(&buyer, at(t, "/buyer/notices/REF/open", ref), ""), 409,
                "Bids stay sealed until the closing time.");
}

static void test_a_stranger_is_sent_to_sign_in_before_bidding(void **state) {
    struct dbtest *t = *state;
    market_fill(t->c);
    const char *ref = market_publish(t->c);
    struct visitor v = pagetest_visitor(app, t, NULL), buyer = pagetest_visitor(app, t, "council");
    assert_page(pagetest_get(&v, at(t, "/opportunities/REF/bid", ref)), 303, "/sign-in");
    assert_page(pagetest_get(&buyer, at(t, "/opportunities/REF/bid", ref)), 200,
                "Register your business first");
}

static void test_a_bid_goes_through_a_check_page_and_keeps_what_was_typed(void **state) {
    struct dbtest *t = *state;
    market_fill(t->c);
    const char *ref = market_publish(t->c), *to = at(t, "/opportunities/REF/bid", ref);
    struct visitor v = pagetest_visitor(app, t, "brook");
    struct page wrong = pagetest_post(&v, to, "price=lots&answer=Kept words&step=check");
    assert_page(wrong, 422, "Enter your price in pounds");
    assert_page(wrong, 422, "Kept words");
    assert_page(wrong, 422, "value=\"lots\"");
    assert_page(pagetest_post(&v, to, BIDDING "&step=check"), 200, "It is not sent yet.");
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.bid"), "0");
    assert_page(pagetest_post(&v, to, BIDDING "&step=change"), 200, "Check your bid</button>");
    assert_page(pagetest_post(&v, to, BIDDING "&step=send"), 303, "/account/bids/");
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.bid"), "1");
    assert_page(pagetest_get(&v, "/account/bids"), 200, "Sent, sealed");
    assert_page(pagetest_get(&v, to), 200, "What you send now takes its place");
}

static void test_a_late_bid_is_a_4xx_that_says_so_and_keeps_the_words(void **state) {
    struct dbtest *t = *state;
    market_fill(t->c);
    const char *ref = market_publish(t->c), *to = at(t, "/opportunities/REF/bid", ref);
    market_after_closing(t->c, ref);
    struct visitor v = pagetest_visitor(app, t, "brook");
    struct page p = pagetest_post(&v, to, BIDDING "&step=send");
    assert_page(p, 422, "so we cannot take your bid or change it.");
    assert_page(p, 422, "In boxes.");
}

static void test_a_buyer_writes_checks_and_publishes(void **state) {
    struct dbtest *t = *state;
    market_fill(t->c);
    struct visitor v = pagetest_visitor(app, t, "council");
    assert_page(pagetest_get(&v, "/buyer"), 200, "You have not written a notice yet");
    assert_page(pagetest_get(&v, "/buyer/notices/new"), 200, "New notice");
    const char *draft = "kind=tender&title=Windows&contract_kind=works&procedure=quick_quote&reserved=none&"
                        "price_weight=40&quality_weight=50&social_weight=10";
    assert_page(pagetest_post(&v, "/buyer/notices/new", "kind=tender&title="), 422, "Enter a title");
    assert_page(pagetest_post(&v, "/buyer/notices/new", arena_printf(t->arena, "%s&cpv=123", draft)), 422,
                "Each CPV code has eight digits");
    struct page made =
        pagetest_post(&v, "/buyer/notices/new", arena_printf(t->arena, "%s&next=check", draft));
    assert_page(made, 303, "/publish");
    struct page check = pagetest_get(&v, made.location);
    assert_page(check, 200, "Give at least one CPV code");
    assert_null(strstr(check.body, ">Publish</button>"));
    assert_page(pagetest_post(&v, made.location, ""), 422, "Say in one sentence what you want");
    const char *ref = dbtest_value(t->c, "SELECT ref FROM core.notice");
    const char *rest =
        "&summary=Mend&description=Mend 4 windows&cpv=45453100&value_high=9000&closes-day=1&"
        "closes-month=2&closes-year=2199&closes_time=5pm&contract_start-day=1&"
        "contract_start-month=3&contract_start-year=2199&contract_end-day=1&contract_end-month=4&"
        "contract_end-year=2199&quality_question=How?&social_target=900";
    assert_page(
        pagetest_post(&v, at(t, "/buyer/notices/REF", ref), arena_printf(t->arena, "%s%s", draft, rest)), 303,
        ref);
    assert_page(pagetest_get(&v, at(t, "/buyer/notices/REF", ref)), 200, "value=\"2199\"");
    assert_page(pagetest_post(&v, made.location, ""), 303, ref);
    assert_page(pagetest_get(&v, at(t, "/buyer/notices/REF", ref)), 200,
                "Bids are taken until 1 February 2199");
    assert_page(pagetest_post(&v, made.location, ""), 303, ref); // twice is no harm
    assert_page(pagetest_post(&v, at(t, "/buyer/notices/REF", ref), draft), 404,
                NULL); // not a draft any more
}

static void test_opening_scoring_and_award_through_the_pages(void **state) {
    struct dbtest *t = *state;
    const char *bid, *ref = with_bid(t, &bid);
    dbtest_run(t->c, "UPDATE core.notice SET quality_weight = 60, social_weight = 0");
    market_after_closing(t->c, ref);
    struct visitor v = pagetest_visitor(app, t, "council");
    const char *bids = at(t, "/buyer/notices/REF/bids", ref);
    const char *one = arena_printf(t->arena, "%s/%s", bids, bid);
    const char *award = at(t, "/buyer/notices/REF/award", ref);
    assert_page(pagetest_get(&v, bids), 200, "Open the bids");
    assert_page(pagetest_post(&v, at(t, "/buyer/notices/REF/open", ref), ""), 303, bids);
    assert_page(pagetest_get(&v, bids), 200, "Firm brook");
    assert_page(pagetest_get(&v, award), 303, bids);
    assert_page(pagetest_post(&v, one, "points=61&reason=Good"), 422, "Enter points from 0 to 60");
    assert_page(pagetest_post(&v, one, "points=50.5&reason=Good"), 303, bids);
    assert_page(pagetest_get(&v, one), 200, "50.50");
    assert_page(pagetest_post(&v, award, "reason=Best&checked=yes"), 422, "Select the bid that wins");
    assert_page(pagetest_post(&v, award, arena_printf(t->arena, "bid=%s&reason=Best", bid)), 422,
                "Tick this when you have checked");
    assert_page(pagetest_post(&v, award, arena_printf(t->arena, "bid=%s&reason=Best&checked=yes", bid)), 303,
                bids);
    assert_page(pagetest_get(&v, bids), 200, "Won");
    struct visitor winner = pagetest_visitor(app, t, "brook"), anybody = pagetest_visitor(app, t, NULL);
    assert_page(pagetest_get(&winner, at(t, "/account/bids/REF", bid)), 200, "You have won this contract");
    assert_page(pagetest_get(&anybody, at(t, "/opportunities/REF", ref)), 200,
                "won this contract for £15,000.00 without VAT.");
}

static void test_a_cancelled_notice_says_why_in_public(void **state) {
    struct dbtest *t = *state;
    market_fill(t->c);
    const char *ref = market_publish(t->c), *to = at(t, "/buyer/notices/REF/cancel", ref);
    struct visitor v = pagetest_visitor(app, t, "council");
    assert_page(pagetest_post(&v, to, "reason="), 422, "Say why you cancel");
    assert_page(pagetest_post(&v, to, "reason=The <b>roof</b> fell in"), 303, ref);
    assert_page(pagetest_get(&v, at(t, "/opportunities/REF", ref)), 200,
                "The &lt;b&gt;roof&lt;/b&gt; fell in");
    assert_page(pagetest_post(&v, to, "reason=Again"), 422, "This notice has been cancelled.");
}

static void test_a_form_without_its_token_changes_nothing(void **state) {
    struct dbtest *t = *state;
    market_fill(t->c);
    const char *ref = market_publish(t->c);
    struct visitor v = pagetest_visitor(app, t, "brook");
    v.csrf[0] = v.csrf[0] == 'a' ? 'b' : 'a';
    assert_page(pagetest_post(&v, at(t, "/opportunities/REF/bid", ref), BIDDING "&step=send"), 403, NULL);
    assert_string_equal(dbtest_value(t->c, "SELECT count(*) FROM core.bid"), "0");
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, dbtest_setup, dbtest_teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(test_a_published_notice_stands_on_the_board_and_a_draft_does_not),
        CASE(test_the_search_needs_every_word_and_says_when_nothing_fits),
        CASE(test_a_notice_whose_time_is_over_counts_as_closed_at_once),
        CASE(test_no_page_shows_a_bid_to_the_wrong_person),
        CASE(test_a_sealed_page_says_when_and_nothing_more),
        CASE(test_a_stranger_is_sent_to_sign_in_before_bidding),
        CASE(test_a_bid_goes_through_a_check_page_and_keeps_what_was_typed),
        CASE(test_a_late_bid_is_a_4xx_that_says_so_and_keeps_the_words),
        CASE(test_a_buyer_writes_checks_and_publishes),
        CASE(test_opening_scoring_and_award_through_the_pages),
        CASE(test_a_cancelled_notice_says_why_in_public),
        CASE(test_a_form_without_its_token_changes_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
