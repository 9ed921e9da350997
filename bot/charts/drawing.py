"""Renders a picture's SVG to PNG, using only the fonts in fonts/. Decides nothing about what it shows.

The renderer holds Python's global lock for some 40 ms: call it in a thread, one picture at a time.
"""

from __future__ import annotations

import hashlib
import threading
from functools import cache
from pathlib import Path

from bot.messages import Image
from bot.settings import packaged

WIDTH = 960
"""Width in pixels: three times a phone's width in points."""

_drawing = threading.Lock()


class CannotDraw(ValueError):
    """An SVG that the renderer rejects; the message says why."""


def draw(image: Image) -> bytes:
    """Return the picture as a PNG, WIDTH pixels wide. Raises CannotDraw."""
    import resvg_py  # imported here because most processes never need it

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
    """Return a hash of everything that the picture is rendered from: equal keys mean equal pictures."""
    return hashlib.sha256(f"{WIDTH} {_font_hash()} {image.svg}".encode()).hexdigest()


def _font() -> Path:
    return packaged("fonts") / "trendbot-sans.otf"


@cache
def _font_hash() -> str:
    return hashlib.sha256(_font().read_bytes()).hexdigest()
