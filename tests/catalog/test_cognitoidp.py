"""Cognito: a user pool and the functions of its triggers."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, items, read, resources
from topology.graph import Meaning

[LISTED] = items("cognito-idp/list_user_pools.one")
POOL = arn("cognito-idp", "userpool/eu-west-1_Ab12Cd34E")


def test_it_reads_user_pools_from_their_ids():
    [pool] = resources(read("cognito-idp/list_user_pools.one"))
    assert (pool.arn, pool.kind) == (POOL, "cognito-idp.userpool")


def test_every_trigger_is_an_edge_whichever_way_it_names_its_function():
    found = edges(read("cognito-idp/describe_user_pool.triggers", LISTED))
    assert {(edge.source, edge.kind, edge.meaning) for edge in found} == {
        (POOL, "cognito.trigger", Meaning.TRIGGERS)
    }
    assert sorted({(edge.label, edge.target.rpartition(":")[2]) for edge in found}) == [
        ("CustomEmailSender", "mail"),
        ("CustomSMSSender", "sms"),
        ("PostConfirmation", "welcome"),
        ("PreSignUp", "check"),
        ("PreTokenGeneration", "claims"),
    ]


def test_the_two_ways_to_name_one_trigger_are_one_edge():
    found = edges(read("cognito-idp/describe_user_pool.triggers", LISTED))
    assert len({edge.id for edge in found}) == 5


def test_nothing_else_of_a_pool_is_kept():
    facts = read("cognito-idp/describe_user_pool.triggers", LISTED)
    assert "canary" not in repr(facts)
    assert ":kms:" not in repr(facts)


def test_a_pool_without_triggers_leads_nowhere():
    assert read("cognito-idp/describe_user_pool.no_triggers", LISTED) == []
