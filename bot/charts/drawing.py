"""Draws a picture's SVG as a PNG, with the letters of fonts/ alone. Decides nothing of what it shows.

The drawer holds Python's lock for some 40 ms: to be called in a thread, one picture at a time.
"""

from __future__ import annotations

import hashlib
import threading
from functools import cache
from pathlib import Path

from bot.messages import Image
from bot.settings import packaged

WIDTH = 960
"""Pixels: three for each of a phone's points."""

_drawing = threading.Lock()


class CannotDraw(ValueError):
    """An SVG that the drawer does not take; the text says why."""


def draw(image: Image) -> bytes:
    """The picture as a PNG, WIDTH pixels wide. Raises CannotDraw."""
    import resvg_py  # which most processes never need

    try:
        with _drawing:
            return bytes(
                resvg_py.svg_to_bytes(
                    svg_string=image.svg, font_files=[str(_font())], skip_system_fonts=True, width=WIDTH
                )
            )
    except ValueError as error:
        raise CannotDraw(str(error)) from error


def key_of(image: Image) -> str:
    """A hash of all that the picture is drawn from: equal ones look alike."""
    return hashlib.sha256(f"{WIDTH} {_font_hash()} {image.svg}".encode()).hexdigest()


def _font() -> Path:
    return packaged("fonts") / "trendbot-sans.otf"


@cache
def _font_hash() -> str:
    return hashlib.sha256(_font().read_bytes()).hexdigest()
