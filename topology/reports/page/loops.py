"""One loop of a page: its picture, its hops with their proofs, its first hour, what stops it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias
from xml.etree.ElementTree import Element

from topology.reports import diagram, heading, hours
from topology.reports.document import Document, Told
from topology.reports.hour_chart import TITLES, chart
from topology.reports.page.html import Content, name, sentence, table, tag
from topology.reports.page.incident import incident
from topology.reports.page.marks import badge, json_block, proof_kind, stop, way
from topology.reports.page.remedies import remedies
from topology.reports.wording import evidence_sentence, language_name, verdict_sentence

Finish: TypeAlias = Callable[[Element, str], Element]  # a drawing and its tone, ready for the page


def anchor(number: int) -> str:
    """What a loop is linked to by."""
    return f"loop-{number}"


def loop_section(loop: Told, number: int, document: Document, finish: Finish) -> Element:
    """Everything about a loop, in the order in which somebody at two in the morning reads."""
    return tag(
        "article",
        _heading(loop, number),
        _figure(loop, number, finish),
        _hops(loop, number),
        _guard(loop),
        _hour(loop, number, document, finish),
        remedies(loop),
        incident(loop, document),
        id=anchor(number),
        class_=f"loop tone-{loop['verdict']}",
    )


def _heading(loop: Told, number: int) -> Element:
    change = heading.CHANGES[loop["change"]] + ". " if "change" in loop else None
    turning = loop.get("turning")
    return tag(
        "header",
        tag("h2", f"Loop {number} ", tag("span", way(loop), class_="way")),
        tag("p", badge(loop["verdict"]), " ", tag("b", change), verdict_sentence(loop["verdict"])),
        tag("p", sentence(loop["explanation"])),
        tag("p", tag("b", "Turning now: "), sentence(turning["because"])) if turning else None,
        tag("p", loop.get("ranking"), class_="facts"),
        tag("p", "Fingerprint ", tag("code", loop["fingerprint"]), class_="facts"),
    )


def _figure(loop: Told, number: int, finish: Finish) -> Element:
    tone, hop = loop["verdict"], f"{anchor(number)}-hop"
    legend = " ".join(["One turn, from hop 1 and round again.", *diagram.legend(loop)])
    wide, narrow = (finish(diagram.turn(loop, columns, hop), tone) for columns in (4, 1))
    return tag(
        "figure",
        tag("div", wide, class_="wide"),
        tag("div", narrow, class_="narrow"),
        tag("figcaption", legend),
    )


def _hops(loop: Told, number: int) -> Element:
    hops = [
        _hop(edge, f"{anchor(number)}-hop-{index}", index)
        for index, edge in enumerate(loop["edges"], start=1)
    ]
    return tag("section", tag("h3", "Hop by hop"), tag("ol", hops, class_="hops"))


def _hop(edge: Told, id_: str, number: int) -> Element:
    source, target = (
        stop(edge[f"{end}_kind"], edge[f"{end}_name"], edge[end]) for end in ("source", "target")
    )
    title = tag("h4", f"{number}. ", source, f" {diagram.does(edge)} → ", target)
    passes = badge(edge["hop"]["verdict"], diagram.passes(edge))
    facts = [tag("div", tag("dt", term), tag("dd", told)) for term, told in _facts(edge)]
    because = tag("p", sentence(edge["words"]), " ", sentence(edge["hop"]["because"]))
    head = tag("header", title, passes)
    return tag("li", head, because, tag("dl", facts), id=id_, class_="hop-card")


def _facts(edge: Told) -> Iterator[tuple[str, Content]]:
    yield "Evidence", _evidence(edge)
    if edge["filter"]:
        said = language_name(edge["filter"]["language"])
        yield "Filter", [said, json_block(said, edge["filter"]["document"])]
    if edge["hop"]["witness"]:
        yield "This passes", json_block("An event that passes", edge["hop"]["witness"])
    if edge["hop"]["counterexample"]:
        shown = json_block("An event that does not pass", edge["hop"]["counterexample"])
        yield "This does not", shown
    yield "From", tag("code", edge["source"])
    yield "To", tag("code", edge["target"])


def _evidence(edge: Told) -> Content:
    proofs = edge.get("evidences")
    if not proofs:
        return evidence_sentence(edge)
    return tag(
        "ul",
        [
            tag(
                "li",
                proof_kind(proof["kind"]),
                " ",
                sentence(proof["text"]),
                " ",
                tag("code", proof["where"]) if proof["where"] else None,
                tag("span", " ", _age(proof), class_="facts"),
            )
            for proof in proofs
        ],
        class_="proofs",
    )


def _age(proof: Told) -> str:
    """When it was read. Not how long ago: the same report is the same page tomorrow."""
    as_of = proof["as_of"]
    return f"read {heading.moment(as_of)}" if as_of else "kept from an earlier reading"


def _hour(loop: Told, number: int, document: Document, finish: Finish) -> Element | None:
    told = hours.hour(loop, document)
    if told is None:
        return None
    charts = [
        tag(
            "div",
            tag("p", title, class_="strong"),
            finish(chart(loop["first_hour"], measure, anchor(number)), loop["verdict"]),
        )
        for measure, title in TITLES.items()
    ]
    caption = "Line: usual. Band: from the least to the most. Both scales are logarithmic."
    factors = [(f"{what}, hop {hop}", value, because) for what, hop, value, because in told.factors]
    return tag(
        "section",
        tag("h3", "The first hour of one event"),
        tag("p", told.sentence, " An estimate: usual, and least to most in brackets."),
        tag("dl", [tag("div", tag("dt", n), tag("dd", v)) for n, v in told.facts], class_="tiles"),
        tag("figure", tag("div", charts, class_="charts"), tag("figcaption", caption)),
        table("First hour", ("After", "Runs so far", "At once", "Events waiting"), told.rows),
        table(
            f"Cost by meter: {told.total}",
            ("Meter", "Where", "First hour"),
            [(title, name(where), amount) for title, where, amount in told.meters],
        ),
        table("Worked out from", ("Factor", "Value", "Because"), factors) if factors else None,
        tag("p", f"Not priced: {', '.join(told.unpriced)}.") if told.unpriced else None,
        tag("p", f"{told.prices}, without free tiers, discounts and tax.", class_="facts"),
        tag("p", loop["measured"], class_="facts") if loop.get("measured") else None,
        class_="first-hour",
    )


def _guard(loop: Told) -> Element:
    covers = "covers this loop" if loop["guard"]["covered"] else "does not cover this loop"
    unwatched = loop.get("unwatched")
    return tag(
        "section",
        tag("h3", f"AWS’s own guard {covers}"),
        tag("p", sentence(loop["guard"]["because"])),
        tag("p", f"Not watched: {', '.join(unwatched)}.", class_="facts") if unwatched else None,
    )
