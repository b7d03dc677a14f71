# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# The stages of ./dev test and ./dev check. Nothing stops at the first failure; the last line counts.

LOGS=$BUILD/logs
PASSED=0 FAILED=0 SKIPPED=0
FUZZ_SECONDS=${ANCHORAGE_FUZZ_SECONDS:-60}
ASAN=$BUILD/asan TSAN=$BUILD/tsan FUZZ=$BUILD/fuzz
FAILED_STAGES=()

# stage NAME FUNCTION [ARG...]: runs it with its output in a log, prints one line with its time and counts.
# The function may write "passed failed skipped" to $COUNTS; without that it counts as one check.
stage() {
    local name=$1 rc begun seconds passed failed skipped mark=ok
    shift
    local log=$LOGS/${name//[^a-zA-Z0-9]/-}.log
    COUNTS=$LOGS/counts
    : >"$COUNTS"
    begun=$SECONDS
    set +e
    (
        set -e
        "$@"
    ) >"$log" 2>&1 </dev/null
    rc=$?
    set -e
    seconds=$((SECONDS - begun))
    read -r passed failed skipped < <(awk '{p += $1; f += $2; s += $3} END {print p + 0, f + 0, s + 0}' "$COUNTS")
    if [ ! -s "$COUNTS" ]; then
        passed=$((rc == 0)) failed=$((rc != 0))
    elif [ "$rc" -ne 0 ] && [ "$failed" -eq 0 ]; then
        failed=1
    fi
    [ "$failed" -eq 0 ] || mark=FAILED
    PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed)) SKIPPED=$((SKIPPED + skipped))
    printf '%-6s %-44s %4d s  %4d passed' "$mark" "$name" "$seconds" "$passed"
    [ "$failed" -eq 0 ] || printf ', %d failed' "$failed"
    [ "$skipped" -eq 0 ] || printf ', %d skipped' "$skipped"
    printf '\n'
    if [ "$failed" -ne 0 ]; then
        FAILED_STAGES+=("$name")
        sed 's/^/    /' "$log" | tail -n 80
        echo "    (all of it: $log)"
    fi
}

not_built() {
    echo "not run: $1 could not be built (see above)"
    return 1
}

check_layout() {
    local out
    out=$(c_sources | xargs -0 -n 40 -P "$JOBS" clang-format-14 --dry-run -Werror 2>&1) || {
        sed -n 's/^\([^ :]*\):[0-9]*:[0-9]*: error:.*/\1/p' <<<"$out" | sort | uniq -c
        echo "(places, file) What to do: ./dev format"
        return 1
    }
}

check_scripts() {
    # The option -x follows "source"; 1091 is about files outside the tree.
    find dev .ci deploy tests -type f \( -name '*.sh' -o -path dev -o -path .ci/run -o -name 'post*' -o -name 'pre*' \) -print0 |
        xargs -0 shellcheck -x -e SC1091
    find tests web -name node_modules -prune -o -name '*.mjs' -print0 | xargs -0 -n 1 node --check
}

check_xml() {
    find schemas plugins -name '*.xsd' -o -name '*.xml' | while read -r file; do
        xmllint --noout --nonet "$file"
    done
}

check_cppcheck() {
    mkdir -p "$BUILD/cppcheck"
    cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
        --template=gcc --suppress=missingIncludeSystem --suppressions-list=tests/house/cppcheck.txt \
        --cppcheck-build-dir="$BUILD/cppcheck" -j "$JOBS" -D_GNU_SOURCE -DANCHORAGE_VERSION='"0"' \
        -I core -I core/include core plugins
}

build_gcc() { build_everything; }

configure_asan() {
    configure "$ASAN" -DCMAKE_C_COMPILER=clang-14 -DCMAKE_BUILD_TYPE=RelWithDebInfo -DANCHORAGE_TESTS=ON \
        -DANCHORAGE_SANITIZE=address
}

build_asan() {
    configure_asan
    compile "$ASAN"
}

# clang-tidy wants clang's options and the headers that our tools make.
run_tidy() {
    configure_asan
    # shellcheck disable=SC2046
    compile "$ASAN" queries_gen $(plugin_targets | sed 's|.*|gen/plugins/&/resources.gen.h|')
    bash tests/dev/tidy.sh "$ASAN"
}

