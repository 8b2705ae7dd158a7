"""Service control policies: what every role of an account may do at most."""

from __future__ import annotations

import json

import pytest

from tests.inference.estate import (
    HOME,
    INVOICES,
    PUT,
    SEND,
    UPLOADS,
    allow,
    deed,
    deny,
    document,
    edges,
    function,
    resource,
    role,
    statement,
    written,
)
from topology.verdict import Always, Cannot, Unknown

MANAGEMENT = "999900001111"
ROOT = f"arn:aws:organizations::{MANAGEMENT}:root/o-abcdefghij/r-abcd"
UNIT = f"arn:aws:organizations::{MANAGEMENT}:ou/o-abcdefghij/ou-abcd-workload"
ACCOUNT = f"arn:aws:organizations::{MANAGEMENT}:account/o-abcdefghij/{HOME}"
FULL = document(allow("*"))
TO_BOTH = (allow("s3:PutObject", f"{UPLOADS}/*"), allow("sqs:SendMessage", INVOICES))


def policy(name, content):
    arn = f"arn:aws:organizations::{MANAGEMENT}:policy/o-abcdefghij/service_control_policy/{name}"
    text = content if isinstance(content, str) or content is None else json.dumps(content)
    return resource(arn, "organizations.policy", account=MANAGEMENT, document=text)


def organisation(*attached, is_whole=True, levels=(ROOT, UNIT, ACCOUNT)):
    """An organisation whose unit has these policies beside the one that allows everything."""
    full = policy("full", FULL)
    own = [policy(f"guardrail{number}", content) for number, content in enumerate(attached)]

    def level(arn, kind, policies, **more):
        names = {each.arn: each.arn.rpartition("/")[2] for each in policies}
        return resource(arn, kind, account=MANAGEMENT, policies=names, **more)

    return [
        full,
        *own,
        level(ROOT, "organizations.root", [full], is_whole=True),
        level(UNIT, "organizations.ou", [full, *own], **({"is_whole": True} if is_whole else {})),
        level(ACCOUNT, "organizations.account", [full], is_whole=True, levels=list(levels)),
    ]


def verdicts(*resources, statements=TO_BOTH, name="orders"):
    found = written(role(*statements, name=name), function(role=name), *resources)
    return {deed(write): type(write.hop) for write in found.writes}


def test_a_write_that_a_service_control_policy_denies_cannot_happen():
    org = organisation(document(deny("s3:PutObject", Sid="NoWrites")))
    assert verdicts(*org) == {PUT: Cannot, SEND: Always}
    hop = edges(written(role(*TO_BOTH), function(), *org))[UPLOADS, "put"].hop
    assert "policy *guardrail0 (SCP)*, statement NoWrites denies it" in hop.because


def test_a_level_that_does_not_allow_a_write_takes_it_away():
    org = organisation()
    only_queues = policy("queues", document(allow("sqs:*")))
    names = {only_queues.arn: "queues"}
    unit = resource(UNIT, "organizations.ou", account=MANAGEMENT, policies=names, is_whole=True)
    assert verdicts(*org[:-2], only_queues, unit, org[-1]) == {SEND: Always}


def test_policies_of_one_level_are_taken_together():
    org = organisation(document(allow("sqs:*")))
    assert verdicts(*org) == {PUT: Always, SEND: Always}


def test_an_organisation_that_allows_everything_changes_no_hub_and_no_sentence():
    alone = written(role(allow("*")), function())
    bound = written(role(allow("*")), function(), *organisation())
    assert (alone.writes, list(alone.hubs)) == (bound.writes, list(bound.hubs))


@pytest.mark.parametrize(
    "unread",
    [
        [],
        organisation(document(deny("*")))[:-1],
        organisation(document(deny("*")), levels=()),
        [each for each in organisation(document(deny("*"))) if each.arn != UNIT],
    ],
)
def test_what_was_not_read_of_an_organisation_changes_nothing(unread):
    assert verdicts(*unread) == {PUT: Always, SEND: Always}


@pytest.mark.parametrize("content", ["not json", None, {"Statement": "x"}])
def test_a_policy_that_cannot_be_read_denies_nothing_and_takes_the_certainty(content):
    org = organisation(content, document(deny("s3:*")))
    assert verdicts(*org) == {PUT: Cannot, SEND: Unknown}
    found = written(role(*TO_BOTH), function(), *org)
    assert "guardrail0" in edges(found)[INVOICES, "send"].hop.because
    assert not found.gaps


def test_a_level_that_was_not_read_to_its_end_takes_the_certainty():
    assert verdicts(*organisation(is_whole=False)) == {PUT: Unknown, SEND: Unknown}


def test_a_deny_under_a_condition_that_is_not_known_takes_the_certainty():
    unless_tagged = {"Condition": {"StringNotEquals": {"aws:PrincipalTag/team": "x"}}}
    org = organisation(document(statement("Deny", "s3:*", "*", **unless_tagged)))
    assert verdicts(*org) == {PUT: Unknown, SEND: Always}


def test_roles_that_services_made_for_themselves_are_not_bound():
    linked = "aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS"
    org = organisation(document(deny("*")))
    assert verdicts(*org, name=linked) == {PUT: Always, SEND: Always}


def test_of_two_organisations_that_show_an_account_neither_is_believed():
    other = resource(
        ACCOUNT.replace("o-abcdefghij", "o-zyxwvutsrq"), "organizations.account", levels=[]
    )
    org = organisation(document(deny("*")))
    assert verdicts(*org, other) == {PUT: Always, SEND: Always}
