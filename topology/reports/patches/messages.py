"""Patches of topics, queues, log groups, trails and topic rules.

Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-filtering-apply.html
"""

from __future__ import annotations

import json

from topology import arn as arns
from topology.analysis.changes import Refilter, Retarget, SwitchOff
from topology.graph import Edge, Filter, canonical_json
from topology.reports.patches.in_words import sentence
from topology.reports.patches.table import Resources, says
from topology.reports.patches.tongues import (
    AFTER,
    BEFORE,
    Patch,
    aws,
    cloudformation,
    edited,
    encoded,
    lines,
    region,
    terraform,
)

SUBSCRIPTION = "AWS::SNS::Subscription"
BODY = "sns.policy.body"
NOBODY: dict[str, list[str]] = {"loopscope-stopped": ["nobody says this"]}
LATE = "SNS takes up to 15 minutes until a filter policy holds."
SELECTED = (
    '{policyName, policyType, policyDocument, scope: "ALL", selectionCriteria: '
    '("LogGroupName NOT IN " + ((((.selectionCriteria // "") | capture("(?<l>\\\\[.*\\\\])").l '
    "| fromjson) // []) + [$group] | unique | tojson))}"
)


@says(SwitchOff, "sns.sub.")
def subscription_off(change: SwitchOff, edge: Edge, resources: Resources) -> Patch:
    """A policy that no message satisfies: to unsubscribe could only be undone by its endpoint."""
    shut = Filter("sns.policy.attributes", canonical_json(NOBODY))
    return Patch(
        f"{sentence(change, edge, resources)} A filter policy that no message satisfies does it, "
        f"and needs nobody to confirm a subscription again. {LATE}",
        _put(edge, edge.filter, shut),
        _put(edge, shut, edge.filter),
        cloudformation(
            SUBSCRIPTION, {"FilterPolicyScope": "MessageAttributes", "FilterPolicy": NOBODY}
        ),
        terraform(
            "aws_sns_topic_subscription",
            {"filter_policy_scope": "MessageAttributes", "filter_policy": encoded(NOBODY)},
        ),
    )


@says(Refilter, "sns.sub.")
def subscription_narrowed(change: Refilter, edge: Edge, resources: Resources) -> Patch:
    """Another filter policy."""
    if change.filter is None:
        return Patch(sentence(change, edge, resources))
    policy, scope = json.loads(change.filter.document), _scope(change.filter)
    return Patch(
        f"{sentence(change, edge, resources)} {LATE}",
        _put(edge, edge.filter, change.filter),
        _put(edge, change.filter, edge.filter),
        cloudformation(SUBSCRIPTION, {"FilterPolicyScope": scope, "FilterPolicy": policy}),
        terraform(
            "aws_sns_topic_subscription",
            {"filter_policy_scope": scope, "filter_policy": encoded(policy)},
        ),
    )


@says(Retarget, "sqs.redrive")
def redrive_elsewhere(change: Retarget, edge: Edge, resources: Resources) -> Patch:
    """A dead-letter queue that nothing sends back; the attempts stay as they were."""
    return _redrive(
        ".Attributes.RedrivePolicy |= (fromjson | .deadLetterTargetArn = $target | tojson)",
        sentence(change, edge, resources),
        edge,
        {"deadLetterTargetArn": change.target},
        target=change.target,
    )


@says(SwitchOff, "sqs.redrive")
def redrive_off(change: SwitchOff, edge: Edge, resources: Resources) -> Patch:
    """Without a redrive policy a message comes back until its time is up."""
    words = f"{sentence(change, edge, resources)} What fails comes back until it is too old."
    return _redrive('.Attributes.RedrivePolicy = ""', words, edge, {})


@says(SwitchOff, "logs.subscription")
def log_subscription_off(change: SwitchOff, edge: Edge, resources: Resources) -> Patch:
    """A subscription filter has no switch: it is deleted, and put again as it was."""
    group, place = _group(edge.source), region(edge.source)
    get = aws(
        "logs",
        "describe-subscription-filters",
        log_group_name=group,
        filter_name_prefix=edge.label or None,
        region=place,
    )
    delete = aws(
        "logs",
        "delete-subscription-filter",
        log_group_name=group,
        filter_name=edge.label,
        region=place,
    )
    kept = (
        ".subscriptionFilters[] | select(.filterName == $name) | del(.creationTime) "
        "| with_entries(select(.value != null))"
    )
    put = aws("logs", "put-subscription-filter", cli_input_json=f"file://{AFTER}", region=place)
    return Patch(
        f"{sentence(change, edge, resources)} It is deleted, and kept in a file to be put again.",
        edited(get, kept, delete, name=edge.label),
        put,
        "",
        "",
    )