build_tsan() {
    configure "$TSAN" -DCMAKE_C_COMPILER=clang-14 -DCMAKE_BUILD_TYPE=RelWithDebInfo -DANCHORAGE_TESTS=ON \
        -DANCHORAGE_SANITIZE=thread
    compile "$TSAN"
}

build_fuzz() {
    configure "$FUZZ" -DCMAKE_C_COMPILER=clang-14 -DCMAKE_BUILD_TYPE=RelWithDebInfo -DANCHORAGE_TESTS=ON \
        -DANCHORAGE_FUZZ=ON
    local targets=() file
    for file in tests/fuzz/fuzz_*.c; do
        [ -e "$file" ] && targets+=("$(basename "$file" .c)")
    done
    if [ ${#targets[@]} -eq 0 ]; then
        echo "there is no tests/fuzz/fuzz_*.c"
        return 1
    fi
    compile "$FUZZ" "${targets[@]}"
}

# ctest FOLDER [OPTION...]: all cases of all test programs are counted, from the log that CTest keeps.
run_ctest() {
    local folder=$1 rc=0
    shift
    ctest --test-dir "$folder" -j "$JOBS" --output-on-failure --timeout 300 --no-tests=ignore "$@" || rc=$?
    local log=$folder/Testing/Temporary/LastTest.log
    if [ -f "$log" ]; then
        awk -f tests/dev/count.awk "$log" >>"$COUNTS"
        grep -a -h '^skipped: ' "$log" | sort -u || true
        # Last, so that the end of the log says what broke and not only which program.
        [ "$rc" -eq 0 ] || awk -f tests/dev/broken.awk "$log"
    fi
    return "$rc"
}

test_gcc() { run_ctest "$BUILD"; }

test_asan() {
    export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1:abort_on_error=0
    export UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
    export LSAN_OPTIONS=suppressions=$ROOT/tests/house/lsan.txt:print_suppressions=0
    ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-14 || true)
    export ASAN_SYMBOLIZER_PATH
    # The source checks read the tree and know no memory of ours: once is enough.
    run_ctest "$ASAN" -LE house
}

test_tsan() {
    export TSAN_OPTIONS=suppressions=$ROOT/tests/house/tsan.txt:halt_on_error=0:exitcode=66:second_deadlock_stack=1
    TSAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-14 || true)
    export TSAN_OPTIONS="$TSAN_OPTIONS:external_symbolizer_path=$TSAN_SYMBOLIZER_PATH"
    local rc=0 steady=()
    # Older sanitizers need addresses that are not shuffled, where that may be switched off.
    if setarch "$(uname -m)" -R true 2>/dev/null; then
        steady=(setarch "$(uname -m)" -R)
    fi
    export COUNTS
    export -f run_ctest
    "${steady[@]}" bash -c 'run_ctest "$@"' ctest "$TSAN" -L http || rc=1
    "${steady[@]}" bash -c 'run_ctest "$@"' ctest "$TSAN" -LE 'http|house|faults' \
        -R 'race|concurren|queue|pool|snapshot|server|listener|session|jobs' || rc=1
    return "$rc"
}

# One fuzz target; what it learns stays in the build folder, the corpus of the tree is only read.
fuzz_one() {
    local name=$1 short=${1#fuzz_} rc=0 options=()
    local own=$FUZZ/corpus/$short log=$FUZZ/$name.log
    mkdir -p "$own" "$FUZZ/faults"
    local folders=("$own")
    [ -d "tests/fuzz/corpus/$short" ] && folders+=("tests/fuzz/corpus/$short")
    [ -f "tests/fuzz/$short.dict" ] && options+=("-dict=tests/fuzz/$short.dict")
    "$FUZZ/tests/$name" -max_total_time="$FUZZ_SECONDS" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$FUZZ/faults/$short-" "${options[@]}" "${folders[@]}" >"$log" 2>&1 || rc=$?
    if [ "$rc" -eq 0 ]; then
        echo "1 0 0" >>"$COUNTS"
        echo "ok - $name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$log") runs"
    else
        echo "0 1 0" >>"$COUNTS"
        tail -n 60 "$log"
        echo "not ok - $name (input kept in $FUZZ/faults, log in $log)"
    fi
    return "$rc"
}

