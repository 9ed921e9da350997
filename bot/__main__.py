"""`python -m bot` is the `trendbot` command."""

import sys

from bot.cli import main

sys.exit(main())
