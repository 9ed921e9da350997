#!/bin/sh
# Everything that must hold before a change lands: style, types, import contracts, tests. Needs the dev lock.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python}
"$python" -m ruff check .
"$python" -m ruff format --check .
"$python" -m mypy
"$(dirname "$("$python" -c 'import sys; print(sys.executable)')")/lint-imports" 
exec "$python" -m pytest "$@"
