#!/usr/bin/env bash
# Renews the locks. `bash requirements/lock.sh --upgrade` also moves what is pinned already.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"${PYTHON:-python3.11}" -m venv "$tools"
"$tools/bin/pip" install -q --disable-pip-version-check 'uv>=0.9'

lock() {
  "$tools/bin/uv" pip compile -q --python-version 3.11 --generate-hashes --no-emit-index-url \
    --custom-compile-command "make lock" "$@"
}
lock requirements/build.in -o requirements/build.txt "$@"
lock pyproject.toml -o requirements/runtime.txt "$@"
# what runs in production is what is tested
lock pyproject.toml --extra bench --extra dev --extra evaluate --extra tables -c requirements/runtime.txt -o requirements/dev.txt
