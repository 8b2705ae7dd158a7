"""What does it write to, and could that trigger something? What roles allow.

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from topology.analysis import words
from topology.audits.known import Known
from topology.audits.rule import Answer, Found, Question, Severity, Unread, rule
from topology.catalog.awslambda import FUNCTION
from topology.graph import Evidence, Resource
from topology.iam import permits
from topology.iam.permits import Owner, Principal
from topology.inference.roles import Roles
from topology.inference.sessions import Session
from topology.verdict import Unknown

Actions: TypeAlias = tuple[str, ...]

NAMED = 4  # channels, or actions, that a sentence names
LEAST = "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege"

# Calls that make an event go where it did not go before.
REWIRES = (
    "s3:PutBucketNotification",
    "events:PutRule",
    "events:PutTargets",
    "lambda:CreateEventSourceMapping",
    "lambda:UpdateEventSourceMapping",
    "lambda:PutFunctionEventInvokeConfig",
    "lambda:UpdateFunctionEventInvokeConfig",
    "sns:Subscribe",
    "sqs:SetQueueAttributes",
    "logs:PutSubscriptionFilter",
    "pipes:CreatePipe",
    "pipes:UpdatePipe",
    "scheduler:CreateSchedule",
)


@rule(
    "writes-anywhere",
    Question.WRITES,
    Severity.MEDIUM,
    "A role may write to channels that somebody listens to",
    page=LEAST,
    needs=("lambda.list_functions",),
    of=lambda known: known.of_kind(FUNCTION),
)
def writes_anywhere(function: Resource, known: Known) -> Answer:
    """A wildcard in a role that reaches channels whose events start something."""
    writes = known.analysis.writes.by_source.get(function.arn, ())
    wide = [each for each in writes if each.edge.evidence is Evidence.PERMITTED_ANY]
    if any(isinstance(each.hop, Unknown) for each in wide):
        return Unread(function.arn, "a policy of its role was not read or not decided")
    if "role" not in function.attributes:
        return Unread(function.arn, "its role was not read")
    heard = [each for each in wide if known.is_heard(each.edge.target)]
    if not heard:
        return None
    hubs = known.analysis.writes.hubs
    reached = sum(
        hubs[each.edge.target].resource.attributes["channels"] if each.edge.target in hubs else 1
        for each in heard
    )
    names = dict.fromkeys(
        hubs[each.edge.target].resource.name
        if each.edge.target in hubs
        else words.named(known.resources[each.edge.target])
        for each in heard
        if each.edge.target in hubs or each.edge.target in known.resources
    )
    told = ", ".join([*names][:NAMED]) + (", …" if len(names) > NAMED else "")
    return Found(
        function.arn,
        f"The role of {words.named(function)} may write to {reached:,} "
        f"channel{'s' if reached > 1 else ''} it does not name ({told}), and somebody listens to "
        "at least one of each kind: whatever it writes there starts more work.",
        "Name in the role the channels that it writes to, and no others.",
        edges=tuple(each.edge.id for each in heard[:NAMED]),
        facts={"channels": reached, "labels": sorted({each.edge.label for each in heard})[:NAMED]},
    )


@rule(
    "can-rewire",
    Question.WRITES,
    Severity.MEDIUM,
    "A function may change what triggers what",
    page="https://docs.aws.amazon.com/lambda/latest/dg/lambda-permissions.html",
    needs=("lambda.list_functions",),
    of=lambda known: _with_roles(known),
)
def can_rewire(subject: tuple[Resource, Principal | None, Actions], known: Known) -> Answer:
    """A role that may set notifications, rules, mappings or subscriptions."""
    function, principal, may = subject
    if principal is None:
        return Unread(function.arn, "its role was not read")
    if any(each.doubt for each in principal.identity):
        return Unread(function.arn, "a policy of its role was not read")
    if not may:
        return None
    told = ", ".join(may[:NAMED]) + (f" and {len(may) - NAMED} more" if len(may) > NAMED else "")
    return Found(
        function.arn,
        f"The role of {words.named(function)} may call {told}: when it runs it can close a loop "
        "that no configuration shows today.",
        "Take these actions away from roles of functions that handle events; leave them to "
        "deployments.",
        facts={"actions": list(may), "role": principal.arn},
    )


def _rewires(principal: Principal) -> Actions:
    """The actions a role may call on anything at all."""
    asked = permits.request(principal, principal.account)
    owner = Owner(principal.account)
    nothing = permits.arns(())
    return tuple(
        action
        for action in REWIRES
        if any(each.is_about(action) for each in principal.allows)
        and permits.permitted(principal, action, asked, owner).may != nothing
    )


def _with_roles(known: Known) -> Iterator[tuple[Resource, Principal | None, Actions]]:
    """Functions with their role's permissions; a role that many share is worked out once."""
    roles = Roles(known.graph)
    worked_out: dict[tuple[str, str], tuple[Principal, Actions]] = {}
    for function in known.of_kind(FUNCTION):
        role = function.attributes.get("role")
        if not role:
            yield function, None, ()
            continue
        key = (str(role), function.account)
        if key not in worked_out:
            principal = roles.principal(Session(*key))
            worked_out[key] = principal, _rewires(principal)
        yield (function, *worked_out[key])
