#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Side by side in one run, in interleaved rounds: ratios count, absolute figures belong to this machine. Asserts nothing.
#   ./dev bench            all parts        ./dev bench hot|notice|import|matching|reports
# Environment: ROUNDS (default 5), SECONDS_EACH (default 4), LINES (default 1000000), BIG (1: ten million lines too), REALTIME (default 1: where it is
# allowed, servers and load alike run under SCHED_RR, so that other work on the machine does not stand between them)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
BUILD=${BUILD:-$PWD/build}
PROGRAM=${ANCHORAGE_PROGRAM:-$BUILD/anchorage}
ROUNDS=${ROUNDS:-5}
SECONDS_EACH=${SECONDS_EACH:-4}
LINES=${LINES:-1000000}
PATH=$PATH:/usr/sbin
SCRATCH=$(mktemp -d)
chmod 755 "$SCRATCH"
DATA=$SCRATCH/data
PIDS=()

finish() {
    local pid
    for pid in "${PIDS[@]}"; do
        kill -TERM "$pid" 2>/dev/null || true
    done
    for pid in "${PIDS[@]}"; do
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$SCRATCH"
}
trap finish EXIT
trap 'exit 1' INT TERM

# Servers on one core, the load on another, where there are two.
SERVERS=() LOAD=()
if command -v taskset >/dev/null && [ "$(nproc)" -ge 2 ] && taskset -c 0 true 2>/dev/null && taskset -c 1 true 2>/dev/null; then
    SERVERS=(taskset -c 0)
    LOAD=(taskset -c 1)
fi
# Threads that wait for each other lose far more to a stranger on their core than one event loop does.
if [ "${REALTIME:-1}" = 1 ] && command -v chrt >/dev/null && chrt -r 1 true 2>/dev/null; then
    SERVERS+=(chrt -r 1)
    LOAD+=(chrt -r 1)
    echo "Servers and load run under SCHED_RR (REALTIME=0: as any process)"
fi

free_port() {
    node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); });'
}

