#!/usr/bin/env bash
# A PostgreSQL cluster that may be lost: for tests and benchmarks, never for anybody's records.
#
#   throwaway-postgres.sh start DIR PORT [fast|durable] [IDLE_MINUTES]
#   throwaway-postgres.sh stop DIR
#
# start prints the address of the server, as postgres://tellonce@127.0.0.1:PORT/postgres, and nothing
# else. PORT 0 picks a free one. `fast` (the default) never flushes to disk; `durable` flushes as a
# real server does. With IDLE_MINUTES the cluster stops and removes itself when nobody has been
# connected for so long. A cluster that is already running in DIR is left alone and its address printed.
# stop ends the cluster and removes DIR.
#
# PostgreSQL refuses to run as root, so when root calls, it runs as the user `postgres` (or as
# TELLONCE_POSTGRES_USER); DIR must then be where that user may go, such as under /tmp.
set -euo pipefail

fail() { echo "throwaway-postgres: $*" >&2; exit 1; }

find_binaries() {
    local folder
    for folder in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -rn) \
        /usr/local/pgsql/bin /usr/local/bin /opt/homebrew/bin /usr/bin; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/pg_ctl" ] && [ -x "$folder/postgres" ]; then
            # A link leads to the folder that has the rest of the installation beside it.
            dirname "$(readlink -f "$folder/initdb")"
            return
        fi
    done
    fail "no PostgreSQL found (initdb, pg_ctl, postgres); on Debian: apt-get install postgresql"
}

# Runs a command as a user that PostgreSQL accepts.
unprivileged() {
    if [ "$(id -u)" != 0 ]; then
        "$@"
    elif command -v runuser >/dev/null; then
        runuser -u "$account" -- "$@"
    elif command -v setpriv >/dev/null; then
        setpriv --reuid "$account" --regid "$account" --init-groups -- "$@"
    else
        fail "root needs runuser or setpriv (package util-linux) to become $account"
    fi
}

is_port_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

print_address() { echo "postgres://tellonce@127.0.0.1:$(cat "$folder/port")/postgres"; }

is_running() { unprivileged "$binaries/pg_ctl" -D "$folder/cluster" status >/dev/null 2>&1; }

start() {
    local port=$1 mode=$2 idle_minutes=$3
    if [ -f "$folder/port" ] && is_running; then
        print_address
        return
    fi
    [ ! -e "$folder" ] || [ -z "$(ls -A "$folder")" ] || [ -f "$folder/throwaway" ] \
        || fail "$folder is not empty and was not made by this program"
    rm -rf "$folder"
    mkdir -p "$folder"
    touch "$folder/throwaway"
    if [ "$(id -u)" = 0 ]; then chown "$account" "$folder"; fi
    chmod 700 "$folder"
    cd "$folder"
    unprivileged "$binaries/initdb" -D "$folder/cluster" -U tellonce --auth=trust \
        --encoding=UTF8 --locale=C --no-sync >"$folder/initdb.log" 2>&1 \
        || { tail -5 "$folder/initdb.log" >&2; fail "initdb failed"; }
    local settings=(
        "listen_addresses='127.0.0.1'" "unix_socket_directories=''" "max_connections=200"
        "shared_buffers=128MB" "autovacuum_naptime=10min" "logging_collector=off" "timezone='UTC'"
    )
    if [ "$mode" = fast ]; then
        settings+=("fsync=off" "synchronous_commit=off" "full_page_writes=off" "max_wal_size=2GB")
    fi
    printf '%s\n' "${settings[@]}" >>"$folder/cluster/postgresql.conf"
    local tries=1 wanted=$port
    [ "$port" != 0 ] || tries=40
    while [ "$tries" -gt 0 ]; do
        tries=$((tries - 1))
        # Below the range that the system gives out for outgoing connections.
        [ "$port" != 0 ] || wanted=$((20000 + RANDOM % 10000))
        is_port_free "$wanted" || continue
        if unprivileged "$binaries/pg_ctl" -D "$folder/cluster" -o "-p $wanted" -l "$folder/server.log" \
            -w -t 60 start </dev/null >/dev/null 2>&1; then
            echo "$wanted" >"$folder/port"
            if [ "$idle_minutes" != 0 ]; then
                (stop_when_idle "$wanted" "$idle_minutes" </dev/null >/dev/null 2>&1 &)
            fi
            print_address
            return
        fi
    done
    tail -5 "$folder/server.log" >&2
    fail "the server did not start on port ${wanted}"
}

# A backend process per connection is a child of the postmaster, named after the user it serves.
count_connections() {
    local postmaster
    postmaster=$(head -1 "$folder/cluster/postmaster.pid")
    ps --ppid "$postmaster" -o args= | grep -c 'postgres: tellonce ' || true
}

stop_when_idle() {
    local idle=0 most=$(($2 * 4))
    while [ -f "$folder/port" ] && [ "$(cat "$folder/port")" = "$1" ] && is_running; do
        sleep 15
        if [ "$(count_connections)" = 0 ]; then idle=$((idle + 1)); else idle=0; fi
        if [ "$idle" -ge "$most" ]; then
            # Whoever starts tests holds this lock while looking at the cluster.
            exec 9>>"$folder.lock"
            if command -v flock >/dev/null; then flock 9; fi
            if [ "$(count_connections)" = 0 ]; then stop; fi
            return
        fi
    done
}

stop() {
    [ -f "$folder/throwaway" ] || fail "$folder was not made by this program"
    if is_running; then
        unprivileged "$binaries/pg_ctl" -D "$folder/cluster" -m immediate -w stop >/dev/null
    fi
    cd /
    rm -rf "$folder"
}

[ $# -ge 2 ] || fail "usage: start DIR PORT [fast|durable] [IDLE_MINUTES] | stop DIR"
account=${TELLONCE_POSTGRES_USER:-postgres}
case $2 in /*) folder=$2 ;; *) folder=$PWD/$2 ;; esac
binaries=$(find_binaries)
if [ "$(id -u)" = 0 ] && ! id "$account" >/dev/null 2>&1; then
    fail "root cannot run PostgreSQL and there is no user $account"
fi
case $1 in
start)
    case ${4:-fast} in fast | durable) ;; *) fail "'$4' is neither fast nor durable" ;; esac
    start "${3:-0}" "${4:-fast}" "${5:-0}"
    ;;
stop) stop ;;
*) fail "'$1' is neither start nor stop" ;;
esac
