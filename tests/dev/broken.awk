# SPDX-License-Identifier: Apache-2.0
# Prints, from the log that CTest keeps, the last lines of each test program that failed.
function finish(from) {
    if (inside && verdict != "Passed") {
        print ""
        print "---- " name
        from = count > 30 ? count - 29 : 1
        for (; from <= count; from++)
            print said[from]
    }
    inside = count = 0
    verdict = ""
}
/^[0-9]+\/[0-9]+ Testing: / {
    finish()
    name = $3
    inside = 1
    next
}
/^Test Passed\./ { verdict = "Passed" }
# What went well needs no second reading.
inside && !/^\[ RUN  |^\[       OK|^-+$|^Test (Passed|Failed)|^$/ { said[++count] = substr($0, 1, 400) }
END { finish() }
