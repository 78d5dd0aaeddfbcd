#!/bin/sh
# Makes .venv with the newest Python from 3.11 on that this machine has, or says what is missing.
set -eu
cd "$(dirname "$0")/.."

able() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

if [ -x .venv/bin/python ] && able .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; then
  exit 0
fi
# Gone before the search: a broken one on the PATH must not be found as a Python to start from.
rm -rf .venv
for python in ${PYTHON:-} python3.14 python3.13 python3.12 python3.11 python3 python; do
  if able "$python"; then
    if "$python" -m venv .venv >/dev/null 2>&1; then
      exit 0
    fi
    rm -rf .venv
    echo "Found $("$python" --version), but it cannot make a virtual environment: install its venv module" >&2
    echo "(on Debian and Ubuntu: apt install python3-venv), then say make again." >&2
    exit 1
  fi
done
echo "Piste needs Python 3.11 or newer, and none was found. Install it, or say: make PYTHON=/path/to/python" >&2
exit 1
