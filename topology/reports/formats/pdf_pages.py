"""The page on paper, by WeasyPrint, which is installed with ``loopscope[pdf]``.

Source: https://doc.courtbouillon.org/weasyprint/stable/api_reference.html
"""

from __future__ import annotations

from typing import Any, NoReturn

from topology.reports.document import Document
from topology.reports.format import Format, FormatError, Use
from topology.reports.page.frame import paper

DETAILED = 10  # loops told in full: each is four pages, and 0.4 s of a processor
MISSING = (
    "PDF needs WeasyPrint, which is not installed here (pip install 'loopscope[pdf]'; it wants "
    "Pango). The HTML report prints to PDF from any browser."
)


def render(document: Document) -> bytes:
    """The PDF; equal documents give equal bytes."""
    try:
        import weasyprint  # an extra, and slow to load
    except (ImportError, OSError) as error:  # OSError: Pango is missing
        raise FormatError(MISSING) from error
    made = weasyprint.HTML(string=paper(document, DETAILED), url_fetcher=_refuse)
    written = made.write_pdf()
    assert isinstance(written, bytes)  # noqa: S101 (no target was given)
    return written


def _refuse(url: str, *_: Any, **__: Any) -> NoReturn:
    raise ValueError(f"a report fetches nothing, and so not {url}")


FORMAT = Format(
    "pdf",
    "PDF",
    Use.READING,
    f"the HTML report on A4, with the {DETAILED} gravest loops in full and the others listed",
    "application/pdf",
    "pdf",
    render,
    extra="pdf",
)
