"""IoT Core: the message broker of a Region, the rules that hear its topics, and thing shadows.

Topics are not listed anywhere, so the broker is one channel and a message's topic is its key. So
are the things whose shadows may be updated, of which the broker tells on topics of its own.

Source: https://docs.aws.amazon.com/iot/latest/developerguide/iot-rules.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology import arn as arns
from topology.catalog.iot_actions import ActionError, Target, functions_called, targets
from topology.catalog.service import (
    Call,
    Fact,
    Here,
    Item,
    Kind,
    Of,
    Part,
    Service,
    Unread,
    Write,
)
from topology.catalog.wiring import delivery, resource
from topology.filters.iot import TOPIC, published
from topology.graph import Edge, Filter, Meaning, Resource
from topology.sets import strings
from topology.sets.events import EventSet

BROKER = "iot.topic"  # arn:…:iot:<region>:<account>:topic, in front of every topic's own ARN
THINGS = "iot.thing"  # arn:…:iot:<region>:<account>:thing, likewise
RULE = "iot.rule"

service = Service(
    client="iot",
    title="AWS IoT Core",
    source="https://docs.aws.amazon.com/iot/latest/developerguide/iot-policy-actions.html",
    kinds=(
        Kind(BROKER, "message broker", Part.CHANNEL),
        Kind(THINGS, "thing shadows", Part.CHANNEL),
        Kind(RULE, "IoT rule action", Part.ACTOR),
    ),
    writes=(
        Write("publish", BROKER, ("iot:Publish",), keyed="/", key_at=TOPIC),
        Write(
            "update shadow",
            THINGS,
            ("iot:UpdateThingShadow", "iot:DeleteThingShadow"),
            keyed="/",
            key_at=("thing",),
        ),
    ),
    edges=("iot.rule", "iot.republish", "iot.error", "iot.shadow"),
)

rules = Call("list_topic_rules", items="rules")
definition = Call(
    "get_topic_rule",
    for_each=rules,
    parameters={"ruleName": Of("ruleName")},
    gone=frozenset({"UnauthorizedException"}),  # what AWS says of a rule that does not exist
    names=itemgetter("ruleArn"),
)


@service.reads(rules)
def broker(here: Here, item: Item) -> Iterator[Fact]:
    """The broker that a rule hears, and the shadows of which it tells.

    Source: https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-mqtt.html
    """
    yield resource(here, _arn(here, "topic"), BROKER)
    yield resource(here, _arn(here, "thing"), THINGS)
    yield delivery(_arn(here, "thing"), _arn(here, "topic"), Meaning.FORWARDS, "iot.shadow")


@service.reads(definition)
def rule(here: Here, item: Item, listed: Item) -> Iterator[Fact]:
    """A rule: one edge per action, one for what happens if an action fails."""
    known = item["rule"]
    actions = list(known.get("actions", ()))
    for number, action in enumerate(actions, start=1):
        yield from _action(here, item, action, str(number))
    if known.get("errorAction"):
        actions.append(known["errorAction"])
        yield from _action(here, item, known["errorAction"], "error", fails=True)
    for function in sorted(set(functions_called(known.get("sql", ""), actions))):
        if arns.is_arn(function):
            yield _edge(here, item, Target(function, starts=True), "aws_lambda")
        else:
            reason = "it calls a function that its statement does not name"
            yield Unread(listed["ruleArn"], "UnknownFunction", reason)


@service.carries("iot.republish")
def republished(events: EventSet, edge: Edge, broker: Resource) -> EventSet:
    """The message comes back on the topic that the action names."""
    topic = edge.attributes.get("topic")
    return EventSet.scalars({TOPIC: published(topic)}) if topic else EventSet.anything()


@service.carries("iot.shadow")
def shadowed(events: EventSet, edge: Edge, broker: Resource) -> EventSet:
    """The broker tells of a shadow on reserved topics of the thing."""
    return EventSet.scalars({TOPIC: strings.prefix("$aws/things/")})


def _action(
    here: Here, item: Item, action: Item, label: str, fails: bool = False
) -> Iterator[Fact]:
    try:
        found = list(targets(here, action))
    except (ActionError, KeyError) as error:
        because = f"has no {error}" if isinstance(error, KeyError) else str(error)
        reason = f"it is not known where action {label} leads: {because}"
        yield Unread(item["ruleArn"], "UnknownAction", reason)
        return
    for target in found:
        if not target.end:
            actor = f"{item['ruleArn']}/{label}"
            yield resource(here, actor, RULE, role=target.role, calls=sorted(target.calls))
            target = Target(actor, starts=True)
        yield _edge(here, item, target, label, fails)


def _edge(here: Here, item: Item, target: Target, label: str, fails: bool = False) -> Edge:
    known = item["rule"]
    source = _arn(here, "topic")
    meaning = Meaning.TRIGGERS if target.starts else Meaning.FORWARDS
    attributes = {"topic": target.topic} if target.topic and not fails else {}
    kind = "iot.republish" if target.end == source else "iot.rule"
    return delivery(
        source,
        target.end,
        Meaning.ON_FAILURE if fails else meaning,
        "iot.error" if fails else kind,
        label=f"{known['ruleName']}/{label}",
        filter=Filter("iot.sql", known.get("sql", "")),
        dormant="the rule is disabled" if known.get("ruleDisabled") else "",
        **attributes,
    )


def _arn(here: Here, resource: str) -> str:
    return f"arn:{here.partition}:iot:{here.region}:{here.account}:{resource}"
