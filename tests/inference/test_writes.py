"""Grants on named channels: edges that say which statements, keys and actions."""

from dataclasses import replace

import pytest

from tests.inference.estate import (
    HOME,
    INVOICES,
    LOGS,
    TABLE,
    UPLOADS,
    allow,
    deny,
    document,
    edges,
    function,
    keys,
    resource,
    role,
    written,
)
from topology.graph import Evidence, Meaning
from topology.sets.events import EventSet
from topology.verdict import Always, Cannot


def test_an_exact_grant_is_an_edge_that_says_why():
    found = written(role(allow("sqs:SendMessage", INVOICES)), function())
    (write,) = found.writes
    assert write.edge.source == function().arn
    assert write.edge.target == INVOICES
    assert (write.edge.meaning, write.edge.kind) == (Meaning.WRITES, "iam.sqs.queue.send")
    assert write.edge.evidence is Evidence.PERMITTED
    assert write.edge.label == "policy *write-results*, statement 1"
    assert write.edge.attributes == {
        "actions": ["sqs:SendMessage"],
        "keys": "",
        "statements": ["policy *write-results*, statement 1"],
    }
    assert write.events == EventSet.anything()
    assert write.hop == Always(
        "Role *orders* may write to *invoices* with sqs:SendMessage "
        "(policy *write-results*, statement 1)."
    )
    assert (found.gaps, found.hubs) == ((), {})


def test_a_grant_on_keys_says_which_keys():
    found = written(role(allow("s3:PutObject", f"{UPLOADS}/out/*")), function())
    (write,) = found.writes
    assert write.edge.evidence is Evidence.PERMITTED
    assert write.edge.attributes["keys"] == "out/*"
    assert "out/a.csv" in keys(write.events)
    assert "in/a.csv" not in keys(write.events)
    assert "may write `out/*` in *uploads*" in write.hop.because


def test_a_denied_part_is_taken_out_of_the_keys():
    statements = allow("s3:PutObject", f"{UPLOADS}/*"), deny("s3:*", f"{UPLOADS}/in/*")
    (write,) = written(role(*statements), function()).writes
    assert "out/a" in keys(write.events)
    assert "in/a" not in keys(write.events)
    assert isinstance(write.hop, Always)


@pytest.mark.parametrize(
    ("action", "to", "reached"),
    [
        ("s3:PutObject", f"{UPLOADS}/*", {(UPLOADS, "put")}),
        ("s3:PutObject", UPLOADS, set()),  # the bucket is not its objects
        ("s3:PutObject", f"{UPLOADS}*", {(UPLOADS, "put")}),
        ("s3:PutObject", "arn:aws:s3:::up*/out/*.csv", {(UPLOADS, "put")}),
        ("s3:PutObject", "arn:aws:s3:::uploads?out/*", {(UPLOADS, "put")}),
        ("s3:PutObject", "arn:aws:s3:::up/*", set()),
        ("s3:Delete*", f"{LOGS}/*", {(LOGS, "delete")}),
        ("s3:*", f"{LOGS}/*", {(LOGS, "put"), (LOGS, "delete")}),
        ("sqs:*", f"arn:aws:sqs:*:{HOME}:inv*", {(INVOICES, "send")}),
        ("sqs:*", f"{INVOICES}-dlq", set()),
        ("dynamodb:*Item", TABLE, {(TABLE, "put")}),
        ("dynamodb:*", f"{TABLE}/index/*", set()),
        ("lambda:*", function().arn, {(function().arn, "invoke")}),
        ("lambda:*", f"{function().arn}:*", {(function().arn, "invoke")}),  # its versions
        ("lambda:*", f"{function().arn}:live", {(function().arn, "invoke")}),
    ],
)
def test_what_a_pattern_reaches(action, to, reached):
    assert set(edges(written(role(allow(action, to)), function()))) == reached


def test_only_the_actions_that_are_allowed_are_listed():
    statements = allow("dynamodb:*Item", TABLE), deny("dynamodb:UpdateItem", TABLE)
    (write,) = written(role(*statements), function()).writes
    assert write.edge.attributes["actions"] == ["dynamodb:PutItem"]


def test_an_environment_variable_that_names_the_channel_makes_the_write_configured():
    found = written(role(allow("sqs:*", INVOICES)), function(environment=[("QUEUE", INVOICES)]))
    (write,) = found.writes
    assert write.edge.evidence is Evidence.CONFIGURED
    assert write.edge.attributes["variable"] == "QUEUE"


def test_a_variable_that_speaks_of_reading_leaves_the_write_permitted():
    mention = {"variable": "SOURCE_QUEUE", "names": INVOICES, "direction": "reads"}
    work = function()
    work = replace(work, attributes={**work.attributes, "environment": [mention]})
    (write,) = written(role(allow("sqs:*", INVOICES)), work).writes
    assert write.edge.evidence is Evidence.PERMITTED
    written_too = [mention, {"variable": "QUEUE", "names": INVOICES}]
    work = replace(work, attributes={**work.attributes, "environment": written_too})
    (write,) = written(role(allow("sqs:*", INVOICES)), work).writes
    assert write.edge.evidence is Evidence.CONFIGURED
    assert write.edge.attributes["variable"] == "QUEUE"


def test_a_variable_without_a_permission_is_no_write():
    found = written(role(allow("s3:*", UPLOADS)), function(environment=[("QUEUE", INVOICES)]))
    assert found.writes == ()


def test_an_explicit_deny_of_it_all_is_kept_as_a_write_that_cannot_be():
    statements = allow("sqs:*", INVOICES), deny("sqs:Send*", "*", Sid="NoSending")
    (write,) = written(role(*statements), function()).writes
    assert write.edge.evidence is Evidence.PERMITTED
    assert write.hop == Cannot(
        "Role *orders* may not write to *invoices* with sqs:SendMessage, which policy "
        "*write-results*, statement 1 would allow: policy *write-results*, statement NoSending "
        "denies it."
    )


def test_attached_policies_count_under_their_own_name():
    arn = f"arn:aws:iam::{HOME}:policy/senders"
    senders = resource(arn, "iam.policy", document=document(allow("sqs:*", INVOICES)))
    (write,) = written(role(attached=[arn]), senders, function()).writes
    assert write.edge.label == "policy *senders*, statement 1"


def test_resources_without_a_role_write_nothing():
    assert written(resource(f"{INVOICES}-x", "sqs.queue")).writes == ()


@pytest.mark.parametrize("name", ["a[b", "50%", "日本", "x" * 512, "a\ud800"])
def test_strange_names_survive(name):
    arn = f"arn:aws:sqs:eu-west-1:{HOME}:{name}"
    queue = resource(arn, "sqs.queue")
    (write,) = written(role(allow("sqs:*", arn)), function(), channels=[queue]).writes
    assert write.edge.target == arn
    assert write.edge.id
