"""Bedrock agents: the functions that carry out actions and shape every turn."""

from __future__ import annotations

import pytest

from tests.catalog.recorded import arn, edges, items, read, resources, wanted
from topology.catalog import bedrockagent
from topology.graph import Meaning

[LISTED] = items("bedrock-agent/list_agents.one")
DRAFT, FIRST = items("bedrock-agent/list_agent_versions.two")
[GROUP] = items("bedrock-agent/list_agent_action_groups.one")
AGENT = arn("bedrock", "agent/AGENT12345")


def test_an_agent_is_invoked_by_its_aliases():
    [agent] = resources(read("bedrock-agent/list_agents.one"))
    facts = read("bedrock-agent/list_agent_aliases.two", LISTED)
    assert (agent.arn, agent.kind) == (AGENT, "bedrock.agent")
    assert [each.arn for each in resources(facts)] == [
        arn("bedrock", "agent-alias/AGENT12345/TSTALIASID"),
        arn("bedrock", "agent-alias/AGENT12345/ALIAS12345"),
    ]
    assert {(edge.target, edge.kind) for edge in edges(facts)} == {(AGENT, "bedrock.alias")}
    assert [edge.dormant for edge in edges(facts)] == ["", "the alias rejects invocations"]


def test_a_function_carries_out_the_actions_of_a_group():
    facts = read("bedrock-agent/get_agent_action_group.function", GROUP, FIRST, LISTED)
    [edge] = edges(facts)
    assert (edge.source, edge.target) == (AGENT, arn("lambda", "function:book"))
    assert (edge.kind, edge.meaning) == ("bedrock.agent", Meaning.TRIGGERS)
    assert (edge.label, edge.dormant) == ("1 bookings", "")
    assert "canary" not in repr(facts)


@pytest.mark.parametrize(
    ("case", "dormant"),
    [("disabled", ["the action group is DISABLED"]), ("returns_control", [])],
)
def test_a_group_may_be_switched_off_or_have_no_function(case, dormant):
    facts = read(f"bedrock-agent/get_agent_action_group.{case}", GROUP, FIRST, LISTED)
    assert [edge.dormant for edge in edges(facts)] == dormant


def test_functions_that_shape_every_turn_are_kept_and_instructions_are_not():
    facts = read("bedrock-agent/get_agent.functions", LISTED)
    assert [(edge.label, edge.target.rpartition(":")[2]) for edge in edges(facts)] == [
        ("DRAFT orchestration", "orchestrate"),
        ("DRAFT parser", "parse"),
    ]
    assert "canary" not in repr(facts)


def test_a_version_has_functions_of_its_own():
    assert wanted(bedrockagent.version_description, [DRAFT, FIRST]) == [FIRST]
    [edge] = edges(read("bedrock-agent/get_agent_version.parser", FIRST, LISTED))
    assert (edge.label, edge.attributes) == ("1 parser", {"qualifier": "1"})
    assert read("bedrock-agent/get_agent_version.plain", FIRST, LISTED) == []


def test_a_supervising_agent_hands_work_to_others():
    facts = read("bedrock-agent/list_agent_collaborators.one", FIRST, LISTED)
    [edge] = edges(facts)
    assert (edge.source, edge.meaning, edge.label) == (AGENT, Meaning.FORWARDS, "1 billing")
    assert edge.target == arn("bedrock", "agent-alias/OTHER12345/ALIAS12345")
    assert "canary" not in repr(facts)