run_fuzz() {
    local rc=0
    export ASAN_OPTIONS=detect_leaks=1:strict_string_checks=1
    export FUZZ FUZZ_SECONDS COUNTS
    export -f fuzz_one
    local names=("$@") file
    if [ $# -eq 0 ]; then
        for file in tests/fuzz/fuzz_*.c; do
            names+=("$(basename "$file" .c)")
        done
    fi
    printf '%s\n' "${names[@]}" | xargs -P "$JOBS" -I NAME bash -c 'fuzz_one NAME' || rc=1
    return "$rc"
}

run_journeys() {
    local rc=0 log=$LOGS/journeys.tap
    node tests/e2e/run.mjs --program "$BUILD/anchorage" --out "$BUILD" 2>&1 | tee "$log" || rc=$?
    echo "$(grep -c '^ok - ' "$log") $(grep -c '^not ok - ' "$log") $(grep -c '^skipped: ' "$log")" >>"$COUNTS"
    return "$rc"
}

# Plugins of people who have only the installed package: made, built, checked, served; docs/write-a-plugin.md line by
# line.
run_sdk() {
    local rc=0 log=$LOGS/sdk.tap
    node tests/sdk/run.mjs --build "$BUILD" 2>&1 | tee "$log" || rc=$?
    echo "$(grep -c '^ok - ' "$log") $(grep -c '^not ok - ' "$log") $(grep -c '^skipped: ' "$log")" >>"$COUNTS"
    return "$rc"
}

check_deploy() { bash tests/dev/deploy_check.sh; }

need_stage() {
    local name=$1 what=$2
    shift 2
    if [ -e "$what" ]; then
        stage "$name" "$@"
    else
        stage "$name" not_built "$what"
    fi
}

suite_end() {
    local minutes=$((SECONDS / 60)) seconds=$((SECONDS % 60))
    [ ${#FAILED_STAGES[@]} -eq 0 ] || printf 'failed stage: %s\n' "${FAILED_STAGES[@]}"
    printf 'time: %d min %d s\n' "$minutes" "$seconds"
    echo "skipped: $SKIPPED"
    echo "$PASSED passed, $FAILED failed"
    [ "$FAILED" -eq 0 ] && [ "$PASSED" -gt 0 ]
}

suite_prepare() {
    mkdir -p "$LOGS"
    packages_need "$@"
    web_packages
}

suite_main() {
    export ANCHORAGE_QUIET=1
    suite_prepare run format static test e2e
    stage "layout of C files" check_layout
    stage "scripts (shellcheck, node --check)" check_scripts
    stage "XML files are well-formed" check_xml
    stage "build: gcc, all warnings are errors" build_gcc
    stage "tests, gcc build" test_gcc
    stage "deploy files" check_deploy
    need_stage "plugins built from the installed package" "$BUILD/anchorage" run_sdk
    stage "build: clang, ASan and UBSan" build_asan
    need_stage "tests under ASan, UBSan, LSan" "$ASAN/CTestTestfile.cmake" test_asan
    stage "build: clang, TSan" build_tsan
    need_stage "server tests under TSan" "$TSAN/CTestTestfile.cmake" test_tsan
    stage "build: fuzz targets" build_fuzz
    need_stage "fuzz targets, $FUZZ_SECONDS s each" "$FUZZ/tests" run_fuzz
    stage "cppcheck" check_cppcheck
    stage "clang-tidy" run_tidy
    need_stage "journeys in Chromium" "$BUILD/anchorage" run_journeys
    suite_end
}

suite_check() {
    export ANCHORAGE_QUIET=1
    suite_prepare run format static test
    stage "layout of C files" check_layout
    stage "scripts (shellcheck, node --check)" check_scripts
    stage "XML files are well-formed" check_xml
    stage "build: gcc, all warnings are errors" build_gcc
    need_stage "walls and words of the tree" "$BUILD/CTestTestfile.cmake" run_ctest "$BUILD" -L house
    stage "deploy files" check_deploy
    stage "cppcheck" check_cppcheck
    stage "clang-tidy" run_tidy
    suite_end
}

suite_fuzz() {
    suite_prepare run test
    build_fuzz
    COUNTS=$LOGS/counts
    : >"$COUNTS"
    run_fuzz "$@"
}
