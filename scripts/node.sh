#!/bin/sh
# Finds Node 20 or newer with npm to build the browser code, or puts one from PyPI into .venv.
set -eu
cd "$(dirname "$0")/.."

able() {
  command -v node >/dev/null && command -v npm >/dev/null &&
    node -e 'process.exit(Number(parseInt(process.versions.node) < 20))' 2>/dev/null && npm --version >/dev/null 2>&1
}

able || .venv/bin/python -m pip install --quiet --require-hashes -r requirements-node.lock
