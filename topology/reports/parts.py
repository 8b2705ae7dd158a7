"""A part of a document: one loop, or one account. The part says what it is a part of.

What a part leaves out never makes it clearer than the whole: the verdict of an account comes from
the one function that may say "no loop", over the whole ledger, because a loop through the account
may lead through any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from topology.graph import Gap, Read, ReadStatus
from topology.reports.document import Document, Told, of_arn, place, pressing
from topology.verdict import LoopVerdict, ScopeVerdict, scope_verdict


class NotThereError(LookupError):
    """The document has no such loop or account; the message says so."""


def of_workspace(document: Document, slug: str, name: str) -> Document:
    """The whole document, with the name of what was read."""
    return {**document, "part": {"of": "workspace", "id": slug, "name": name}}


def of_loop(document: Document, fingerprint: str) -> Document:
    """One listed loop, by its fingerprint; the verdict of the scope stays that of the whole."""
    loops = [loop for loop in document["loops"] if loop["fingerprint"] == fingerprint]
    if not loops:
        raise NotThereError(f"There is no loop {fingerprint} in this reading.")
    about = {"of": "loop", "id": fingerprint, "name": loops[0]["title"]}
    way = {edge["source"] for edge in loops[0]["edges"]}
    return _narrowed(document, about, loops, lambda subject: subject in way)


def of_account(document: Document, account: str) -> Document:
    """The loops that lead through an account, and what was found in it."""
    if account not in document["scope"]["accounts"]:
        raise NotThereError(f"Account {account} was not read here.")
    loops = [loop for loop in document["loops"] if account in accounts(loop)]
    about = {"of": "account", "id": account, "name": account}
    part = _narrowed(document, about, loops, lambda arn: of_arn(arn)[0] in (account, ""))
    scope = {**document["scope"], "verdict": _verdict(document, loops).value}
    return {**part, "scope": scope}


def accounts(loop: Told) -> set[str]:
    """The accounts that a loop leads through, as far as they are known."""
    return {place(edge, "source")[0] for edge in loop["edges"]} - {""}


def is_complete(document: Document) -> bool:
    """Whether the scope would be clear if no loop had been found."""
    return scope_verdict((), _ledger(document), _gaps(document)) is ScopeVerdict.NO_LOOP


def _verdict(document: Document, loops: Sequence[Told]) -> ScopeVerdict:
    """Of the given loops; further ones that are only counted may lead anywhere."""
    ledger = () if document["more_loops"] and pressing(document) else _ledger(document)
    verdicts = [LoopVerdict(loop["verdict"]) for loop in loops]
    return scope_verdict(verdicts, ledger, _gaps(document))


def _ledger(document: Document) -> Sequence[Read]:
    """The ledger as the coverage sums it up; nothing where rows are stale or it was not kept."""
    scope = document["scope"]
    if scope["stale"]:
        return ()
    return [
        Read(
            row["account"],
            row["region"],
            "",
            "",
            ReadStatus.COMPLETE if row["settled"] == row["planned"] else ReadStatus.PARTIAL,
        )
        for row in scope.get("coverage", ())
    ]


def _gaps(document: Document) -> Sequence[Gap]:
    return [Gap(**gap) for gap in document["scope"]["gaps"]]


def _narrowed(
    document: Document, about: Told, loops: Sequence[Told], concerns: Callable[[str], bool]
) -> Document:
    """A document about some of the loops, and what was found of the resources it concerns."""
    listed = {loop["fingerprint"] for loop in loops}
    part = {
        **document,
        "part": about,
        "loops": list(loops),
        "more_loops": 0 if about["of"] == "loop" else document["more_loops"],
        "findings": [each for each in document["findings"] if concerns(each["subject"])],
        "protection_gaps": [
            gap
            for gap in document.get("protection_gaps", ())
            if listed.intersection(gap["loops"]) or concerns(gap["subject"])
        ],
    }
    if code := document.get("code"):
        part["code"] = [row for row in code if concerns(row["subject"])]
    if functions := document.get("functions"):
        sheets = [each for each in functions["sheets"] if concerns(each["subject"])]
        part["functions"] = {**functions, "sheets": sheets}
    if audits := document.get("audits"):
        found = [each for each in audits["findings"] if concerns(each["subject"])]
        part["audits"] = {**audits, "findings": found}
    return part
