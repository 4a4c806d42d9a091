#!/bin/sh
# Writes lock.txt anew. Versions are those of uv.lock wherever vLLM lets them be: most files are then in uv's cache
# already, and shared with the application's own environment.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
uv export --project ../.. --frozen --no-hashes --no-header --no-emit-project --quiet |
    grep -vE '^(setuptools|#|[[:space:]])' >"$work/constraints.txt"
uv pip compile wanted.txt --override overrides.txt --constraint "$work/constraints.txt" --universal \
    --python-version 3.11 --generate-hashes --no-header --no-annotate --quiet --output-file "$work/lock.txt" >/dev/null
awk '/^[A-Za-z0-9]/ { keep = !/sys_platform == .never/ } keep' "$work/lock.txt" >lock.txt
