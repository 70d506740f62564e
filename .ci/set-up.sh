# Sourced by ./run and ./test: finds out what a machine lacks and gets it, saying what and why.
# As root it installs Debian packages; anyone else is told the one line to type.
# Nothing here asks a question: both commands work without a terminal.

RUST_VERSION=$(sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)
NODE_VERSION_LEAST=20
missing_packages=()

say() { printf '%s\n' "$*"; }
fail() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

# Cargo installed by rustup is found even when the shell has not read its profile again.
if ! has cargo && [ -x "$HOME/.cargo/bin/cargo" ]; then PATH="$HOME/.cargo/bin:$PATH"; fi

need_package() { missing_packages+=("$@"); }

# All missing packages at once, so that an ordinary user types one line and not five.
install_packages() {
    [ ${#missing_packages[@]} -gt 0 ] || return 0
    has apt-get || fail "missing: ${missing_packages[*]} (Debian's names). Install them, then start again."
    if ! is_root; then
        say "Something is missing. Type this line, then start again:" >&2
        say "  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${missing_packages[*]}" >&2
        exit 1
    fi
    say "Installing Debian packages: ${missing_packages[*]}"
    local log
    log=$(mktemp)
    if ! { apt-get update && DEBIAN_FRONTEND=noninteractive \
        apt-get install -y --no-install-recommends "${missing_packages[@]}"; } </dev/null >"$log" 2>&1; then
        tail -20 "$log" >&2
        rm -f "$log"
        fail "the packages could not be installed"
    fi
    rm -f "$log"
    missing_packages=()
}

need_compiler() {
    has cc || need_package gcc libc6-dev
    has git || need_package git
}

need_node() {
    has node || need_package nodejs
    has npm || need_package npm
}

need_rust() {
    if ! has cargo && ! has curl; then need_package curl ca-certificates; fi
}

need_postgres() {
    ls /usr/lib/postgresql/*/bin/initdb /usr/local/pgsql/bin/initdb /usr/local/bin/initdb >/dev/null 2>&1 \
        || has initdb || need_package postgresql
}

need_python() {
    python3 -c 'import ensurepip, venv' >/dev/null 2>&1 || need_package python3 python3-venv
}

need_chromium() {
    [ -n "${CHROMIUM:-}" ] || [ -x /usr/bin/chromium ] || need_package chromium
}

# Rust: a toolchain that rustup looks after picks the right version by rust-toolchain.toml.
set_up_rust() {
    if ! has cargo; then
        say "Installing Rust $RUST_VERSION with rustup, in $HOME/.cargo"
        curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs </dev/null \
            | sh -s -- -y -q --profile minimal --default-toolchain "$RUST_VERSION" \
                -c rustfmt -c clippy --no-modify-path >/dev/null \
            || fail "Rust could not be installed; see https://rustup.rs"
        PATH="$HOME/.cargo/bin:$PATH"
    fi
    local found
    found=$(cargo --version 2>/dev/null | cut -d' ' -f2) || fail "cargo does not start; see https://rustup.rs"
    if ! is_at_least "$found" "$RUST_VERSION"; then
        fail "cargo is $found and $RUST_VERSION is needed: rustup toolchain install $RUST_VERSION"
    fi
}

# Where cargo puts what it builds: CARGO_TARGET_DIR, a setting of the machine's own, or ./target.
target_directory() {
    cargo metadata --format-version 1 --no-deps --locked </dev/null \
        | sed -n 's/.*"target_directory":"\([^"]*\)".*/\1/p'
}

# Debian 12 has an older Node: a newer one comes as an npm package.
set_up_node() {
    local found
    found=$(node --version | tr -d v)
    if ! is_at_least "$found" "$NODE_VERSION_LEAST"; then
        if is_root; then
            say "Installing Node 22 with npm (Node $found is too old)"
            npm install --global --silent node@22 </dev/null || fail "Node 22 could not be installed"
            hash -r
        else
            say "Node is $found and $NODE_VERSION_LEAST is needed. Type this line, then start again:" >&2
            say "  sudo npm install --global node@22" >&2
            exit 1
        fi
    fi
    if ! are_node_modules_current; then
        say "Fetching the stylesheets and scripts that pages are made of (npm ci)"
        npm ci --no-audit --no-fund --loglevel=error </dev/null || fail "npm ci did not work"
    fi
}

is_at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -1)" = "$2" ]; }

# What npm wrote down when it installed, against what the lock file asks for.
are_node_modules_current() {
    [ -f node_modules/.package-lock.json ] || return 1
    node --input-type=module -e '
        import { readFileSync } from "node:fs";
        const read = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
        const asked = read("package-lock.json"), found = read("node_modules/.package-lock.json");
        const stale = Object.keys(asked).some((name) =>
            name !== "" && !asked[name].optional && found[name]?.integrity !== asked[name].integrity);
        process.exit(stale ? 1 : 0);' </dev/null
}
