#!/bin/sh
# Everything: style, types, then all tests on SQLite and PostgreSQL, browser journeys included.
set -eu
bin=.venv/bin
$bin/ruff check .
$bin/ruff format --check .
$bin/mypy
$bin/djlint --lint --quiet templates
jobs=$(nproc 2>/dev/null || echo 2)
[ "$jobs" -gt 4 ] && jobs=4
$bin/pytest -n "$jobs" --dist loadscope --database=sqlite "$@"
if ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1; then
    $bin/pytest -n "$jobs" --dist loadscope --database=postgresql "$@"
elif [ "${CI:-}" = true ]; then
    echo "CI needs PostgreSQL's programs (Debian: postgresql)" >&2
    exit 1
else
    echo "Skipped: the tests on PostgreSQL, whose programs are not installed." >&2
fi
