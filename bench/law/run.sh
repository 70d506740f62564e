#!/usr/bin/env bash
# All deadlines of a million cases of a dozen events each, in Rust and in plain Python, on the same cases.
# The two must print the same checksum over the same number of cases; the speeds stand beside what the machine
# itself needs to read the events and to copy the answers. Usage: bench/law/run.sh [CASES] [CASES_FOR_PYTHON]
set -eu
cd "$(dirname "$0")/../.."
cases=${1:-1000000}
few=${2:-50000}
cargo build --quiet --release -p law --example million
bin="$(. .ci/set-up.sh; target_directory)/release/examples/million"
value() { sed -n "s/^$2 //p" "$1"; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$bin" "$cases" >"$work/rust"
"$bin" "$few" >"$work/rust_few"
python3 bench/law/peer.py "$few" >"$work/python"
echo "== Rust"; cat "$work/rust"
echo "== Python"; cat "$work/python"
if [ "$(value "$work/rust_few" checksum)" != "$(value "$work/python" checksum)" ]; then
    echo "the two programs give different answers on $few cases" >&2
    exit 1
fi
echo "== Same answers on $few cases (checksum $(value "$work/python" checksum))"
awk -v rust="$(value "$work/rust" cases_per_core_second)" -v python="$(value "$work/python" cases_per_core_second)" \
    'BEGIN { printf "== Rust works out %.0f times as many cases a second on one core\n", rust / python }'