wait_for() {
    local left=300
    until curl -fsS --max-time 2 -o /dev/null "$1" 2>/dev/null; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || {
            echo "bench: $1 does not answer" >&2
            cat "$SCRATCH"/*.log >&2 || true
            exit 1
        }
        sleep 0.1
    done
}

# table FILE: lines "what subject reference" of each round, as ratio subject / reference.
table() {
    sort -t $'\t' -k1,1 -s "$1" | awk -F '\t' -v unit="$2" '
        function show(   i, j, t, m) {
            if (!n) return
            for (i = 2; i <= n; i++) for (j = i; j > 1 && r[j - 1] > r[j]; j--) { t = r[j]; r[j] = r[j - 1]; r[j - 1] = t }
            m = n % 2 ? r[(n + 1) / 2] : (r[n / 2] + r[n / 2 + 1]) / 2
            printf "  %-58s %7.2f %7.2f %7.2f   %11.0f %11.0f\n", what, r[1], m, r[n], subject / n, reference / n
        }
        BEGIN { printf "  %-58s %7s %7s %7s   %11s %11s\n", "ratio (above 1: faster than the reference)", "min", "median", "max", "mean " unit, "reference" }
        $1 != what { show(); what = $1; n = subject = reference = 0 }
        $3 > 0 { r[++n] = $2 / $3; subject += $2; reference += $3 }
        END { show() }'
}

# rate URL CONNECTIONS [HEADER]: requests a second; answers that are not 2xx are named.
rate() {
    local out
    out=$("${LOAD[@]}" wrk -t1 -c"$2" -d"${SECONDS_EACH}s" ${3:+-H "$3"} ${4:+-s "$4"} "$1")
    grep -E 'Non-2xx|Socket errors' <<<"$out" | sed "s|^|    $1: |" >&2 || true
    sed -n 's|^Requests/sec: *||p' <<<"$out"
}

start_anchorage() {
    local port
    [ -z "${ORIGIN:-}" ] || return 0
    echo "Loading the demo place"
    "$PROGRAM" demo --data "$DATA" --json >"$SCRATCH/demo.json" 2>"$SCRATCH/demo.log" || {
        cat "$SCRATCH/demo.log" >&2
        exit 1
    }
    port=$(free_port)
    ORIGIN=http://127.0.0.1:$port
    "${SERVERS[@]}" "$PROGRAM" serve --data "$DATA" --listen "127.0.0.1:$port" >"$SCRATCH/anchorage.log" 2>&1 &
    PIDS+=($!)
    wait_for "$ORIGIN/readyz"
}

start_nginx() {
    NGINX=http://127.0.0.1:$1
    cat >"$SCRATCH/nginx.conf" <<CONF
daemon off;
worker_processes 1;
pid $SCRATCH/nginx.pid;
error_log $SCRATCH/nginx.log error;
events { worker_connections 1024; }
http {
    access_log off;
    sendfile on;
    tcp_nopush on;
    tcp_nodelay on;
    keepalive_requests 1000000;
    open_file_cache max=10;
    default_type text/html;
    charset utf-8;
    gzip_static on;
    gzip_vary on;
    client_body_temp_path $SCRATCH/nginx-body;
    proxy_temp_path $SCRATCH/nginx-proxy;
    fastcgi_temp_path $SCRATCH/nginx-fastcgi;
    uwsgi_temp_path $SCRATCH/nginx-uwsgi;
    scgi_temp_path $SCRATCH/nginx-scgi;
    server { listen 127.0.0.1:$1; root $SCRATCH/www; index index.html; }
}
CONF
    "${SERVERS[@]}" nginx -p "$SCRATCH" -e "$SCRATCH/nginx.log" -c "$SCRATCH/nginx.conf" &
    PIDS+=($!)
    wait_for "$NGINX/"
}

start_civet() {
    CIVET=http://127.0.0.1:$1
    "${CC:-cc}" -std=gnu17 -D_GNU_SOURCE -O2 tests/bench/civet_const.c -lcivetweb -o "$SCRATCH/civet_const"
    "${SERVERS[@]}" "$SCRATCH/civet_const" "$1" 100 "$SCRATCH/www/index.html" "$SCRATCH/www/index.html.gz" \
        "text/html; charset=utf-8" &
    PIDS+=($!)
    wait_for "$CIVET/"
}

# (a) The home page, ready-made, against nginx with the same bytes and a CivetWeb handler with a constant buffer.
bench_hot() {
    local round connections encoding header a n c
    start_anchorage
    mkdir -p "$SCRATCH/www"
    curl -fsS "$ORIGIN/" -o "$SCRATCH/www/index.html"
    curl -fsS -H 'Accept-Encoding: gzip' "$ORIGIN/" -o "$SCRATCH/www/index.html.gz"
    chmod -R a+rX "$SCRATCH/www"
    start_nginx "$(free_port)"
    start_civet "$(free_port)"
    echo
    echo "Hot public page: $(stat -c %s "$SCRATCH/www/index.html") bytes, $(stat -c %s "$SCRATCH/www/index.html.gz") compressed; $ROUNDS rounds of $SECONDS_EACH s"
    : >"$SCRATCH/hot"
    for round in $(seq "$ROUNDS"); do
        for connections in 16 64; do
            for encoding in identity gzip; do
                header="Accept-Encoding: $encoding"
                # Each round begins with another one, so that none always runs after the same neighbour.
                case $((round % 3)) in
                0) a=$(rate "$ORIGIN/" $connections "$header") n=$(rate "$NGINX/" $connections "$header") c=$(rate "$CIVET/" $connections "$header") ;;
                1) n=$(rate "$NGINX/" $connections "$header") c=$(rate "$CIVET/" $connections "$header") a=$(rate "$ORIGIN/" $connections "$header") ;;
                2) c=$(rate "$CIVET/" $connections "$header") a=$(rate "$ORIGIN/" $connections "$header") n=$(rate "$NGINX/" $connections "$header") ;;
                esac
                # shellcheck disable=SC2129
                printf 'anchorage / nginx, %s connections, %s\t%s\t%s\n' "$connections" "$encoding" "$a" "$n" >>"$SCRATCH/hot"
                printf 'anchorage / constant CivetWeb, %s connections, %s\t%s\t%s\n' "$connections" "$encoding" "$a" "$c" >>"$SCRATCH/hot"
                printf 'constant CivetWeb / nginx, %s connections, %s\t%s\t%s\n' "$connections" "$encoding" "$c" "$n" >>"$SCRATCH/hot"
            done
        done
    done
    table "$SCRATCH/hot" req/s
}

# named_sql NAME: the statement as the program prepares it, with :ref and :now for its parameters.
named_sql() {
    awk -v name="$1" '
        /^-- name: / { on = ($3 == name); next }
        on && !/^--/ { gsub(/\$1/, ":ref"); gsub(/\$2/, ":now"); print }' schemas/queries/*.sql | sed 's/; *$//'
}

# (b) The page of a notice against pgbench with the statement that feeds it. Made anew means: route, session, statement,
# template and one write. A visitor with a cookie is never given a ready-made page; the cookie here belongs to nobody,
# which costs a second statement. A new query makes a new page too, which is then compressed and kept like any other.
bench_notice() {
    local ref name=${NOTICE_SQL:-opportunity} round connections page cookie fresh pg
    start_anchorage
    ref=$(curl -fsS "$ORIGIN/opportunities" | sed -n 's|.*href="/opportunities/\([A-Za-z0-9-]*\)".*|\1|p' | head -n 1)
    named_sql "$name" >"$SCRATCH/notice.body"
    if [ -z "$ref" ] || [ ! -s "$SCRATCH/notice.body" ]; then
        echo "Notice page: not measured (no notice on the board, or no statement $name in schemas/queries)"
        return 0
    fi
    { cat "$SCRATCH/notice.body" && echo ';'; } >"$SCRATCH/notice.sql"
    cat >"$SCRATCH/notice.lua" <<LUA
local n = 0
local start = os.time()
request = function()
  n = n + 1
  return wrk.format("GET", "/opportunities/$ref?n=" .. start .. "-" .. n)
end
LUA
    page=$ORIGIN/opportunities/$ref
    echo
    echo "Notice page of $(curl -fsS "$page" | wc -c) bytes, executors with one connection each, against pgbench -M prepared, 4 clients, on \"$name\""
    : >"$SCRATCH/notice"
    for round in $(seq "$ROUNDS"); do
        for connections in 4 16; do
            cookie=$(rate "$page" "$connections" "Cookie: anchorage=$(printf '0%.0s' {1..64})")
            fresh=$(rate "$ORIGIN/" "$connections" "" "$SCRATCH/notice.lua")
            pg=$("${LOAD[@]}" pgbench -h "$DATA/run" -p 5432 -U anchorage -n -M prepared -D ref="$ref" -D now="2026-11-02T12:00:00Z" \
                -c 4 -j 1 -T "$SECONDS_EACH" -f "$SCRATCH/notice.sql" anchorage 2>>"$SCRATCH/pgbench.log" |
                sed -n 's/^tps = \([0-9.]*\).*/\1/p')
            # shellcheck disable=SC2129
            printf 'made anew, with a cookie / pgbench, %s connections\t%s\t%s\n' "$connections" "$cookie" "${pg:-0}" >>"$SCRATCH/notice"
            printf 'made anew and kept, new query / pgbench, %s connections\t%s\t%s\n' "$connections" "$fresh" "${pg:-0}" >>"$SCRATCH/notice"
            printf 'ready-made / pgbench, %s connections\t%s\t%s\n' "$connections" "$(rate "$page" "$connections")" "${pg:-0}" >>"$SCRATCH/notice"
        done
    done
    [ ! -s "$SCRATCH/pgbench.log" ] || sort -u "$SCRATCH/pgbench.log" | head -n 3 >&2
    table "$SCRATCH/notice" req/s
}

# Invented payments in the nine-column layout of a council: as published ($3), and clean ($4: ISO dates, plain amounts),
# to payees of a name that begins with $5. The same numbers for the same seed (Park and Miller, Communications of the
# ACM 31, 1988). One year for each seed, so that no two files share days.
payments_files() {
    awk -v lines="$1" -v seed="$2" -v raw="$3" -v clean="$4" -v front="$5" 'function below(n) {
            x = (x * 16807) % 2147483647
            return x % n
        }
        BEGIN {
        x = 4711 + seed
        split("Timber Drainage Catering Cleaning Scaffold Printing Transport Roofing Gardens Training", kind, " ")
        split("Ltd Limited CIC Trust Services", tail, " ")
        for (i = 0; i < 20000; i++)
            payee[i] = front " " kind[1 + i % 10] " " i " " tail[1 + int(i / 10) % 5]
        for (i = 0; i < 600; i++)
            label[i] = 10000 + i * 37 ",Department of " kind[1 + i % 10] " " i % 40 "," 1000 + i ",Summary of " \
                kind[1 + int(i / 7) % 10] " works and " kind[1 + int(i / 3) % 10] " supplies,Category " kind[1 + i % 10] " " i % 60
        year = 2000 + seed
        print "Beneficiary,Date,Period,Cost Centre,Department,account,Summary of Purpose,Merchant Category,Amount (Net of VAT)" >raw
        for (i = 0; i < lines; i++) {
            p = int(below(20000) * below(20000) / 20000)
            d = 1 + below(28); m = 1 + below(12); pounds = 500 + below(20000); pence = below(100)
            words = label[(p * 7 + below(3)) % 600]
            amount = pounds < 1000 ? sprintf("%d.%02d", pounds, pence) : sprintf("\"%d,%03d.%02d\"", pounds / 1000, pounds % 1000, pence)
            printf "%s,%02d/%02d/%d,%d,%s,%s\n", payee[p], d, m, year, m, words, amount >raw
            printf "%s,%d-%02d-%02d,%d,%s,%d.%02d\n", payee[p], year, m, d, m, words, pounds, pence >clean
        }
    }'
}