@says(SwitchOff, "logs.account_subscription")
def left_out(change: SwitchOff, edge: Edge, resources: Resources) -> Patch:
    """The account's subscription leaves one log group out; the others stay subscribed."""
    group, place = _group(edge.source), region(edge.source)
    get = aws(
        "logs",
        "describe-account-policies",
        policy_type="SUBSCRIPTION_FILTER_POLICY",
        policy_name=edge.label or None,
        region=place,
    )
    put = aws("logs", "put-account-policy", cli_input_json=f"file://{AFTER}", region=place)
    before = (
        ".accountPolicies[0] | {policyName, policyType, policyDocument, scope, selectionCriteria} "
        "| with_entries(select(.value != null))"
    )
    selection = f"LogGroupName NOT IN {json.dumps([group])}"
    return Patch(
        f"Leave log group *{group}* out of the account's subscription *{edge.label}*; every other "
        "log group stays subscribed.",
        edited(get, f".accountPolicies[0] | {SELECTED}", put, group=group),
        lines(f"jq '{before}' {BEFORE} > {AFTER}", put),
        cloudformation("AWS::Logs::AccountPolicy", {"SelectionCriteria": selection}),
        terraform("aws_cloudwatch_log_account_policy", {"selection_criteria": selection}),
    )


@says(SwitchOff, "iot.rule", "iot.republish")
def topic_rule_off(change: SwitchOff, edge: Edge, resources: Resources) -> Patch:
    """A disabled topic rule takes none of its actions."""
    place = region(edge.source)
    return Patch(
        f"{sentence(change, edge, resources)} All of its actions stop.",
        aws("iot", "disable-topic-rule", rule_name=edge.label, region=place) if edge.label else "",
        aws("iot", "enable-topic-rule", rule_name=edge.label, region=place) if edge.label else "",
        cloudformation("AWS::IoT::TopicRule", {"TopicRulePayload": {"RuleDisabled": True}}),
        terraform("aws_iot_topic_rule", {"enabled": False}),
    )


@says(SwitchOff, "cloudtrail.out")
def trail_off(change: SwitchOff, edge: Edge, resources: Resources) -> Patch:
    """A trail that does not log writes nothing, and nobody knows later what was done meanwhile."""
    name, place = edge.source, region(edge.source)
    return Patch(
        f"{sentence(change, edge, resources)} Nothing that is done meanwhile is on record: use it "
        "only while it takes to put another bucket in place.",
        aws("cloudtrail", "stop-logging", name=name, region=place),
        aws("cloudtrail", "start-logging", name=name, region=place),
        cloudformation("AWS::CloudTrail::Trail", {"IsLogging": False}),
        terraform("aws_cloudtrail", {"enable_logging": False}),
    )


@says(Retarget, "cloudtrail.out")
def trail_elsewhere(change: Retarget, edge: Edge, resources: Resources) -> Patch:
    """The trail writes into a bucket that it does not log."""
    if not arns.is_arn(edge.target) or arns.parse(edge.target).service != "s3":
        return Patch(sentence(change, edge, resources))
    name, place = edge.source, region(edge.source)
    bucket, before = arns.name(change.target), arns.name(edge.target)
    return Patch(
        f"{sentence(change, edge, resources)} That bucket has to allow cloudtrail.amazonaws.com to "
        "write, and the trail's data events must not include it.",
        aws("cloudtrail", "update-trail", name=name, s3_bucket_name=bucket, region=place),
        aws("cloudtrail", "update-trail", name=name, s3_bucket_name=before, region=place),
        cloudformation("AWS::CloudTrail::Trail", {"S3BucketName": bucket}),
        terraform("aws_cloudtrail", {"s3_bucket_name": bucket}),
    )


def _put(edge: Edge, before: Filter | None, after: Filter | None) -> str:
    """Commands that put one policy in place of another; the scope changes while there is none."""
    subscription = edge.attributes.get("subscription")
    if not subscription:
        return ""

    def attribute(name: str, value: str) -> str:
        return aws(
            "sns",
            "set-subscription-attributes",
            subscription_arn=str(subscription),
            attribute_name=name,
            attribute_value=value,
            region=region(edge.source),
        )

    is_moved = after is not None and _scope(before) != _scope(after)
    return lines(
        attribute("FilterPolicy", "{}") if is_moved and before is not None else "",
        attribute("FilterPolicyScope", _scope(after)) if is_moved else "",
        attribute("FilterPolicy", after.document if after is not None else "{}"),
    )


def _scope(heard: Filter | None) -> str:
    return "MessageBody" if heard is not None and heard.language == BODY else "MessageAttributes"


def _redrive(
    program: str, words: str, edge: Edge, shown: dict[str, str], **arguments: object
) -> Patch:
    place, arn = region(edge.source), arns.parse(edge.source)
    ask = aws(
        "sqs",
        "get-queue-url",
        queue_name=arn.resource,
        queue_owner_aws_account_id=arn.account,
        query="QueueUrl",
        output="text",
        region=place,
    )
    get = aws("sqs", "get-queue-attributes", attribute_names="RedrivePolicy", region=place)

    def put(file: str) -> str:
        return aws("sqs", "set-queue-attributes", attributes=f"file://{file}", region=place)

    url = 'url="$(' + ask + ')"'
    to = ' --queue-url "$url"'
    return Patch(
        words,
        lines(url, edited(get + to, f"{program} | .Attributes", put(AFTER) + to, **arguments)),
        lines(url, f"jq .Attributes {BEFORE} > {AFTER}", put(AFTER) + to),
        cloudformation("AWS::SQS::Queue", {"RedrivePolicy": shown}),
        terraform("aws_sqs_queue", {"redrive_policy": encoded(shown)}),
    )


def _group(arn: str) -> str:
    return arns.parse(arn).resource.removeprefix("log-group:")
