"""One HTML file that needs no other: style and drawings inside, no script, prints well."""

from __future__ import annotations

from topology.reports.format import Format, Use
from topology.reports.page.frame import page

FORMAT = Format(
    "html",
    "HTML",
    Use.READING,
    "everything with drawings and patches, in one file without scripts, light and dark",
    "text/html; charset=utf-8",
    "html",
    page,
)
