#!/usr/bin/env bash
# The PostgreSQL server that the service's tests start for themselves: from Debian where packages may be installed, else
# a word on how. Nothing fails here; tests that need the server say so themselves where it is missing.
set -euo pipefail
if [ "$(uname)" != Linux ]; then exit 0; fi
there() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null; }

if there; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  echo "installing PostgreSQL for the tests of the service"
  install() { apt-get install -y -qq --no-install-recommends postgresql </dev/null >/dev/null 2>&1; }
  install || { apt-get update -qq >/dev/null 2>&1 && install; } || true
fi
if ! there; then
  echo "PostgreSQL is missing, and the tests of the service on it are skipped." >&2
  echo "On Debian or Ubuntu: sudo apt-get install postgresql" >&2
fi
