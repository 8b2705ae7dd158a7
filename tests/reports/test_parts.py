"""Parts of a document, and the difference of two: neither is ever clearer than what was read."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest

from tests.reports.test_report import GAP, READ, report, world_with_loop
from tests.web.scene import example
from tests.world import ACCOUNT, REGION, World, allow
from topology.graph import Read
from topology.reports import difference, heading, json_report, parts
from topology.reports.document import Document
from topology.reports.formats import formats
from topology.verdict import ScopeVerdict

OTHER = "444455556666"


def told(world: World, **changes: Any) -> Document:
    return json_report.to_json(report(world.graph(), **changes))


def quiet() -> World:
    world = World()
    world.queue("calm")
    return world


def test_a_loop_of_a_document_is_that_loop_and_what_was_found_on_its_way() -> None:
    whole = example()
    chosen = whole["loops"][3]
    part = parts.of_loop(whole, chosen["fingerprint"])
    jsonschema.validate(part, json_report.schema())
    assert part["loops"] == [chosen]
    assert part["scope"] == whole["scope"]
    way = set(chosen["resources"])
    assert {each["subject"] for each in part["audits"]["findings"]} <= way
    assert heading.says(part).verdict == chosen["verdict"]
    with pytest.raises(parts.NotThereError, match="no loop 0000"):
        parts.of_loop(whole, "0" * 16)


def test_an_account_has_the_loops_that_lead_through_it() -> None:
    world = world_with_loop()
    far = world.elsewhere(OTHER)
    queue = far.queue("far")
    far.listen(queue, far.function("there", allow("sqs:SendMessage", queue), names=[queue]))
    whole = told(world, accounts=(ACCOUNT, OTHER))
    here, there = (parts.of_account(whole, each) for each in (ACCOUNT, OTHER))
    jsonschema.validate(here, json_report.schema())
    assert [loop["title"] for loop in there["loops"]] == ["far → there → far"]
    assert len(here["loops"]) + len(there["loops"]) == len(whole["loops"])
    with pytest.raises(parts.NotThereError):
        parts.of_account(whole, "999999999999")


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, ScopeVerdict.NO_LOOP),
        ({"gaps": (GAP,)}, ScopeVerdict.INCOMPLETE),
        ({"stale": (f"{OTHER} {REGION}: kept",)}, ScopeVerdict.INCOMPLETE),
        ({"reads": ()}, ScopeVerdict.INCOMPLETE),
    ],
)
def test_an_account_without_a_loop_is_clear_only_if_everything_was_read(
    changes: dict[str, Any], verdict: ScopeVerdict
) -> None:
    whole = told(world_with_loop(), accounts=(ACCOUNT, OTHER), **changes)
    part = parts.of_account(whole, OTHER)
    assert part["loops"] == []
    assert part["scope"]["verdict"] == verdict
    assert ("not an all-clear" in heading.says(part).title) is (verdict != ScopeVerdict.NO_LOOP)


def test_loops_that_are_only_counted_may_lead_through_any_account() -> None:
    whole = {**told(world_with_loop(), accounts=(ACCOUNT, OTHER)), "more_loops": 3}
    assert parts.of_account(whole, OTHER)["scope"]["verdict"] == ScopeVerdict.INCOMPLETE


def test_the_coverage_sums_the_ledger_up_by_account_and_region() -> None:
    unread = Read(ACCOUNT, "us-east-1", "sqs.list_queues", "sqs:ListQueues")
    rows = told(quiet(), reads=(READ, unread))["scope"]["coverage"]
    assert [(each["region"], each["planned"], each["read"]) for each in rows] == [
        (REGION, 1, 1),
        ("us-east-1", 1, 0),
    ]


def test_a_difference_says_what_is_new_graver_milder_and_gone() -> None:
    before, after = told(world_with_loop()), told(quiet())
    appeared = difference.between(after, before)
    jsonschema.validate(appeared, json_report.schema())
    assert {loop["change"] for loop in appeared["loops"]} == {"new"}
    assert difference.worse(appeared) == appeared["loops"]
    gone = difference.between(before, after)
    assert {loop["change"] for loop in gone["loops"]} == {"gone"}
    assert difference.worse(gone) == []
    assert gone["scope"]["verdict"] == ScopeVerdict.NO_LOOP
    (loop, *_) = before["loops"]
    milder = {**before, "loops": [{**loop, "verdict": "blocked"}, *before["loops"][1:]]}
    assert [each["change"] for each in difference.between(before, milder)["loops"]] == ["milder"]
    (graver,) = difference.between(milder, before)["loops"]
    assert (graver["change"], graver["verdict_before"]) == ("graver", "blocked")


@pytest.mark.parametrize("hole", [{"gaps": (GAP,)}, {"stale": ("kept",)}, {"reads": ()}])
def test_a_loop_is_gone_only_if_the_later_reading_is_complete(hole: dict[str, Any]) -> None:
    unseen = difference.between(told(world_with_loop()), told(quiet(), **hole))
    assert {loop["change"] for loop in unseen["loops"]} == {"unseen"}
    assert "no longer seen" in heading.says(unseen).title
    assert "gone" not in heading.says(unseen).title


def test_a_difference_counts_what_stayed_and_the_gaps_that_closed() -> None:
    world = world_with_loop()
    same = difference.between(told(world, gaps=(GAP,)), told(world))
    assert same["loops"] == []
    assert same["part"]["unchanged"] == 2
    assert len(same["part"]["gaps_closed"]) == 1
    assert heading.says(same).title == "No loop has changed"
    assert "1 loop found" in heading.says(same).detail


@pytest.mark.parametrize("name", [name for name, each in formats().items() if not each.is_binary])
def test_every_format_can_tell_every_part(name: str) -> None:
    whole = example()
    fewer = {**whole, "loops": whole["loops"][2:]}
    for part in (
        parts.of_loop(whole, whole["loops"][-1]["fingerprint"]),
        parts.of_account(whole, ACCOUNT),
        difference.between(whole, fewer),
        difference.between(fewer, whole),
    ):
        assert formats()[name].written(part)


def test_gone_loops_fail_no_pipeline() -> None:
    gone = difference.between(told(world_with_loop()), told(quiet()))
    assert b"<failure" not in formats()["junit"].written(gone)
