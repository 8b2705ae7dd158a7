"""Masks: one name, one mask, everywhere, and nothing left that would give a name away."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema
import pytest

from tests.reports.test_report import covered
from tests.web.scene import example
from tests.world import ACCOUNT, REGION, World, allow
from topology.analysis import analyse
from topology.analysis.cuts import remedies
from topology.graph import Gap
from topology.reports import json_report, parts
from topology.reports.document import Document
from topology.reports.formats import formats
from topology.reports.masking import masked
from topology.reports.report import build
from topology.runs.asking import asked

CANARY = "zanzibar"
KEY = b"a server's secret"
GAP = Gap(
    ACCOUNT, REGION, "sqs.get_queue_attributes", "sqs:GetQueueAttributes",
    f"https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{CANARY}-outbox", "AccessDenied",
    f"User: arn:aws:sts::{ACCOUNT}:assumed-role/{CANARY}-reader/me is not authorized",
)  # fmt: skip


@cache
def account() -> tuple[Document, tuple[str, ...]]:
    """A report on an account in which everything has the canary in its name, and all its ARNs."""
    world = World()
    bucket = world.bucket(f"{CANARY}-uploads")
    convert = world.function(f"{CANARY}-convert", allow("s3:PutObject", f"{bucket}/*"))
    world.notify(bucket, convert, suffix=".csv")
    bus = world.bus(f"{CANARY}-bus")
    why = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{CANARY}-route was refused"
    route = world.function(
        f"{CANARY}-route", allow("events:PutEvents", bus), names=[bus], code_unread=why
    )
    world.rule(bus, route, {"source": [f"{CANARY}.orders"]}, f"{CANARY}-rule/1")
    queue = world.queue(f"{CANARY}-jobs.fifo")
    world.listen(queue, world.function("it's odd", allow("sqs:SendMessage", queue), names=[queue]))
    table, stream = world.table(f"{CANARY}_orders")
    world.listen(stream, world.function(CANARY, allow("dynamodb:*Item", table), names=[table]))
    analysis = analyse(world.graph())
    coverage = covered(gaps=(GAP,))
    audits = asked(analysis, coverage.reads, coverage.gaps)
    report = build(analysis, coverage, remedies=remedies(analysis), audits=audits)
    document = json_report.to_json(report)
    document["code"] = [_code(convert, f"{CANARY}-convert")]
    whole = parts.of_workspace(document, CANARY, f"{CANARY} Ltd")
    return whole, tuple(analysis.graph.resources)


def _code(function: str, name: str) -> dict[str, Any]:
    """What is told of a function whose code was read."""
    told = {"how": "every file was parsed", "not_read": "", "language": "Python", "sdk": "boto3"}
    numbers = {"files": 1, "calls": 2, "more_doubts": 0, "is_complete": False}
    doubts = [f"main.py:3 calls {name}, which is elsewhere"]
    return (
        {"subject": function, "subject_name": name, "doubts": doubts, "services": []}
        | told
        | numbers
    )


@cache
def hidden() -> Document:
    return masked(account()[0], KEY, account()[1])


def test_the_canary_sings_before_it_is_masked() -> None:
    text = json.dumps(account()[0])
    assert text.count(CANARY) > 100
    assert text.count(ACCOUNT) > 20


@pytest.mark.parametrize("name", [name for name, each in formats().items() if not each.is_binary])
def test_no_name_and_no_account_id_survives_in_any_format(name: str) -> None:
    text = formats()[name].written(hidden()).decode().lower()
    for secret in (CANARY, ACCOUNT, "it's odd", "it\\u0027s odd"):
        found = text.find(secret)
        assert found < 0, text[max(found - 80, 0) : found + 80]


def test_the_masked_document_keeps_the_contract_and_its_links() -> None:
    document = hidden()
    jsonschema.validate(document, json_report.schema())
    listed = {loop["fingerprint"] for loop in document["loops"]}
    assert listed.isdisjoint(loop["fingerprint"] for loop in account()[0]["loops"])
    assert {each for loop in document["loops"] for cut in loop["cuts"] for each in cut["stops"]}
    for loop in document["loops"]:
        ids = {edge["id"] for edge in loop["edges"]}
        assert all(set(cut["stops"]) <= listed for cut in loop["cuts"])
        assert loop["press_first"]["edge"] in ids
        assert loop["resources"] == [edge["source"] for edge in loop["edges"]]
        for edge, after in zip(loop["edges"], loop["edges"][1:], strict=False):
            assert edge["target"] == after["source"]


def test_the_same_name_has_the_same_mask_and_another_key_gives_another() -> None:
    document = hidden()
    bucket = next(
        edge["source_name"]
        for loop in document["loops"]
        for edge in loop["edges"]
        if edge["source_kind"] == "s3.bucket"
    )
    assert json.dumps(document).count(bucket) > 5
    assert masked(account()[0], KEY, account()[1]) == document
    assert bucket not in json.dumps(masked(account()[0], b"another", account()[1]))


def test_only_account_ids_go_where_names_may_stay() -> None:
    text = json.dumps(masked(account()[0], KEY, names=False))
    assert ACCOUNT not in text
    assert text.count(CANARY) == json.dumps(account()[0]).count(CANARY)


def test_words_of_ours_stay_words_whatever_somebody_calls_a_function() -> None:
    world = World()
    queue = world.queue("queue")
    world.listen(queue, world.function("live", allow("sqs:SendMessage", queue), names=[queue]))
    document: Any = masked(json_report.to_json(build(analyse(world.graph()), covered())), KEY)
    (loop,) = document["loops"]
    assert loop["verdict"] in ("live", "guarded")
    assert "queue" in loop["edges"][0]["words"]
    assert "live" not in {loop["edges"][0]["target_name"], loop["edges"][1]["source_name"]}
    jsonschema.validate(document, json_report.schema())


def test_the_example_has_masks_for_everything_that_is_in_a_drawing() -> None:
    names = {edge["source_name"] for loop in example()["loops"] for edge in loop["edges"]}
    drawn = formats()["svg"].written(masked(example(), KEY)).decode()
    assert not [name for name in names if f">{name}<" in drawn]
