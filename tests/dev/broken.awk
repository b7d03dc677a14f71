# SPDX-License-Identifier: Apache-2.0
# Prints, from the log that CTest keeps, what each test program that failed said: the beginning, where the
# cause stands, and the end.
function finish(i) {
    if (inside && verdict != "Passed") {
        print ""
        print "---- " name
        for (i = 1; i <= count; i++) {
            if (i <= 40 || i > count - 10)
                print said[i]
            else if (i == 41)
                print "(...)"
        }
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
