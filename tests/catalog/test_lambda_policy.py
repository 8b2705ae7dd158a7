"""A function's own policy: what other accounts may invoke it with, and what that does not prove."""

from __future__ import annotations

import json

from tests.catalog.recorded import HERE, arn, edges, items, read, resources, unread
from tests.rig.answers import recording
from topology import filters
from topology.catalog import awslambda, lambda_policy
from topology.graph import Filter, Meaning

ORDERS = arn("lambda", "function:orders")
SUSPECT = {"arn": ORDERS, "name": "orders"}
OTHERS = "lambda/get_policy.other_accounts"
THEIRS = "444455556666"


def test_it_states_what_other_accounts_may_invoke_a_function_with():
    found = edges(read(OTHERS, SUSPECT))
    assert [(e.label, e.source) for e in found] == [
        ("their-topic", arn("sns", "news", THEIRS)),
        ("their-rule", arn("events", "rule/shop/each", THEIRS)),
        ("a-bucket", "arn:aws:s3:::uploads"),
        ("their-group", arn("logs", "log-group:/theirs", THEIRS)),
        ("their-api", arn("execute-api", "a1b2c3", THEIRS)),
    ]
    assert {(e.kind, e.target, e.meaning) for e in found} == {
        ("lambda.resource_policy", ORDERS, Meaning.TRIGGERS)
    }
    assert all(edge.attributes["evidence_only"] for edge in found)


def test_what_the_function_hears_of_it_is_not_known_so_nothing_passes_for_sure():
    found = edges(read(OTHERS, SUSPECT))
    assert found[0].filter == Filter("sns.policy.attributes", "")
    for edge in found:
        try:
            filters.heard(edge.filter)
        except filters.FilterError:
            continue
        raise AssertionError(f"{edge.label} has a filter that can be read")


def test_what_is_ours_denied_or_no_invocation_is_not_stated():
    said = repr(edges(read(OTHERS, SUSPECT)))
    for name in ("our", "d4e5f6", "other", "looks", "root"):
        assert f"{name}'" not in said


def test_an_account_that_names_no_resource_is_a_gap_and_one_that_is_not_named_is_none():
    gaps = unread(read(OTHERS, SUSPECT))
    assert [(gap.resource, gap.code) for gap in gaps] == [(ORDERS, "ForeignSourceUnnamed")] * 2
    assert "444455556666" in gaps[0].reason
    assert "777788889999" in gaps[1].reason


def test_the_policy_is_kept_without_the_tokens_of_skills():
    [function] = resources(read(OTHERS, SUSPECT))
    kept = json.loads(function.attributes["policy"])
    assert "partners" in function.attributes["policy"]
    assert kept["Statement"][11]["Condition"] == {
        "StringEquals": {"lambda:EventSourceToken": "withheld"}
    }
    assert "canary" not in repr(read(OTHERS, SUSPECT))


def test_a_malformed_policy_is_unread_and_its_tokens_are_not_kept():
    facts = read("lambda/get_policy.malformed", SUSPECT)
    [gap] = unread(facts)
    assert (gap.resource, gap.code) == (ORDERS, "MalformedPolicyDocument")
    [function] = resources(facts)
    assert function.attributes["policy"] == "{}"
    assert "canary" not in repr(facts)


def test_a_function_without_a_policy_has_none():
    [function] = resources(awslambda.policy(HERE, {}, SUSPECT))
    assert function.attributes == {"policy": None}


def test_an_alias_has_a_policy_of_its_own():
    live = items("lambda/list_aliases.weighted")[0]
    facts = list(awslambda.alias_policy(HERE, recording(OTHERS), live, SUSPECT))
    [function] = resources(facts)
    assert (function.arn, list(function.attributes["alias_policies"])) == (ORDERS, ["live"])
    first = edges(facts)[0]
    assert (first.label, first.target, first.attributes["qualifier"]) == (
        "live/their-topic",
        ORDERS,
        "live",
    )


def test_a_bucket_of_one_of_several_accounts_may_be_a_strangers():
    condition = {
        "ArnLike": {"AWS:SourceArn": "arn:aws:s3:::shared"},
        "StringEquals": {"AWS:SourceAccount": ["111122223333", "444455556666"]},
    }
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "s3.amazonaws.com"},
        "Action": "lambda:*",
        "Resource": "*",
        "Condition": condition,
    }
    [edge] = edges(lambda_policy.invokers(HERE, ORDERS, json.dumps({"Statement": statement})))
    assert edge.source == "arn:aws:s3:::shared"
