#!/bin/sh
# Runs every check that a change must pass before it lands: style, types, import contracts, tests. Needs the dev lock.
#   tests/check.sh                    every test
#   tests/check.sh fast [TEST…]       the tests that changes since HEAD affect, or the named ones: under a minute
# Other arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python}
"$python" -m ruff check .
"$python" -m ruff format --check .
"$python" -m mypy
"$(dirname "$("$python" -c 'import sys; print(sys.executable)')")/lint-imports"
# Tests mostly wait for processes and clocks, so two workers per core keep the cores busy.
beside="-n $(($("$python" -c 'import os; print(os.cpu_count() or 1)') * 2)) --dist worksteal"
if [ "${1:-}" = fast ]; then
  shift
  [ $# -gt 0 ] || set -- $("$python" tests/changed.py)
fi
exec "$python" -m pytest $beside "$@"
