#!/bin/sh
# Creates the virtual environment and installs a requirements file into it, only when one of them changed.
# usage: scripts/setup.sh VENV requirements.txt|requirements-dev.txt
# Exit code 2 and one line when no Python is new enough or the environment cannot be made.
set -eu

venv=$1
wanted=$2

fail() {
    echo "hiroba: $1" >&2
    exit 2
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

usable() { # new enough and able to make a virtual environment
    new_enough "$1" && "$1" -c 'import venv, ensurepip' >/dev/null 2>&1
}

if ! { [ -x "$venv/bin/python" ] && new_enough "$venv/bin/python" && "$venv/bin/python" -m pip --version >/dev/null 2>&1; }; then
    python= seen= bare=
    for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3.14 python3 python; do
        command -v "$candidate" >/dev/null 2>&1 || continue
        if usable "$candidate"; then
            python=$candidate
            break
        elif new_enough "$candidate"; then
            bare=${bare:-$candidate}
        else
            version=$("$candidate" --version 2>/dev/null) && seen=${seen:-$version}
        fi
    done
    if [ -z "$python" ]; then
        [ -z "$bare" ] || fail "$bare cannot make virtual environments; on Debian and Ubuntu: apt install python3-venv"
        fail "Python 3.11 or newer is needed, found ${seen:-none}; set PYTHON=/path/to/python3.11 if it lives elsewhere"
    fi
    echo "hiroba: making $venv with $("$python" --version)" >&2
    "$python" -m venv --clear "$venv" || fail "could not make $venv"
fi

# The stamp holds the hash of what was installed last.
fingerprint=$("$venv/bin/python" - "$wanted" <<'PY'
import hashlib, pathlib, sys
names = ["requirements.txt"] if sys.argv[1] == "requirements.txt" else ["requirements.txt", "requirements-dev.txt"]
print(hashlib.sha256(sys.version.encode() + b"".join(pathlib.Path(name).read_bytes() for name in names)).hexdigest())
PY
) || fail "cannot read $wanted"

stamp="$venv/.installed-$wanted"
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$fingerprint" ]; then
    echo "hiroba: installing $wanted" >&2
    rm -f "$stamp"
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input -r "$wanted" ||
        fail "could not install $wanted (see above)"
    echo "$fingerprint" >"$stamp"
fi
