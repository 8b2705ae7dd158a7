"""What would stop a loop, with the patches of every change."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from topology.reports.document import Told
from topology.reports.page.html import Content, sentence, tag
from topology.reports.page.marks import block, folded, json_block
from topology.reports.wording import counted, cut_proof, cut_reach, cut_title

TONGUES = (
    ("undo", "Undo"),
    ("cloudformation", "CloudFormation, SAM"),
    ("terraform", "Terraform"),
)


def remedies(loop: Told) -> Element | None:
    """The one thing to press first, then the cuts; None where nothing is known."""
    cuts, note, press = (loop.get(each) for each in ("cuts", "cuts_note", "press_first"))
    if not (cuts or note or press):
        return None
    return tag(
        "section",
        tag("h3", "What would stop it"),
        _press(press) if press else None,
        [_cut(cut) for cut in cuts or ()],
        tag("p", note, class_="facts") if note else None,
        class_="remedies",
    )


def _press(press: Told) -> Element:
    others = press["stops_too"]
    silenced = f" It silences {counted(others, 'other delivery').replace('ys', 'ies')} too."
    return tag(
        "div",
        tag("h4", "Press first"),
        tag("p", sentence(press["patch"]["words"]), silenced if others else None),
        _patch(press["patch"]),
        class_="remedy first",
    )


def _cut(cut: Told) -> Element:
    left_out = cut.get("changes_in_all", len(cut["changes"])) - len(cut["changes"])
    return tag(
        "div",
        tag("h4", cut_title(cut), " ", tag("span", cut_reach(cut), class_="facts")),
        [_change(change) for change in cut["changes"]],
        tag("p", f"{counted(left_out, 'further change')} beside loop {cut['all_at']}.")
        if left_out
        else None,
        tag("p", cut_proof(cut), class_="facts"),
        class_="remedy",
    )


def _change(change: Told) -> Iterator[Content]:
    yield tag("p", sentence(change["patch"]["words"]))
    yield _patch(change["patch"])
    if change["keeps"]:
        said = "An event that still arrives"
        yield folded(said, json_block(said, change["keeps"]))


def _patch(patch: Told) -> Iterator[Content]:
    if patch["cli"]:
        yield block("Commands", patch["cli"])
    for member, said in TONGUES:
        if patch[member]:
            yield folded(said, block(said, patch[member]))
