# SPDX-License-Identifier: Apache-2.0
# Counts test cases in the log that CTest keeps: prints "passed failed skipped".
# A cmocka program says its own counts; a program that says none counts as one case, and so does one that died.
function finish() {
    if (!inside)
        return
    inside = 0
    # A case that says "skipped: ..." and returns is no pass.
    if (said > skip) {
        pass -= said - skip
        skip = said
        if (pass < 0)
            pass = 0
    }
    # CTest writes "Test Passed." also under a program that could not be built.
    if (missing)
        bad = 1
    if (!bad && verdict != "Passed")
        bad = 1
    if (!pass && !bad && !skip)
        pass = 1
    passed += pass
    failed += bad
    skipped += skip
}
/^[0-9]+\/[0-9]+ Testing: / {
    finish()
    inside = 1
    pass = bad = skip = said = missing = 0
    verdict = ""
}
/\[  PASSED  \] [0-9]+ test\(s\)/ { pass += number($0, "PASSED") }
/\[  FAILED  \] [0-9]+ test\(s\)/ { bad += number($0, "FAILED") }
/\[  SKIPPED \] [0-9]+ test\(s\)/ { skip += number($0, "SKIPPED") }
/^Command: ""$/ { missing = 1 }
/^skipped: / { said++ }
/^Test Passed\./ { verdict = "Passed" }
/^Test Failed\./ { verdict = "Failed" }
END {
    finish()
    print passed + 0, failed + 0, skipped + 0
}
function number(line, word) {
    sub("^.*\\[ *" word " *\\] *", "", line)
    return line + 0
}
