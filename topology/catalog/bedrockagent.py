"""Bedrock agents: the functions that carry out an agent's actions and shape its prompts.

Source: https://docs.aws.amazon.com/bedrock/latest/userguide/agents-lambda.html
"""

from __future__ import annotations

from collections.abc import Iterator

from topology.catalog.service import Call, Fact, Here, Item, Kind, Of, Part, Service, Write
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

AGENT, ALIAS = "bedrock.agent", "bedrock.agentalias"
DRAFT = "DRAFT"
GONE = frozenset({"ResourceNotFoundException"})

service = Service(
    client="bedrock-agent",
    title="Amazon Bedrock Agents",
    iam_prefix="bedrock",
    source="https://docs.aws.amazon.com/bedrock/latest/userguide/agents-lambda.html",
    kinds=(
        Kind(AGENT, "Bedrock agent", Part.CHANNEL),
        Kind(ALIAS, "alias of a Bedrock agent", Part.CHANNEL),
    ),
    writes=(Write("invoke", ALIAS, ("bedrock:InvokeAgent",)),),
    edges=("bedrock.agent", "bedrock.alias"),
)


def _id(agent: Item) -> str:
    return str(agent["agentId"])


agents = Call("list_agents", items="agentSummaries")
description = Call(
    "get_agent",
    for_each=agents,
    parameters={"agentId": Of("agentId")},
    gone=GONE,
    names=_id,
)
aliases = Call(
    "list_agent_aliases",
    items="agentAliasSummaries",
    for_each=agents,
    parameters={"agentId": Of("agentId")},
    gone=GONE,
    names=_id,
)
versions = Call(
    "list_agent_versions",
    items="agentVersionSummaries",
    for_each=agents,
    parameters={"agentId": Of("agentId")},
    gone=GONE,
    names=_id,
)
version_description = Call(
    "get_agent_version",
    for_each=versions,
    where=lambda version: version["agentVersion"] != DRAFT,  # what ``get_agent`` describes
    parameters={"agentId": Of("agentId", above=1), "agentVersion": Of("agentVersion")},
    gone=GONE,
    names=lambda version: str(version["agentVersion"]),
)
groups = Call(
    "list_agent_action_groups",
    items="actionGroupSummaries",
    for_each=versions,
    parameters={"agentId": Of("agentId", above=1), "agentVersion": Of("agentVersion")},
    gone=GONE,
    names=lambda version: str(version["agentVersion"]),
)
group_description = Call(
    "get_agent_action_group",
    for_each=groups,
    parameters={
        "agentId": Of("agentId", above=2),
        "agentVersion": Of("agentVersion", above=1),
        "actionGroupId": Of("actionGroupId"),
    },
    gone=GONE,
    names=lambda group: str(group["actionGroupId"]),
)
collaborators = Call(
    "list_agent_collaborators",
    items="agentCollaboratorSummaries",
    for_each=versions,
    parameters={"agentId": Of("agentId", above=1), "agentVersion": Of("agentVersion")},
    gone=GONE,
    names=lambda version: str(version["agentVersion"]),
)


@service.reads(agents)
def agent(here: Here, item: Item) -> Iterator[Fact]:
    """An agent of the region being read."""
    yield resource(here, _arn(here, item), AGENT)


@service.reads(aliases)
def alias(here: Here, item: Item, agent: Item) -> Iterator[Fact]:
    """An alias: agents are invoked by nothing else. Any of their versions may be behind it."""
    arn = f"{_arn(here, agent, 'agent-alias')}/{item['agentAliasId']}"
    refuses = item.get("aliasInvocationState") == "REJECT_INVOCATIONS"
    dormant = "the alias rejects invocations" if refuses else ""
    yield resource(here, arn, ALIAS)
    yield delivery(arn, _arn(here, agent), Meaning.FORWARDS, "bedrock.alias", dormant=dormant)


@service.reads(description)
def draft(here: Here, item: Item, agent: Item) -> Iterator[Fact]:
    """The functions that the working draft runs on every turn; never what it is told to do."""
    yield from _on_every_turn(_arn(here, agent), DRAFT, item["agent"])


@service.reads(version_description)
def version(here: Here, item: Item, version: Item, agent: Item) -> Iterator[Fact]:
    """The same of a version."""
    yield from _on_every_turn(_arn(here, agent), version["agentVersion"], item["agentVersion"])


@service.reads(group_description)
def action_group(here: Here, item: Item, group: Item, version: Item, agent: Item) -> Iterator[Fact]:
    """The function that carries out a group of actions."""
    known = item["agentActionGroup"]
    if function := known.get("actionGroupExecutor", {}).get("lambda"):
        is_off = known["actionGroupState"] == "DISABLED"
        yield delivery(
            _arn(here, agent),
            function,
            Meaning.TRIGGERS,
            "bedrock.agent",
            label=f"{version['agentVersion']} {known['actionGroupName']}",
            dormant="the action group is DISABLED" if is_off else "",
        )


@service.reads(collaborators)
def collaborator(here: Here, item: Item, version: Item, agent: Item) -> Iterator[Fact]:
    """Another agent that a supervising one hands work to."""
    if alias := item["agentDescriptor"].get("aliasArn"):
        yield delivery(
            _arn(here, agent),
            alias,
            Meaning.FORWARDS,
            "bedrock.agent",
            label=f"{version['agentVersion']} {item['collaboratorName']}",
        )


def _on_every_turn(arn: str, version: str, known: Item) -> Iterator[Fact]:
    executor = known.get("customOrchestration", {}).get("executor", {})
    for what, function in (
        ("orchestration", executor.get("lambda")),
        ("parser", known.get("promptOverrideConfiguration", {}).get("overrideLambda")),
    ):
        if function:
            label = f"{version} {what}"
            yield delivery(arn, function, Meaning.TRIGGERS, "bedrock.agent", label=label)


def _arn(here: Here, agent: Item, kind: str = "agent") -> str:
    return f"arn:{here.partition}:bedrock:{here.region}:{here.account}:{kind}/{_id(agent)}"
