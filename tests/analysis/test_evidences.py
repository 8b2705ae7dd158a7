"""All that speaks for a hop, strongest first."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from topology.analysis import LoopHop, words
from topology.analysis.evidences import MOST, Proof, evidences
from topology.graph import Edge, Evidence, Meaning, Resource
from topology.verdict import Always

AT = datetime(2026, 11, 23, 5, 10, tzinfo=UTC)
WORK, JOBS = (f"arn:aws:{each}" for each in ("lambda:::function:work", "sqs:::jobs"))
CALL = {"file": "src/app.py", "line": 12, "call": "s3.PutObject", "guarded": "", "note": ""}


def proofs(evidence: Evidence, source: dict[str, Any] | None = None, **facts: Any) -> list[Proof]:
    edge = Edge(WORK, JOBS, Meaning.WRITES, "iam.sqs.send", evidence, "send", attributes=facts)
    resources = {
        WORK: Resource(WORK, "lambda.function", "1", "eu-west-1", "work", source or {}),
        JOBS: Resource(JOBS, "sqs.queue", "1", "eu-west-1", "jobs"),
    }
    return list(evidences(LoopHop(edge, Always("it may")), resources, AT))


def test_every_kind_is_told_strongest_first() -> None:
    found = proofs(
        Evidence.CODED,
        observed=[{"text": "120 messages an hour.", "where": "AWS/SQS NumberOfMessagesSent"}],
        code=[CALL],
        variable="QUEUE_URL",
        statements=["policy *send*, statement 1"],
        actions=["sqs:SendMessage"],
    )
    assert [(each.kind, each.where) for each in found] == [
        (Evidence.OBSERVED, "AWS/SQS NumberOfMessagesSent"),
        (Evidence.CODED, "src/app.py:12"),
        (Evidence.CONFIGURED, "QUEUE_URL"),
        (Evidence.PERMITTED, "policy send, statement 1"),
    ]
    assert all(each.as_of == AT for each in found)


def test_an_observation_has_its_own_time() -> None:
    (found,) = proofs(
        Evidence.OBSERVED, observed={"text": "Seen.", "at": "2026-11-22T01:02:03+00:00"}
    )
    assert found.as_of == datetime(2026, 11, 22, 1, 2, 3, tzinfo=UTC)


def test_a_guard_in_the_code_is_shown_and_not_trusted() -> None:
    guarded = CALL | {"guarded": "if key ends with .csv (line 9)"}
    (found,) = proofs(Evidence.CODED, code=[guarded])
    assert "Guarded in code: if key ends with .csv (line 9)" in found.text
    assert "not trusted" in found.text


def test_a_long_list_of_places_says_how_many_more_there_are() -> None:
    found = proofs(Evidence.CODED, code=[CALL | {"line": n} for n in range(MOST + 3)])
    assert len(found) == MOST + 1
    assert "3 more places" in found[-1].text


def test_a_variable_that_speaks_of_reading_is_shown_as_no_more_than_the_permission() -> None:
    mention = {"variable": "SOURCE_QUEUE", "names": JOBS, "direction": "reads"}
    found = proofs(Evidence.PERMITTED, {"environment": [mention]}, statements=["send/1"])
    assert {each.kind for each in found} == {Evidence.PERMITTED}
    assert "SOURCE_QUEUE" in [each.where for each in found]


def test_no_kind_of_evidence_is_left_without_a_proof() -> None:
    for evidence in Evidence:
        facts: dict[str, Any] = {"variable": "QUEUE"} if evidence is Evidence.CONFIGURED else {}
        assert [each.kind for each in proofs(evidence, **facts)] == [evidence]


@pytest.mark.parametrize("evidence", Evidence)
def test_only_what_a_role_allows_is_said_to_be_possible(evidence: Evidence) -> None:
    edge = Edge(WORK, JOBS, Meaning.WRITES, "iam.sqs.send", evidence)
    work = Resource(WORK, "lambda.function", "1", "eu-west-1", "work")
    said = words.hop(
        edge, {WORK: work, JOBS: Resource(JOBS, "sqs.queue", "1", "eu-west-1", "jobs")}
    )
    known = evidence in (Evidence.DECLARED, Evidence.OBSERVED, Evidence.CODED)
    assert ("may write" in said) is not known
