"""CodeStar Notifications: rules as edges from the resource they watch."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import arn, edges, read, unread
from topology.graph import Meaning

RULE = "codestar-notifications/describe_notification_rule"


def test_topics_and_chats_hear_of_the_resource_and_who_made_the_rule_is_not_kept():
    facts = read(f"{RULE}.pipeline", {})
    topic, chat = edges(facts)
    assert (topic.source, topic.target) == (arn("codepipeline", "shop"), arn("sns", "failures"))
    assert (topic.kind, topic.meaning) == ("codestar.notify", Meaning.FORWARDS)
    assert topic.label == chat.label == "pipeline failed"
    assert topic.attributes == {"events": ["codepipeline-pipeline-pipeline-execution-failed"]}
    assert chat.target.startswith("arn:aws:chatbot::")
    assert "canary" not in repr(facts)


@pytest.mark.parametrize(
    ("case", "dormant"),
    [("pipeline", ""), ("disabled", "the notification rule is DISABLED")],
)
def test_only_a_disabled_rule_is_dormant(case, dormant):
    assert {edge.dormant for edge in edges(read(f"{RULE}.{case}", {}))} == {dormant}


def test_a_rule_that_does_not_say_what_it_watches_is_unread():
    [gap] = unread(read(f"{RULE}.without_resource", {}))
    assert (gap.resource, gap.code) == (
        arn("codestar-notifications", "notificationrule/0c"),
        "NoResource",
    )
