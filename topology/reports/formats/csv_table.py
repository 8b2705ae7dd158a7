"""One row per hop of every loop, for a spreadsheet that must take no cell for a formula.

Source: https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import csv
import io

from topology.reports.document import Document, place
from topology.reports.format import Format, Use

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
HEADS = (
    "loop", "fingerprint", "verdict", "change", "guarded", "hop", "source", "source_kind",
    "source_account", "source_region", "meaning", "target", "target_kind", "label", "evidence",
    "passes", "because", "first_hour_low_usd", "first_hour_high_usd",
)  # fmt: skip


def render(document: Document) -> str:
    """RFC 4180: every cell quoted, lines end with CR LF."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(HEADS)
    for number, loop in enumerate(document["loops"], start=1):
        cost = (loop.get("cost") or {}).get("first_hour", {})
        for hop, edge in enumerate(loop["edges"], start=1):
            account, region = place(edge, "source")
            row = (
                number, loop["fingerprint"], loop["verdict"], loop.get("change", ""),
                "yes" if loop["guard"]["covered"] else "no", hop, edge["source"],
                edge["source_kind"], account, region, edge["meaning"], edge["target"],
                edge["target_kind"], edge["label"], edge["evidence"], edge["hop"]["verdict"],
                edge["hop"]["because"], cost.get("low", ""), cost.get("high", ""),
            )  # fmt: skip
            writer.writerow([cell(each) for each in row])
    return text.getvalue()


def cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe before what would begin one."""
    text = str(value)
    return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text


FORMAT = Format(
    "csv",
    "CSV",
    Use.PIPELINES,
    "a row per hop of every loop, no cell of which a spreadsheet takes for a formula",
    "text/csv; charset=utf-8",
    "csv",
    render,
)