# A market of 50,000 suppliers more; a fifth of them bears the name of a payee of the first file, in another dress.
market_of_suppliers() {
    bench_sql anchorage -c "
        WITH n AS (SELECT i, CASE WHEN i % 5 = 0 AND i / 5 < 10000
                     THEN 'Bench1 ' || (ARRAY['Timber', 'Drainage', 'Catering', 'Cleaning', 'Scaffold', 'Printing', 'Transport', 'Roofing',
                                              'Gardens', 'Training'])[1 + i / 5 % 10] || ' ' || i / 5
                     ELSE (ARRAY['Alder', 'Bramble', 'Curlew', 'Dunlin', 'Elder', 'Fallow', 'Gorse', 'Hazel'])[1 + i % 8] || 'field '
                          || (ARRAY['Roofing', 'Catering', 'Homecare', 'Transport', 'Signs', 'Joinery', 'Fostering'])[1 + i / 8 % 7]
                          || ' of ' || chr(65 + i / 56 % 26) || chr(97 + i / 1456 % 26) || 'stead' END AS name
                     FROM generate_series(0, 49999) i),
             o AS (INSERT INTO core.organisation (ref, kind, name) SELECT 'bench' || i, 'supplier', name || ' Limited' FROM n
                   RETURNING id, ref, name)
        INSERT INTO core.supplier (id, match_name, postcode, company_number)
        SELECT id, upper(regexp_replace(name, ' Limited$', '')), 'WN1 1AA', (10000000 + substr(ref, 6)::integer)::text FROM o" -c ANALYZE
}

