"""CloudFormation: stacks and the topics that hear of them."""

from __future__ import annotations

from tests.catalog.recorded import arn, edges, read, resources
from topology.graph import Meaning

STACKS = "cloudformation/describe_stacks.notify"


def test_a_stack_is_called_by_its_name_and_nothing_else_of_it_is_kept():
    facts = read(STACKS)
    assert [(each.arn, each.kind, each.name) for each in resources(facts)] == [
        (arn("cloudformation", "stack/shop"), "cloudformation.stack", "shop"),
        (arn("cloudformation", "stack/quiet"), "cloudformation.stack", "quiet"),
    ]
    assert "canary" not in repr(facts)


def test_only_a_stack_with_notifications_tells_a_topic():
    [edge] = edges(read(STACKS))
    assert (edge.source, edge.target) == (
        arn("cloudformation", "stack/shop"),
        arn("sns", "deployed"),
    )
    assert (edge.kind, edge.meaning) == ("cfn.notify", Meaning.FORWARDS)
