"""Our own plain signs for services and verdicts: 16 × 16 paths, coloured by the page."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from topology.reports.svg import element

SERVICES = {  # stroked paths, by the service part of a resource's kind
    "lambda": "M3 2.5h3l6 11h2M7.2 5.5L3 13.5",
    "s3": "M2.5 4c0-2 11-2 11 0s-11 2-11 0l1.6 8.5c.6 1.6 7.2 1.6 7.8 0L13.5 4",
    "sqs": "M2 4h12v8H2zM6 4v8M10 4v8",
    "sns": "M3 9V7l8-4v10zM13.5 6.5v3M5 9.6V13h2v-2.6",
    "events": "M1.5 8h13M4.5 8V3.5M8 8V3.5M11.5 8V3.5M6 8v4.5M10 8v4.5",
    "dynamodb": "M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.7h11M6.5 3v10",
    "iam": "M9 7a3.5 3.5 0 1 0-3 3l1.2 1.2h1.6v1.6h1.6v1.6h2.6v-2.4L9 8z",
    "outside": "M2.5 5.5v-3h3M10.5 2.5h3v3M13.5 10.5v3h-3M5.5 13.5h-3v-3",
}

VERDICTS = {  # filled paths (even-odd), by loop, hop or scope verdict
    "live": "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13Z",
    "guarded": "M8 1.5a6.5 6.5 0 1 1 0 13a6.5 6.5 0 1 1 0-13ZM8 3.3v9.4a4.7 4.7 0 0 0 0-9.4Z",
    "possible": "M8 .8L15.2 8L8 15.2L.8 8ZM8 3.6L3.6 8L8 12.4L12.4 8Z",
    "retry-storm": "M8 1.2L15.4 14.4H.6Z",
    "blocked": "M2 2h12v12H2ZM3.8 3.8v8.4h8.4V3.8ZM5 7.1h6v1.8H5Z",
    "accepted": "M6.2 13.4L1.4 8.6L3 7L6.2 10.2L13 3.2L14.6 4.8Z",
}
SEVERITIES = {  # bars, filled: as many as it is grave
    "high": "M2 10h3v4H2ZM6.5 6h3v8h-3ZM11 2h3v12h-3Z",
    "medium": "M2 10h3v4H2ZM6.5 6h3v8h-3ZM11 12.5h3V14h-3Z",
    "low": "M2 10h3v4H2ZM6.5 12.5h3V14h-3ZM11 12.5h3V14h-3Z",
}
SAME_SIGN = {
    "always": "live",
    "sometimes": "guarded",
    "cannot": "blocked",
    "unknown": "possible",
    "loops-found": "live",
    "incomplete": "possible",
    "no-loop-within-scope": "accepted",
}

# A style sheet says the same where there is one; the attributes serve programs that see none.
DRAWN = {"class_": "glyph", "fill": "none", "stroke": "currentColor", "stroke_width": 1.4}
LETTERED = {"class_": "glyph-letters", "fill": "currentColor", "font_size": 9}


def service(kind: str, x: float, y: float) -> Element:
    """The sign of a kind of resource; the first letters of its service where we drew none."""
    name = kind.partition(".")[0]
    if path := SERVICES.get(name):
        sign = element("path", d=path, **DRAWN)
    else:
        sign = element("text", name[:2], x=8, y=12, text_anchor="middle", **LETTERED)
    return element("g", sign, transform=f"translate({x:g} {y:g})")


def severity(word: str) -> str:
    """The path data of a severity's sign."""
    return SEVERITIES.get(word, SEVERITIES["high"])


def verdict(word: str) -> str:
    """The path data of a verdict's sign; a word we do not know gets the sign for doubt."""
    return VERDICTS[SAME_SIGN.get(word, word if word in VERDICTS else "possible")]


PROOFS = {
    "declared": "M4 1.8h5l3 3v9.4H4zM6.5 8h3.5M6.5 11h3.5",
    "observed": "M1.5 8s2.4-4 6.5-4 6.5 4 6.5 4-2.4 4-6.5 4-6.5-4-6.5-4zM8 6.4v3.2",
    "coded": "M5.2 4.5 1.8 8l3.4 3.5M10.8 4.5 14.2 8l-3.4 3.5M9 3.2 7 12.8",
    "configured": "M2 5h7M12 5h2M2 11h2M7 11h7M9 3.2v3.6M7 9.2v3.6",
    "permitted": "M8.2 8a3 3 0 1 1-6 0 3 3 0 0 1 6 0zM8.2 8h5.6v2.6M11.2 8v2",
}


def proof(kind: str) -> str:
    """The path data, drawn as a line, of a kind of evidence."""
    return PROOFS.get(kind, PROOFS["permitted"])
