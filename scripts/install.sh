#!/bin/sh
# Makes .venv and installs the locked packages into it: with uv where it is there, else with pip alone.
set -eu
python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Luntan needs Python 3.11 or newer; $python is $(command -v "$python" >/dev/null && "$python" -V 2>&1 || echo 'not there'). Name another: make run PYTHON=python3.12" >&2
    exit 1
fi
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv" >&2
    exit 1
fi
[ -x .venv/bin/python ] || "$python" -m venv .venv
if command -v uv >/dev/null 2>&1; then
    VIRTUAL_ENV=.venv uv pip install -q --require-hashes -r "$1"
else
    .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$1"
fi
