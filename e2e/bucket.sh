#!/usr/bin/env bash
# Stored files in a bucket: starts a server that speaks S3 (moto, from PyPI) and runs the test that asks
# for one. Says so and does nothing where it cannot be installed.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=${TELLONCE_MOTO:-target/moto}
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true' EXIT

if [ ! -x "$venv/bin/moto_server" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check 'moto[server,s3]==5.2.5' || {
        rm -rf "$venv"
        echo "no server that speaks S3 can be installed: nothing is tried"
        exit 0
    }
fi
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$venv/bin/moto_server" -H 127.0.0.1 -p "$port" >/dev/null 2>&1 &
server=$!
for _ in $(seq 200); do
    curl -fsS -o /dev/null "http://127.0.0.1:$port/moto-api/" 2>/dev/null && break
    sleep 0.1
done
curl -fsS -o /dev/null -X PUT "http://127.0.0.1:$port/papers"
TELLONCE_TEST_BUCKET="http://127.0.0.1:$port" cargo test --quiet -p app --test it -- files_in_a_bucket --nocapture
