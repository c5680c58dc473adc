#!/bin/sh
# Prepare the private .venv: sh tools/setup.sh runtime|dev
# Every make target calls this first, so it must take a fraction of a second when nothing changed.
set -eu
cd "$(dirname "$0")/.."
profile=$1

say() { printf 'setup: %s\n' "$*" >&2; }
stop() { say "$@"; exit 1; }

# --- system packages: only missing ones, and only if apt exists and may be used

sudo_word() { [ "$(id -u)" = 0 ] || echo 'sudo '; }

can_apt() {
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] && return
    command -v sudo >/dev/null || return 1
    # sudo must not wait for a password when nobody is there to type one.
    [ -t 0 ] || sudo -n true 2>/dev/null
}

apt() {
    $(sudo_word) env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 "$@" </dev/null >/dev/null
}

apt_install() {
    can_apt || return 1
    say "installing the system package $1"
    # The first try may fail quietly: a fresh machine has no package lists, an old one has stale lists.
    apt install --no-install-recommends "$1" 2>/dev/null && return
    apt update || true
    apt install --no-install-recommends "$1"
}

# --- the interpreter

find_python() {
    for python in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && return
    done
    stop "Python 3.11 or newer is needed. On Debian or Ubuntu: $(sudo_word)apt-get install python3.11 python3.11-venv" \
        "- then run the same command again (or name another one: make … PYTHON=/path/to/python3)."
}

make_venv() {
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        # Debian packages venv separately from Python.
        package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        apt_install "$package" || stop "Python's venv module is missing: $(sudo_word)apt-get install $package"
    fi
    say "making .venv with $("$python" -V)"
    "$python" -m venv --clear .venv
}

# --- the locked packages

pip() { .venv/bin/python -m pip --disable-pip-version-check --no-input -qq "$@"; }

is_stamped() { [ "$(cat ".venv/$1" 2>/dev/null)" = "$2" ]; }
stamp() { printf '%s\n' "$2" >".venv/$1"; }

install_locked() {
    # A moved checkout or another Python invalidates a .venv just as a changed lock does.
    lock=$({ pwd; "$python" -c 'import sys; print(sys.hexversion, sys.base_prefix)'; cat requirements/*.txt; } | cksum)
    is_stamped locked-dev "$lock" && return
    if ! is_stamped locked-runtime "$lock"; then
        make_venv
    elif [ "$profile" = runtime ]; then
        return
    fi
    say "installing the locked $profile packages (a minute or so)"
    case $profile in
        runtime) set -- -r requirements/build.txt -r requirements/runtime.txt ;;
        dev) set -- -r requirements/dev.txt ;;
    esac
    # Wheels only: building a source archive would download build tools that no lock file pins.
    pip install --require-hashes --only-binary :all: "$@"
    stamp "locked-$profile" "$lock"
}

install_checkout() {
    project=$(cksum <pyproject.toml)
    is_stamped checkout "$project" && return
    pip install --no-deps --no-build-isolation -e .
    # An editable install compiles nothing; without this, each start would compile again where bytecode cannot be written.
    .venv/bin/python -m compileall -q reportgen
    # The lock files may lag behind pyproject.toml: say so here, not in a traceback later.
    .venv/bin/python -m pip check >&2 || stop "requirements/ no longer fits pyproject.toml: run make lock"
    stamp checkout "$project"
}

# --- the native libraries of WeasyPrint, which makes PDFs for profiles with their own HTML or style sheet

missing_libraries() {
    .venv/bin/python - <<'PYTHON'
import ctypes

for library, package in (
    ("libpango-1.0.so.0", "libpango-1.0-0"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0-0"),
    ("libharfbuzz-subset.so.0", "libharfbuzz-subset0"),
):
    try:
        ctypes.CDLL(library)
    except OSError:
        print(package)
PYTHON
}

install_libraries() {
    [ "$(uname)" = Linux ] || return 0
    missing=$(missing_libraries)
    [ -n "$missing" ] || return 0
    # Do not ask apt again, at every target, for what it could not install once.
    if ! is_stamped libraries-tried "$missing"; then
        for package in $missing; do apt_install "$package" || true; done
        missing=$(missing_libraries)
        stamp libraries-tried "$missing"
    fi
    case $missing in
        '') ;;
        libharfbuzz-subset0)
            say "libharfbuzz-subset0 is missing: WeasyPrint cannot be used; Typst, the usual engine, can." \
                "To mend it: $(sudo_word)apt-get install libharfbuzz-subset0" ;;
        *)
            # shellcheck disable=SC2086  # the words belong on one line
            say "WeasyPrint cannot be used on this machine; Typst, the usual PDF engine, can. To mend it:" \
                "$(sudo_word)apt-get install" $missing ;;
    esac
}

# --- the browser for tests of the sign-out desk, and the library of its driver; without a browser those tests are skipped

has_browser() {
    command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome
} >/dev/null

has_atomic() { .venv/bin/python -c 'import ctypes; ctypes.CDLL("libatomic.so.1")' 2>/dev/null; }

install_driver_library() {
    [ "$(uname)" = Linux ] || return 0
    has_atomic || is_stamped atomic-tried yes && return
    apt_install libatomic1 || true
    stamp atomic-tried yes
    has_atomic || say "libatomic1 is missing: the tests of the sign-out desk in a browser will fail." \
        "To mend it: $(sudo_word)apt-get install libatomic1"
}

install_browser() {
    has_browser || is_stamped browser-tried yes && return
    apt_install chromium-headless-shell 2>/dev/null || apt_install chromium 2>/dev/null || true
    stamp browser-tried yes
    has_browser || say "no Chromium: the tests of the sign-out desk in a browser will be skipped." \
        "To mend it: $(sudo_word)apt-get install chromium"
}

find_python
install_locked
install_checkout
install_libraries
[ "$profile" = runtime ] || { install_driver_library; install_browser; }
