#!/bin/sh
# How fast is a SEN2 return of 6,000 people brought in, and how much memory does a file of more than
# 1 GB take? Run on demand: bench/imports/run.sh PATH-TO-TELLONCE [FOLDER]
#
# Needs GNU time (the Debian package `time`) and about 3 GB in FOLDER.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
binary=${1:?"say where the built tellonce is"}
folder=${2:-$(mktemp -d)}
mkdir -p "$folder"
command -v /usr/bin/time >/dev/null || { echo "GNU time is missing: apt-get install time" >&2; exit 1; }
cd "$here/../.."

make_return() { # persons file
    cargo run -q -p returns --example make_return -- "$1" "$2"
}

measured() { # words command...
    words=$1
    shift
    status=0
    /usr/bin/time -f "$words: %e s, at most %M KB" "$@" >"$folder/out" 2>"$folder/err" || status=$?
    cat "$folder/out" "$folder/err"
    return $status
}

rm -rf "$folder/data"
"$binary" area add 332 Alderbourne --dir "$folder/data"
make_return 6000 "$folder/6000.xml"
measured "preview of 6,000 people" "$binary" import sen2 "$folder/6000.xml" --dry-run --findings 0 --dir "$folder/data"
measured "6,000 people brought in" "$binary" import sen2 "$folder/6000.xml" --findings 0 --dir "$folder/data"
measured "the same file again" "$binary" import sen2 "$folder/6000.xml" --findings 0 --dir "$folder/data"
"$binary" verify --dir "$folder/data"

# 180,000 people fit under the limits; 700,000, in a file of more than 1 GB, do not.
make_return 180000 "$folder/large.xml"
ls -l "$folder/large.xml"
measured "preview of 180,000 people" "$binary" import sen2 "$folder/large.xml" --dry-run --findings 0 --dir "$folder/data"
make_return 700000 "$folder/huge.xml"
ls -l "$folder/huge.xml"
if measured "more than 1 GB" "$binary" import sen2 "$folder/huge.xml" --findings 0 --dir "$folder/data"; then
    echo "a file of more than 1 GB was not refused" >&2
    exit 1
fi
"$binary" verify --dir "$folder/data"
