"""What an integration of API Gateway calls: its URI, and targets named in what it sends.

Source: https://docs.aws.amazon.com/apigateway/latest/api/API_Integration.html
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote, urlsplit

from topology import arn as arns
from topology.catalog.sdk_calls import AT_RUN_TIME, CHANNELS, READS, Target, called
from topology.catalog.sdk_names import prefix_of
from topology.catalog.service import Fact, Here, Unread
from topology.catalog.wiring import delivery, end, resource
from topology.graph import Meaning

URI = re.compile(
    r"arn:[\w-]+:apigateway:(?P<region>[\w-]+):(?P<service>[\w.-]+):(?P<form>path|action)/(?P<rest>.*)"
)
FUNCTION = re.compile(r"functions/(?P<arn>arn:.+?)/(response-streaming-)?invocations")
VARIABLE = re.compile(r"\$\{stageVariables\.(\w+)\}")
ACTION = re.compile(r"\bAction=(?P<action>\w+)")
OPERATION = re.compile(r"\w+")
CALLER = ":user/*"  # credentials that stand for the caller's own
S3_WRITES = {"PUT": "putObject", "POST": "putObject", "DELETE": "deleteObject"}

# What names the target of a call, in a template (JSON or a query) or in a request parameter.
NAMES = (
    "DeliveryStreamName",
    "EventBusName",
    "FunctionName",
    "JobDefinition",
    "JobName",
    "JobQueue",
    "LogGroupName",
    "ProjectName",
    "QueueUrl",
    "StateMachineArn",
    "StreamARN",
    "StreamName",
    "TableName",
    "TargetArn",
    "TaskDefinition",
    "TopicArn",
)
NAMED = re.compile(
    rf"""\b(?P<name>{"|".join(NAMES)})[\\"']*\s*[:=]\s*(?P<value>[^&,;\s}}]+)""", re.IGNORECASE
)
ENTRY = re.compile(r"\bDetailType\b")
QUIET = (*CHANNELS, "lambda", "states")  # what others start tells the default bus of itself
QUOTES = "\"'\\"


@dataclass(frozen=True, slots=True)
class Reached:
    """What an integration reaches: targets, web addresses, and what it may call by its role.

    ``calls`` is None where nothing but the integration's role says what is called, and empty
    where everything is declared. ``fault``: what of it nobody can tell.
    """

    targets: tuple[Target, ...] = ()
    calls: tuple[str, ...] | None = ()
    role: str = ""
    fault: str = ""


NOTHING = Reached()
INTEGRATION = "apigateway.integration"
NOT_TOLD = "TargetNotTold"


def stated(
    here: Here, api: str, kind: str, label: str, reached: Reached, integration: str
) -> Iterator[Fact]:
    """The edges of an integration, and an actor for what only its role tells."""
    for target in reached.targets:
        _, qualifier = end(target.arn)
        yield delivery(api, target.arn, target.meaning, kind, label=label or qualifier)
    if reached.role:
        calls = {} if reached.calls is None else {"calls": sorted(reached.calls)}
        actor = resource(here, integration, INTEGRATION, role=reached.role, **calls)
        yield replace(actor, name=label or actor.name)
        yield delivery(api, integration, Meaning.TRIGGERS, kind, label=label)
    if reached.fault:
        yield Unread(api, NOT_TOLD, f"{label or 'an integration'} {reached.fault}")


def has_variables(text: str) -> bool:
    """Whether a text depends on the variables of a stage."""
    return VARIABLE.search(text) is not None


def with_variables(text: str, variables: Mapping[str, str]) -> str:
    """A text as a stage sees it. A variable that it does not set stays: the call fails there."""
    return VARIABLE.sub(lambda found: variables.get(found[1], found[0]), text)


def requested(uri: str) -> Reached:
    """A web address, as scheme and host, or the ARN of what a private link leads to."""
    if arns.is_arn(uri):
        return Reached((Target(uri, ""),))
    split = urlsplit(uri)
    if not split.hostname or AT_RUN_TIME.search(split.hostname):
        return Reached(fault="sends requests to an address that the request or a stage tells")
    return Reached((Target(f"{split.scheme}://{split.hostname}", ""),))


