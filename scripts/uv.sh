#!/usr/bin/env bash
# Puts the pinned uv into .tools/bin: uv.sh PYTHON. By a virtual environment, else by pip alone (Debian's python3 comes
# without venv), else the uv that is on PATH.
set -euo pipefail
cd "$(dirname "$0")/.."
python=$1
if [ -z "$python" ]; then
  echo "Python 3.11 or newer is needed; none was found on PATH" >&2
  exit 1
fi
install=(install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt)
if "$python" -m venv .tools >/dev/null 2>&1; then
  .tools/bin/python -m pip "${install[@]}"
elif "$python" -m pip --version >/dev/null 2>&1; then
  rm -rf .tools
  "$python" -m pip "${install[@]}" --target .tools
elif uv=$(command -v uv); then
  rm -rf .tools
  mkdir -p .tools/bin
  ln -s "$uv" .tools/bin/uv
else
  rm -rf .tools
  echo "$python has neither venv nor pip: install python3-venv, or uv" >&2
  exit 1
fi
.tools/bin/uv --version