bench_sql() {
    local database=$1
    shift
    psql -h "$DATA/run" -p 5432 -U anchorage -q -v ON_ERROR_STOP=1 -X -d "$database" "$@"
}

# Nothing is under way any more: indexes of the last load, its proposals, figures brought up to date. What one of the two
# left behind must not fall on the other.
all_quiet() {
    local calm=0 left=600
    while [ "$calm" -lt 5 ] && [ "$left" -gt 0 ]; do
        left=$((left - 1))
        if [ "$(bench_sql anchorage -At -c "SELECT (SELECT count(*) FROM core.spend_leaf WHERE NOT indexed) + (SELECT count(*) FROM core.match_due)
                + (SELECT count(*) FROM pg_stat_activity WHERE state <> 'idle' AND backend_type IN ('client backend', 'autovacuum worker')
                   AND pid <> pg_backend_pid())")" = 0 ]; then
            calm=$((calm + 1))
        else
            calm=0
        fi
        sleep 0.2
    done
    bench_sql bench -c CHECKPOINT
}

# One import and one COPY of its clean rows; the later rounds begin with the other one. $4 says what kind of load it is,
# $5 what the names of its payees begin with.
import_round() {
    local lines=$1 round=$2 seed=$3 what=$4 ours copy whole begun part shown
    payments_files "$lines" "$seed" "$SCRATCH/raw.csv" "$SCRATCH/clean.csv" "$5"
    chmod 644 "$SCRATCH/raw.csv" "$SCRATCH/clean.csv"
    sync -f "$SCRATCH" # writing these files out is nobody's work
    for part in $((round % 2)) $(((round + 1) % 2)); do
        all_quiet
        if [ "$part" = 1 ]; then
            begun=$(now_ms)
            # shellcheck disable=SC2086
            if ! "${LOAD[@]}" "$PROGRAM" import spend "$SCRATCH/raw.csv" --data "$DATA" --anchor "$ANCHOR" --overlap once ${IMPORT_OPTIONS:-} --json >"$SCRATCH/import.log" 2>&1; then
                echo "  not measured: $(tail -n 2 "$SCRATCH/import.log")"
                return 1
            fi
            whole=$(($(now_ms) - begun))
            ours=$(sed -n 's/^ *"milliseconds": \([0-9]*\).*/\1/p' "$SCRATCH/import.log")
            until [ "$(bench_sql anchorage -At -c 'SELECT count(*) FROM core.match_due')" = 0 ]; do
                sleep 0.02
            done
            shown=$(($(now_ms) - begun))
        else
            bench_sql bench -c "DROP TABLE IF EXISTS payment" -c "CREATE TABLE payment (beneficiary text, paid date, period text,
                cost_centre text, department text, account text, purpose text, category text, amount numeric(14, 2))"
            copy=$("${LOAD[@]}" psql -h "$DATA/run" -p 5432 -U anchorage -q -v ON_ERROR_STOP=1 -X -d bench -c '\timing on' \
                -c "\\copy payment from '$SCRATCH/clean.csv' with (format csv)" | sed -n 's/^Time: \([0-9]*\)\..*/\1/p')
        fi
    done
    # shellcheck disable=SC2129
    printf '%s: import to answer / COPY csv\t%s\t%s\n' "$what" "$((lines * 1000 / ours))" "$((lines * 1000 / copy))" >>"$SCRATCH/import"
    printf '%s: the whole verb / COPY csv\t%s\t%s\n' "$what" "$((lines * 1000 / whole))" "$((lines * 1000 / copy))" >>"$SCRATCH/import"
    printf '%s: verb, indexes, proposals / COPY csv\t%s\t%s\n' "$what" "$((lines * 1000 / shown))" "$((lines * 1000 / copy))" >>"$SCRATCH/import"
    rm -f "$SCRATCH/raw.csv" "$SCRATCH/clean.csv"
}