def function(uri: str) -> str | None:
    """The ARN of the function behind a URI; None where it is none, "" where it is not known."""
    found = URI.fullmatch(uri)
    if arns.is_arn(uri) and arns.parse(uri).service == "lambda":
        return uri
    if found is None or found["service"] != "lambda":
        return None
    named = FUNCTION.search(found["rest"])
    arn = unquote(named["arn"]) if named else ""
    return arn if not AT_RUN_TIME.search(arn) else ""


def integrated(here: Here, uri: str, method: str, role: str, sent: Iterable[str]) -> Reached:
    """What an integration with a service of AWS reaches.

    ``method`` is the HTTP method it uses, ``role`` its credentials, ``sent`` the texts it sends:
    templates, and parameters as ``name=value``.
    """
    found = URI.fullmatch(uri)
    if found is None:
        return Reached(fault="has a URI that is not understood")
    there = replace(here, region=found["region"])
    subdomain, _, service = found["service"].rpartition(".")
    texts = tuple(sent)
    if service == "s3" and found["form"] == "path":
        bucket = subdomain or found["rest"].partition("/")[0]
        if method.upper() not in (*S3_WRITES, "ANY"):
            return NOTHING
        operation = S3_WRITES.get(method.upper(), "putObject")
        return of_call(there, service, operation, role, [{"Bucket": bucket}])
    if service == "sqs" and found["form"] == "path":
        operation = _operation(found["rest"], texts) or "sendMessage"
        account, _, queue = found["rest"].partition("?")[0].strip("/").partition("/")
        url = f"https://sqs.{there.region}.amazonaws.com/{account}/{queue}"
        return of_call(there, service, operation, role, [{"QueueUrl": url}])
    operation = _operation(found["rest"], texts)
    if found["form"] == "action":
        operation = operation or found["rest"].partition("&")[0]
    if not OPERATION.fullmatch(operation):
        return _by_role(None, role)
    given = [*texts, *([found["rest"]] if "&" in found["rest"] or "?" in found["rest"] else [])]
    return of_call(there, service, operation, role, _parameters(service, operation, given))


def _operation(rest: str, texts: Iterable[str]) -> str:
    """The operation that a query names: ``Action=SendMessage``."""
    for text in (rest, *texts):
        if named := ACTION.search(text):
            return named["action"]
    return ""


def _parameters(service: str, operation: str, texts: Sequence[str]) -> list[dict[str, Any]]:
    """The parameters of the call as far as they name targets, once for each text that does."""
    found = [named for text in texts if (named := list(_named(text)))]
    if prefix_of(service) == "events" and operation.lower() == "putevents":
        buses = [value for named in found for name, value in named if name == "eventbusname"]
        entries: list[dict[str, Any]] = [{"EventBusName": bus} for bus in buses]
        if not buses or sum(len(ENTRY.findall(text)) for text in texts) > len(buses):
            entries.append({})  # one that leaves its bus out goes to the default one
        return [{"Entries": entries}]
    return [dict(named) for named in found] or [{}]


def _named(text: str) -> Iterator[tuple[str, str]]:
    for found in NAMED.finditer(unquote(text)):
        yield found["name"].lower(), found["value"].strip(QUOTES)


def of_call(
    here: Here, service: str, operation: str, role: str, given: Iterable[Mapping[str, Any]]
) -> Reached:
    """What the call does with any of the parameters it may be made with."""
    found = [called(here, service, operation, parameters) for parameters in given]
    targets = tuple(sorted({target for each in found for target in each.targets}))
    is_whole = not any(each.dynamic for each in found)
    is_quiet = all(arns.parse(target.arn).service in QUIET for target in targets)
    if is_whole and (is_quiet or not role):
        return Reached(targets)
    by_role = _by_role(found[0].actions, role)
    return replace(by_role, targets=targets)


def _by_role(calls: tuple[str, ...] | None, role: str) -> Reached:
    if calls is not None and all(READS.match(call.partition(":")[2]) for call in calls):
        return NOTHING
    if not role or CALLER in role or AT_RUN_TIME.search(role):
        return Reached(fault="calls what the request tells, and has no role that would limit it")
    return Reached(calls=calls, role=role)
