"""Undecided, unread and malformed: the write stands, and says that it is not certain."""

import pytest

from tests.inference.estate import (
    CHANNELS,
    DELETE,
    HOME,
    INVOICES,
    PUT,
    WRITES,
    allow,
    deed,
    deny,
    document,
    edges,
    function,
    resource,
    role,
    written,
)
from topology.graph import Evidence
from topology.verdict import Always, Cannot, Unknown

UNDECIDED = {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "x"}}}


MALFORMED = [{"name": "broken", "document": None}]


@pytest.mark.parametrize("to", [INVOICES, "*"])
@pytest.mark.parametrize(
    "statements",
    [
        lambda to: [allow("sqs:*", to, **UNDECIDED)],
        lambda to: [allow("sqs:*", to), deny("sqs:*", "*", **UNDECIDED)],
    ],
)
def test_an_undecided_condition_leaves_the_write_and_takes_the_certainty(statements, to):
    (write,) = written(role(*statements(to)), function()).writes
    assert isinstance(write.hop, Unknown)
    assert "StringEquals of `aws:PrincipalTag/team`" in write.hop.because


def test_a_region_condition_is_decided_channel_by_channel():
    other = f"arn:aws:sqs:us-east-1:{HOME}:invoices"
    here = {"Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}}
    channels = [*CHANNELS, resource(other, "sqs.queue")]
    found = written(role(allow("sqs:*", "*", **here)), function(), channels=channels)
    (hub,) = found.hubs.values()
    assert hub.channels == (other,)
    assert isinstance(found.writes[0].hop, Always)


def test_a_boundary_limits_and_an_unread_one_makes_it_uncertain():
    arn = f"arn:aws:iam::{HOME}:policy/limits"
    limits = resource(arn, "iam.policy", document=document(allow("s3:*")))
    bounded = role(allow("*"), boundary=arn)
    assert {deed(each) for each in written(bounded, limits, function()).writes} == {PUT, DELETE}
    found = written(bounded, function())
    assert {deed(each) for each in found.writes} == set(WRITES)
    assert all(isinstance(each.hop, Unknown) for each in found.writes)
    assert [gap.resource for gap in found.gaps] == [arn]


@pytest.mark.parametrize(
    "roles",
    [
        [],
        [role(policies=MALFORMED)],
        [role(policies=[{"name": "broken", "document": {"Statement": "x"}}])],
        [role(attached=[f"arn:aws:iam::{HOME}:policy/absent"])],
    ],
)
def test_what_cannot_be_read_may_write_anything_and_is_a_gap(roles):
    found = written(*roles, function())
    assert {deed(each) for each in found.writes} == set(WRITES)
    assert all(isinstance(each.hop, Unknown) for each in found.writes)
    assert {each.edge.evidence for each in found.writes} == {Evidence.PERMITTED_ANY}
    (gap,) = found.gaps
    assert (gap.account, gap.action) == (HOME, "iam:GetAccountAuthorizationDetails")
    assert gap.reason.rstrip(".") in found.writes[0].hop.because


def test_a_malformed_policy_does_not_hide_what_the_others_deny():
    policies = [*MALFORMED, {"name": "lock", "document": document(deny("sqs:*"))}]
    found = written(role(policies=policies), function())
    assert isinstance(edges(found)[INVOICES, "send"].hop, Cannot)