peak_memory() {
    sed -n 's/^ *"peak_kib": \([0-9]*\).*/  peak memory of the importing process: \1 KiB/p' "$SCRATCH/import.log"
}

now_ms() { date +%s%3N; }

# (c) Payments: parsed, matched, stored and summed up by us, against COPY csv of the clean rows into a plain table, in the
# same server. Of each round one load whose 20,000 payees are all new and one that knows them. Both sides may use all cores.
bench_import() {
    local round ORIGIN="" DATA=$SCRATCH/payments SERVERS=() LOAD=()
    if [ "${REALTIME:-1}" = 1 ] && command -v chrt >/dev/null && chrt -r 1 true 2>/dev/null; then
        SERVERS=(chrt -r 1)
        LOAD=(chrt -r 1)
    fi
    start_anchorage
    market_of_suppliers
    echo
    echo "Payments files of $LINES lines, 20,000 payees, 50,000 suppliers: anchorage import spend against COPY ... FROM csv of the clean rows into a plain table"
    : >"$SCRATCH/import"
    ANCHOR=$(bench_sql anchorage -At -c "SELECT ref FROM core.organisation WHERE kind = 'anchor' ORDER BY id LIMIT 1")
    bench_sql postgres -c 'CREATE DATABASE bench' || return 0
    for round in $(seq "$ROUNDS"); do
        import_round "$LINES" "$round" $((2 * round - 1)) "first load, payees new" "Bench$round" || return 0
        import_round "$LINES" "$round" $((2 * round)) "further load, payees known" "Bench$round" || return 0
    done
    table "$SCRATCH/import" rows/s
    peak_memory
    if [ "${BIG:-0}" = 1 ]; then
        echo "The same of 10,000,000 lines, once; in a year (2021) that neither the demo nor other rounds have"
        : >"$SCRATCH/import"
        import_round 10000000 1 21 "ten million lines" BenchBig || return 0
        table "$SCRATCH/import" rows/s
        peak_memory
    fi
}

