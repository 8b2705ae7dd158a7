"""Config: rules and the functions that judge by them, remediations, and what it delivers.

Which resources a rule is about is an attribute: a change of one of them is what starts it.

Source: https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_lambda-functions.html
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from topology import arn as arns
from topology.catalog.service import (
    Call,
    Emission,
    Fact,
    Here,
    Item,
    Kind,
    Of,
    Part,
    Service,
    Write,
)
from topology.catalog.wiring import delivery, resource
from topology.graph import Meaning

RULE = "config.rule"
REMEDIATION = "config.remediation"
CHANNEL = "config.channel"

service = Service(
    client="config",
    title="AWS Config",
    source="https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html",
    kinds=(
        Kind(RULE, "Config rule", Part.CHANNEL),
        Kind(REMEDIATION, "Config remediation", Part.ACTOR),
        Kind(CHANNEL, "Config delivery channel", Part.OTHER),
    ),
    edges=(RULE, REMEDIATION, CHANNEL),
    emissions=(
        Emission(
            "compliance",
            (
                "config:PutEvaluations",
                "config:PutExternalEvaluation",
                "config:StartConfigRulesEvaluation",
            ),
            "aws.config",
            ("Config Rules Compliance Change",),
        ),
    ),
    writes=(
        Write("evaluate", RULE, ("config:StartConfigRulesEvaluation",)),
        Write("start", REMEDIATION, ("config:StartRemediationExecution",)),
    ),
    busy=("PutEvaluations",),
)

rules = Call("describe_config_rules", items="ConfigRules")
remediations = Call(
    "describe_remediation_configurations",
    items="RemediationConfigurations",
    for_each=rules,
    parameters={"ConfigRuleNames": [Of("ConfigRuleName")]},
    gone=frozenset({"NoSuchConfigRuleException"}),
    names=itemgetter("ConfigRuleName"),
)
channels = Call("describe_delivery_channels", items="DeliveryChannels")

# A rule is judged when a resource changes unless it says that it is judged by the clock alone.
BY_THE_CLOCK = "ScheduledNotification"


@service.reads(rules)
def rule(here: Here, item: Item) -> Iterator[Fact]:
    """A rule, and the function that judges by it if that is not AWS's own."""
    arn, source = item["ConfigRuleArn"], item["Source"]
    details = source.get("SourceDetails") or ()
    messages = {each.get("MessageType", "") for each in details}
    scope = item.get("Scope", {})
    yield resource(
        here,
        arn,
        RULE,
        rule=item.get("ConfigRuleName", ""),
        on_change=messages != {BY_THE_CLOCK},
        types=sorted(scope.get("ComplianceResourceTypes", ())),
    )
    if source["Owner"] == "CUSTOM_LAMBDA":
        yield delivery(arn, source["SourceIdentifier"], Meaning.TRIGGERS, RULE)


@service.reads(remediations)
def remediation(here: Here, item: Item, rule: Item) -> Iterator[Fact]:
    """The automation that mends what breaks a rule: by itself, or when somebody starts it."""
    name = f"remediation-configuration/{rule['ConfigRuleName']}"
    arn = item.get("Arn") or f"arn:{here.partition}:config:{here.region}:{here.account}:{name}"
    yield resource(here, arn, REMEDIATION, rule=rule["ConfigRuleName"], role=_role(item))
    by_hand = "" if item.get("Automatic") else "somebody has to start the remediation"
    yield delivery(rule["ConfigRuleArn"], arn, Meaning.TRIGGERS, REMEDIATION, dormant=by_hand)
    yield delivery(arn, _document(here, item["TargetId"]), Meaning.TRIGGERS, REMEDIATION)


@service.reads(channels)
def channel(here: Here, item: Item) -> Iterator[Fact]:
    """Where the history of resources goes: a bucket, and a topic that is told of every change."""
    name = item.get("name", "default")
    arn = f"arn:{here.partition}:config:{here.region}:{here.account}:delivery-channel/{name}"
    yield resource(here, arn, CHANNEL)
    if bucket := item.get("s3BucketName"):
        target, prefix = f"arn:{here.partition}:s3:::{bucket}", item.get("s3KeyPrefix", "")
        yield delivery(arn, target, Meaning.WRITES, CHANNEL, label=name, prefix=prefix)
    if topic := item.get("snsTopicARN"):
        yield delivery(arn, topic, Meaning.WRITES, CHANNEL, label=name)


def _role(remediation: Item) -> str | None:
    """The role that the automation acts in: of its parameters, the only one that is looked at."""
    parameter = remediation.get("Parameters", {}).get("AutomationAssumeRole", {})
    for value in parameter.get("StaticValue", {}).get("Values", ()):
        if arns.is_arn(value) and arns.parse(value).service == "iam":
            return str(value)
    return None


def _document(here: Here, target: str) -> str:
    """A document by its name, or by its ARN where another account shares it."""
    if arns.is_arn(target):
        return target
    return f"arn:{here.partition}:ssm:{here.region}:{here.account}:document/{target}"
