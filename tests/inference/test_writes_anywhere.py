"""Grants on any channel: hubs, and what a Deny leaves of them."""

import pytest

from tests.inference.estate import (
    CHANNELS,
    FAR,
    HOME,
    INVOICES,
    LOGS,
    SEND,
    UPLOADS,
    WRITES,
    allow,
    deed,
    deny,
    edges,
    function,
    keys,
    resource,
    role,
    written,
)
from topology.graph import Evidence
from topology.inference.channels import MANY
from topology.verdict import Cannot


@pytest.mark.parametrize(
    "to", ["*", "arn:aws:s3:::*", "arn:aws:s3:::*/*", "arn:*:s3:::*/out/*", "arn:aws:s3:::?*"]
)
def test_a_grant_on_any_channel_goes_through_a_hub(to):
    found = written(role(allow("s3:PutObject", to)), function())
    (write,) = found.writes
    (hub,) = found.hubs.values()
    assert write.edge.target == hub.resource.arn
    assert write.edge.evidence is Evidence.PERMITTED_ANY
    assert hub.channels == (LOGS, UPLOADS)
    assert "out/a" in keys(hub.events_of(UPLOADS))
    assert hub.resource.kind == "iam.hub"
    assert hub.resource.arn.startswith(f"hub:{HOME}:")


def test_a_pattern_that_names_many_channels_is_any():
    queues = [resource(f"{INVOICES}-{n}", "sqs.queue") for n in range(MANY + 1)]
    few = written(role(allow("sqs:*", f"{INVOICES}-*")), function(), channels=queues[1:])
    many = written(role(allow("sqs:*", f"{INVOICES}-*")), function(), channels=queues)
    assert (len(few.writes), len(few.hubs)) == (MANY, 0)
    assert (len(many.writes), len(many.hubs)) == (1, 1)


def test_roles_that_may_do_the_same_share_a_hub_whatever_their_policies_are_called():
    roles = [role(allow("sqs:*", Sid=f"S{n}"), name=f"r{n}") for n in range(3)]
    found = written(*roles, *(function(f"f{n}", f"r{n}") for n in range(3)), writes=(SEND,))
    assert (len(found.writes), len(found.hubs)) == (3, 1)
    labels = [each.edge.label for each in found.writes]
    assert labels == [f"policy *write-results*, statement S{n}" for n in range(3)]


def test_a_deny_parts_the_hubs():
    roles = role(allow("sqs:*")), role(allow("sqs:*"), deny("*", "x"), name="other")
    found = written(*roles, function(), function("other", "other"), writes=(SEND,))
    assert len(found.hubs) == 2


def test_a_role_may_have_an_exact_grant_and_a_wildcard():
    found = written(role(allow("sqs:*", [INVOICES, "*"])), function())
    assert [each.edge.evidence for each in found.writes] == [
        Evidence.PERMITTED,
        Evidence.PERMITTED_ANY,
    ]


def test_an_administrator_goes_through_hubs_like_any_other():
    found = written(role(allow("*")), function())
    assert {each.edge.target for each in found.writes} == set(found.hubs)
    assert {deed(each) for each in found.writes} == set(WRITES)


def test_configured_beats_permitted_any_with_an_edge_of_its_own():
    variables = [("QUEUE", INVOICES), ("BACKUP", INVOICES)]
    found = written(role(allow("sqs:*")), function(environment=variables))
    direct = edges(found)[INVOICES, "send"]
    assert direct.edge.evidence is Evidence.CONFIGURED
    assert direct.edge.attributes["variable"] == "BACKUP, QUEUE"
    assert len(found.writes) == 2


def test_a_deny_takes_channels_out_of_a_hub_and_shows_them():
    statements = allow("s3:PutObject"), deny("s3:*", [LOGS, f"{LOGS}/*"])
    found = written(role(*statements), function())
    (hub,) = found.hubs.values()
    assert hub.channels == (UPLOADS,)
    assert isinstance(edges(found)[LOGS, "put"].hop, Cannot)


def test_a_deny_of_some_keys_leaves_the_channel_in_the_hub():
    statements = allow("s3:PutObject"), deny("s3:*", f"{LOGS}/in/*")
    (hub,) = written(role(*statements), function()).hubs.values()
    assert hub.channels == (LOGS, UPLOADS)
    assert "in/a" not in keys(hub.events_of(LOGS))
    assert "in/a" in keys(hub.events_of(UPLOADS))


def test_a_deny_of_everything_else_leaves_one_channel():
    but = {"Effect": "Deny", "Action": "*", "NotResource": [f"{UPLOADS}/out/*"]}
    found = written(role(allow("s3:PutObject"), but), function())
    (hub,) = found.hubs.values()
    assert hub.channels == (UPLOADS,)
    assert "in/a" not in keys(hub.events_of(UPLOADS))


def test_a_deny_of_many_channels_is_a_hub_that_cannot_be_written_through():
    queues = [resource(f"{INVOICES}-{n}", "sqs.queue") for n in range(MANY + 1)]
    found = written(role(allow("sqs:*"), deny("sqs:*")), function(), channels=queues)
    (write,) = found.writes
    assert isinstance(write.hop, Cannot)
    assert len(found.hubs[write.edge.target].channels) == MANY + 1


def test_the_order_of_resources_changes_nothing():
    resources = [role(allow("*"), deny("s3:*", UPLOADS)), function(), function("b"), *CHANNELS]
    first = written(*resources, channels=())
    second = written(*reversed(resources), channels=())
    assert first.writes == second.writes
    assert list(first.hubs) == list(second.hubs)


def test_a_denied_channel_that_is_named_too_is_one_edge():
    statements = allow("sqs:*", [INVOICES, "*"]), deny("sqs:*", INVOICES)
    found = written(role(*statements), function())
    (write,) = found.writes
    assert write.edge.evidence is Evidence.PERMITTED
    assert isinstance(write.hop, Cannot)


def test_a_hub_speaks_for_a_channel_as_uncertain_as_itself():
    """Keys of one bucket are in doubt, so the grant on all of them is not called certain."""
    doubt = {"Condition": {"StringEquals": {"aws:PrincipalTag/team": "x"}}}
    statements = allow("s3:PutObject", "arn:aws:s3:::*/out/*"), deny("s3:*", LOGS, **doubt)
    perhaps = allow("s3:PutObject", "*", **doubt)
    found = written(role(*statements, perhaps), function())
    assert [each.hop.word for each in found.writes] == ["unknown"]
    assert {hub.channels for hub in found.hubs.values()} == {(LOGS, UPLOADS)}


def test_a_grant_on_all_but_some_is_called_so():
    but = {"Effect": "Allow", "Action": "sqs:*", "NotResource": FAR}
    (hub,) = written(role(but), function()).hubs.values()
    assert hub.resource.name == f"anything but {FAR}"
