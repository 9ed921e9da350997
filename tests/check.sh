#!/bin/sh
# Everything that must hold before a change lands: style, types, import contracts, tests. Needs the dev lock.
#   tests/check.sh                    all of it
#   tests/check.sh fast [TEST…]       the tests of what differs from HEAD, or the named ones: under a minute
# Other arguments go to pytest.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python}
"$python" -m ruff check .
"$python" -m ruff format --check .
"$python" -m mypy
"$(dirname "$("$python" -c 'import sys; print(sys.executable)')")/lint-imports"
# The tests wait for processes and clocks more than they compute: twice as many as there are cores keep these busy.
beside="-n $(($("$python" -c 'import os; print(os.cpu_count() or 1)') * 2)) --dist worksteal"
if [ "${1:-}" = fast ]; then
  shift
  [ $# -gt 0 ] || set -- $("$python" tests/changed.py)
fi
exec "$python" -m pytest $beside "$@"
