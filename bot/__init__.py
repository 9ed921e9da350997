"""Trendbot: answers about trends from a library of reports, with evidence that opens."""

__version__ = "0.1.0"
