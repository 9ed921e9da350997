#!/bin/sh
# Renews the three lock files from pyproject.toml; needs uv. They contain no registry address.
set -eu
cd "$(dirname "$0")/.."
lock() { uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --no-annotate --python-version 3.11 "$@"; }
lock --group build -o requirements-build.txt
lock --extra fast --extra metrics --extra postgres -c requirements-build.txt -o requirements.txt pyproject.toml
lock --extra fast --extra metrics --extra postgres --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml
