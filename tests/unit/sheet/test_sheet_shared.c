// SPDX-License-Identifier: Apache-2.0
// Every real payments file of the shared data reads with the rows and columns that an independent parser
// found.
#include "bookmake.h"

#include <fcntl.h>

enum {
    FILE_NAME,
    DELIMITER = 4,
    HEADER_ROW,
    COLUMNS,
    WITH_AMOUNT = 10,
    BLANK,
    NO_AMOUNT,
    BAD_AMOUNT,
    CONTROL_CELLS
};

static const char *folder(void) {
    const char *root = getenv("ANCHORAGE_SHARED_DATA"); // of tests only
    return root && *root ? root : SOURCE_DIR "/../shared/data";
}

static int open_shared(const char *name) {
    char path[1024];
    snprintf(path, sizeof path, "%s/spend/%s", folder(), name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

struct seen {
    uint64_t rows;
    uint32_t head_cells; // of the row with that number, from 0
    char words[300];
};

static struct seen look(const char *name, uint64_t head) {
    struct seen seen = {0};
    struct sheet *s = NULL;
    struct sheet_block b;
    int fd = open_shared(name);
    assert_true(fd >= 0);
    enum sheet_status status = sheet_open(fd, NULL, &s);
    while (status == SHEET_OK && (status = sheet_next(s, &b)) == SHEET_OK) {
        if (head >= seen.rows && head < seen.rows + b.rows) {
            uint32_t at = (uint32_t)(head - seen.rows);
            seen.head_cells = b.first[at + 1] - b.first[at];
        }
        seen.rows += b.rows;
    }
    if (status != SHEET_END) {
        fail_msg("%s: %s", name, sheet_why(s));
    }
    assert_int_equal(strlen(sheet_sha256(s)), 64);
    snprintf(seen.words, sizeof seen.words, "%s", sheet_words(s));
    sheet_close(s);
    close(fd);
    return seen;
}

static uint64_t number(const char *text) {
    return strtoull(text, NULL, 10);
}

// One line of the control totals; what they leave open is not compared.
static bool check_line(const char *const *cells, uint32_t n) {
    if (n <= CONTROL_CELLS || !strstr(cells[FILE_NAME], ".")) {
        return false;
    }
    uint64_t head = number(cells[HEADER_ROW]);
    struct seen seen = look(cells[FILE_NAME], head);
    uint64_t rows = head + 1 + number(cells[WITH_AMOUNT]) + number(cells[BLANK]) + number(cells[NO_AMOUNT]) +
                    number(cells[BAD_AMOUNT]);
    printf("%-55s %8llu rows, %3u columns, %s\n", cells[FILE_NAME], (unsigned long long)seen.rows,
           seen.head_cells, seen.words);
    if (cells[COLUMNS][0]) {
        assert_int_equal(seen.head_cells, number(cells[COLUMNS]));
    }
    if (cells[WITH_AMOUNT][0] && cells[BLANK][0]) {
        assert_int_equal(seen.rows, rows);
    }
    assert_non_null(strstr(seen.words, "commas"));
    return true;
}

static void test_every_shared_payments_file_has_its_rows_and_columns(void **state) {
    (void)state;
    struct sheet *s = NULL;
    struct sheet_block b;
    int fd = open_shared("CONTROL_TOTALS.csv"), files = 0;
    if (fd < 0) {
        printf("skipped: ../shared/data not present\n");
        return;
    }
    assert_int_equal(sheet_open(fd, NULL, &s), SHEET_OK);
    while (sheet_next(s, &b) == SHEET_OK) {
        for (uint32_t r = 0; r < b.rows; r++) {
            files += b.line[r] > 1 && check_line(b.text + b.first[r], b.first[r + 1] - b.first[r]);
        }
    }
    sheet_close(s);
    close(fd);
    assert_true(files >= 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_shared_payments_file_has_its_rows_and_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