# (d) Payees through all rules of matching against 50,000 suppliers, read anew, against a join in SQL on the normalised
# name alone, which finds exact names only. A program of its own on a PostgreSQL of its own.
bench_matching() {
    cmake --build "$BUILD" --target bench_match >"$SCRATCH/match.log" 2>&1 || {
        echo "Matching: not measured: $(tail -n 2 "$SCRATCH/match.log")"
        return 0
    }
    echo
    echo "Matching of 20,000 new payees against 50,000 suppliers, all rules, against an exact join on the name in SQL"
    "$BUILD/tests/bench_match" 2>"$SCRATCH/match.log" | awk -F '\t' 'NF == 3 {
        printf "matching by all rules / exact join in SQL\t%.0f\t%.0f\n", $1 * 1000 / $2, $1 * 1000 / $3 }' >"$SCRATCH/matching"
    grep ' tied, ' "$SCRATCH/match.log" | sed 's/^/  /' || true
    table "$SCRATCH/matching" payees/s
}

# (e) Sums over stored payments from memory against the same sums in SQL, and what keeping them up to date takes.
bench_reports() {
    cmake --build "$BUILD" --target bench_reports >"$SCRATCH/reports.log" 2>&1 || {
        echo "Reports: not measured: $(tail -n 2 "$SCRATCH/reports.log")"
        return 0
    }
    echo
    "${SERVERS[@]}" env ROUNDS="$ROUNDS" LINES="$([ "${BIG:-0}" = 1 ] && echo 10000000 || echo "$LINES")" \
        "$BUILD/tests/bench_reports" 2>"$SCRATCH/reports.log" | grep -v '^\[' || {
        echo "Reports: not measured: $(tail -n 2 "$SCRATCH/reports.log")"
    }
}

case "${1:-all}" in
hot) bench_hot ;;
notice) bench_notice ;;
import) bench_import ;;
matching) bench_matching ;;
reports) bench_reports ;;
all)
    bench_hot
    bench_notice
    bench_import
    bench_matching
    bench_reports
    ;;
*)
    echo "usage: ./dev bench [hot|notice|import|matching|reports]" >&2
    exit 2
    ;;
esac
