// SPDX-License-Identifier: Apache-2.0
// What the files of the account pages share.
#ifndef ANCHORAGE_PAGES_ACCOUNT_H
#define ANCHORAGE_PAGES_ACCOUNT_H

#include "http/req.h"

// Where to go after signing in: `wanted` when it is a path of this site, else the start page.
const char *account_next(const char *wanted);

// Gives the browser a new session; messages of this request go to it.
void account_new_session(struct req *r, const char *token);

// core/pages/account_home.c: one's own account.
enum err page_account(struct req *r) MUST;
enum err page_password(struct req *r) MUST;
enum err post_password(struct req *r) MUST;
enum err page_name(struct req *r) MUST;
enum err post_name(struct req *r) MUST;
enum err page_factor(struct req *r) MUST;
enum err post_factor_begin(struct req *r) MUST;
enum err page_factor_set_up(struct req *r) MUST;
enum err post_factor_set_up(struct req *r) MUST;
enum err page_factor_off(struct req *r) MUST;
enum err post_factor_off(struct req *r) MUST;

// Their rows of the route table of account.c.
#define ACCOUNT_HOME_ROUTES                                                                                  \
    {"GET", "/account", NEED(PERM_SIGNED_IN), CSRF_NONE, "-", 0, "", page_account, NULL},                    \
        {"GET",     "/account/password", NEED(PERM_SIGNED_IN),                                               \
         CSRF_NONE, "account_password",  0,                                                                  \
         "",        page_password,       NULL},                                                              \
        {"POST",     "/account/password", NEED(PERM_SIGNED_IN),                                              \
         CSRF_TOKEN, "account_password",  ROUTE_PASSWORD,                                                    \
         "",         post_password,       NULL},                                                             \
        {"GET", "/account/name", NEED(PERM_SIGNED_IN), CSRF_NONE, "account_name", 0, "", page_name, NULL},   \
        {"POST", "/account/name", NEED(PERM_SIGNED_IN), CSRF_TOKEN, "account_name", 0, "", post_name, NULL}, \
        {"GET", "/account/second-factor", NEED(PERM_SIGNED_IN), CSRF_NONE, "-", 0, "", page_factor, NULL},   \
        {"POST", "/account/second-factor", NEED(PERM_SIGNED_IN), CSRF_TOKEN, "-", 0, "", post_factor_begin,  \
         NULL},                                                                                              \
        {"GET",                                                                                              \
         "/account/second-factor/set-up",                                                                    \
         NEED(PERM_SIGNED_IN),                                                                               \
         CSRF_NONE,                                                                                          \
         "second_factor_on",                                                                                 \
         0,                                                                                                  \
         "",                                                                                                 \
         page_factor_set_up,                                                                                 \
         NULL},                                                                                              \
        {"POST",                                                                                             \
         "/account/second-factor/set-up",                                                                    \
         NEED(PERM_SIGNED_IN),                                                                               \
         CSRF_TOKEN,                                                                                         \
         "second_factor_on",                                                                                 \
         0,                                                                                                  \
         "",                                                                                                 \
         post_factor_set_up,                                                                                 \
         NULL},                                                                                              \
        {"GET",                                                                                              \
         "/account/second-factor/off",                                                                       \
         NEED(PERM_SIGNED_IN),                                                                               \
         CSRF_NONE,                                                                                          \
         "second_factor_off",                                                                                \
         0,                                                                                                  \
         "",                                                                                                 \
         page_factor_off,                                                                                    \
         NULL},                                                                                              \
    {                                                                                                        \
        "POST", "/account/second-factor/off", NEED(PERM_SIGNED_IN), CSRF_TOKEN, "second_factor_off",         \
            ROUTE_PASSWORD, "", post_factor_off, NULL                                                        \
    }

#endif
