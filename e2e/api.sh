#!/usr/bin/env bash
# Holds the API against its description with schemathesis: every operation, every check.
# How to run it: docs/testing.md. The argument is how many cases each operation gets (default 10).
set -euo pipefail
cd "$(dirname "$0")/.."

cases=${1:-10}
binary=${TELLONCE_BINARY:-target/debug/tellonce}
venv=${TELLONCE_SCHEMATHESIS:-target/schemathesis}
[ -n "${TELLONCE_DEMO:-}" ] || { echo "TELLONCE_DEMO names no prepared demo" >&2; exit 2; }

scratch=$(mktemp -d "${TELLONCE_SCRATCH:-${TMPDIR:-/tmp}}/api.XXXXXX")
server=
tidy_up() {
    local code=$?
    trap - EXIT
    [ -z "$server" ] || kill "$server" 2>/dev/null || true
    rm -rf "$scratch"
    exit "$code"
}
trap tidy_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

if [ ! -x "$venv/bin/schemathesis" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check schemathesis==4.32.5
fi

cp -r "$TELLONCE_DEMO" "$scratch/area"
token=$("$binary" token add --service 'Schemathesis' --role manager --write --dir "$scratch/area")
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$binary" serve --demo --insecure-cookies --dir "$scratch/area" --port "$port" --today 2026-11-23 \
    --api-per-token 4000000000 --api-per-address 4000000000 --api-tries 1000000000 >"$scratch/server.log" 2>&1 &
server=$!
address=http://127.0.0.1:$port
# Prints what is answered at an address.
answer() {
    python3 -c 'import sys, urllib.request as u
print(u.urlopen(u.Request(sys.argv[1], headers={"Authorization": "Bearer " + sys.argv[2]})).read().decode())' "$1" "$token"
}

for _ in $(seq 600); do
    answer "$address/health" >/dev/null 2>&1 && break
    kill -0 "$server" 2>/dev/null || { cat "$scratch/server.log" >&2; exit 1; }
    sleep 0.1
done

run() {
    "$venv/bin/schemathesis" --config-file "$1" run "$address/api/v1/openapi.json" --header "Authorization: Bearer $token" \
        --checks all --max-examples "$cases" --seed 20261123 --continue-on-failure \
        --output-sanitize true --warnings off
}

failed=0
echo "Any child"
run e2e/api.toml || failed=1
# The same with a child that is there, so that more than "not found" is answered.
child=$(answer "$address/api/v1/children?limit=1" | sed 's/.*"case":"\([^"]*\)".*/\1/')
{ printf '[parameters]\n"path.case" = "%s"\n\n' "$child"; cat e2e/api.toml; } >"$scratch/one-child.toml"
echo "The child $child"
run "$scratch/one-child.toml" || failed=1

if grep -q 'ERROR' "$scratch/server.log"; then
    echo "the server logged a fault:" >&2
    grep 'ERROR' "$scratch/server.log" | tail -20 >&2
    failed=1
fi
exit "$failed"
