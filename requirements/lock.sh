#!/bin/sh
# Renews the pinned requirements, with hashes and without any registry's address.
set -eu
cd "$(dirname "$0")/.."
UV=.venv/bin/uv
FLAGS="--quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate --universal --python-version 3.11"
$UV pip compile pyproject.toml --extra postgres $FLAGS -o requirements/run.txt "$@"
$UV pip compile pyproject.toml --extra postgres --group dev $FLAGS -c requirements/run.txt -o requirements/dev.txt "$@"
printf 'uv\nhatchling\neditables\n' > /tmp/uv.in
$UV pip compile /tmp/uv.in $FLAGS -o requirements/uv.txt "$@"
