"""The loops as one PNG, by resvg, which is installed with ``loopscope[png]``.

Source: https://github.com/linebender/resvg
"""

from __future__ import annotations

from topology.reports.document import Document
from topology.reports.format import Format, FormatError, Use
from topology.reports.formats.svg_drawing import drawing
from topology.reports.page.palette import LIGHT
from topology.reports.svg import markup

SCALE = 2  # pixels of the picture to one of the drawing: sharp on any screen
MOST = 12_000_000  # pixels; beyond that the drawing is made smaller
MISSING = (
    "PNG needs resvg, which is not installed here (pip install 'loopscope[png]'). The SVG holds "
    "the same drawing."
)


def render(document: Document) -> bytes:
    """The picture, on light ground."""
    try:
        import resvg_py  # an extra
    except ImportError as error:
        raise FormatError(MISSING) from error
    drawn = drawing(document, LIGHT)
    width, height = (float(drawn.get(side, 1)) for side in ("width", "height"))
    scale = min(SCALE, (MOST / (width * height)) ** 0.5)
    made = resvg_py.svg_to_bytes(svg_string=markup(drawn), width=max(int(width * scale), 1))
    return bytes(made)


FORMAT = Format(
    "png",
    "PNG",
    Use.DRAWING,
    "the same as a picture, on light ground",
    "image/png",
    "png",
    render,
    extra="png",
)
