#!/bin/sh
# Finds Chromium for the browser tests, or installs Debian's, or says what is missing.
set -eu

command -v chromium >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing chromium for the browser tests."
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium >/dev/null && exit 0
fi
echo "The browser tests need Chromium as the command chromium (on Debian: apt install chromium)." >&2
exit 1
