"""What a document says first, whichever part it is: its title, its verdict, its reach."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from topology.reports.document import Document
from topology.reports.wording import Headline, counted, headline, verdict_name, verdict_sentence
from topology.verdict import ScopeVerdict

CHANGES = {
    "new": "New",
    "graver": "Graver",
    "milder": "Milder",
    "gone": "Gone",
    "unseen": "No longer seen",
}


def title(document: Document) -> str:
    """``Loops of Web shop``, ``One loop: a → b → a``, ``What changed since …``."""
    part = document.get("part", {"of": "workspace", "id": "", "name": ""})
    match part["of"]:
        case "loop":
            return f"One loop: {part['name']}"
        case "account":
            return f"Loops through account {part['id']}"
        case "difference":
            of = f" in {part['name']}" if part["name"] else ""
            since = moment(part["id"]) if part["id"] else "an earlier reading"
            return f"What changed{of} since {since}"
    name = part["name"] or ", ".join(document["scope"]["accounts"][:3])
    return f"Loops of {name}" if name else "Loops"


def says(document: Document) -> Headline:
    """The headline of the document: its scope's verdict, a loop's own, or what changed."""
    match document.get("part", {}).get("of"):
        case "loop":
            loop = document["loops"][0]
            return Headline(
                loop["verdict"],
                verdict_name(loop["verdict"]),
                verdict_sentence(loop["verdict"]),
            )
        case "difference":
            return _changed(document)
        case "account":
            return _of_account(document)
    return headline(document)


def reach(document: Document) -> str:
    """How much was read, and when, in a line."""
    scope = document["scope"]
    regions, accounts = scope["regions"], scope["accounts"]
    where = counted(len(regions), "Region") if len(regions) > 5 else ", ".join(regions)
    parts = [
        f"{scope['read']} of {scope['planned']} planned reads complete",
        counted(len(accounts), "account"),
        where or "no Region",
        f"configuration as of {moment(scope['read_to'])}"
        if scope["read_to"]
        else "nothing read yet",
    ]
    return " · ".join(parts)


def moment(text: str) -> str:
    """``2026-11-23T05:11:47Z`` as ``23 Nov 2026, 05:11 UTC``."""
    return f"{datetime.fromisoformat(text):%d %b %Y, %H:%M UTC}".lstrip("0")


def _of_account(document: Document) -> Headline:
    """An account's headline; what was not read elsewhere may hide a loop that leads through it."""
    match document["scope"]["verdict"]:
        case ScopeVerdict.LOOPS_FOUND:
            return headline(document)
        case ScopeVerdict.NO_LOOP:
            return Headline(
                ScopeVerdict.NO_LOOP.value,
                "No loop leads through this account",
                "Every planned read was complete, of this account and of every other in scope.",
            )
    return Headline(
        ScopeVerdict.INCOMPLETE.value,
        "Incomplete: this is not an all-clear",
        "No listed loop leads through this account, but not everything was read or listed.",
    )


def _changed(document: Document) -> Headline:
    counts = Counter(loop["change"] for loop in document["loops"])
    told = [f"{counts[each]} {name.lower()}" for each, name in CHANGES.items() if counts[each]]
    told.append(f"{document['part']['unchanged']} as before")
    whole = headline(document)
    return Headline(
        document["scope"]["verdict"],
        "Loops: " + ", ".join(told) if document["loops"] else "No loop has changed",
        f"Now: {whole.title[:1].lower()}{whole.title[1:]}. {whole.detail}",
    )
